"""Any suspicious document to plain text: the first step of the leak scan (Article 16(2)).

The format is told from the bytes, the name only helps where bytes are silent: pages saved as ".doc" and text saved as
".xls" are everyday. What cannot be read is refused with the mend, never passed over as "nothing found".
"""

import re
from dataclasses import dataclass

from bank.ground.errors import BadInput
from integrity.audits.charsets import decode
from integrity.audits.office import office_text, sheet_text
from integrity.audits.pdf import pdf_text
from integrity.audits.webpages import LOOKS_LIKE_PAGE, archive_text, page_text

MOST_BYTES = 64 * 1024 * 1024
MOST_CHARACTERS = 5_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Directory names inside an OLE file are UTF-16; they tell the three things that share the container apart.
WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
WORD, LOCKED = "WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
PACKED = (b"Rar!\x1a", b"7z\xbc\xaf", b"\x1f\x8b")
PAGE_NAMES = re.compile(r"\.(?:[sx]?html?|aspx?|php|jsp)$", re.IGNORECASE)
ARCHIVED_PAGE = re.compile(rb"^(?:[\w-]+:.*\r?\n|[ \t].*\r?\n)*Content-Type:\s*multipart/related", re.IGNORECASE)
READABLE = "docx、pptx、xlsx、xls、pdf、html、mht、txt 或 csv"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the scan sees it: its text, and in notes what could not be read."""

    name: str
    format: str
    text: str
    notes: tuple[str, ...] = ()


def read_document(name: str, data: bytes) -> Document:
    """The text of a document; raises BadInput, one Chinese sentence, for what cannot be read."""
    if not data.strip():
        raise BadInput(f"文件 {name} 是空的；请确认上传的是要检查的文件")
    if len(data) > MOST_BYTES:
        raise BadInput(f"文件 {name} 超过 {MOST_BYTES // 1024 // 1024} MB；请拆成几个文件后再试")
    kind, text, notes = _read(name, data)
    if len(text) > MOST_CHARACTERS:
        raise BadInput(f"文件 {name} 的文字超过 {MOST_CHARACTERS} 字；请拆成几个文件后再试")
    if not text.strip():
        raise BadInput(f"文件 {name} 中没有读到文字；若内容是图片，需要文字识别（OCR），目前尚不支持")
    return Document(name, kind, text, tuple(notes))


def _read(name: str, data: bytes) -> tuple[str, str, list[str]]:
    """Format, text and notes; raises BadInput for formats that are known and not read."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return office_text(data, name)
    if b"%PDF-" in data[:1024]:
        return "pdf", *pdf_text(data, name)
    if data.startswith(OLE):
        _refuse_ole(name, data)
        return "xls", *sheet_text(data, name)
    _refuse_known(name, data)
    if ARCHIVED_PAGE.match(data[:4096]):
        return "mht", *archive_text(data, name)
    if PAGE_NAMES.search(name) or LOOKS_LIKE_PAGE.search(data[:4096].replace(b"\0", b"")):
        return "html", *page_text(data, name)
    return "csv" if name.lower().endswith(".csv") else "txt", *decode(data, name)


def _refuse_ole(name: str, data: bytes) -> None:
    if LOCKED in data:
        raise BadInput(f"文件 {name} 设有打开密码；请去掉密码后再试")
    if WORD in data:
        raise BadInput(f"文件 {name} 是旧版 Word（.doc）格式；请用 Word 或 WPS 另存为 .docx 后再试")
    if not any(stream in data for stream in WORKBOOKS):
        raise BadInput(f"文件 {name} 是不认识的旧版 Office 格式；请另存为 .docx 或 .xlsx 后再试")


def _refuse_known(name: str, data: bytes) -> None:
    bitmap = data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data)
    if bitmap or data.startswith(IMAGES) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        raise BadInput(f"文件 {name} 是图片，需要文字识别（OCR）后才能检查，目前尚不支持；请先转成 Word 或文本文件")
    if data.startswith(PACKED):
        raise BadInput(f"文件 {name} 是压缩包；请先解压，再上传其中的 {READABLE} 文件")
    if data.startswith(b"{\\rtf"):
        raise BadInput(f"文件 {name} 是 RTF 格式；请用 Word 或 WPS 另存为 .docx 后再试")
