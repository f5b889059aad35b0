"""Paragraphs and tables of a .docx file, in order: text with its list labels, what is red or bold, what cannot be kept.

The body is streamed and forgotten block by block; headers, footers, comments and deleted text are not part of it.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bank.exchange.cells import MAX_ROWS, Grid
from bank.exchange.formula import linear, lowered, raised
from bank.exchange.glyphs import clean, trim
from bank.exchange.lines import LONGEST_LINE, Line
from bank.exchange.lists import Lists, read_lists
from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput

MAX_BLOCKS = 60_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIPPED = {
    f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "rt", "footnoteReference")
}
_FORMULAS = {f"{_M}oMath", f"{_M}oMathPara"}
_PICTURES = {f"{_W}drawing", f"{_W}pict"}
# √ and × as Word inserts them from its symbol fonts.
_SYMBOLS = {"F0FC": "√", "F0FB": "×", "F0FE": "☑", "F0FD": "☒", "F050": "√", "F04F": "×", "F052": "☑", "F051": "☒"}
_FORMULA_REMARK = "公式已改写成一行文字，请核对"
_OBJECT_FAULT = "含公式编辑器等嵌入对象，无法读取，请改为文字或 Word 自带公式后再导入"
_FIELD_FAULT = "含 EQ 域公式，无法读取，请改为文字或 Word 自带公式后再导入"
_HIDDEN_REMARK = "原文有隐藏文字，没有读取，请核对"
_BOX_REMARK = "旁边有文本框，其中的文字没有导入，请核对"
_PLAIN_COLOURS = {"", "auto", "000000", "FFFFFF"}


@dataclass(slots=True)
class _Text:
    """The text of one paragraph while its runs come in."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    pictures: int = 0
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append a piece."""
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """All pieces together."""
        return "".join(self.pieces)


def read_blocks(name: str, data: bytes) -> Iterator[Line | Grid | str]:
    """The lines and tables of a Word file in order, and notes on its other parts; raises BadInput when damaged."""
    with open_archive(data, name) as archive:
        main = _main_part(archive)
        if main is None:
            raise BadInput(f"文件 {name} 中没有正文；请用 Word 或 WPS 打开后重新保存再试")
        folder = posixpath.dirname(main)
        body = archive.read(main)
        yield from _left_out(archive, folder)
        lists = read_lists(_member(archive, f"{folder}/numbering.xml"), _member(archive, f"{folder}/styles.xml"))
    try:
        yield from _blocks(name, body, lists)
    except etree.XMLSyntaxError as error:
        raise BadInput(f"文件 {name} 已损坏，打不开；请用 Word 或 WPS 打开后重新保存再试") from error


def _left_out(archive: zipfile.ZipFile, folder: str) -> Iterator[str]:
    """Parts beside the body that people wrote into and that are not read."""
    if b"<w:comment " in (_member(archive, f"{folder}/comments.xml") or b""):
        yield "文档中有批注，批注没有读取"
    for name, word in (("footnotes", "脚注"), ("endnotes", "尾注")):
        if (_member(archive, f"{folder}/{name}.xml") or b"").count(b"<w:t") > 0:
            yield f"文档中有{word}，{word}没有读取"


def _member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    return archive.read(name) if name in archive.namelist() else None


def _main_part(archive: zipfile.ZipFile) -> str | None:
    """The member that holds the body: word/document.xml, or what the content types name instead."""
    members = set(archive.namelist())
    if "word/document.xml" in members:
        return "word/document.xml"
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        types = etree.fromstring(archive.read("[Content_Types].xml"), parser)
    except (etree.XMLSyntaxError, KeyError):
        return None
    for one in types:
        if "wordprocessingml" in (one.get("ContentType") or "") and "main+xml" in (one.get("ContentType") or ""):
            part = (one.get("PartName") or "").lstrip("/")
            return part if part in members else None
    return None


def _blocks(name: str, body: bytes, lists: Lists) -> Iterator[Line | Grid]:
    """Walk the body, freeing each block once it is read."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        tag=(f"{_W}p", f"{_W}tbl"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = paragraphs = tables = 0
    for event, element in events:
        depth += 1 if event == "start" else -1
        if event == "start" or depth:
            continue
        if paragraphs + tables > MAX_BLOCKS:
            raise BadInput(f"文件 {name} 超过 {MAX_BLOCKS} 段，请拆成几个文件再导入")
        if element.tag == f"{_W}tbl":
            tables += 1
            if sum(1 for _ in element.iter(f"{_W}tr")) > MAX_ROWS:
                raise BadInput(f"文件 {name} 的表 {tables} 超过 {MAX_ROWS} 行，请拆成几个文件再导入")
            yield _grid(element, lists, tables)
        else:
            paragraphs += 1
            yield from _lines(element, lists, paragraphs)
        _forget(element)


def _forget(element: "etree._Element") -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _lines(paragraph: "etree._Element", lists: Lists, number: int) -> Iterator[Line]:
    """A paragraph as one line, or several where it is broken by hand."""
    label = lists.label(paragraph)
    read = _Text()
    _read_runs(paragraph, read)
    whole, start = label + read.text, 0
    if len(whole) > LONGEST_LINE:
        read.marks = []
    marks = [(begin + len(label), end + len(label), kind) for begin, end, kind in read.marks]
    for at, piece in enumerate(whole.split("\n")):
        stop = start + len(piece)
        inside = tuple((max(b, start) - start, min(e, stop) - start, k) for b, e, k in marks if b < stop and e > start)
        first = at == 0
        yield Line(
            number,
            f"第 {number} 段",
            piece,
            len(label) if first else 0,
            inside,
            read.pictures if first else 0,
            tuple(read.faults) if first else (),
            tuple(read.remarks) if first else (),
        )
        start = stop + 1


