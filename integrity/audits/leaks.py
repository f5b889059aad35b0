"""Bank items inside any text: the leak scan of Article 16(2). Pure: no session, no clock.

Rare grams say which items may stand where (`raregrams.py`); each of those is laid over the text and judged
(`sightings.py`). Another value in the same frame is `template`: shown, never a leak.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from bank.content import ItemContent
from integrity.audits.raregrams import Grammed, RareGrams
from integrity.audits.scanned import ScannedText, scanned_text
from integrity.audits.sightings import Entry, Look, Sighting, sight
from integrity.similarity.canonical import Canonical, canonical_many
from integrity.similarity.verdict import Verdict

LEAKED = frozenset({Verdict.IDENTICAL, Verdict.NEAR})
_RANK = (Verdict.UNRELATED, Verdict.TEMPLATE, Verdict.NEAR, Verdict.IDENTICAL)
# Some banks keep a running number that touches a figure, 232.220V; no rule can tell it from a figure.
_NUMBERED = re.compile(r"^\d{1,4}\.(?=\d)")
_SAME_PLACE = 24
_FARTHEST_OPTION = 200
_WORTH_A_LOOK, _HEAD_WORTH_A_LOOK = 55, 85
_SHORTEST_HEAD = 8
# One gram of an item suffices where hardly another has it, several are needed where many do.
_LEAST_RARITY = 0.6
# Of siblings by the hundred, made from one frame, only the likeliest are looked at in any one place.
_MOST_BY_GRAMS, _MOST_BY_TEXT = 96, 24
# A document counts as misread when at least so many items, and one in so many, show slips.
_FEWEST_MISREAD, _SHARE_MISREAD = 3, 8


@dataclass(frozen=True, slots=True)
class LeakHit:
    """One bank item that stands in the document, with the document's own words and their place in it."""

    item: int
    verdict: Verdict
    score: float
    excerpt: str
    start: int
    end: int

    @property
    def is_leak(self) -> bool:
        """Whether this is the item itself, not a look-alike with another value or term."""
        return self.verdict in LEAKED


@dataclass(frozen=True, slots=True)
class _Look:
    """An entry by its number, where to look for it, and the share of its kept grams that lie there."""

    number: int
    where: Look
    share: float


