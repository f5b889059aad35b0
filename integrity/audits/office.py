"""Office files to text: Word, PowerPoint and Excel parts streamed, old .xls by its own reader (Article 16(2)).

Every text run of a part counts, wherever it stands: paragraphs, tables, text boxes, headers, notes, hidden sheets.
The parts are streamed without building a tree, so a file of millions of empty elements costs time, not memory.
"""

import io
import re
import xml.parsers.expat
from collections.abc import Callable

import xlrd

from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput
from integrity.audits.pagepictures import PictureReader

PARTS = {
    "docx": re.compile(r"word/(?:document\d*|header\d*|footer\d*|footnotes|endnotes|comments|diagrams/data\d*)\.xml"),
    "pptx": re.compile(r"ppt/(?:slides/slide\d+|notesSlides/notesSlide\d+|diagrams/data\d*)\.xml"),
    "xlsx": re.compile(r"xl/(?:worksheets/[^/]+|drawings/drawing\d*|comments\d*|comments/comment\d*)\.xml"),
}
FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
PICTURES = re.compile(r"(?:word|ppt|xl)/media/[^/]+\.(?:png|jpe?g|bmp|gif|tiff?|webp|emf|wmf)", re.IGNORECASE)
EMBEDDED = re.compile(r"(?:word|ppt|xl)/(?:embeddings|afchunk)[^/]*/?[^/]+", re.IGNORECASE)
MOST_CHARACTERS = 5_000_000
# Text moved away, phonetic guides, and the second rendering of a text box that old readers get.
SKIPPED = frozenset({"Fallback", "moveFrom", "rPh"})
LINE_ENDS = frozenset({"p", "br", "cr", "si", "c", "comment"})


def is_office(members: list[str]) -> bool:
    """Whether an archive with these parts is an Office file."""
    return any(member.startswith(tuple(FOLDERS)) for member in members)


def office_text(data: bytes, name: str, pictures: PictureReader) -> tuple[str, str, list[str]]:
    """Format, all text (that on pictures last) and what was left unread of a .docx, .pptx or .xlsx file."""
    with open_archive(data, name) as archive:
        members = archive.namelist()
        kind = _kind(members, name)
        strings = "xl/sharedStrings.xml"
        shared = _runs(archive.read(strings), name, []).lines if strings in members else []
        parts = sorted((m for m in members if PARTS[kind].fullmatch(m)), key=_reading_order)
        if not parts:
            raise BadInput(f"文件 {name} 中没有正文；请用 Office 或 WPS 打开后重新保存再试")
        texts = [_part_text(archive.read(part), name, shared) for part in parts]
        shown = sorted((m for m in members if PICTURES.fullmatch(m)), key=_picture_order)
        texts += [pictures.read(archive.read(part), part.rpartition("/")[2]) for part in shown]
    return kind, "\n".join(text for text in texts if text), _unread(members)


def _kind(members: list[str], name: str) -> str:
    """Which of the three formats an archive is; what else it may be is refused with the mend."""
    if "xl/workbook.bin" in members:
        raise BadInput(f"文件 {name} 是 .xlsb 格式；请另存为 .xlsx 后再试")
    for folder, kind in FOLDERS.items():
        if any(member.startswith(folder) for member in members):
            return kind
    raise BadInput(f"文件 {name} 是不认识的 Office 格式；请另存为 docx、xlsx 或 pptx 后再试")


def _reading_order(member: str) -> tuple[bool, str, int, str]:
    """The body first, then numbered parts by their number: slide2 before slide10."""
    folder, number = re.sub(r"\d+\.xml$", "", member), re.search(r"(\d+)\.xml$", member)
    return ("document" not in member and "sheet" not in member, folder, int(number[1]) if number else 0, member)


def _picture_order(member: str) -> tuple[int, str]:
    """Pictures as they were put in: image2 before image10."""
    number = re.search(r"(\d+)\.\w+$", member)
    return int(number[1]) if number else 0, member


def _unread(members: list[str]) -> list[str]:
    embedded = sum(bool(EMBEDDED.fullmatch(member)) for member in members)
    return [f"有 {embedded} 个内嵌文件未检查；请另存后单独检查"] if embedded else []


class _Runs:
    """Collects the text runs of one part; a nested paragraph (text box) is set out before the one around it."""

    def __init__(self, name: str, shared: list[str]) -> None:
        self.name = name
        self.shared = shared
        self.lines: list[str] = []
        self.open: list[list[str]] = [[]]
        self.skipping = 0
        self.reading = False
        self.cell = ""
        self.size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        if self.skipping or local in SKIPPED:
            self.skipping += 1
            return
        self.reading = local in {"t", "v"}
        if local in {"p", "si", "c"}:
            self.open.append([])
        if local == "c":
            self.cell = attributes.get("t", "n")
        elif local == "tab":
            self.open[-1].append("\t")

    def end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        local = tag.rpartition(" ")[2]
        self.reading = False
        if local in {"p", "si", "c"} and len(self.open) > 1:
            run = "".join(self.open.pop())
            self.lines.append(self._cell_text(run) if local == "c" else run)
        elif local in LINE_ENDS:
            self.open[-1].append("\n")

    def data(self, text: str) -> None:
        if self.reading and not self.skipping:
            self.open[-1].append(text)
            self.size += len(text)
            if self.size > MOST_CHARACTERS:
                raise BadInput(f"文件 {self.name} 的文字超过 {MOST_CHARACTERS} 字；请拆成几个文件")

    def _cell_text(self, value: str) -> str:
        if self.cell == "s":
            number = int(value) if value.strip().isdecimal() else -1
            return self.shared[number] if 0 <= number < len(self.shared) else ""
        return _plain_number(value) if self.cell == "n" else value


def _plain_number(value: str) -> str:
    """The figure as the sheet shows it: the file stores 1.1 as 1.1000000000000001."""
    try:
        return format(float(value), ".15g")
    except ValueError:
        return value


def _runs(part: bytes, name: str, shared: list[str]) -> _Runs:
    runs = _Runs(name, shared)
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype(name)
    parser.StartElementHandler, parser.EndElementHandler = runs.start, runs.end
    parser.CharacterDataHandler = runs.data
    try:
        parser.Parse(part, True)
    except (xml.parsers.expat.ExpatError, ValueError) as error:
        raise BadInput(f"文件 {name} 的内容已损坏；请用 Office 或 WPS 打开后重新保存再试") from error
    return runs


def _refuse_doctype(name: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise BadInput(f"文件 {name} 含有外部实体声明，不是正常的 Office 文件，已拒绝读取")

    return refuse


def _part_text(part: bytes, name: str, shared: list[str]) -> str:
    runs = _runs(part, name, shared)
    return "\n".join(line for line in [*runs.lines, "".join(runs.open[0])] if line.strip())


def sheet_text(data: bytes, name: str) -> tuple[str, list[str]]:
    """All cells of an old binary .xls workbook."""
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=False)
        rows = [sheet.row(number) for sheet in book.sheets() for number in range(sheet.nrows)]
    except Exception as error:  # on damaged files xlrd fails with whatever its unpacking meets
        raise BadInput(f"Excel 文件 {name} 已损坏或设有密码；请另存为 .xlsx 后再试") from error
    values = [_old_cell(cell.ctype, cell.value) for row in rows for cell in row]
    return "\n".join(value for value in values if value.strip()), []


def _old_cell(kind: int, value: object) -> str:
    """Text and figures; dates, truth values and errors hold nothing of a question."""
    if kind == xlrd.XL_CELL_NUMBER:
        return _plain_number(str(value))
    return str(value) if kind == xlrd.XL_CELL_TEXT else ""
