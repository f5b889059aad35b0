"""Keyed sketches: what is stored of a question so that look-alikes meet, and that tells a thief nothing. Pure.

A shingle of two or three characters becomes one block, is enciphered under the index key and cut to 32 bits; secret
permutations take the minima (bit for bit those of datasketch's `affine32` MinHash); bands of minima are enciphered
once more into 64-bit buckets. An unkeyed sketch can be turned back into most of its text with a dictionary, so no
step here is public: without the key neither a shingle nor the equality of two shingles can be tested.

Two sketches, because one is never enough: the statement (the stem with its answer written in) by three characters,
which meets an item whose options were replaced or that was turned into a judge item, and stem with options by two,
options apart so that their order does not matter, which meets an item whose stem was rewritten or whose key is not
known. Against the bare stem the statement finds more true look-alikes and brings fewer 下列说法正确的是 together.
RECIPE is kept with every stored sketch; whoever changes a figure here raises it.
"""

import hashlib
import hmac
from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from integrity.similarity.canonical import Canonical
from integrity.similarity.folding import SEPARATOR, codes_of

RECIPE = 1
PERMUTATIONS = 128
STATEMENT, FULL = 0, 1
SHINGLE = (3, 2)
BANDS = ((64, 2), (42, 3))
BUCKETS = sum(bands for bands, _ in BANDS)
NO_BUCKET = 0
"""Stands where a part is too short to be looked for; indexes pass over it."""

_BLOCK = 500
_FEWEST = 2
_EMPTY = np.uint32(0xFFFFFFFF)
_CODE_BITS = 21
_TAIL = 8

Hashes = NDArray[np.uint32]


def _mix(values: Hashes) -> Hashes:
    """The 32-bit finalizer of MurmurHash3, as datasketch applies it before its permutations."""
    values = values ^ (values >> np.uint32(16))
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def _minima(hashes: Hashes, counts: NDArray[np.intp], permutation: NDArray[np.uint32]) -> Hashes:
    """Minima of every permutation over each item's run of hashes; the runs lie one behind the other.

    The longest items come first, so step by step one shrinking slice that fits the cache takes one hash of each.
    """
    a, b = permutation
    order = np.argsort(-counts, kind="stable")
    starts, lengths = (np.cumsum(counts) - counts)[order], counts[order]
    minima = np.full((len(counts), PERMUTATIONS), _EMPTY)
    work = np.empty_like(minima)
    step, active = 0, int(np.count_nonzero(lengths))
    while active > _TAIL:
        part = work[:active]
        np.multiply(hashes[starts[:active] + step, None], a, out=part)
        part += b
        np.minimum(minima[:active], part, out=minima[:active])
        step += 1
        active = int(np.searchsorted(-lengths, -step))
    for row in range(active):
        rest = hashes[starts[row] + step : starts[row] + lengths[row], None] * a + b
        minima[row] = np.minimum(minima[row], rest.min(axis=0))
    unsorted = np.empty_like(minima)
    unsorted[order] = minima
    return unsorted


def _shingles(batch: Sequence[Canonical], sketch: int) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """All shingles of the batch for one sketch, packed, and how many belong to each item."""
    size = SHINGLE[sketch]
    rows: list[tuple[str, ...]] = [(item.filled,) for item in batch]
    if sketch == FULL:
        rows = [(item.stem, *(option.ljust(size, "\0") for option in item.options)) for item in batch]
    codes = codes_of(SEPARATOR.join([part for row in rows for part in row]) + SEPARATOR).astype(np.uint64)
    ends = codes == ord(SEPARATOR)
    owner = np.repeat(np.arange(len(batch)), [len(row) for row in rows])[np.cumsum(ends) - ends]
    windows = max(len(codes) - size + 1, 0)
    packed, inside = np.zeros(windows, np.uint64), np.ones(windows, np.bool_)
    for place in range(size):
        packed |= codes[place : place + windows] << np.uint64(place * _CODE_BITS)
        inside &= ~ends[place : place + windows]
    inside &= packed != 0
    return packed[inside], np.bincount(owner[:windows][inside], minlength=len(batch))


