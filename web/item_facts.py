"""What is said about a question beside its text: attributes, the set it stands in, enemies, variants."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.items import Item
from bank.outlines import Point, outline_view
from bank.sets import enemies_of, items_of_set
from web.writing_aids import variants


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The facts of one item for its page; `variants` with what each value set makes of it."""

    point: Point | None
    in_set: Sequence[Item]
    enemies: Sequence[Item]
    variants: Sequence[ItemContent]


def item_facts(session: Session, item: Item, content: ItemContent) -> ItemFacts:
    """Gather the facts; shows no wording but the one that the caller has read."""
    outline = outline_view(session, item.bank.occupation, item.bank.level, item.bank.institution_id)
    return ItemFacts(
        outline.points.get(item.point) if outline and item.point else None,
        items_of_set(session, item.stimulus_id) if item.stimulus_id else (),
        enemies_of(session, item),
        variants(content),
    )
