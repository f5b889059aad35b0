"""What the streaming reader of cells passes over in a sheet: merges, hidden rows, where pictures and objects sit."""

import contextlib
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from bank.exchange.inlays import Inlays
from bank.exchange.office.media import Media, relations

MOST_MERGES = 20_000
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(slots=True)
class SheetParts:
    """Hidden rows, pictures, objects and text boxes by row number; merges as first row, left, last row, right.

    `figures` holds the column and the sign of each picture that can be read, `names` the signs by the pictures' own
    names, `lost` counts the others.
    """

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    figures: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)
    objects: set[int] = field(default_factory=set)
    boxes: set[int] = field(default_factory=set)
    # Objects whose place the file does not tell.
    adrift: int = 0


@dataclass(slots=True)
class _Shown:
    """A picture that hangs over a sheet: where, and what it shows."""

    row: int
    column: int
    name: str = ""
    relation: str = ""


class _Watcher:
    """Receives the start tags of a sheet or drawing while it streams by, and builds no tree."""

    def __init__(self) -> None:
        self.parts = SheetParts()
        self.drawings: list[str] = []
        self.shown: list[_Shown] = []
        self.row = self.column = 0
        self.in_from = self.in_object = self.in_shape = self.in_fallback = False
        self.text = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note what the tag tells."""
        name = tag.rpartition("}")[2]
        self.text = ""
        if name == "mergeCell" and len(self.parts.merges) < MOST_MERGES:
            if area := _area(attributes.get("ref", "")):
                self.parts.merges.append(area)
        elif name == "row" and attributes.get("hidden") in {"1", "true"} and attributes.get("r", "").isdigit():
            self.parts.hidden.add(int(attributes["r"]))
        elif name == "drawing":
            self.drawings.append(attributes.get(f"{_REL}id", ""))
        elif name == "from":
            self.in_from = True
        elif name == "pic":
            self.shown.append(_Shown(self.row, self.column))
        elif name == "cNvPr" and self.shown:
            self.shown[-1].name = self.shown[-1].name or attributes.get("name", "")
        elif name == "blip" and self.shown:
            self.shown[-1].relation = attributes.get(f"{_REL}embed", "")
        elif name == "sp":
            self.in_shape = True
        elif name == "Fallback":
            self.in_fallback = True
        elif name == "oleObject" and not self.in_fallback:
            self.parts.adrift += not self.in_object
            self.in_object = True

    def data(self, text: str) -> None:
        """Keep the text of the tag being read; only row numbers of anchors matter."""
        self.text = (self.text + text)[:20]

    def end(self, tag: str) -> None:
        """Take the row of an anchor."""
        name = tag.rpartition("}")[2]
        if name == "from":
            self.in_from = False
        elif name == "col" and self.in_from and self.text.strip().isdigit():
            self.column = int(self.text)
        elif name == "row" and self.in_from and self.text.strip().isdigit():
            self.row = int(self.text) + 1
            if self.in_object:
                self.parts.objects.add(self.row)
                self.parts.adrift -= 1
                self.in_object = False
        elif name == "t" and self.in_shape and self.text.strip():
            self.parts.boxes.add(self.row)
        elif name == "sp":
            self.in_shape = False
        elif name == "Fallback":
            self.in_fallback = False
        elif name == "oleObject":
            self.in_object = False

    def close(self) -> "_Watcher":
        """The watcher itself is the result."""
        return self


def _area(ref: str) -> tuple[int, int, int, int] | None:
    corners = _CELL.findall(ref)
    if len(corners) != 2:
        return None
    (left, first), (right, last) = corners
    return int(first), _column(left), int(last), _column(right)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _watch(data: bytes) -> _Watcher:
    watcher: Any = _Watcher()
    parser = etree.XMLParser(target=watcher, resolve_entities=False, no_network=True, load_dtd=False)
    with contextlib.suppress(etree.XMLSyntaxError):
        etree.fromstring(data, parser)
    return cast("_Watcher", watcher)


def sheet_parts(archive: zipfile.ZipFile, inlays: Inlays) -> dict[str, SheetParts]:
    """The parts of every sheet by its title; what is damaged is simply absent, the cells' own reader will complain."""
    workbook = "xl/workbook.xml"
    if workbook not in archive.namelist():
        return {}
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(archive.read(workbook), parser)
    except etree.XMLSyntaxError:
        return {}
    targets = relations(archive, workbook)
    found = {}
    for sheet in root.iter("{*}sheet"):
        member = targets.get(sheet.get(f"{_REL}id") or "", "")
        if member in archive.namelist():
            found[sheet.get("name") or ""] = _parts_of(archive, member, inlays)
    return found


def _parts_of(archive: zipfile.ZipFile, member: str, inlays: Inlays) -> SheetParts:
    watcher = _watch(archive.read(member))
    targets = relations(archive, member)
    for drawing in watcher.drawings:
        part = targets.get(drawing, "")
        if part in archive.namelist():
            drawn = _watch(archive.read(part))
            _show(drawn.shown, Media(archive, part, inlays), watcher.parts)
            watcher.parts.boxes |= drawn.parts.boxes
    return watcher.parts


def _show(shown: list[_Shown], media: Media, parts: SheetParts) -> None:
    for one in shown:
        if sign := media.sign(one.relation):
            parts.figures.setdefault(one.row, []).append((one.column, sign))
            parts.names[one.name] = sign
        else:
            parts.lost[one.row] = parts.lost.get(one.row, 0) + 1


def cell_pictures(archive: zipfile.ZipFile, inlays: Inlays) -> dict[str, str]:
    """The signs of the pictures that WPS keeps in cells, by the name that the cells' DISPIMG gives them."""
    part = "xl/cellimages.xml"
    if part not in archive.namelist():
        return {}
    try:
        root = etree.fromstring(archive.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    media = Media(archive, part, inlays)
    found = {}
    for picture in root.iter("{*}pic"):
        named, blip = picture.find(".//{*}cNvPr"), picture.find(".//{*}blip")
        if named is not None and blip is not None:
            found[named.get("name") or ""] = media.sign(blip.get(f"{_REL}embed") or "")
    return found
