"""Paragraphs and tables of a .docx file, in order: text with its list labels, its inlays, and what cannot be kept.

The body is streamed and forgotten block by block; headers, footers, comments and deleted text are not part of it.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from bank.exchange.cells import MAX_ROWS, Grid
from bank.exchange.glyphs import trim
from bank.exchange.inlays import Inlays
from bank.exchange.office.lists import Lists, read_lists
from bank.exchange.office.media import Media
from bank.exchange.office.wordruns import W, own_styles, read_paragraph
from bank.exchange.questions.lines import LONGEST_LINE, Line
from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput

MAX_BLOCKS = 120_000


def read_blocks(name: str, data: bytes, inlays: Inlays | None = None) -> Iterator[Line | Grid | str]:
    """The lines and tables of a Word file in order, and notes on its other parts; raises BadInput when damaged.

    Formulas, marks and pictures come as `inlays`; without them tables hold their plain reading.
    """
    if inlays is None:
        inlays = Inlays()
        for block in read_blocks(name, data, inlays):
            if isinstance(block, Grid):
                block.change(inlays.plain)
            yield block
        return
    with open_archive(data, name) as archive:
        main = _main_part(archive)
        if main is None:
            raise BadInput(f"文件 {name} 中没有正文；请用 Word 或 WPS 打开后重新保存再试")
        folder = posixpath.dirname(main)
        body = archive.read(main)
        yield from _left_out(archive, folder)
        styles = _member(archive, f"{folder}/styles.xml")
        lists = read_lists(_member(archive, f"{folder}/numbering.xml"), styles)
        media = Media(archive, main, inlays)
        media.styles = own_styles(styles)
        try:
            yield from _blocks(name, body, lists, media)
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


def _blocks(name: str, body: bytes, lists: Lists, media: Media) -> Iterator[Line | Grid]:
    """Walk the body, freeing each block once it is read."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        tag=(f"{W}p", f"{W}tbl"),
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
        if element.tag == f"{W}tbl":
            tables += 1
            if sum(1 for _ in element.iter(f"{W}tr")) > MAX_ROWS:
                raise BadInput(f"文件 {name} 的表 {tables} 超过 {MAX_ROWS} 行，请拆成几个文件再导入")
            yield _grid(element, lists, tables, media)
        else:
            paragraphs += 1
            yield from _lines(element, lists, paragraphs, media)
        _forget(element)


def _forget(element: "etree._Element") -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _lines(paragraph: "etree._Element", lists: Lists, number: int, media: Media) -> Iterator[Line]:
    """A paragraph as one line, or several where it is broken by hand."""
    label = lists.label(paragraph)
    read = read_paragraph(paragraph, media)
    whole, start = label + read.text(), 0
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
            read.lost if first else 0,
            tuple(read.faults) if first else (),
            tuple(read.remarks) if first else (),
            read.role,
        )
        start = stop + 1


def _grid(table: "etree._Element", lists: Lists, number: int, media: Media) -> Grid:
    """A Word table as rows of text; merged cells keep their value in the first of them."""
    grid = Grid(f"表 {number}")
    above: dict[int, str] = {}
    for at, row in enumerate(table.findall(f"{W}tr"), 1):
        cells: list[str] = []
        for cell in _cells(row):
            text, spans, goes_on = _cell(cell, lists, at, grid, media)
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
        if child.tag == f"{W}tc":
            yield child
        elif child.tag == f"{W}sdt":
            yield from child.iter(f"{W}tc")


def _cell(cell: "etree._Element", lists: Lists, row: int, grid: Grid, media: Media) -> tuple[str, int, bool]:
    """Text, width in columns, and whether the cell goes on from the one above."""
    texts = []
    for paragraph in cell.iter(f"{W}p"):
        read = read_paragraph(paragraph, media)
        texts.append(lists.label(paragraph) + read.text())
        if read.lost:
            grid.pictures[row] = grid.pictures.get(row, 0) + read.lost
        if read.faults:
            grid.faults.setdefault(row, []).extend(read.faults)
        if read.remarks:
            grid.remarks.setdefault(row, []).extend(read.remarks)
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    width = span.get(f"{W}val") or "1" if span is not None else "1"
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    goes_on = merge is not None and (merge.get(f"{W}val") or "continue") == "continue"
    return "\n".join(texts).strip("\n"), min(int(width), 60) if width.isdigit() and len(width) < 4 else 1, goes_on
