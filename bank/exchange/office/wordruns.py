"""The runs of one paragraph of a Word file as a line of text: raised and lowered type, formulas, pictures, emphasis.

What the grammar of questions must not take apart is an inlay; what sets text off (bold, red, underlined) is kept
beside it as marks, for a teacher may show the answer so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bank.exchange.glyphs import clean, trim
from bank.exchange.inlays import Inlays, own
from bank.exchange.office.media import Media
from bank.formulas import latex, omml, reading
from bank.notation import Formula, Mark, Text, is_formula

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SKIPPED = {
    f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText", "rt", "footnoteReference")
}
_FORMULAS = {f"{_M}oMath", f"{_M}oMathPara"}
_PICTURES = {f"{W}drawing", f"{W}pict"}
# √ and × as Word inserts them from its symbol fonts.
_SYMBOLS = {"F0FC": "√", "F0FB": "×", "F0FE": "☑", "F0FD": "☒", "F050": "√", "F04F": "×", "F052": "☑", "F051": "☒"}
# The signs of the font Symbol that banks of technical occupations use.
_CODES = (
    "61α62β67γ64δ65ε68η71θ6Cλ6Dμ70π72ρ73σ74τ6Aφ66φ79ψ77ω44Δ53Σ57Ω46Φ51ΘA3≤B3≥B1±B4×B8÷B0°B9≠BB≈A5∞D0∠5E⊥D6√D7·A2′B2″AE→"
)
_GREEK = {f"F0{_CODES[at : at + 2]}": _CODES[at + 2] for at in range(0, len(_CODES), 3)}
_SHIFTS = {"superscript": Mark.SUP, "subscript": Mark.SUB}
_FORMULA_REMARK = "公式有读不准的部分（{}），请核对"
_LONG_REMARK = "公式太长，已改写成一行文字，请核对"
_OBJECT_FAULT = "含公式编辑器（MathType）等嵌入对象，无法读取；请在 Word 中改为自带公式或文字，原位置已标〔公式〕"
_FIELD_FAULT = "含 EQ 域公式，无法读取，请改为文字或 Word 自带公式后再导入"
_HIDDEN_REMARK = "原文有隐藏文字，没有读取，请核对"
_BOX_REMARK = "旁边有文本框，其中的文字没有导入，请核对"
_SYMBOL_REMARK = "有符号字体中的符号没有读出，请核对"
_PLAIN_COLOURS = {"", "AUTO", "000000", "FFFFFF"}
LONGEST_FORMULA = 900
HEADING, STEM, OPTION, FIELD, MATERIAL = "题盾题型", "题盾题干", "题盾选项", "题盾字段", "题盾材料"
LABEL, LITERAL = "题盾标号", "题盾字面"
OWN_STYLES = frozenset({HEADING, STEM, OPTION, FIELD, MATERIAL, LABEL, LITERAL})
LABEL_SIGN = "\x1f"
"""Stands before and after a label in a line, where no text of a file can bear it."""
PICTURE_TITLE = "题盾图"
"""The title of a picture whose description is its caption in our texts."""
LOST_OBJECT = "〔公式〕"


@dataclass(slots=True)
class Paragraph:
    """The text of one paragraph while its runs come in; `lost` counts pictures that could not be read.

    In a style of ours, its `role`, underlined text is underlined text and no sign of an answer.
    """

    inlays: Inlays
    role: str = ""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    lost: int = 0
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    # Floating pictures, which belong to the paragraph and not to the word before them.
    floating: list[str] = field(default_factory=list)
    _shift: Text | None = None

    def add(self, text: str) -> None:
        """Append a piece."""
        if text:
            self.pieces.append(text)
            self.length += len(text)
            self._shift = None

    def add_marked(self, text: str, mark: Mark) -> None:
        """Append a raised, lowered or dotted piece; Word cuts one such piece into several runs."""
        if not trim(text):
            self.add(text)
            return
        before = self._shift
        if before is not None and before.mark is mark:
            self.length -= len(self.pieces.pop())
            text = before.text + text
        self.add(self.inlays.hide(Text(text, mark)))
        self._shift = Text(text, mark)

    def text(self) -> str:
        """All pieces together, underlined spaces as underscores, typed formulas as inlays."""
        whole = "".join(self.pieces)
        for start, end, kind in self.marks:
            gap = whole[start:end]
            if (
                kind == "underline"
                and len(gap) > 1
                and not trim(gap)
                and whole[:start].rstrip()[-1:] not in {"(", "（"}
            ):
                whole = whole[:start] + "_" * len(gap) + whole[end:]
        typed = self.inlays.typed(whole)
        if len(typed) != len(whole):
            # The places of the marks have moved; LaTeX and a key shown by colour do not meet in one paragraph.
            self.marks = []
        return typed


def read_paragraph(element: "etree._Element", media: Media) -> Paragraph:
    """Everything in a paragraph, in reading order."""
    style = element.find(f"{W}pPr/{W}pStyle")
    read = Paragraph(media.inlays, "" if style is None else media.styles.get(style.get(f"{W}val") or "", ""))
    _read_runs(element, read, media)
    for sign in read.floating:
        read.add(f"\n{sign}")
    return read


def _read_runs(element: "etree._Element", read: Paragraph, media: Media) -> None:
    """Append the text of everything in an element, in reading order."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{W}r":
            _read_run(child, read, media)
        else:
            _read_special(child, read, media)


