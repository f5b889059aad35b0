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

GRAM = 4
PAIR = 2
RAREST = (12, 6)
"""How many grams are kept of an item's stem, and of its options: a leak may show the one without the other."""

Tokens = NDArray[np.uint64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grammed:
    """One text of an item: what it belongs to, where in the item it starts, and whether it is an option."""

    item: int
    text: str
    offset: int
    is_option: bool


class RareGrams:
    """Postings of rare grams under one key, and how telling each pair of characters is in these items."""

    def __init__(self, texts: Sequence[Grammed], key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("an index key has at least 16 bytes")
        subkey = hmac.digest(key, b"tidun leak scan", hashlib.sha256)
        self._cipher = Cipher(algorithms.AES(subkey), modes.ECB())  # noqa: S305 - a PRF on single blocks
        self.items = len({text.item for text in texts})
        codes = codes_of("".join(text.text + SEPARATOR for text in texts))
        lengths = np.array([len(text.text) + 1 for text in texts], np.intp)
        owner = np.repeat(np.array([text.item for text in texts], np.intp), lengths)
        part = np.repeat(np.array([text.is_option for text in texts], np.intp), lengths)
        starts = np.array([text.offset for text in texts], np.intp) - (np.cumsum(lengths) - lengths)
        offset = np.arange(codes.size) + np.repeat(starts, lengths)
        self._spread = {size: self._counted(codes, owner, size) for size in (1, PAIR)}
        self._post(self._rarity(codes, owner, GRAM), owner, part, offset)

    def _tokens(self, codes: NDArray[np.uint32], size: int) -> Tokens:
        """The keyed token of each gram of `size` characters, by its place."""
        count = max(len(codes) - size + 1, 0)
        wide = codes.astype("<u8")
        blocks = np.zeros((count, 2), "<u8")
        for place in range(size):
            blocks[:, place // 3] |= wide[place : place + count] << np.uint64(21 * (place % 3))
        blocks[:, 1] |= np.uint64(size << 56)
        return np.frombuffer(self._cipher.encryptor().update(blocks.tobytes()), "<u8")[::2]

    def _rarity(self, codes: NDArray[np.uint32], owner: Places, size: int) -> tuple[Tokens, Places, Places]:
        """The different grams of each item: their tokens, places, and in how many items each token occurs."""
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

    def _counted(self, codes: NDArray[np.uint32], owner: Places, size: int) -> tuple[Tokens, Places]:
        """Every different gram, sorted, and in how many items it occurs."""
        tokens, _, counts = self._rarity(codes, owner, size)
        different, first = np.unique(tokens, return_index=True)
        return different, counts[first]

    def _post(self, grams: tuple[Tokens, Places, Places], owner: Places, part: Places, offset: Places) -> None:
        """Keep the rarest grams of each item's stem and of its options, in the order of their tokens."""
        tokens, places, counts = grams
        rarest_first = np.lexsort((counts, part[places], owner[places]))
        group = owner[places][rarest_first] * 2 + part[places][rarest_first]
        rank = np.arange(group.size) - np.searchsorted(group, group)
        kept = rarest_first[rank < np.array(RAREST)[group % 2]]
        kept = kept[np.argsort(tokens[kept], kind="stable")]
        self._grams = tokens[kept]
        self._owners = owner[places[kept]].astype(np.int32)
        self._offsets = offset[places[kept]].astype(np.int32)

    def places(self, codes: NDArray[np.uint32]) -> tuple[Places, Places]:
        """Items whose grams stand in a text, and where in the text each of them would start; one row a gram."""
        tokens = self._tokens(codes, GRAM)
        low, high = (np.searchsorted(self._grams, tokens, side) for side in ("left", "right"))
        counts = high - low
        posting = np.repeat(low - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        at = np.repeat(np.arange(tokens.size), counts)
        return self._owners[posting].astype(np.intp), at - self._offsets[posting]

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
