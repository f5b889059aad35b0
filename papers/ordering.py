"""The order of options in a form: by lot from the paper's seed, left alone where the order itself says something."""

import hashlib
import hmac
import re

from bank.content import ItemContent

ABOVE = re.compile(r"以上|上述|前[两二三四]")
LAST = re.compile(rf"{ABOVE.pattern}|都对|都不|均可|均不|全部|皆|无法确定")
LETTER = re.compile(r"(?<![A-Za-z])[A-F](?:\s*[、和与及,，]\s*[A-F])+(?![A-Za-z])|选项\s*[A-F]")
OTHERS = re.compile(
    rf"{LETTER.pattern}|(?<![A-Za-z])[A-F](?:[A-F]+(?![A-Za-z])|\s*项)|(?:只有|仅|除)\s*[A-F](?![A-Za-z])"
)
NUMERIC = re.compile(r"\s*[约±<>≤≥]*\s*-?\d+(?:[.,/～~-]\d+)*\s*[^\d\s]{0,6}\s*")


def option_order(content: ItemContent, seed: bytes, name: str) -> tuple[int, ...]:
    """Places of the options in printed order; empty when they stay as written.

    They stay when anything speaks of letters, when all are figures, and when one in their midst speaks of those
    above it; options like 以上都对 keep their place.
    """
    content = content.plain()
    options = content.options
    if LETTER.search(content.stem) or LETTER.search(content.rationale) or any(map(OTHERS.search, options)):
        return ()
    movable = [place for place, option in enumerate(options) if not LAST.search(option)]
    looking_up = [place for place, option in enumerate(options) if ABOVE.search(option)]
    if all(map(NUMERIC.fullmatch, options)) or any(place < max(movable, default=0) for place in looking_up):
        return ()
    shuffled = sorted(movable, key=lambda place: hmac.digest(seed, f"{name}/{place}".encode(), hashlib.sha256))
    following = iter(shuffled)
    return tuple(next(following) if place in movable else place for place in range(len(options)))