def _read_runs(element: "etree._Element", read: _Text) -> None:
    """Append the text of everything in an element, in reading order."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{_W}r":
            _read_run(child, read)
        else:
            _read_special(child, read)


def _read_special(child: "etree._Element", read: _Text) -> None:
    """What stands in a run or a paragraph beside text."""
    if child.tag == f"{_MC}AlternateContent":
        choice = child.find(f"{_MC}Choice")
        _read_runs(child if choice is None else choice, read)
    elif child.tag in _FORMULAS:
        read.add(clean(linear(child)))
        read.remarks.append(_FORMULA_REMARK)
    elif child.tag in _PICTURES:
        _see_drawing(child, read)
    elif child.tag == f"{_W}object":
        read.faults.append(_OBJECT_FAULT)
    elif len(child):
        _read_runs(child, read)


def _see_drawing(drawing: "etree._Element", read: _Text) -> None:
    """Pictures and drawn figures with words in them are counted; plain lines and arrows mean nothing."""
    names = {str(one.tag).rpartition("}")[2] for one in drawing.iter()}
    worded = any(trim(one.text or "") for one in drawing.iter(f"{_W}t"))
    if worded:
        read.remarks.append(_BOX_REMARK)
    if worded or names & {"blip", "imagedata", "chart", "relIds"}:
        read.pictures += 1


def _read_run(run: "etree._Element", read: _Text) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is not None and _on(properties, "vanish"):
        if any(trim(child.text or "") for child in run.iter(f"{_W}t")):
            read.remarks.append(_HIDDEN_REMARK)
        return
    begin = read.length
    align = properties.find(f"{_W}vertAlign") if properties is not None else None
    shift = align.get(f"{_W}val") if align is not None else None
    for child in run:
        if child.tag == f"{_W}t":
            text = clean(child.text or "")
            read.add(raised(text) if shift == "superscript" else lowered(text) if shift == "subscript" else text)
        elif child.tag == f"{_W}tab":
            read.add("\t")
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            read.add("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            read.add("-")
        elif child.tag == f"{_W}instrText" and (child.text or "").strip().upper().startswith("EQ"):
            read.faults.append(_FIELD_FAULT)
        elif child.tag == f"{_W}sym":
            read.add(_SYMBOLS.get((child.get(f"{_W}char") or "").upper(), ""))
        elif child.tag not in _SKIPPED:
            _read_special(child, read)
    if properties is not None and read.length > begin:
        read.marks += [(begin, read.length, kind) for kind in _emphasis(properties)]


def _on(properties: "etree._Element", name: str) -> bool:
    found = properties.find(f"{_W}{name}")
    return found is not None and found.get(f"{_W}val") not in {"0", "false", "none", "off"}


def _emphasis(properties: "etree._Element") -> Iterator[str]:
    """How a run is set off from plain type."""
    if _on(properties, "b"):
        yield "bold"
    if _on(properties, "u"):
        yield "underline"
    if _on(properties, "highlight"):
        yield "shade"
    colour = properties.find(f"{_W}color")
    if colour is not None and (colour.get(f"{_W}val") or "").upper() not in {c.upper() for c in _PLAIN_COLOURS}:
        yield "colour"


def _grid(table: "etree._Element", lists: Lists, number: int) -> Grid:
    """A Word table as rows of text; merged cells keep their value in the first of them."""
    grid = Grid(f"表 {number}")
    above: dict[int, str] = {}
    for at, row in enumerate(table.findall(f"{_W}tr"), 1):
        cells: list[str] = []
        for cell in _cells(row):
            text, spans, goes_on = _cell(cell, lists, at, grid)
            column = len(cells)
            if goes_on and not trim(text):
                grid.merged[at - 1, column] = above.get(column, "")
            else:
                above[column] = text
            cells += [text, *[""] * (spans - 1)]
        if len(cells) > 2 and sum(1 for _ in _cells(row)) == 1:
            grid.wide.add(at)
        grid.rows.append(cells)
        grid.numbers.append(at)
    return grid


def _cells(row: "etree._Element") -> Iterator["etree._Element"]:
    """Cells of a row, also those wrapped in content controls."""
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag == f"{_W}sdt":
            yield from child.iter(f"{_W}tc")


def _cell(cell: "etree._Element", lists: Lists, row: int, grid: Grid) -> tuple[str, int, bool]:
    """Text, width in columns, and whether the cell goes on from the one above."""
    texts = []
    for paragraph in cell.iter(f"{_W}p"):
        read = _Text()
        _read_runs(paragraph, read)
        texts.append(lists.label(paragraph) + read.text)
        if read.pictures:
            grid.pictures[row] = grid.pictures.get(row, 0) + read.pictures
        if read.faults:
            grid.faults.setdefault(row, []).extend(read.faults)
        if read.remarks:
            grid.remarks.setdefault(row, []).extend(read.remarks)
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    width = span.get(f"{_W}val") or "1" if span is not None else "1"
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    goes_on = merge is not None and (merge.get(f"{_W}val") or "continue") == "continue"
    return "\n".join(texts).strip("\n"), min(int(width), 60) if width.isdigit() and len(width) < 4 else 1, goes_on