def _read_special(child: "etree._Element", read: Paragraph, media: Media) -> None:
    """What stands in a run or a paragraph beside text."""
    if child.tag == f"{_MC}AlternateContent":
        _read_alternative(child, read, media)
    elif child.tag in _FORMULAS:
        _add_formula(child, read)
    elif child.tag in _PICTURES:
        _see_drawing(child, read, media)
    elif child.tag == f"{W}object":
        _see_object(child, read, media)
    elif len(child):
        _read_runs(child, read, media)


def _add_formula(element: "etree._Element", read: Paragraph) -> None:
    """A formula of Word's own; what of it could not be mapped is told, its text is kept."""
    node, problems = omml.read(element)
    body = latex.write(node)
    if body and len(body) <= LONGEST_FORMULA and is_formula(body):
        read.add(read.inlays.hide(Formula(body)))
    elif body:
        read.add(own(reading.plain(node)))
        read.remarks.append(_LONG_REMARK)
    if problems:
        read.remarks.append(_FORMULA_REMARK.format("、".join(problems)[:80]))


def _read_alternative(child: "etree._Element", read: Paragraph, media: Media) -> None:
    """The newer form of a thing, or the older one where only that has a picture that can be read."""
    choice, older = child.find(f"{_MC}Choice"), child.find(f"{_MC}Fallback")
    if choice is not None and older is not None and not _signs(choice, media) and _signs(older, media):
        choice = older
    _read_runs(child if choice is None else choice, read, media)


def _signs(element: "etree._Element", media: Media) -> list[str]:
    """The pictures in an element that can be read."""
    if (about := element.find(".//{*}docPr")) is not None and about.get("title") == PICTURE_TITLE:
        blips = [one.get(f"{_R}embed") or "" for one in element.iter("{*}blip")]
        return [sign for sign in (media.captioned(blip, about.get("descr") or "") for blip in blips) if sign]
    named = [one.get(f"{_R}embed") or "" for one in element.iter("{*}blip")]
    named += [one.get(f"{_R}id") or "" for one in element.iter("{*}imagedata")]
    return [sign for sign in map(media.sign, filter(None, named)) if sign]


def _see_drawing(drawing: "etree._Element", read: Paragraph, media: Media) -> None:
    """Pictures are inlays; those that cannot be read and figures with words count as lost; plain lines mean nothing."""
    names = [str(one.tag).rpartition("}")[2] for one in drawing.iter()]
    if any(trim(one.text or "") for one in drawing.iter(f"{W}t")):
        read.remarks.append(_BOX_REMARK)
        read.lost += 1
        return
    signs = _signs(drawing, media)
    if "anchor" in names:
        read.floating += signs
    else:
        read.add("".join(signs))
    wanted = names.count("blip") + names.count("imagedata") + names.count("chart") + names.count("relIds")
    read.lost += max(0, wanted - len(signs))


def _see_object(element: "etree._Element", read: Paragraph, media: Media) -> None:
    """An embedded object shows its picture where that can be read; else a hole in the sentence, which is a fault."""
    if signs := _signs(element, media):
        read.add("".join(signs))
        return
    read.add(LOST_OBJECT)
    read.faults.append(_OBJECT_FAULT)


