"""The attributes of an item as short tags, `point:A-B-001`, for formats that know tags but not our attributes. Pure.

Writers put them down and readers take them up again, so that a bank comes home as it went out; tags of others are
left alone.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

NAMES = (
    *("point", "difficulty", "consistency", "cognition", "importance", "secrecy", "source"),
    *("type", "marks", "credit", "gaps", "key"),
)
LONGEST_TAG = 240


def write_tags(attributes: Mapping[str, str]) -> list[str]:
    """Tags in the order of NAMES; those too long for other systems are left out."""
    named = [f"{name}:{attributes[name]}" for name in NAMES if attributes.get(name)]
    return [tag for tag in named if len(tag) <= LONGEST_TAG]


def read_tags(tags: Iterable[str]) -> dict[str, str]:
    """The attributes that tags name; full-width colons and capitals are taken too."""
    found: dict[str, str] = {}
    for tag in tags:
        name, colon, value = tag.strip().replace("：", ":", 1).partition(":")
        if colon and name.strip().lower() in NAMES and value.strip():
            found.setdefault(name.strip().lower(), value.strip())
    return found


def write_gaps(gaps: Iterable[str]) -> str:
    """The texts that stood where answers are asked, as one tag value."""
    return ",".join(quote(gap, safe="_").replace("-", "%2D") or "-" for gap in gaps)


def read_gaps(value: str) -> list[str]:
    """The inverse of `write_gaps`."""
    return ["" if gap == "-" else unquote(gap) for gap in value.split(",")] if value else []
