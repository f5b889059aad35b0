"""The Merkle tree of RFC 9162 (section 2.1): hashes, inclusion and consistency proofs, their verification. Pure.

Positions are (level, index): (0, 7) is the eighth leaf, (3, 0) the root over the first eight. Only complete subtrees
are ever stored; a proof is put together from them, so it needs a few dozen hashes of a log of any length. The
frontier of a tree is the list of its complete subtrees from left to right, one for each bit set in its size.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

Position = tuple[int, int]
NodeReader = Callable[[Position], bytes]
HASH_LENGTH = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry; the prefix keeps entries and inner nodes apart."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbouring subtrees."""
    return sha256(b"\x01" + left + right).digest()


def grow(frontier: Sequence[bytes], size: int, leaf: bytes) -> tuple[list[bytes], list[tuple[Position, bytes]]]:
    """The frontier after one more leaf, and every complete subtree that the leaf finished, itself included."""
    frontier, level, index, top = list(frontier), 0, size, leaf
    finished = [((0, size), leaf)]
    while index & 1:
        top = node_hash(frontier.pop(), top)
        level, index = level + 1, index >> 1
        finished.append(((level, index), top))
    return [*frontier, top], finished


def root_of(frontier: Sequence[bytes]) -> bytes:
    """Root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    *rest, root = frontier
    for subtree in reversed(rest):
        root = node_hash(subtree, root)
    return root


def split_hashes(joined: bytes) -> list[bytes]:
    """Hashes that were stored one behind the other."""
    return [joined[start : start + HASH_LENGTH] for start in range(0, len(joined), HASH_LENGTH)]


def frontier_positions(start: int, end: int) -> Iterator[Position]:
    """Complete subtrees, left to right, that cover leaves start..end-1 of a range that is one node of some tree."""
    while start < end:
        level = min((end - start).bit_length() - 1, (start & -start).bit_length() - 1 if start else end.bit_length())
        yield level, start >> level
        start += 1 << level


def root_at(size: int, node: NodeReader) -> bytes:
    """Root of the tree as it was at this size."""
    return _range_hash(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Hashes that lead from leaf `index` to the root of the tree of this size (RFC 9162, 2.1.3.1)."""
    return [_range_hash(start, end, node) for start, end in inclusion_ranges(index, size)]


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose hashes make up that proof, from the leaf upward."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """Hashes that show the tree of size `new` to begin with the tree of size `old` (RFC 9162, 2.1.4.1)."""
    return [_range_hash(start, end, node) for start, end in consistency_ranges(old, new)]


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaf ranges whose hashes make up that proof; none when a tree is empty or nothing was added."""
    if not 0 <= old <= new:
        raise ValueError("a tree only grows")
    start, end, whole, ranges = 0, new, True, []
    while old not in {0, end}:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if old and not whole:
        ranges.append((start, end))
    return ranges[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf at `index` to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of size `new` begins with the one of size `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        begins = old_root == (new_root if old else EMPTY_ROOT)
        return begins and not proof
    if not proof:
        return False
    # A complete old tree is its own first subtree, and the proof leaves it out.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    return _climb(old - 1, new - 1, path) == (old_root, new_root)


def _climb(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def positions_needed(ranges: Iterable[tuple[int, int]]) -> list[Position]:
    """The complete subtrees from which the hashes of these ranges are computed, so they can be fetched at once."""
    return [position for start, end in ranges for position in frontier_positions(start, end)]


def _range_hash(start: int, end: int, node: NodeReader) -> bytes:
    return root_of([node(position) for position in frontier_positions(start, end)])


def _split(count: int) -> int:
    """The largest power of two below the count: where RFC 9162 divides a tree."""
    return 1 << (count - 1).bit_length() - 1