class LeakIndex:
    """Bank items, in memory, ready to be found in documents; `entries` pair an item's number with its content."""

    def __init__(self, entries: Sequence[tuple[int, ItemContent]], key: bytes) -> None:
        forms = canonical_many([content for _, content in entries])
        copies: defaultdict[Canonical, list[int]] = defaultdict(list)
        for (item, _), form in zip(entries, forms, strict=True):
            copies[form].append(item)
        shared = _shared_stems(copies)
        self._entries = [_entry(tuple(items), form, shared) for form, items in copies.items()]
        texts = [text for number, entry in enumerate(self._entries) for text in _texts(number, entry)]
        self._grams = RareGrams(texts, key)

    def scan(self, text: str) -> list[LeakHit]:
        """Every item that stands in a text, once, at its best place; in the order of the text."""
        page = scanned_text(text)
        looks = self._worth_a_look(page)
        best = self._sighted(page, looks)
        if _is_misread(best.values()):
            doubtful = [look for look in looks if look.number not in best or best[look.number].verdict not in LEAKED]
            best |= self._sighted(replace(page, is_misread=True), doubtful)
        hits = [_hit(item, one, page) for number, one in _settle(best).items() for item in self._entries[number].items]
        return sorted(
            (hit for hit in hits if hit.verdict is not Verdict.UNRELATED), key=lambda hit: (hit.start, -hit.score)
        )

    def _sighted(self, page: ScannedText, looks: Sequence[_Look]) -> dict[int, Sighting]:
        """The best sighting of each entry that is looked for."""
        worths = self._worths({look.number for look in looks})
        best: dict[int, Sighting] = {}
        for look in looks:
            number = look.number
            found = sight(self._entries[number], page, look.where, worths[number], self._grams)
            if found and (number not in best or _order(found) > _order(best[number])):
                best[number] = found
        return best

    def _worths(self, numbers: Iterable[int]) -> dict[int, list[NDArray[np.float64]]]:
        """What the characters of these entries' forms are worth; one call for all."""
        chosen = sorted(numbers)
        found = iter(self._grams.worth([form for number in chosen for form in self._entries[number].forms]))
        return {number: [next(found) for _ in self._entries[number].forms] for number in chosen}

    def _looks(self, page: ScannedText) -> list[_Look]:
        """Where enough grams of one entry lie close together; at any place those with most grams, not all there are."""
        numbers, starts, rarity = self._grams.places(page.codes)
        order = np.lexsort((starts, numbers))
        numbers, starts, rarity = numbers[order], starts[order], rarity[order]
        new = np.ones(numbers.size, np.bool_)
        new[1:] = (numbers[1:] != numbers[:-1]) | (starts[1:] - starts[:-1] > _SAME_PLACE)
        first = np.flatnonzero(new)
        if not first.size:
            return []
        last = np.append(first[1:], numbers.size) - 1
        found = np.add.reduceat(rarity, first)
        share = found / np.maximum(self._grams.rarity[numbers[first]], 1e-9)
        middle = starts[(first + last) // 2]
        kept = np.flatnonzero(found >= _LEAST_RARITY)
        kept = kept[_foremost(middle[kept] // _SAME_PLACE, share[kept], _MOST_BY_GRAMS)]
        rows = zip(
            *(column[kept].tolist() for column in (numbers[first], starts[first], starts[last], middle, share)),
            strict=True,
        )
        return [self._look(*row) for row in rows]

    def _look(self, number: int, low: int, high: int, start: int, share: float) -> _Look:
        options = sum(map(len, self._entries[number].canonical.options))
        margin = _SAME_PLACE + min(options, _FARTHEST_OPTION)
        return _Look(number, Look(low - margin, high + margin, start), share)

    def _worth_a_look(self, page: ScannedText) -> list[_Look]:
        """The looks at which some form of the entry, or the head of its stem, is somewhat alike; one call for all."""
        looks = self._looks(page)
        if not looks:
            return []
        wanted, windows, owners, least = [], [], [], []
        for at, look in enumerate(looks):
            entry = self._entries[look.number]
            stem = entry.canonical.stem
            head = stem[: max(len(stem) * 2 // 5, _SHORTEST_HEAD)]
            for form, needed in [*((form, _WORTH_A_LOOK) for form in entry.forms), (head, _HEAD_WORTH_A_LOOK)]:
                wanted.append(form)
                windows.append(page.text[max(look.where.low, 0) : max(look.where.high + len(form), 0)])
                owners.append(at)
                least.append(needed)
        scores = process.cpdist(wanted, windows, scorer=fuzz.partial_ratio, score_cutoff=_WORTH_A_LOOK)
        alike = np.zeros(len(looks))
        np.maximum.at(alike, owners, np.where(scores >= np.array(least), scores, 0))
        kept = np.flatnonzero(alike)
        places = np.array([looks[at].where.start // _SAME_PLACE for at in kept.tolist()], np.intp)
        shares = np.array([looks[at].share for at in kept.tolist()])
        return [looks[at] for at in kept[_foremost(places, shares + alike[kept] / 100, _MOST_BY_TEXT)].tolist()]


def _foremost(places: NDArray[np.intp], scores: NDArray[np.float64], most: int) -> NDArray[np.intp]:
    """The rows with the highest scores at each place, at most so many a place; in their order."""
    order = np.lexsort((-scores, places))
    ranked = places[order]
    rank = np.arange(order.size) - np.searchsorted(ranked, ranked)
    return np.sort(order[rank < most])


def _hit(item: int, one: Sighting, page: ScannedText) -> LeakHit:
    start, end = one.found.start, one.end
    return LeakHit(item, one.verdict, round(one.score, 3), page.excerpt(start, end), *page.span(start, end))


def _order(sighting: Sighting) -> tuple[int, float]:
    return _RANK.index(sighting.verdict), sighting.score


def _is_misread(sightings: Iterable[Sighting]) -> bool:
    """Whether several of the items found, and no small part of them, show a scanner's slips."""
    leaked = [one for one in sightings if one.verdict in LEAKED]
    slipped = sum(one.slips > 0 for one in leaked)
    return slipped >= _FEWEST_MISREAD and slipped * _SHARE_MISREAD >= len(leaked)


def _settle(best: dict[int, Sighting]) -> dict[int, Sighting]:
    """A word taken for a disguise is none where another item of the bank has just that word there."""
    witnesses = [one for one in best.values() if one.verdict in LEAKED and one.exchanged is None]
    return {
        number: replace(one, verdict=Verdict.TEMPLATE)
        if one.exchanged and any(_has_verbatim(other, one.exchanged) for other in witnesses)
        else one
        for number, one in best.items()
    }


def _has_verbatim(one: Sighting, stretch: tuple[int, int]) -> bool:
    start, end = stretch
    changed = any(c.place <= end and start <= c.place + len(c.gained) for c in one.found.changes)
    return one.found.start < start and end < one.found.end and not changed


def _shared_stems(forms: Iterable[Canonical]) -> frozenset[str]:
    """Stems that items with quite other options have too: only the options tell these questions apart."""
    sets: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for form in forms:
        if form.options:
            sets[form.stem].append(frozenset(form.options))
    return frozenset(stem for stem, options in sets.items() if _quite_different(options))


def _quite_different(options: list[frozenset[str]]) -> bool:
    return any(3 * len(options[0] & other) < len(options[0] | other) for other in options[1:])


def _entry(items: tuple[int, ...], form: Canonical, shared: frozenset[str]) -> Entry:
    unnumbered = _NUMBERED.sub("", form.stem)
    forms = tuple(dict.fromkeys(text for text in (form.stem, form.filled, unnumbered) if text))
    return Entry(items, form, forms, Prefix.similarity(form.stem, form.filled), form.stem in shared)


def _texts(number: int, entry: Entry) -> Iterator[Grammed]:
    """All wordings of one entry, options as if they followed the stem."""
    for form in entry.forms:
        yield Grammed(number, form, 0, is_option=False)
    offset = len(entry.canonical.stem)
    for option in entry.canonical.options:
        yield Grammed(number, option, offset, is_option=True)
        offset += len(option)
