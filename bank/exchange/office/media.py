"""Pictures inside a zipped office file: the relations of a part, and its pictures as inlays, each read when met."""

import posixpath
import zipfile

from lxml import etree

from bank.exchange.glyphs import shown_name
from bank.exchange.inlays import Inlays
from bank.ground.errors import BadInput
from bank.notation import Image


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
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
    for one in root.iter("{*}Relationship"):
        target = one.get("Target") or ""
        whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        targets[one.get("Id") or ""] = whole if one.get("TargetMode") != "External" else ""
    return targets


class Media:
    """The pictures that one part of an archive shows; `styles` are the names of its styles by id."""

    def __init__(self, archive: zipfile.ZipFile, part: str, inlays: Inlays) -> None:
        self._archive = archive
        self._targets = relations(archive, part)
        self._members = set(archive.namelist())
        self._signs: dict[str, str] = {}
        self.inlays = inlays
        self.styles: dict[str, str] = {}

    def captioned(self, relation: str, caption: str) -> str:
        """The sign of a picture under a caption of its own; empty where it cannot be shown."""
        found = [run.token for run in self.inlays.runs(self.sign(relation)) if isinstance(run, Image)]
        return self.inlays.hide(Image(found[0], caption)) if found else ""

    def sign(self, relation: str) -> str:
        """The sign of the picture behind a relation; empty where it cannot be shown (WMF, EMF, links, damage)."""
        if relation not in self._signs:
            self._signs[relation] = self._read(self._targets.get(relation, ""))
        return self._signs[relation]

    def _read(self, member: str) -> str:
        if member not in self._members:
            return ""
        try:
            return self.inlays.picture(shown_name(member), self._archive.read(member))
        except BadInput:
            return ""
