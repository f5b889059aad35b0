"""What a file really is, found from its content and never from its name, and the text of text files.

A wrong extension is fine. What cannot be read safely (macros, encryption, old Word, PDF, archives) is refused with
the advice that mends it.
"""

import re
from dataclasses import dataclass

from bank.exchange.glyphs import DAMAGED
from bank.exchange.zipguard import open_archive
from bank.ground.errors import BadInput

_SAVE_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 后再导入"
_SAVE_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入"
_MACROS = "带有宏，不能导入；请另存为不带宏的 .docx 或 .xlsx 后再导入"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "是 PDF，不能作为题库导入；请用生成它的 Word 或 Excel 原文件，或把内容复制到 Word 中另存为 .docx"),
    (b"{\\rtf", f"是 RTF 文档；{_SAVE_DOCX}"),
    (b"\x89PNG", "是图片；请先识别成文字并存为 .docx 或 .xlsx"),
    (b"\xff\xd8\xff", "是图片；请先识别成文字并存为 .docx 或 .xlsx"),
    (b"GIF8", "是图片；请先识别成文字并存为 .docx 或 .xlsx"),
    (b"BM", "是图片；请先识别成文字并存为 .docx 或 .xlsx"),
    (b"Rar!", "是压缩包；请解压后逐个导入"),
    (b"7z\xbc\xaf", "是压缩包；请解压后逐个导入"),
    (b"\x1f\x8b", "是压缩包；请解压后逐个导入"),
)
# UTF-16 names of the streams in the directory of an OLE file.
_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "已加密，请先取消密码再导入"),
    ("_VBA_PROJECT", _MACROS),
    ("WordDocument", f"是旧版 Word 文档（.doc 或 .wps）；{_SAVE_DOCX}"),
    ("PowerPoint Document", f"是演示文稿；{_SAVE_DOCX}"),
)
_MAIN = re.compile(rb'ContentType="[^"]*?(word|sheet|spreadsheetml|wordprocessingml)[^"]*?\.main\+xml"')
_UNREADABLE = "不是可识别的题库文件；请使用 .docx、.xlsx、.xls、.csv、.txt、.jsonl、QTI 压缩包、Moodle XML 或 GIFT"
MOST_DAMAGE = 0.002


@dataclass(frozen=True, slots=True)
class Text:
    """The characters of a text file, the encoding they were in, and how many could not be read."""

    characters: str
    encoding: str
    damaged: int = 0


def office_kind(name: str, data: bytes) -> str:
    """`docx`, `xlsx` or `xls` for the office files that can be read, "" for text; raises BadInput for all others."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(name, data)
    if data.startswith(_OLE):
        return _ole_kind(name, data)
    for magic, advice in _FOREIGN:
        if data.startswith(magic) and (magic != b"BM" or b"\x00" in data[:64]):
            raise BadInput(f"文件 {name} {advice}")
    if _is_bare_biff(data):
        return "xls"
    return ""


def _zip_kind(name: str, data: bytes) -> str:
    with open_archive(data, name) as archive:
        members = archive.namelist()
        types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in members else b""
    if any(member.casefold().endswith("vbaproject.bin") for member in members) or b"macroEnabled" in types:
        raise BadInput(f"文件 {name} {_MACROS}")
    if "xl/workbook.bin" in members:
        raise BadInput(f"文件 {name} 是二进制工作簿（.xlsb）；{_SAVE_XLSX}")
    found = _MAIN.search(types)
    if found and found[1] in {b"word", b"wordprocessingml"}:
        return "docx"
    if found:
        return "xlsx"
    if any(member.startswith("ppt/") for member in members):
        raise BadInput(f"文件 {name} 是演示文稿；{_SAVE_DOCX}")
    if "content.xml" in members:
        raise BadInput(f"文件 {name} 是 OpenDocument 文件；请另存为 .docx 或 .xlsx 后再导入")
    raise BadInput(f"文件 {name} 是压缩包；请解压后逐个导入")


def _ole_kind(name: str, data: bytes) -> str:
    for stream, advice in _STREAMS:
        if stream.encode("utf-16-le") in data:
            raise BadInput(f"文件 {name} {advice}")
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return "xls"
    raise BadInput(f"文件 {name} {_UNREADABLE}")


def _is_bare_biff(data: bytes) -> bool:
    """Excel files of the nineties without the OLE wrapping begin with a BOF record."""
    return data[:2] in {b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"} and data[2:4] in {
        b"\x04\x00",
        b"\x06\x00",
        b"\x08\x00",
        b"\x10\x00",
    }


def decode(name: str, data: bytes) -> Text:
    """The text in `data`, its encoding found by mark and by trial; raises BadInput when it is no text."""
    for mark, encoding, label in (
        (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
        (b"\xff\xfe", "utf-16-le", "utf-16"),
        (b"\xfe\xff", "utf-16-be", "utf-16"),
    ):
        if data.startswith(mark):
            return _checked(name, data[len(mark) :].decode(encoding, errors="replace"), label)
    if encoding := _unmarked_utf16(data):
        return _checked(name, data.decode(encoding, errors="replace"), "utf-16")
    for encoding in ("utf-8", "gbk", "gb18030"):
        try:
            return _checked(name, data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    trials = [(data.decode(encoding, errors="replace"), encoding) for encoding in ("utf-8", "gb18030", "big5")]
    return _checked(name, *min(trials, key=lambda trial: trial[0].count(DAMAGED)))


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without its mark, seen from the zero halves of its line ends and digits."""
    sample = data[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if b"\n\x00" in sample and odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if b"\x00\n" in sample and even > 4 * odd else ""


def _checked(name: str, characters: str, encoding: str) -> Text:
    """Refuse what decodes but is no text: too many control characters or unreadable places."""
    damaged = characters.count(DAMAGED)
    control = len(re.findall("[\x00-\x08\x0e-\x1f\x7f]", characters))
    if control > 8 + len(characters) * MOST_DAMAGE or damaged > 8 + len(characters) * MOST_DAMAGE:
        raise BadInput(f"文件 {name} {_UNREADABLE}")
    head = characters.lstrip()[:600].casefold()
    if head.startswith("<") and re.search(r"<(?:!doctype html|html|table|head|body)", head):
        raise BadInput(f"文件 {name} 其实是网页；{_SAVE_XLSX}")
    if head.startswith("<?xml") and "urn:schemas-microsoft-com:office" in head:
        raise BadInput(
            f"文件 {name} 是 XML 格式的 Office 文件；请用 Office 或 WPS 打开，另存为 .docx 或 .xlsx 后再导入"
        )
    return Text(characters, encoding, damaged)
