"""Taking what a file holds into a bank: one file, one transaction, its rows traceable in the ledger."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bank.batches import open_batch
from bank.exchange.outline import OutlineReading
from bank.exchange.reading import Reading, ReadItem
from bank.ground.actors import Actor
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.items import LONGEST_EXTERNAL_ID, ItemStatus, NewItem, SavedVersion, Secrecy, add_items
from bank.ledger.log import append
from bank.outlines import LONGEST_CODE, Outline, OutlineView, Point, Scope, outline_view


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
    """Write every readable row of a file as an item of the bank."""
    outline = outline_view(session, bank.occupation, bank.level, bank.institution_id)
    notes: list[str] = []
    rows = [_placed(row, outline, notes) for row in reading.items]
    news = [NewItem(row.content, row.point, row.difficulty, row.external_id) for row in rows]
    saved = add_items(session, actor, bank, news, status=status, secrecy=secrecy) if news else []
    open_batch(session, actor, bank, reading.file, saved)
    facts = {"bank": bank.id, "read": reading.read, "imported": len(saved), "rejected": len(reading.rejected)}
    append(session, actor, "item.import", {**facts, "format": reading.format})
    return Imported(tuple(rows), tuple(saved), tuple(notes))


def _placed(row: ReadItem, outline: OutlineView | None, notes: list[str]) -> ReadItem:
    """The row under a point of the outline, found by code or by name; a foreign point is noted, not kept."""
    if row.external_id is not None and len(row.external_id) > LONGEST_EXTERNAL_ID:
        notes.append(f"{row.place}：原编号超过 {LONGEST_EXTERNAL_ID} 字，没有保留")
        row = replace(row, external_id=None)
    given = (row.point or "").strip()
    if not given:
        return replace(row, point=None)
    if outline is None and len(given) <= LONGEST_CODE:
        return replace(row, point=given)
    if outline is None:
        notes.append(f"{row.place}：鉴定点“{given}”超过 {LONGEST_CODE} 字，没有保留；请先导入细目表，再导入试题")
        return replace(row, point=None)
    if given in outline.points:
        return replace(row, point=given)
    by_name = [code for code, point in outline.points.items() if point.name in {given, given.lstrip("0123456789-. ")}]
    by_head = [code for code in outline.points if given.startswith((f"{code} ", f"{code}　"))]
    found = by_name or by_head
    if len(found) == 1:
        return replace(row, point=found[0])
    notes.append(f"{row.place}：鉴定点“{given}”不在细目表中，试题已导入但未归到鉴定点，请在题库中补选")
    return replace(row, point=None)


def import_outline(
    session: Session,
    actor: Actor,
    reading: OutlineReading,
    *,
    occupation: str,
    level: int,
    source: str,
    institution_id: int | None = None,
) -> Outline:
    """Write an outline as the newest version for its occupation and level; raises BadInput when it has no point."""
    if not reading.points:
        raise BadInput(f"{source}：没有可用的鉴定点，请检查表头与代码列")
    codes = [*(scope.code for scope in reading.scopes), *(point.code for point in reading.points)]
    long = max(codes, key=len)
    if len(long) > LONGEST_CODE:
        raise BadInput(f"{source}：代码“{long}”超过 {LONGEST_CODE} 个字符，请检查代码列是否写成了名称")
    outline = Outline(
        occupation=occupation,
        level=level,
        institution_id=institution_id,
        source=source[:200],
        scopes=_scopes(reading),
        points=_points(reading),
    )
    session.add(outline)
    session.flush()
    facts = {"outline": outline.id, "occupation": occupation, "level": level}
    append(session, actor, "outline.import", {**facts, "scopes": len(outline.scopes), "points": len(outline.points)})
    return outline


def _scopes(reading: OutlineReading) -> list[Scope]:
    rows = enumerate(reading.scopes)
    return [Scope(position=n, code=s.code, name=s.name[:128], grade=s.grade, weight=s.weight) for n, s in rows]


def _points(reading: OutlineReading) -> list[Point]:
    rows = enumerate(reading.points)
    return [Point(position=n, code=p.code, name=p.name[:128], scope=p.scope, importance=p.importance) for n, p in rows]