class Sketcher:
    """Signs questions under one index key."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("an index key has at least 16 bytes")
        self._shingle_cipher = Cipher(algorithms.AES(_subkey(key, b"shingles")), modes.ECB())  # noqa: S305 - a PRF on single blocks
        self._band_cipher = Cipher(algorithms.AES(_subkey(key, b"bands")), modes.ECB())  # noqa: S305 - a PRF on single blocks
        stream = Cipher(algorithms.AES(_subkey(key, b"permutations")), modes.CTR(bytes(16))).encryptor()
        drawn = np.frombuffer(stream.update(bytes(2 * 2 * PERMUTATIONS * 4)), "<u4").reshape(2, 2, PERMUTATIONS).copy()
        drawn[:, 0] |= 1
        self.permutations: NDArray[np.uint32] = drawn
        """For each sketch the secret factors (all odd) and summands of its permutations."""

    def hashes(self, shingles: NDArray[np.uint64], size: int) -> Hashes:
        """Keyed 32-bit hashes of packed shingles, 21 bits a code point; the size keeps the two sketches apart."""
        blocks = np.empty((len(shingles), 2), "<u8")
        blocks[:, 0], blocks[:, 1] = shingles, size
        enciphered = self._shingle_cipher.encryptor().update(blocks.tobytes())
        return np.frombuffer(enciphered, "<u4")[::4]

    def signatures(self, batch: Sequence[Canonical]) -> NDArray[np.uint32]:
        """MinHash rows, shape (items, 2, 128): statement and whole item; all ones where one is too short."""
        rows = np.empty((len(batch), 2, PERMUTATIONS), np.uint32)
        # Items of like length share a block, so that hardly a step works on a few of them alone.
        order = np.argsort([len(item.filled) for item in batch], kind="stable")
        for start in range(0, len(batch), _BLOCK):
            chosen = order[start : start + _BLOCK]
            block = [batch[place] for place in chosen]
            for sketch in (STATEMENT, FULL):
                shingles, counts = _shingles(block, sketch)
                hashes = _mix(self.hashes(shingles, SHINGLE[sketch]))
                minima = _minima(hashes, counts, self.permutations[sketch])
                minima[counts < _FEWEST] = _EMPTY
                rows[chosen, sketch] = minima
        return rows

    def buckets(self, batch: Sequence[Canonical]) -> NDArray[np.int64]:
        """Keyed 64-bit buckets, shape (items, 106); NO_BUCKET where a part is too short to be looked for."""
        signatures = self.signatures(batch)
        found = np.empty((len(batch), BUCKETS), np.int64)
        for start in range(0, len(batch), _BLOCK):
            block, column = signatures[start : start + _BLOCK], 0
            for sketch, (bands, _) in enumerate(BANDS):
                found[start : start + _BLOCK, column : column + bands] = self._bands(block[:, sketch], sketch)
                column += bands
        return found

    def _bands(self, rows: Hashes, sketch: int) -> NDArray[np.int64]:
        bands, height = BANDS[sketch]
        blocks = np.zeros((len(rows), bands, 4), "<u4")
        blocks[:, :, 0] = np.arange(bands) + (sketch << 16)
        blocks[:, :, 1 : 1 + height] = rows[:, : bands * height].reshape(len(rows), bands, height)
        enciphered = np.frombuffer(self._band_cipher.encryptor().update(blocks.tobytes()), "<i8")
        buckets = enciphered[::2].reshape(len(rows), bands).copy()
        buckets[(rows == _EMPTY).all(axis=1)] = NO_BUCKET
        return buckets


def _subkey(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, b"tidun similarity " + purpose, hashlib.sha256)
