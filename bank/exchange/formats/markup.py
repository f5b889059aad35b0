"""HTML and XHTML fragments read into Tidun's notation: paragraphs, marks, tables, pictures, formulas.

What a browser would show is kept, scripts are dropped, and what the notation cannot hold (films, fields, drawings)
is reported as a fault of the question, never lost in silence.
"""

import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from lxml import etree

from bank import notation
from bank.exchange.formats.mathtext import formula_of, pieces
from bank.exchange.formats.pageline import GAP, NBSP, Findings, Page
from bank.exchange.formats.xmltree import characters, children, inside, is_element, local
from bank.exchange.glyphs import clean
from bank.notation import Blank, Block, Figure, Image, Mark, Paragraph, Run, Table, Text

DEEPEST = 100
MATH = "tidun-math"
_DROPPED = {"script", "style", "noscript", "head", "title", "template", "link", "meta", "colgroup", "col", "stylesheet"}
_OUTSIDE = {
    "iframe": "嵌入网页",
    "object": "嵌入对象",
    "embed": "嵌入对象",
    "applet": "嵌入对象",
    "video": "视频",
    "audio": "音频",
    "svg": "矢量图",
    "canvas": "画布",
    "input": "输入框",
    "select": "下拉框",
    "textarea": "输入框",
    "button": "按钮",
}
_MARKS = {
    "sub": Mark.SUB,
    "sup": Mark.SUP,
    "u": Mark.UNDERLINE,
    "ins": Mark.UNDERLINE,
    "b": Mark.STRONG,
    "strong": Mark.STRONG,
}
_BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "header", "footer", "aside"),
    *("main", "nav", "center", "address", "ul", "ol", "dl", "dt", "dd", "figure", "figcaption", "fieldset", "legend"),
    *("form", "details", "summary", "hr", "pre", "li", "tr", "caption"),
    *("itembody", "contentbody", "prompt", "stimulusbody"),
}
_STYLES = (
    (re.compile(r"vertical-align\s*:\s*sub"), Mark.SUB),
    (re.compile(r"vertical-align\s*:\s*super"), Mark.SUP),
    (re.compile(r"text-decoration[a-z-]*\s*:[^;]*underline"), Mark.UNDERLINE),
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)"), Mark.STRONG),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MATH_TAG = re.compile(r"<((?:\w+:)?math)\b[^>]*(?<!/)>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def read_html(text: str, findings: Findings) -> str:
    """The notation of an HTML fragment."""
    formulas: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        formulas.append(found[0])
        return f"<{MATH} n='{len(formulas) - 1}'></{MATH}>"

    # The HTML parser knows no MathML and would nest what follows an empty element into it.
    plain = _MATH_TAG.sub(put_aside, clean(text))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(f"<html><body><div>{plain}</div></body></html>".encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        findings.faults.append("网页嵌套过深，无法读取，请粘贴为纯文字后再导入")
    return notation.write(_blocks([root] if root is not None else [], findings, formulas))


def read_element(node: etree._Element, findings: Findings) -> str:
    """The notation of what an element of XHTML holds."""
    return notation.write(_blocks([node], findings, []))


def read_elements(nodes: Sequence[etree._Element], findings: Findings) -> str:
    """The notation of several elements, one below the other."""
    return notation.write(_blocks(nodes, findings, []))


def read_plain(text: str, findings: Findings) -> str:
    """The notation of plain text, in which only formulas between MathJax signs are more than characters."""
    lines = clean(text).split("\n")
    return notation.write([Paragraph(tuple(pieces(line, findings.notes))) for line in lines])


def read_source(text: str, form: str, findings: Findings) -> str:
    """The notation of a text in one of the forms that Moodle names: html, markdown, plain_text, moodle_auto_format."""
    if form in {"html", "1"}:
        return read_html(text, findings)
    if form in {"plain_text", "plain", "2"}:
        return read_plain(text, findings)
    if form in {"markdown", "4"}:
        return read_html(_from_markdown(text), findings)
    if re.search(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#\d+);", text):
        return read_html(text.replace("\n", "<br>"), findings)
    return read_plain(text, findings)


def _from_markdown(text: str) -> str:
    """The little of Markdown that questions use: paragraphs, bold, pictures."""
    text = re.sub(r"!\[([^\]\n]*)\]\(([^)\s]+)\)", r'<img alt="\1" src="\2">', text)
    text = re.sub(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"(?m)^#{1,6}\s+", "", text)
    return "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def _blocks(
    nodes: Sequence[etree._Element], findings: Findings, formulas: list[str], depth: int = 0
) -> tuple[Block, ...]:
    page = Page(findings, formulas)
    for node in nodes:
        page.end_line()
        _walk(node, page, Mark.PLAIN, depth)
    page.end_line()
    while page.blocks and page.blocks[-1] == Paragraph(()):
        page.blocks.pop()
    first = next((n for n, block in enumerate(page.blocks) if block != Paragraph(())), 0)
    return tuple(page.blocks[first:])


def _walk(node: etree._Element, page: Page, mark: Mark, depth: int) -> None:
    if depth > DEEPEST:
        page.findings.faults.append("网页嵌套过深，无法读取，请粘贴为纯文字后再导入")
        return
    page.text(node.text or "", mark)
    for child in node:
        if is_element(child):
            _element(child, page, mark, depth + 1)
        elif child.tag is etree.Entity:
            page.text(html.unescape(child.text or ""), mark)
        page.text(child.tail or "", mark)


def _element(node: etree._Element, page: Page, mark: Mark, depth: int) -> None:
    tag = local(node)
    if tag in _DROPPED:
        return
    if tag == "br":
        page.end_line(forced=True)
    elif tag in {"img", "image"} or (tag == "object" and str(node.get("type", "")).startswith("image/")):
        _picture(node, page)
    elif tag in {"math", MATH}:
        _formula(node, page, mark)
    elif tag == GAP:
        _gap(node, page)
    elif tag in _OUTSIDE:
        page.findings.faults.append(f"含有{_OUTSIDE[tag]}（{tag}），不能导入，请改为文字或图片")
    elif tag == "table":
        _table(node, page, mark, depth)
    elif tag in _BLOCKS:
        _block(node, tag, page, mark, depth)
    elif tag == "u" and _is_empty_line(node):
        page.run(Blank(max(2, len(characters(node)))))
    else:
        _walk(node, page, _mark(node, tag, mark), depth)


def _mark(node: etree._Element, tag: str, mark: Mark) -> Mark:
    """The mark that an element adds; a sub- or superscript is never taken back by bold around or in it."""
    found = _MARKS.get(tag, Mark.PLAIN)
    style = str(node.get("style", "")).lower()
    if style and not found:
        found = next((one for pattern, one in _STYLES if pattern.search(style)), Mark.PLAIN)
    if "underline" in str(node.get("class", "")) and not found:
        found = Mark.UNDERLINE
    if tag == "em" and _HAN.search(characters(node)):
        found = Mark.STRONG
    return found if found and (found in {Mark.SUB, Mark.SUP} or mark not in {Mark.SUB, Mark.SUP}) else mark


def _is_empty_line(node: etree._Element) -> bool:
    """A blank drawn as underlined spaces."""
    shown = characters(node)
    return len(node) == 0 and len(shown) > 1 and not shown.replace("\u3000", " ").replace(NBSP, " ").strip()


def _block(node: etree._Element, tag: str, page: Page, mark: Mark, depth: int) -> None:
    page.end_line()
    if tag == "li":
        page.text(_label(node), Mark.PLAIN)
    if tag == "pre":
        for n, line in enumerate(characters(node).strip("\n").split("\n")):
            if n:
                page.end_line(forced=True)
            page.text(line.replace(" ", NBSP), Mark.PLAIN)
    else:
        _walk(node, page, mark, depth)
    page.end_line()


def _label(node: etree._Element) -> str:
    """The sign or number before an entry of a list."""
    parent = node.getparent()
    if parent is None or local(parent) != "ol":
        return "• "
    before = sum(local(one) == "li" for one in node.itersiblings(preceding=True) if is_element(one))
    return f"{before + 1}. "


def _picture(node: etree._Element, page: Page) -> None:
    source = str(node.get("src") or node.get("data") or node.get("href") or "")
    token = page.findings.token(source) if source else ""
    if not source:
        page.findings.faults.append("有一张图片没有写明文件，请补上图片")
    if token:
        caption = re.sub(r"\s+", " ", str(node.get("alt") or "")).strip()
        named = caption == unquote(source).rpartition("/")[2]
        page.run(Image(token, "" if named else caption))


def _formula(node: etree._Element, page: Page, mark: Mark) -> None:
    """MathML as a formula; what Tidun cannot hold is a fault, since its bare letters would say something else."""
    number = str(node.get("n", ""))
    if local(node) == MATH and not (number.isdecimal() and int(number) < len(page.formulas)):
        return
    source = (
        page.formulas[int(number)] if local(node) == MATH else etree.tostring(node, encoding="unicode", with_tail=False)
    )
    found = formula_of(source)
    if found:
        page.run(found)
        return
    shown = re.sub(r"\s+", " ", characters(node) or re.sub(r"<[^>]*>", " ", source)).strip()
    page.findings.faults.append(f"公式“{shown[:30]}”无法识别，请改写成 LaTeX 或图片")
    page.text(shown, mark)


def _gap(node: etree._Element, page: Page) -> None:
    """A place where an answer is asked, written as the text that stood there, else as a blank of four."""
    shown = unquote(str(node.get("shown", "____")))
    for part in re.findall(r"_{2,}|(?:(?!__).)+", shown):
        page.run(Blank(len(part)) if part.startswith("__") else Text(part))


def _table(node: etree._Element, page: Page, mark: Mark, depth: int) -> None:
    """A table; one of a single cell only frames its content."""
    rows = [row for row in inside(node, "tr") if _owner(row) is node]
    cells = [list(children(row, "td", "th")) for row in rows]
    if sum(map(len, cells)) <= 1 or depth > DEEPEST - 8:
        page.end_line()
        _walk(node, page, mark, depth)
        page.end_line()
        return
    for caption in children(node, "caption"):
        _block(caption, "caption", page, mark, depth)
    page.block(Table(tuple(tuple(_spread(row, page, depth)) for row in cells if row)))


def _owner(row: etree._Element) -> etree._Element | None:
    return next((above for above in row.iterancestors() if local(above) == "table"), None)


def _spread(row: list[etree._Element], page: Page, depth: int) -> Iterator[tuple[Run, ...]]:
    """The cells of a row, with an empty one for each further column that a cell spans."""
    for cell in row:
        yield _cell(_blocks([cell], page.findings, page.formulas, depth + 2))
        span = str(cell.get("colspan", "1"))
        yield from [()] * (min(int(span), 20) - 1 if span.isdecimal() else 0)


def _cell(blocks: Sequence[Block]) -> tuple[Run, ...]:
    """Blocks on one line, as a cell holds them."""
    runs: list[Run] = []
    for block in blocks:
        if runs:
            runs.append(Text(" "))
        if isinstance(block, Table):
            runs += [run for row in block.rows for cell in row for run in (*cell, Text(" "))]
        else:
            runs += [Image(block.token, block.caption)] if isinstance(block, Figure) else block.runs
    return tuple(runs)
