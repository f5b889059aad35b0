"""Any suspicious document to plain text: the first step of the leak scan (Article 16(2)).

The format is told from the bytes, the name only helps where bytes are silent: pages saved as ".doc" and text saved as
".xls" are everyday. What cannot be read is refused with the mend, never passed over as "nothing found".
"""

import re
from dataclasses import dataclass

from bank.exchange.zipguard import open_archive, opened
from bank.ground.errors import BadInput
from integrity.audits.charsets import decode
from integrity.audits.ocr import INSTALL, ocr_installed
from integrity.audits.office import is_office, office_text, sheet_text
from integrity.audits.pagepictures import PictureReader
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
MOST_PACKED = 500
# What packers of other systems add beside the files that were packed.
LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
UTF8_NAME = 0x800


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
    pictures = PictureReader()
    kind, text, notes = _read(name, data, pictures)
    notes = [*notes, *pictures.notes()]
    if len(text) > MOST_CHARACTERS:
        raise BadInput(f"文件 {name} 的文字超过 {MOST_CHARACTERS} 字；请拆成几个文件后再试")
    if not text.strip():
        raise BadInput(f"文件 {name} 中没有读到文字" + "".join(f"；{note}" for note in notes[:3]))
    return Document(name, kind, text, tuple(notes))


def _read(name: str, data: bytes, pictures: PictureReader) -> tuple[str, str, list[str]]:
    """Format, text and notes; raises BadInput for formats that are known and not read."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        office = is_office(opened(data, name).namelist())
        return office_text(data, name, pictures) if office else ("zip", *_packed_text(name, data, pictures))
    if b"%PDF-" in data[:1024]:
        return "pdf", *pdf_text(data, name, pictures)
    if data.startswith(OLE):
        _refuse_ole(name, data)
        return "xls", *sheet_text(data, name)
    if _is_picture(data):
        return "image", _picture_text(name, data, pictures), []
    _refuse_known(name, data)
    return _read_characters(name, data, pictures)


def _read_characters(name: str, data: bytes, pictures: PictureReader) -> tuple[str, str, list[str]]:
    """Web pages and plain text: what is left when no format shows in the first bytes."""
    if ARCHIVED_PAGE.match(data[:4096]):
        return "mht", *archive_text(data, name, pictures)
    if PAGE_NAMES.search(name) or LOOKS_LIKE_PAGE.search(data[:4096].replace(b"\0", b"")):
        return "html", *page_text(data, name)
    return "csv" if name.lower().endswith(".csv") else "txt", *decode(data, name)


def _is_picture(data: bytes) -> bool:
    bitmap = data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data)
    return bitmap or data.startswith(IMAGES) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp"


def _picture_text(name: str, data: bytes, pictures: PictureReader) -> str:
    if not ocr_installed():
        raise BadInput(f"文件 {name} 是图片，{INSTALL}；也可以先转成 Word 或文本文件")
    text = pictures.read(data, name)
    if not text:
        reason = next(iter(pictures.unread), "没有认出文字；请确认照片清晰、文字端正")
        raise BadInput(f"图片 {name} {reason}")
    return text


def _packed_text(name: str, data: bytes, pictures: PictureReader) -> tuple[str, list[str]]:
    """The text of all files in an archive; those that cannot be read are named in the notes, with the reason."""
    texts, notes, size = [], [], 0
    with open_archive(data, name) as archive:
        members = [one for one in archive.infolist() if not one.is_dir() and not LITTER.search(one.filename)]
        for member in members[:MOST_PACKED]:
            inner, part = _member_name(member.filename, member.flag_bits), archive.read(member)
            try:
                text, told = _member_text(inner, part, pictures)
            except BadInput as refused:
                notes.append(refused.message)
                continue
            size += len(text)
            if size > MOST_CHARACTERS:
                raise BadInput(f"文件 {name} 的文字超过 {MOST_CHARACTERS} 字；请拆成几个文件后再试")
            texts.append(text)
            notes += [f"{inner}：{note}" for note in told]
    if len(members) > MOST_PACKED:
        notes.append(f"压缩包内有 {len(members)} 个文件，只检查了前 {MOST_PACKED} 个；请拆开再试")
    if not texts:
        said = "；".join(notes[:3]) or "里面没有文件"
        raise BadInput(f"压缩包 {name} 中没有能读的文件：{said}")
    return "\n".join(texts), notes


def _member_text(name: str, data: bytes, pictures: PictureReader) -> tuple[str, list[str]]:
    if data.startswith(b"PK\x03\x04") and not is_office(opened(data, name).namelist()):
        raise BadInput(f"文件 {name} 是压缩包里的压缩包，未检查；请先解压")
    if not data.strip():
        return "", []
    _, text, notes = _read(name, data, pictures)
    return text, notes


def _member_name(name: str, flags: int) -> str:
    """The name as it was packed: Chinese Windows writes GBK, which zipfile takes for an old American page."""
    if flags & UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("gbk")
    except UnicodeError:
        return name


def _refuse_ole(name: str, data: bytes) -> None:
    if LOCKED in data:
        raise BadInput(f"文件 {name} 设有打开密码；请去掉密码后再试")
    if WORD in data:
        raise BadInput(f"文件 {name} 是旧版 Word（.doc）格式；请用 Word 或 WPS 另存为 .docx 后再试")
    if not any(stream in data for stream in WORKBOOKS):
        raise BadInput(f"文件 {name} 是不认识的旧版 Office 格式；请另存为 .docx 或 .xlsx 后再试")


def _refuse_known(name: str, data: bytes) -> None:
    if data.startswith(PACKED):
        raise BadInput(f"文件 {name} 是压缩包；请先解压或改成 zip，再上传其中的 {READABLE} 文件")
    if data.startswith(b"{\\rtf"):
        raise BadInput(f"文件 {name} 是 RTF 格式；请用 Word 或 WPS 另存为 .docx 后再试")
