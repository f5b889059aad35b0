"""Builds question files in memory, in every dialect, from made-up items."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import docx
import openpyxl
from docx.document import Document

from bank.content import LETTERS, ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.reading import Reading

Row = Sequence[Any]
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(*sheets: tuple[str, Iterable[Row]], shape: Callable[[Any], None] | None = None) -> bytes:
    """An .xlsx file of named sheets; `shape` may merge, hide and format before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if shape is not None:
        shape(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def document(*paragraphs: str, shape: Callable[[Document], None] | None = None) -> bytes:
    """A .docx file of paragraphs, then whatever `shape` adds."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if shape is not None:
        shape(made)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _string(text: str, size: str) -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def biff(rows: Iterable[Row], name: str = "Sheet1", *, hidden_rows: Iterable[int] = ()) -> bytes:
    """A BIFF8 workbook stream with one sheet, as Excel 97 wrote it."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0x41, 6)
    font = _record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + b"\x05\x00Arial")
    formats = _record(0x41E, struct.pack("<H", 164) + _string("0%", "<H"))
    xfs = b"".join(_record(0xE0, struct.pack("<HHH", 0, f, 0) + b"\x00" * 14) for f in (0, 164))
    cells = b"".join(_record(0x208, struct.pack("<HHHHHHI", r, 0, 256, 255, 0, 0, 0x120)) for r in hidden_rows)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                cells += _record(0x204, struct.pack("<HHH", r, c, 0) + _string(value, "<H"))
            elif value is not None:
                cells += _record(0x203, struct.pack("<HHHd", r, c, int(isinstance(value, float)), value))
    head = _record(0x809, bof) + font * 4 + formats + xfs
    sheet = _record(0x809, bof.replace(b"\x05\x00", b"\x10\x00", 1)) + cells + _record(0x0A, b"")
    bound = 4 + 6 + len(_string(name, "<B"))
    start = len(head) + bound + 4
    return head + _record(0x85, struct.pack("<IH", start, 0) + _string(name, "<B")) + _record(0x0A, b"") + sheet


def compound(stream: bytes, name: str = "Workbook", *others: str) -> bytes:
    """An OLE2 file with one stream of at least 4096 bytes, and empty streams of other names."""
    stream = stream.ljust(max(4096, -len(stream) % 512 + len(stream)), b"\x00")
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat) % 128)
    if len(fat) > 128:
        raise ValueError("one sector of allocation holds 128 entries")

    def entry(title: str, kind: int, child: int, right: int, first: int, size: int) -> bytes:
        coded = title.encode("utf-16-le")
        head = coded.ljust(64, b"\x00") + struct.pack("<HBBIII", len(coded) + 2, kind, 1, 0xFFFFFFFF, right, child)
        return head + b"\x00" * 36 + struct.pack("<III", first, size, 0)

    entries = [entry("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)]
    names = [name, *others][:3]
    for i, title in enumerate(names, 1):
        right = i + 1 if i < len(names) else 0xFFFFFFFF
        entries.append(entry(title, 2, 0xFFFFFFFF, right, 2 if i == 1 else 0xFFFFFFFE, len(stream) if i == 1 else 0))
    directory = b"".join(entries).ljust(512, b"\x00")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\x00" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + stream


def archive(members: dict[str, bytes], *, infos: Sequence[zipfile.ZipInfo] = ()) -> bytes:
    """A zip file of members, deflated, and of members with their own properties."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
        for info in infos:
            made.writestr(info, b"x")
    return stream.getvalue()


def with_member(data: bytes, name: str, body: bytes) -> bytes:
    """A zipped file with one member put in or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members = {one: source.read(one) for one in source.namelist()}
    return archive(members | {name: body})


def with_pictures(data: bytes, *rows: int) -> bytes:
    """A workbook with a picture anchored at each of these rows of its first sheet."""
    main, rels = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing", f"{_OFFICE}/relationships"
    anchors = "".join(
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>9</xdr:col><xdr:row>{row - 1}</xdr:row></xdr:from><xdr:pic/>"
        "</xdr:oneCellAnchor>"
        for row in rows
    )
    drawing = f'<xdr:wsDr xmlns:xdr="{main}">{anchors}</xdr:wsDr>'
    relation = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId9" Type="{rels}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
    sheet = sheet.replace("</worksheet>", f'<drawing xmlns:r="{rels}" r:id="rId9"/></worksheet>')
    data = with_member(data, "xl/worksheets/sheet1.xml", sheet.encode())
    data = with_member(data, "xl/worksheets/_rels/sheet1.xml.rels", relation.encode())
    return with_member(data, "xl/drawings/drawing1.xml", drawing.encode())


def contents(reading: Reading) -> list[ItemContent]:
    """The questions of a reading."""
    return [item.content for item in reading.items]


def read_text(*lines: str, name: str = "题库.txt") -> Reading:
    """What a text file of these lines yields."""
    return read_items(name, "\n".join(lines).encode())


def single(stem: str, options: Sequence[str], key: str) -> ItemContent:
    """A single-choice item, or a multiple-choice one where the key has several letters."""
    kind = ItemType.MULTIPLE if len(key) > 1 else ItemType.SINGLE
    return ItemContent(kind, stem, tuple(options), key)


def judge(stem: str, key: str) -> ItemContent:
    """A judge item."""
    return ItemContent(ItemType.JUDGE, stem, (), key)


def labelled(options: Sequence[str], sign: str = ".") -> list[str]:
    """Options with their letters before them."""
    return [f"{letter}{sign}{option}" for letter, option in zip(LETTERS, options, strict=False)]
