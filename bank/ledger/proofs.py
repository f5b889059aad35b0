"""Checking this database's ledger, and the proofs that outsiders take home.

`verify` recomputes the whole tree from the rows and names the first one that was changed, removed, moved or put in.
It cannot see a ledger that was rolled back and rewritten as a whole: only a signed head held elsewhere shows that
(`bank.ledger.heads`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.ground.errors import BadInput, CheckFailed, NotFound
from bank.ledger import merkle
from bank.ledger.log import COLUMNS, LedgerEntry, LedgerHead, LedgerNode, entry_text, size_and_root
from bank.ledger.merkle import Position

_LEVELS = 12
_CHUNK = 1 << _LEVELS
# SQLite keeps any value in any column; what cannot even be read has been changed.
_UNREADABLE = (ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking found: `fault` is one sentence, `first_bad` the first doubtful number where there is one."""

    ok: bool
    size: int
    root: bytes
    first_bad: int | None = None
    fault: str = ""


class _Broken(Exception):  # noqa: N818 - named for the ledger, not for the program
    def __init__(self, first_bad: int | None, fault: str) -> None:
        super().__init__(fault)
        self.first_bad, self.fault = first_bad, fault


def verify(session: Session) -> Verification:
    """Recompute the tree from every row and compare it with the stored nodes and the head.

    Acts that others append meanwhile do no harm: what counts is the head as it was at the start.
    """
    row = session.execute(sa.select(LedgerHead.size, LedgerHead.root, LedgerHead.frontier)).first()
    size, root, frontier = (0, merkle.EMPTY_ROOT, b"") if row is None else row
    try:
        computed = _recompute(session, size)
        _check_nothing_beyond(session)
        _check_head(root, frontier, computed)
    except _Broken as broken:
        return Verification(False, size, root, broken.first_bad, broken.fault)
    return Verification(True, size, root)


def proof(session: Session, seq: int, size: int | None = None) -> dict[str, Any]:
    """What shows an outsider that entry `seq` stands in the ledger of this size (today's unless given)."""
    size = _size_up_to_today(session, size)
    row = session.execute(sa.select(*COLUMNS).where(LedgerEntry.seq == seq)).first()
    if row is None or seq > size:
        raise NotFound(f"操作记录共 {size} 条，没有第 {seq} 条")
    ranges = merkle.inclusion_ranges(seq - 1, size)
    nodes = _nodes(session, [*ranges, (0, size)])
    return {
        "seq": seq,
        "size": size,
        "root": merkle.root_at(size, nodes.__getitem__).hex(),
        "entry": entry_text(*row).decode(),
        "path": [found.hex() for found in merkle.inclusion_proof(seq - 1, size, nodes.__getitem__)],
    }


def growth(session: Session, old: int, new: int | None = None) -> dict[str, Any]:
    """What shows an outsider that the ledger of size `new` begins with the one of size `old`, unchanged."""
    new = _size_up_to_today(session, new)
    if not 0 <= old <= new:
        raise BadInput(f"较早的条数 {old} 应在 0 与 {new} 之间")
    nodes = _nodes(session, [*merkle.consistency_ranges(old, new), (0, old), (0, new)])
    return {
        "old": old,
        "old_root": merkle.root_at(old, nodes.__getitem__).hex(),
        "new": new,
        "new_root": merkle.root_at(new, nodes.__getitem__).hex(),
        "path": [found.hex() for found in merkle.consistency_proof(old, new, nodes.__getitem__)],
    }


def root_at(session: Session, size: int) -> bytes:
    """The root as it was when the ledger had this size."""
    return merkle.root_at(size, _nodes(session, [(0, size)]).__getitem__)


def _size_up_to_today(session: Session, given: int | None) -> int:
    size, _ = size_and_root(session)
    if given is not None and not 0 <= given <= size:
        raise BadInput(f"操作记录现有 {size} 条，不能按 {given} 条出具证明")
    return size if given is None else given


def _nodes(session: Session, ranges: list[tuple[int, int]]) -> dict[Position, bytes]:
    wanted = set(merkle.positions_needed(ranges))
    # Spelled out as alternatives: SQLite reads the whole table for a list of pairs.
    places = [sa.and_(LedgerNode.level == level, LedgerNode.idx == index) for level, index in wanted]
    query = sa.select(LedgerNode.level, LedgerNode.idx, LedgerNode.hash).where(sa.or_(sa.false(), *places))
    rows = session.execute(query)
    found = {(level, index): stored for level, index, stored in rows}
    if found.keys() != wanted:
        raise CheckFailed("操作记录的校验树不完整，请执行 tidun ledger verify 查明后从备份恢复")
    return found


