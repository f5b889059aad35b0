"""What the streaming reader of cells passes over in a sheet: merges, hidden rows, where pictures and objects sit."""

import contextlib
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

MOST_MERGES = 20_000
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(slots=True)
class SheetParts:
    """Hidden rows, pictures, objects and text boxes by row number; merges as first row, left, last row, right."""

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    pictures: dict[int, int] = field(default_factory=dict)
    objects: set[int] = field(default_factory=set)
    boxes: set[int] = field(default_factory=set)
    # Objects whose place the file does not tell.
    adrift: int = 0


class _Watcher:
    """Receives the start tags of a sheet or drawing while it streams by, and builds no tree."""

    def __init__(self) -> None:
        self.parts = SheetParts()
        self.drawings: list[str] = []
        self.row = 0
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
            self.parts.pictures[self.row] = self.parts.pictures.get(self.row, 0) + 1
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


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Targets of a part's relations by id, as names of members."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in archive.namelist():
        return {}
    try:
        root = etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    targets = {}
    for one in root:
        target = one.get("Target") or ""
        whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        targets[one.get("Id") or ""] = whole
    return targets


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, SheetParts]:
    """The parts of every sheet by its title; what is damaged is simply absent, the cells' own reader will complain."""
    workbook = "xl/workbook.xml"
    if workbook not in archive.namelist():
        return {}
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(archive.read(workbook), parser)
    except etree.XMLSyntaxError:
        return {}
    relations = _relations(archive, workbook)
    found = {}
    for sheet in root.iter("{*}sheet"):
        member = relations.get(sheet.get(f"{_REL}id") or "", "")
        if member in archive.namelist():
            found[sheet.get("name") or ""] = _parts_of(archive, member)
    return found


def _parts_of(archive: zipfile.ZipFile, member: str) -> SheetParts:
    watcher = _watch(archive.read(member))
    relations = _relations(archive, member)
    for drawing in watcher.drawings:
        part = relations.get(drawing, "")
        if part in archive.namelist():
            drawn = _watch(archive.read(part)).parts
            watcher.parts.pictures |= drawn.pictures
            watcher.parts.boxes |= drawn.boxes
    return watcher.parts
