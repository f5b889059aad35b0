"""Taking what a file holds into a bank: one file, one transaction, its rows traceable in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bank.batches import open_batch
from bank.exchange.reading import Reading, ReadItem
from bank.ground.actors import Actor
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.items import LONGEST_EXTERNAL_ID, Cognition, ItemStatus, NewItem, SavedVersion, Secrecy, add_items
from bank.ledger.log import append
from bank.matching import Named, find_point
from bank.outlines import LONGEST_POINT, Importance, OutlineView, outline_view
from bank.pictures import keep_pictures, replaced_tokens
from bank.revisions import named_points
from bank.sets import join_set


@dataclass(frozen=True, slots=True)
class Imported:
    """What one file brought: `saved` in the order of `rows`, and notes on points that the outline does not hold."""

    rows: tuple[ReadItem, ...]
    saved: tuple[SavedVersion, ...]
    notes: tuple[str, ...]


def import_items(
    session: Session,
    actor: Actor,
    bank: Bank,
    reading: Reading,
    *,
    status: ItemStatus = ItemStatus.DRAFT,
    secrecy: Secrecy = Secrecy.SECRET,
) -> Imported:
    """Write every readable row of a file as an item of the bank, with its pictures."""
    reading = kept_pictures(session, bank.institution_id, reading)
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    notes: list[str] = []
    named = _named(outline) if outline is not None else None
    rows = [_placed(row, named, notes) for row in reading.items]
    news = [_new(row) for row in rows]
    saved = add_items(session, actor, bank, news, status=status, secrecy=secrecy) if news else []
    _join_sets(session, actor, bank, rows, saved)
    open_batch(session, actor, bank, reading.file, saved)
    facts = {"bank": bank.id, "read": reading.read, "imported": len(saved), "rejected": len(reading.rejected)}
    append(session, actor, "item.import", {**facts, "format": reading.format})
    return Imported(tuple(rows), tuple(saved), tuple(notes))


def kept_pictures(session: Session, institution_id: int, reading: Reading) -> Reading:
    """The reading with its pictures sealed in the institution's store, and its texts naming them there."""
    if not reading.pictures:
        return reading
    change = replaced_tokens(keep_pictures(session, institution_id, reading.pictures.values()))
    items = tuple(replace(row, content=row.content.mapped(change)) for row in reading.items)
    rejected = tuple(replace(row, seen=row.seen and row.seen.mapped(change)) for row in reading.rejected)
    return replace(reading, items=items, rejected=rejected, pictures={})


def _join_sets(
    session: Session, actor: Actor, bank: Bank, rows: Sequence[ReadItem], saved: Sequence[SavedVersion]
) -> None:
    """Rows of one set under one material become a set; a material with a single item stays that item's own."""
    sets: dict[tuple[str, str], list[SavedVersion]] = {}
    for row, one in zip(rows, saved, strict=True):
        if row.set and row.content.material:
            sets.setdefault((row.set, row.content.material), []).append(one)
    for members in sets.values():
        if len(members) > 1:
            join_set(session, actor, bank, members)


def _new(row: ReadItem) -> NewItem:
    return NewItem(
        row.content,
        row.point,
        row.difficulty,
        row.external_id,
        row.consistency,
        Cognition(row.cognition) if row.cognition else None,
        Importance(row.importance) if row.importance else None,
    )


def _placed(row: ReadItem, points: Mapping[str, Named] | None, notes: list[str]) -> ReadItem:
    """The row under a point of the outline, found by code or by name.

    What is not found is kept as it stands: an outline that comes later finds it.
    """
    if row.external_id is not None and len(row.external_id) > LONGEST_EXTERNAL_ID:
        notes.append(f"{row.place}：原编号超过 {LONGEST_EXTERNAL_ID} 字，没有保留")
        row = replace(row, external_id=None)
    given = (row.point or "").strip()
    if not given:
        return replace(row, point=None)
    match = find_point(given, points) if points is not None else None
    if match is not None:
        return replace(row, point=match.code)
    label, kept = point_label(), given[:LONGEST_POINT]
    if points is not None:
        notes.append(f"{row.place}：{label}“{kept}”不在细目表中，试题已导入但未归到{label}，请在题库中补选")
    elif kept != given:
        notes.append(f"{row.place}：{label}“{kept}…”超过 {LONGEST_POINT} 字，只保留了前面的部分")
    return replace(row, point=kept)


def _named(outline: OutlineView) -> dict[str, Named]:
    return named_points({code: scope.name for code, scope in outline.scopes.items()}, outline.points.values())
