"""QTI content packages: a zip with `imsmanifest.xml`, items named in it or only lying there, pictures, materials.

A bare item file is read the same way. Metadata of the manifest (LOM) give difficulty, point and tags; the archive
has passed `zipguard` before anything here sees it, and nothing outside of it is ever fetched.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from bank.exchange.documents import Found
from bank.exchange.formats.qti import ITEM_ROOTS, Source, read_item
from bank.exchange.formats.stated import Album
from bank.exchange.formats.tags import read_tags
from bank.exchange.formats.xmltree import attribute, characters, children, inside
from bank.exchange.questions.draft import Draft
from bank.exchange.reading import Rejection
from bank.exchange.xmlguard import parse_xml, root_name
from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput

MANIFEST = "imsmanifest.xml"
OLD_QTI = "是 QTI 1.2；请在原系统中改选 QTI 2.1 以上、Moodle XML 或 Word 导出"
CATALOG = "Tidun"
DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
_ITEM_TYPE = re.compile(r"imsqti_item_xmlv\d|imsqti_apipitem", re.IGNORECASE)


@dataclass(slots=True)
class _Package:
    """The members of an archive and the pictures read from it."""

    name: str
    archive: zipfile.ZipFile
    album: Album = field(default_factory=Album)

    def bytes_of(self, path: str) -> bytes | None:
        """A member by its path, as it is written or with its escapes undone."""
        for one in (path, unquote(path)):
            try:
                return self.archive.read(posixpath.normpath(one))
            except KeyError:
                continue
        return None

    def picture(self, folder: str, source: str) -> str:
        """The token of a picture beside an item."""
        shown = source.rpartition("/")[2][:60]
        if re.match(r"(?:https?:)?//|data:", source):
            raise BadInput(f"图片 {shown} 在别的网站上，没有放进压缩包，请把图片放进包里重新导出")
        data = self.bytes_of(posixpath.join(folder, source)) or self.bytes_of(source.lstrip("/"))
        if data is None:
            raise BadInput(f"图片 {shown} 不在压缩包里，请重新导出")
        return self.album.token(shown, data)

    def material(self, folder: str, href: str) -> etree._Element | None:
        """The body of a shared stimulus beside an item."""
        data = self.bytes_of(posixpath.join(folder, href))
        if data is None:
            return None
        return next(inside(parse_xml(self.name, data), "stimulusbody"), None)


def read_package(name: str, data: bytes) -> Found:
    """The items of a content package, those of the manifest first and in its order."""
    package = _Package(name, open_archive(data, name))
    listed = dict(_listed(package))
    items = {**listed, **{path: {} for path in _lying_about(package, set(listed))}}
    if not items:
        raise BadInput(f"文件 {name} {_nothing(package)}")
    found = Found()
    for row, (path, hints) in enumerate(items.items(), start=1):
        _sort(found, _read(package, row, path, hints))
    found.inlays.pictures.update(package.album.files)
    return found


def _nothing(package: _Package) -> str:
    """Why an archive without items cannot be read."""
    for member in package.archive.namelist():
        if member.lower().endswith((".xml", ".qti")) and _root_of(package, member) == "questestinterop":
            return OLD_QTI
    return "是压缩包，但里面没有 QTI 试题；如是打包的 Word 或 Excel，请解压后逐个导入"


def _root_of(package: _Package, member: str) -> str:
    with package.archive.open(member) as stream:
        return root_name(stream.read(64 * 1024))


def read_bare_item(name: str, data: bytes) -> Found:
    """The one item of an item file that came without its package."""

    def picture(source: str) -> str:
        raise BadInput(f"图片 {source.rpartition('/')[2][:60]} 没有随文件带来，请导入完整的 QTI 压缩包")

    found = Found()
    _sort(found, read_item(parse_xml(name, data), Source(1, "第 1 题", picture)))
    return found


def _sort(found: Found, one: Draft | Rejection | str) -> None:
    if isinstance(one, Draft):
        found.drafts.append(one)
    elif isinstance(one, Rejection):
        found.rejected.append(one)
    else:
        found.notes.append(one)


def _read(package: _Package, row: int, path: str, hints: dict[str, str]) -> Draft | Rejection | str:
    place = f"第 {row} 题（{path[-60:]}）"
    data = package.bytes_of(path)
    if data is None:
        return Rejection(row, place, "清单中列出了这道题，压缩包里却没有它的文件，请重新导出")
    folder = posixpath.dirname(posixpath.normpath(unquote(path)))
    try:
        root = parse_xml(path, data)
    except BadInput as error:
        return Rejection(row, place, error.message)
    source = Source(
        row,
        place,
        lambda one: package.picture(folder, one),
        lambda href: package.material(folder, href),
        hints,
        hints.get("id", ""),
    )
    return read_item(root, source)


def _listed(package: _Package) -> Iterator[tuple[str, dict[str, str]]]:
    """Paths and metadata of the items that the manifest lists."""
    manifests = [one for one in package.archive.namelist() if posixpath.basename(one).lower() == MANIFEST]
    if not manifests:
        return
    path = min(manifests, key=len)
    root = parse_xml(path, package.archive.read(path))
    for resource in inside(root, "resource"):
        href = attribute(resource, "href") or next((attribute(one, "href") for one in children(resource, "file")), "")
        if href and _ITEM_TYPE.search(str(resource.get("type", ""))):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), href))
            yield place, _metadata(resource)


def _lying_about(package: _Package, listed: set[str]) -> Iterator[str]:
    """Item files that no manifest lists."""
    known = listed | {unquote(path) for path in listed}
    for member in package.archive.namelist():
        is_markup = member.lower().endswith((".xml", ".qti")) and posixpath.normpath(member) not in known
        if is_markup and _root_of(package, member) in ITEM_ROOTS:
            yield member


def _metadata(resource: etree._Element) -> dict[str, str]:
    """Tags, difficulty, point and id out of a resource's metadata."""
    hints: dict[str, str] = {}
    for lom in inside(resource, "lom"):
        words = [characters(node) for node in inside(lom, "keyword")]
        hints |= read_tags(words)
        grade = next((characters(value) for node in inside(lom, "difficulty") for value in inside(node, "value")), "")
        if grade in DIFFICULTIES:
            hints.setdefault("difficulty", str(DIFFICULTIES.index(grade) + 1))
        point = next((characters(node) for taxon in inside(lom, "taxon") for node in inside(taxon, "id")), "")
        if point:
            hints.setdefault("point", point)
        for general in inside(lom, "general"):
            known = [_identifier(node) for node in children(general, "identifier")]
            hints["id"] = next(filter(None, known), hints.get("id", ""))
    return hints


def _identifier(node: etree._Element) -> str:
    """The id of an item in its bank, where the catalog is ours."""
    catalog = "".join(characters(one) for one in inside(node, "catalog"))
    return "".join(characters(one) for one in inside(node, "entry")) if catalog == CATALOG else ""
