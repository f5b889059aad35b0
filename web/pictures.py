"""The pictures of items, one address each: for people of the institution who may read an item that shows it.

Reading the picture is part of reading its item, which stands in the ledger already; the token is known to nobody who
has not read a text that names it.
"""

import sqlalchemy as sa
from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, Role
from bank.ground.errors import NotFound
from bank.items import Item, ItemVersion
from bank.pictures import Picture, PictureUse, open_pictures
from bank.reading_rights import may_read
from web.house import House
from web.permissions import Permission, needs_units

routes = Blueprint("pictures", __name__)


@routes.get("/pictures/<token>")
@needs_units(Permission.SIGNED_IN)
def show(house: House, actor: Actor, token: str) -> ResponseReturnValue:
    """The picture's bytes; raises NotFound for what is not there and for what is not theirs alike."""
    missing = NotFound("没有这张图片，或者它不属于您的机构")
    with house.reading() as session:
        if actor.institution_id is None or not _may_see(session, actor, token):
            raise missing
        picture = open_pictures(session, actor.institution_id, [token]).get(token)
    if picture is None:
        raise missing
    response = make_response(picture.data)
    response.content_type = picture.media_type
    response.headers["Content-Disposition"] = "inline"
    return response


def _may_see(session: Session, actor: Actor, token: str) -> bool:
    """Whether an item that the actor may read shows it; before any does, it is a writer's who is at work."""
    if not actor.roles & {Role.WRITER, Role.REVIEWER}:
        return False
    mine = (Picture.institution_id == actor.institution_id, Picture.token == token)
    statement = (
        sa.select(Item)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(PictureUse, PictureUse.version_id == ItemVersion.id)
        .join(Picture, Picture.id == PictureUse.picture_id)
        .where(*mine)
        .distinct()
    )
    items = session.scalars(statement).all()
    return not items or any(may_read(session, actor, item) for item in items)