def _recompute(session: Session, size: int) -> list[bytes]:
    """The frontier as the rows give it, after every stored node has been compared."""
    tops: list[bytes] = []
    last: dict[Position, bytes] = {}
    for start in range(0, size, _CHUNK):
        levels = _levels(_leaves(session, start, min(start + _CHUNK, size)))
        _compare(session, 0, start, levels)
        if len(levels) > _LEVELS:
            tops += levels[_LEVELS]
        last = dict(_placed(0, start, levels))
    upper = _levels(tops)
    _compare(session, _LEVELS, 0, upper)
    computed = last | dict(_placed(_LEVELS, 0, upper))
    return [computed[position] for position in merkle.frontier_positions(0, size)]


def _leaves(session: Session, start: int, stop: int) -> list[bytes]:
    try:
        rows = session.execute(_rows(start, stop)).all()
        leaves = [merkle.leaf_hash(entry_text(*row)) for row in rows]
    except _UNREADABLE:
        bad = _first_unreadable(session, start, stop)
        raise _Broken(bad, f"第 {bad} 条记录已被改动，无法读取") from None
    for seq, row in enumerate(rows, start + 1):
        if row.seq != seq:
            raise _Broken(seq, f"第 {seq} 条记录缺失")
    if len(leaves) < stop - start:
        seq = start + len(leaves) + 1
        raise _Broken(seq, f"第 {seq} 条记录缺失")
    return leaves


def _first_unreadable(session: Session, start: int, stop: int) -> int:
    for before in range(start, stop - 1):
        try:
            for row in session.execute(_rows(before, before + 1)):
                entry_text(*row)
        except _UNREADABLE:
            return before + 1
    return stop


def _rows(start: int, stop: int) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*COLUMNS).where(LedgerEntry.seq > start, LedgerEntry.seq <= stop).order_by(LedgerEntry.seq)


def _levels(hashes: list[bytes]) -> list[list[bytes]]:
    """The hashes, then every level of complete subtrees above them."""
    levels = []
    while hashes:
        levels.append(hashes)
        hashes = [merkle.node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=False)]
    return levels


def _placed(base: int, start: int, levels: list[list[bytes]]) -> Iterator[tuple[Position, bytes]]:
    """Every node of the levels with its position; `start` is the first leaf under them."""
    for level, hashes in enumerate(levels, base):
        for index, found in enumerate(hashes, start >> level):
            yield (level, index), found


def _compare(session: Session, base: int, start: int, levels: list[list[bytes]]) -> None:
    for level, hashes in enumerate(levels, base):
        first = start >> level
        within = (LedgerNode.level == level, LedgerNode.idx >= first, LedgerNode.idx < first + len(hashes))
        stored = session.scalars(sa.select(LedgerNode.hash).where(*within).order_by(LedgerNode.idx)).all()
        if stored != hashes:
            matching = takewhile(lambda pair: pair[0] == pair[1], zip(stored, hashes, strict=False))
            seq = (first + sum(1 for _ in matching) << level) + 1
            which = f"第 {seq} 条" if level == 0 else f"第 {seq} 至 {seq + (1 << level) - 1} 条"
            raise _Broken(seq, f"{which}记录与校验树不符，可能被改动、调换或插入")


def _check_head(root: bytes, frontier: bytes, computed: list[bytes]) -> None:
    if (root, frontier) != (merkle.root_of(computed), b"".join(computed)):
        raise _Broken(None, "树根与全部记录不符，记录的末尾可能被改动")


def _check_nothing_beyond(session: Session) -> None:
    """Rows outside the numbers that the head counts: put in, or left over when head and tail were cut."""
    # The size is part of each statement, so both databases see it and the rows at one and the same moment.
    size = sa.func.coalesce(sa.select(LedgerHead.size).scalar_subquery(), 0)
    outside = sa.or_(LedgerEntry.seq > size, LedgerEntry.seq < 1)
    seq = session.scalar(sa.select(sa.func.min(LedgerEntry.seq)).where(outside))
    if seq is not None:
        raise _Broken(seq, f"第 {seq} 条记录不在校验树之内，可能是插入的")
    leaf = session.scalar(sa.select(sa.func.min(LedgerNode.idx)).where(LedgerNode.level == 0, LedgerNode.idx >= size))
    if leaf is not None:
        raise _Broken(leaf + 1, f"第 {leaf + 1} 条及以后的记录已被删去")
    count = sa.select(sa.func.count()).select_from(LedgerNode).scalar_subquery()
    nodes, counted = session.execute(sa.select(count, size)).one()
    # A tree of n leaves has n complete subtrees at level 0, n // 2 at level 1, and so on.
    if nodes != sum(counted >> level for level in range(counted.bit_length())):
        raise _Broken(None, "校验树中有多余的节点")
