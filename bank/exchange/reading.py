"""What the reader of question files hands over: items that can be asked, rows that cannot and why (Article 6(5)).

Nothing here is stored. A person sees a `Reading` on the preview page, mends the rejected rows and imports the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bank.content import ItemContent
from bank.items import Cognition
from bank.outlines import Importance
from bank.pictures import PictureFile


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One question found in a file, with the place a teacher can turn to."""

    row: int
    place: str
    content: ItemContent
    external_id: str | None
    point: str | None
    difficulty: int | None
    notes: tuple[str, ...]
    consistency: int | None = None
    cognition: Cognition | None = None
    importance: Importance | None = None
    # Items of one file with the same mark here belong to one set (题组), in their order.
    set: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was not taken over; the reason is Chinese and names the mend.

    `seen` is what could be made out of the question, to be mended on the preview page; None where nothing could.
    """

    row: int
    place: str
    reason: str
    seen: ItemContent | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file yielded; `read` counts the rows seen as questions, taken over or not.

    `pictures` are cleaned and lie under the local tokens that the texts of items and rejections name.
    """

    file: str
    format: str
    encoding: str | None
    read: int
    items: tuple[ReadItem, ...]
    rejected: tuple[Rejection, ...]
    notes: tuple[str, ...]
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
