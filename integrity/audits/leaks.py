"""Bank items inside any text: the leak scan of Article 16(2). Pure: no session, no clock.

Rare grams say which items may stand where (`raregrams.py`); each of those is laid over the text and judged
(`sightings.py`). Another value in the same frame is `template`: shown, never a leak.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
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


class LeakIndex:
    """Bank items, in memory, ready to be found in documents; `entries` pair an item's number with its content."""

    def __init__(self, entries: Sequence[tuple[int, ItemContent]], key: bytes) -> None:
        forms = canonical_many([content for _, content in entries])
        shared = _shared_stems(forms)
        self._entries = [_entry(item, form, shared) for (item, _), form in zip(entries, forms, strict=True)]
        texts = [text for number, entry in enumerate(self._entries) for text in _texts(number, entry)]
        self._grams = RareGrams(texts, key)

    def scan(self, text: str) -> list[LeakHit]:
        """Every item that stands in a text, once, at its best place; in the order of the text."""
        page = scanned_text(text, self._grams)
        looks = self._worth_a_look(page)
        worths = self._worths({number for number, _ in looks})
        best: dict[int, Sighting] = {}
        for number, look in looks:
            found = sight(self._entries[number], page, look, worths[number], self._grams)
            if found and (number not in best or _order(found) > _order(best[number])):
                best[number] = found
        settled = _settle(best)
        hits = [_hit(self._entries[number].item, one, page) for number, one in settled.items()]
        return sorted(
            (hit for hit in hits if hit.verdict is not Verdict.UNRELATED), key=lambda hit: (hit.start, -hit.score)
        )

    def _worths(self, numbers: Iterable[int]) -> dict[int, list[np.ndarray]]:
        """What the characters of these entries' forms are worth; one call for all."""
        chosen = sorted(numbers)
        found = iter(self._grams.worth([form for number in chosen for form in self._entries[number].forms]))
        return {number: [next(found) for _ in self._entries[number].forms] for number in chosen}

    def _looks(self, page: ScannedText) -> Iterator[tuple[int, Look]]:
        """Where grams of one entry lie close together, each with the entry's number."""
        numbers, starts = self._grams.places(page.codes)
        order = np.lexsort((starts, numbers))
        numbers, starts = numbers[order], starts[order]
        new = np.ones(numbers.size, np.bool_)
        new[1:] = (numbers[1:] != numbers[:-1]) | (starts[1:] - starts[:-1] > _SAME_PLACE)
        first = np.flatnonzero(new)
        last = np.append(first[1:], numbers.size) - 1
        for a, b in zip(first.tolist(), last[: first.size].tolist(), strict=True):
            options = sum(map(len, self._entries[numbers[a]].canonical.options))
            margin = _SAME_PLACE + min(options, _FARTHEST_OPTION)
            yield int(numbers[a]), Look(int(starts[a]) - margin, int(starts[b]) + margin, int(starts[(a + b) // 2]))

    def _worth_a_look(self, page: ScannedText) -> list[tuple[int, Look]]:
        """The looks at which some form of the entry, or the head of its stem, is somewhat alike; one call for all."""
        looks = list(self._looks(page))
        if not looks:
            return []
        wanted, windows, owners, least = [], [], [], []
        for at, (number, look) in enumerate(looks):
            entry = self._entries[number]
            stem = entry.canonical.stem
            head = stem[: max(len(stem) * 2 // 5, _SHORTEST_HEAD)]
            for form, needed in [*((form, _WORTH_A_LOOK) for form in entry.forms), (head, _HEAD_WORTH_A_LOOK)]:
                wanted.append(form)
                windows.append(page.text[max(look.low, 0) : max(look.high + len(form), 0)])
                owners.append(at)
                least.append(needed)
        scores = process.cpdist(wanted, windows, scorer=fuzz.partial_ratio, score_cutoff=_WORTH_A_LOOK)
        return [looks[at] for at in np.unique(np.array(owners)[scores >= np.array(least)])]


def _hit(item: int, one: Sighting, page: ScannedText) -> LeakHit:
    start, end = one.found.start, one.end
    return LeakHit(item, one.verdict, round(one.score, 3), page.excerpt(start, end), *page.span(start, end))


def _order(sighting: Sighting) -> tuple[int, float]:
    return _RANK.index(sighting.verdict), sighting.score


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


def _shared_stems(forms: Sequence[Canonical]) -> frozenset[str]:
    """Stems that items with quite other options have too: only the options tell these questions apart."""
    sets: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for form in forms:
        if form.options:
            sets[form.stem].append(frozenset(form.options))
    return frozenset(stem for stem, options in sets.items() if _quite_different(options))


def _quite_different(options: list[frozenset[str]]) -> bool:
    return any(3 * len(options[0] & other) < len(options[0] | other) for other in options[1:])


def _entry(item: int, form: Canonical, shared: frozenset[str]) -> Entry:
    unnumbered = _NUMBERED.sub("", form.stem)
    forms = tuple(dict.fromkeys(text for text in (form.stem, form.filled, unnumbered) if text))
    return Entry(item, form, forms, Prefix.similarity(form.stem, form.filled), form.stem in shared)


def _texts(number: int, entry: Entry) -> Iterator[Grammed]:
    """All wordings of one entry, options as if they followed the stem."""
    for form in entry.forms:
        yield Grammed(number, form, 0, is_option=False)
    offset = len(entry.canonical.stem)
    for option in entry.canonical.options:
        yield Grammed(number, option, offset, is_option=True)
        offset += len(option)
