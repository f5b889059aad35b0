"""Web pages to the text that a reader sees; serves the leak scan (Article 16(2)).

Scripts and styles are out. Inline junk made invisible to spoil copying (zero font size, hidden spans, Discuz
"jammer") is out too, but hidden *blocks* stay: pages keep answers and further questions in folded sections.
"""

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from lxml import etree

from bank.ground.errors import BadInput
from integrity.audits.charsets import decode
from integrity.audits.pagepictures import PictureReader

UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "object", "rt", "rp"})
INLINE = frozenset({"span", "font", "i", "b", "em", "strong", "small", "s", "u", "a", "label", "code", "sup", "sub"})
_BLOCKS = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 head header hr legend li main nav ol option p pre section select summary table tbody td "
    "textarea tfoot th thead title tr ul"
)
BLOCKS = frozenset(_BLOCKS.split())
INVISIBLE_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.]*[1-9])", re.IGNORECASE
)
DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
# Browsers read the three names of the Chinese national encoding, and the two of Big5, as their supersets.
SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
LOOKS_LIKE_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|div|table|p|span|meta)\b", re.IGNORECASE)


def page_text(data: bytes, name: str) -> tuple[str, list[str]]:
    """The visible text of one HTML page, and how many pictures it points to."""
    text, pictures, notes = _seen(data, name)
    if pictures:
        notes = [*notes, f"有 {pictures} 张图片不在网页文件里，未识别；请把图片另存后一起检查"]
    return text, notes


def _seen(data: bytes, name: str) -> tuple[str, int, list[str]]:
    markup, notes = _decode_page(data, name)
    text = _VisibleText()
    # Lone surrogates cannot be written as UTF-8 and mean nothing in a page.
    source = markup.encode("utf-8", "ignore")
    if source.strip():
        target: Any = text  # the stubs ask for bytes too, which a parser of text never hands over
        parser = etree.HTMLParser(target=target, encoding="utf-8")
        try:
            parser.feed(source)
            parser.close()
        except etree.LxmlError as error:
            raise BadInput(f"网页 {name} 的内容无法解析；请在浏览器中打开后另存为文本文件再试") from error
    return text.seen(), text.pictures, notes


def archive_text(data: bytes, name: str, pictures: PictureReader) -> tuple[str, list[str]]:
    """The visible text of a page saved as one MHTML file, and the text on the pictures saved with it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    if not pages:
        raise BadInput(f"文件 {name} 中没有网页正文；请在浏览器中打开后另存为 .html 再试")
    read = [_seen(_payload(part), name) for part in pages]
    shown = [part for part in message.walk() if part.get_content_maintype() == "image"]
    texts = [text for text, _, _ in read]
    texts += [pictures.read(_payload(part), f"图 {number}") for number, part in enumerate(shown, 1)]
    return "\n".join(text for text in texts if text), [note for _, _, notes in read for note in notes]


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decode_page(data: bytes, name: str) -> tuple[str, list[str]]:
    """The declared encoding where the bytes bear it out, else by evidence: declarations are often wrong."""
    declared = DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        encoding = declared.group(1).decode("ascii").lower()
        try:
            return data.decode(SUPERSETS.get(encoding, encoding)), []
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data, name)


class _VisibleText:
    """Collects what a reader sees while the parser walks; lxml calls these methods by name."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.hidden = 0
        self.pictures = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.hidden or tag in UNSEEN or (tag in INLINE and _is_invisible(attributes)):
            self.hidden += 1
        elif tag in BLOCKS:
            self.parts.append("\n")
        elif tag == "img":
            self.pictures += 1
            self.parts.append(attributes.get("alt", ""))

    def end(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
        elif tag in BLOCKS:
            self.parts.append("\n")

    def data(self, text: str) -> None:
        if not self.hidden:
            self.parts.append(re.sub(r"[\s\xa0]+", " ", text))

    def comment(self, text: str) -> None:
        """Comments are not seen."""

    def close(self) -> None:
        """The text is taken by `seen`."""

    def seen(self) -> str:
        """Lines without empty ones."""
        lines = (line.strip() for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line)


def _is_invisible(attributes: dict[str, str]) -> bool:
    hidden = "hidden" in attributes or "jammer" in attributes.get("class", "").split()
    return hidden or bool(INVISIBLE_STYLE.search(attributes.get("style", "")))
