"""Taking a bank out: one asks, another grants, the first takes the file once, with the password typed again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.exports import (
    FORMS,
    ExportFormat,
    ask_export,
    decide_export,
    exports_of,
    find_export,
    reason_of,
    take_export,
)
from bank.ground.actors import Actor, User
from bank.ground.errors import BadInput
from web.files import hand_out
from web.permissions import Permission, needs
from web.reach import bank_in_reach, banks_in_reach

routes = Blueprint("exports", __name__)


@routes.get("/exports")
@needs(Permission.ASK_EXPORT)
def listed(session: Session, actor: Actor) -> ResponseReturnValue:
    """What was asked for, what waits for a second person, what is ready to be taken."""
    exports = exports_of(session, actor)
    people = {export.asked_by for export in exports} | {export.decided_by for export in exports if export.decided_by}
    return render_template(
        "exports.html",
        banks=banks_in_reach(session, actor),
        forms=FORMS,
        exports=[(export, reason_of(session, export)) for export in exports],
        names={user: session.get_one(User, user).name for user in people},
        me=actor.user_id,
    )


@routes.post("/exports")
@needs(Permission.ASK_EXPORT)
def ask(session: Session, actor: Actor) -> ResponseReturnValue:
    """Ask for a bank in a format."""
    bank = bank_in_reach(session, actor, request.form.get("bank", 0, type=int))
    form = request.form.get("format", "")
    if form not in set(ExportFormat):
        raise BadInput("没有选择导出格式，请在表单里选一种")
    ask_export(session, actor, bank, ExportFormat(form), request.form.get("reason", ""))
    flash("已提交导出申请，请另一位审题人或考务员审批")
    return redirect(url_for("exports.listed"))


@routes.post("/exports/<int:export_id>/decide")
@needs(Permission.ASK_EXPORT)
def decide(session: Session, actor: Actor, export_id: int) -> ResponseReturnValue:
    """Grant or refuse what another asked for."""
    granted = request.form.get("decision") == "grant"
    decide_export(session, actor, find_export(session, actor, export_id), granted=granted)
    flash("已同意，申请人可在 24 小时内领取一次" if granted else "已拒绝这项导出")
    return redirect(url_for("exports.listed"))


@routes.get("/exports/<int:export_id>")
@needs(Permission.TAKE_EXPORT)
def ready(session: Session, actor: Actor, export_id: int) -> ResponseReturnValue:
    """The page from which the file is taken; it asks for the password first."""
    export = find_export(session, actor, export_id)
    return render_template("export.html", export=export, form=FORMS[export.format], reason=reason_of(session, export))


@routes.post("/exports/<int:export_id>/take")
@needs(Permission.TAKE_EXPORT)
def take(session: Session, actor: Actor, export_id: int) -> ResponseReturnValue:
    """The file, once."""
    file = take_export(session, actor, find_export(session, actor, export_id))
    return hand_out(file.data, file.media_type, file.name)
