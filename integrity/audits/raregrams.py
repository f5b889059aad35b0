"""Which items a long text may hold: keyed postings of each item's rarest four-character grams (Article 16(2)). Pure.

A leaked item keeps some of its rarest grams whatever is done to it, so looking those up finds it in a document of any
length at the cost of one look-up a character. Grams are enciphered under the key: the postings alone tell a thief
neither a gram nor, without the key, whether a text holds it.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from integrity.similarity.folding import SEPARATOR, codes_of

GRAM, LONG_GRAM = 4, 6
PAIR = 2
RAREST = (12, 6)
"""How many grams are kept of an item's stem, and of its options: a leak may show the one without the other."""
HOT = 256
"""A gram of more items than this tells little and would be looked up for nothing; it is not kept."""
FEWEST = 4
"""Items with fewer kept grams, made of the same phrases as hundreds of others, are found by longer grams."""

Tokens = NDArray[np.uint64]
Places = NDArray[np.intp]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grammed:
    """One text of an item: what it belongs to, where in the item it starts, and whether it is an option."""

    item: int
    text: str
    offset: int
    is_option: bool


@dataclass(frozen=True, slots=True)
class _Laid:
    """Texts laid end to end: for each character its code, its item, its part, and its place in the item."""

    codes: NDArray[np.uint32]
    owner: Places
    part: Places
    offset: Places

    def of(self, items: Places) -> "_Laid":
        """Only the texts of some items."""
        kept = np.isin(self.owner, items)
        return _Laid(self.codes[kept], self.owner[kept], self.part[kept], self.offset[kept])


@dataclass(frozen=True, slots=True)
class _Postings:
    """Kept grams of one size in the order of their tokens: whose, where in the item, and how rare from 0 to 1."""

    size: int
    tokens: Tokens
    owners: Places
    offsets: Places
    rarity: Weights


