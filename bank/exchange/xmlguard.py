"""The guard before every parser of XML from strangers: no DTD, no entity, no network, bounded depth and count.

A question file has no honest use for a document type, so its mere presence is refused before the parser sees it.
"""

import html.entities
import re

from lxml import etree

from bank.ground.errors import BadInput

MOST_ELEMENTS = 2_000_000
MOST_SNIFFED = 64 * 1024
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_ASIDE = re.compile(rb"<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def root_name(data: bytes) -> str:
    """The local name of the first element of a text that begins like XML, else an empty text."""
    head = data[:MOST_SNIFFED].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not head.startswith(b"<"):
        return ""
    found = _ROOT.search(_bare(head))
    return found[1].decode("ascii", "replace") if found else ""


def _bare(data: bytes) -> bytes:
    """The text without comments and instructions; of one that does not end its `<!` stays, in one pass over all."""
    return _ASIDE.sub(lambda found: b"" if found[0].endswith((b"-->", b"?>")) else b"<!", data)


def parse_xml(name: str, data: bytes) -> etree._Element:
    """The root element of an XML file; raises BadInput, naming the file, for what is unsafe or not well-formed."""
    if _declares_type(data):
        raise BadInput(f"文件 {name} 含有文档类型或实体声明（DOCTYPE），已拒绝读取；请删去该声明后再导入")
    if data.count(b"<") > 2 * MOST_ELEMENTS:
        raise BadInput(f"文件 {name} 的内容过多，请拆成几个文件再导入")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        if b"<![CDATA[" in data or "ntity" not in str(error):
            raise _broken(name, error) from error
        root = _with_characters(name, data)
    except ValueError as error:
        raise BadInput(f"文件 {name} 的编码无法识别，请用导出它的系统重新导出为 UTF-8") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadInput(f"文件 {name} 含有文档类型声明（DOCTYPE），已拒绝读取；请删去该声明后再导入")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _declares_type(data: bytes) -> bool:
    """Whether a document type stands before the first element, in any encoding of one or two bytes a sign."""
    plain = _bare(data[: 4 * MOST_SNIFFED].replace(b"\x00", b""))
    first = _ROOT.search(plain)
    return b"<!" in plain[: first.start() if first else len(plain)]


def _with_characters(name: str, data: bytes) -> etree._Element:
    """Pages often say &nbsp; without declaring it; such names of HTML become the characters they stand for."""

    def character(found: re.Match[bytes]) -> bytes:
        sign = html.entities.html5.get(found[1].decode() + ";") if found[1] not in _OWN else None
        return "".join(f"&#{ord(one)};" for one in sign).encode() if sign else found[0]

    try:
        return etree.fromstring(_ENTITY.sub(character, data), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> BadInput:
    line = getattr(error, "lineno", None) or 1
    return BadInput(f"文件 {name} 第 {line} 行附近不是完整的 XML，请用导出它的系统重新导出")
