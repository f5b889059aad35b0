"""The exchange formats of other question banks, told from office files and plain text by their content alone."""

from collections.abc import Callable

from bank.exchange.documents import Found
from bank.exchange.formats.aiken import looks_like_aiken, read_aiken
from bank.exchange.formats.gift import looks_like_gift, read_gift
from bank.exchange.formats.moodle import read_moodle
from bank.exchange.formats.qti import ITEM_ROOTS
from bank.exchange.formats.qtipackage import MANIFEST, OLD_QTI, read_bare_item, read_package
from bank.exchange.xmlguard import root_name
from bank.exchange.zipguard import opened
from bank.ground.errors import BadInput

_ADVICE = {
    "questestinterop": OLD_QTI,
    "assessmentTest": "是 QTI 试卷（assessmentTest），不含试题本身；请导入完整的 QTI 压缩包",
    "qti-assessment-test": "是 QTI 试卷（assessmentTest），不含试题本身；请导入完整的 QTI 压缩包",
    "manifest": "只是 QTI 清单；请导入完整的 QTI 压缩包",
}
_TEXTS: tuple[tuple[str, Callable[[str], bool], Callable[[str], Found]], ...] = (
    ("aiken", looks_like_aiken, read_aiken),
    ("gift", looks_like_gift, read_gift),
)


def read_interchange(name: str, data: bytes) -> tuple[str, Found] | None:
    """Format and questions of a QTI package, a QTI item or a Moodle XML file; None for anything else."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ("qti", read_package(name, data)) if _is_package(name, data) else None
    root = root_name(data)
    if root in ITEM_ROOTS:
        return "qti", read_bare_item(name, data)
    if root == "quiz":
        return "moodle", read_moodle(name, data)
    if root in _ADVICE:
        raise BadInput(f"文件 {name} {_ADVICE[root]}")
    return None


def _is_package(name: str, data: bytes) -> bool:
    """Whether a zip has a manifest, or XML files but nothing of an office file."""
    with opened(data, name) as archive:
        members = archive.namelist()
    if any(member.rpartition("/")[2].lower() == MANIFEST for member in members):
        return True
    office = {"[Content_Types].xml", "content.xml", "mimetype"} & set(members)
    return not office and any(member.lower().endswith((".xml", ".qti")) for member in members)


def read_marked(characters: str) -> tuple[str, Found] | None:
    """Format and questions of a text that says by its signs what it is; None for a text for people."""
    return next(((form, read(characters)) for form, looks, read in _TEXTS if looks(characters)), None)