def _read_run(run: "etree._Element", read: Paragraph, media: Media) -> None:
    properties = run.find(f"{W}rPr")
    if properties is not None and _on(properties, "vanish"):
        if any(trim(child.text or "") for child in run.iter(f"{W}t")):
            read.remarks.append(_HIDDEN_REMARK)
        return
    begin = read.length
    mark = Mark.PLAIN if properties is None else _mark(properties, stated=bool(read.role))
    if _read_as_styled(run, properties, read, media):
        return
    for child in run:
        _read_piece(child, mark, read, media)
    if properties is not None and read.length > begin and not read.role:
        read.marks += [(begin, read.length, kind) for kind in _emphasis(properties)]


def _read_piece(child: "etree._Element", mark: Mark, read: Paragraph, media: Media) -> None:
    """One thing in a run: text, a tab, a break, a sign, or what stands beside text."""
    if child.tag == f"{W}t":
        _add_text(own(clean(child.text or "")), mark, read)
    elif child.tag == f"{W}tab":
        read.add("\t")
    elif child.tag in {f"{W}br", f"{W}cr"}:
        read.add("\n")
    elif child.tag == f"{W}noBreakHyphen":
        read.add("-")
    elif child.tag == f"{W}instrText" and (child.text or "").strip().upper().startswith("EQ"):
        read.faults.append(_FIELD_FAULT)
    elif child.tag == f"{W}sym":
        _add_symbol(child, read)
    elif child.tag not in _SKIPPED:
        _read_special(child, read, media)


def _add_text(text: str, mark: Mark, read: Paragraph) -> None:
    if mark:
        read.add_marked(text, mark)
    else:
        read.add(text)


def _add_symbol(symbol: "etree._Element", read: Paragraph) -> None:
    """A sign of a symbol font, which has no character of its own."""
    code = (symbol.get(f"{W}char") or "").upper()
    greek = (symbol.get(f"{W}font") or "").casefold().startswith("symbol")
    sign = _GREEK.get(code, "") if greek else _SYMBOLS.get(code, "")
    read.add(sign)
    if not sign:
        read.remarks.append(_SYMBOL_REMARK)


def _read_as_styled(run: "etree._Element", properties: "etree._Element | None", read: Paragraph, media: Media) -> bool:
    """A run in one of our character styles: the label of a part, or signs that are nothing but characters."""
    style = properties.find(f"{W}rStyle") if properties is not None and media.styles else None
    name = "" if style is None else media.styles.get(style.get(f"{W}val") or "", "")
    text = own(clean("".join(child.text or "" for child in run.iter(f"{W}t"))))
    if name == LABEL and read.role:
        read.add(f"{LABEL_SIGN}{text}{LABEL_SIGN}")
    elif name == LITERAL and text:
        read.add(read.inlays.hide(Text(text)))
    return (name == LABEL and bool(read.role)) or (name == LITERAL and bool(text))


def own_styles(styles: bytes | None) -> dict[str, str]:
    """Those styles of a file that are ours, by id; other programs change ids but keep names."""
    if styles is None:
        return {}
    try:
        root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    found = {}
    for style in root.iter(f"{W}style"):
        named = style.find(f"{W}name")
        name = "" if named is None else named.get(f"{W}val") or ""
        if name in OWN_STYLES:
            found[style.get(f"{W}styleId") or ""] = name
    return found


def _mark(properties: "etree._Element", *, stated: bool) -> Mark:
    """Raised, lowered or dotted type; in a style of ours underlined type too."""
    align = properties.find(f"{W}vertAlign")
    shift = _SHIFTS.get("" if align is None else align.get(f"{W}val") or "")
    dots = properties.find(f"{W}em")
    if shift or (dots is not None and dots.get(f"{W}val") != "none"):
        return shift or Mark.STRONG
    return Mark.UNDERLINE if stated and _on(properties, "u") else Mark.PLAIN


def _on(properties: "etree._Element", name: str) -> bool:
    found = properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val") not in {"0", "false", "none", "off"}


def _emphasis(properties: "etree._Element") -> Iterator[str]:
    """How a run is set off from plain type."""
    if _on(properties, "b"):
        yield "bold"
    if _on(properties, "u"):
        yield "underline"
    if _on(properties, "highlight"):
        yield "shade"
    colour = properties.find(f"{W}color")
    if colour is not None and (colour.get(f"{W}val") or "").upper() not in _PLAIN_COLOURS:
        yield "colour"