class RareGrams:
    """Postings of rare grams under one key, and how telling each pair of characters is in these items."""

    def __init__(self, texts: Sequence[Grammed], key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("an index key has at least 16 bytes")
        subkey = hmac.digest(key, b"tidun leak scan", hashlib.sha256)
        self._cipher = Cipher(algorithms.AES(subkey), modes.ECB())  # noqa: S305 - a PRF on single blocks
        self.items = max((text.item for text in texts), default=-1) + 1
        laid = _lay(texts)
        self._spread = {size: self._counted(laid, size) for size in (1, PAIR)}
        self._postings = [self._post(laid, GRAM)]
        scarce = np.flatnonzero(np.bincount(self._postings[0].owners, minlength=self.items) < FEWEST)
        if scarce.size:
            self._postings.append(self._post(laid.of(scarce), LONG_GRAM))
        self.rarity: Weights = np.zeros(self.items)
        for kept in self._postings:
            np.add.at(self.rarity, kept.owners, kept.rarity)
        """The rarity of all kept grams of each item together."""

    def _tokens(self, codes: NDArray[np.uint32], size: int) -> Tokens:
        """The keyed token of each gram of `size` characters, by its place."""
        count = max(len(codes) - size + 1, 0)
        wide = codes.astype("<u8")
        blocks = np.zeros((count, 2), "<u8")
        for place in range(size):
            blocks[:, place // 3] |= wide[place : place + count] << np.uint64(21 * (place % 3))
        blocks[:, 1] |= np.uint64(size << 56)
        return np.frombuffer(self._cipher.encryptor().update(blocks.tobytes()), "<u8")[::2]

    def _different(self, laid: _Laid, size: int) -> tuple[Tokens, Places, Places]:
        """The different grams of each item: their tokens, places, and in how many items each token occurs."""
        codes, owner = laid.codes, laid.owner
        tokens = self._tokens(codes, size)
        ends = np.concatenate([[0], np.cumsum(codes == ord(SEPARATOR))])
        places = np.flatnonzero(ends[size:] == ends[:-size]) if tokens.size else np.zeros(0, np.intp)
        places = places[np.lexsort((owner[places], tokens[places]))]
        tokens, item = tokens[places], owner[places]
        first = np.ones(tokens.size, np.bool_)
        first[1:] = (tokens[1:] != tokens[:-1]) | (item[1:] != item[:-1])
        places, tokens = places[first], tokens[first]
        _, group, counts = np.unique(tokens, return_inverse=True, return_counts=True)
        return tokens, places, counts[group].astype(np.intp)

    def _counted(self, laid: _Laid, size: int) -> tuple[Tokens, Places]:
        """Every different gram, sorted, and in how many items it occurs."""
        tokens, _, counts = self._different(laid, size)
        different, first = np.unique(tokens, return_index=True)
        return different, counts[first]

    def _post(self, laid: _Laid, size: int) -> _Postings:
        """The rarest grams of each item's stem and of its options, hot ones left out."""
        tokens, places, counts = self._different(laid, size)
        cool = counts <= HOT
        tokens, places, counts = tokens[cool], places[cool], counts[cool]
        rarest_first = np.lexsort((counts, laid.part[places], laid.owner[places]))
        group = laid.owner[places][rarest_first] * 2 + laid.part[places][rarest_first]
        rank = np.arange(group.size) - np.searchsorted(group, group)
        kept = rarest_first[rank < np.array(RAREST)[group % 2]]
        kept = kept[np.argsort(tokens[kept], kind="stable")]
        rarity = 1 - np.log2(counts[kept]) / np.log2(self.items + 2)
        return _Postings(size, tokens[kept], laid.owner[places[kept]], laid.offset[places[kept]], rarity)

    def places(self, codes: NDArray[np.uint32]) -> tuple[Places, Places, Weights]:
        """Items whose grams stand in a text, where in it each would start, and how rare the gram is; one row a gram."""
        found = [self._places(kept, codes) for kept in self._postings]
        owners, starts, rarity = zip(*found, strict=True)
        return np.concatenate(owners), np.concatenate(starts), np.concatenate(rarity)

    def _places(self, kept: _Postings, codes: NDArray[np.uint32]) -> tuple[Places, Places, Weights]:
        tokens = self._tokens(codes, kept.size)
        low, high = (np.searchsorted(kept.tokens, tokens, side) for side in ("left", "right"))
        counts = high - low
        posting = np.repeat(low - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        at = np.repeat(np.arange(tokens.size), counts)
        return kept.owners[posting], at - kept.offsets[posting], kept.rarity[posting]

    def counts(self, codes: NDArray[np.uint32], size: int) -> Places:
        """In how many items each character of a text (`size` 1), or each pair (2), occurs."""
        known, spread = self._spread[size]
        tokens = self._tokens(codes, size)
        at = np.searchsorted(known, tokens)
        at[at == known.size] = 0
        return np.where(known[at] == tokens, spread[at], 0) if known.size else np.zeros(tokens.size, np.intp)

    def worth(self, texts: Sequence[str]) -> list[NDArray[np.float64]]:
        """How telling each character of each text is: the mean of its pairs, up to 1 where hardly an item has them."""
        codes = codes_of("".join(text + SEPARATOR for text in texts))
        inside = (codes[:-1] != ord(SEPARATOR)) & (codes[1:] != ord(SEPARATOR))
        rare = 1 - np.log2(np.maximum(self.counts(codes, PAIR), 1)) / np.log2(self.items + 2)
        rare, weight = (np.concatenate([[0], values, [0]]) for values in (rare * inside, inside))
        mean = (rare[:-1] + rare[1:]) / np.maximum(weight[:-1] + weight[1:], 1)
        ends = np.cumsum([len(text) + 1 for text in texts])
        return [mean[end - len(text) - 1 : end - 1] for text, end in zip(texts, ends.tolist(), strict=True)]


def _lay(texts: Sequence[Grammed]) -> _Laid:
    codes = codes_of("".join(text.text + SEPARATOR for text in texts))
    lengths = np.array([len(text.text) + 1 for text in texts], np.intp)
    owner, part, first = (
        np.array([getattr(text, name) for text in texts], np.intp) for name in ("item", "is_option", "offset")
    )
    starts = first - (np.cumsum(lengths) - lengths)
    offset = np.arange(codes.size) + np.repeat(starts, lengths)
    return _Laid(codes, np.repeat(owner, lengths), np.repeat(part, lengths), offset)
