"""One QTI item (2.1, 2.2 or 3.0, any prefix) read into a draft: its body, its interactions, its feedback.

The body is rewritten first (fields become gaps, prompts stay where they stand, feedback and rubrics are taken out),
then one walker reads what is left, so that text around an interaction is never lost. Interactions that Tidun has no
type for reject the item by name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from bank import notation
from bank.content import RUBRIC_TYPES, ItemContent, ItemType
from bank.exchange.formats import qtiscoring as scoring
from bank.exchange.formats import stated
from bank.exchange.formats.marking import read_marking
from bank.exchange.formats.markup import read_element, read_elements
from bank.exchange.formats.pageline import GAP, Findings
from bank.exchange.formats.stated import Answer
from bank.exchange.formats.xmltree import attribute, children, inside, is_element, local
from bank.exchange.glyphs import trim
from bank.exchange.questions.draft import Draft
from bank.exchange.reading import Rejection

ITEM_ROOTS = {"assessmentItem", "qti-assessment-item"}
_CHOICE, _ENTRY, _ESSAY, _INLINE = (
    "choiceinteraction",
    "textentryinteraction",
    "extendedtextinteraction",
    "inlinechoiceinteraction",
)
_FOREIGN = {
    "matchinteraction": "匹配",
    "associateinteraction": "关联",
    "orderinteraction": "排序",
    "gapmatchinteraction": "拖放填空",
    "graphicgapmatchinteraction": "图片拖放",
    "graphicassociateinteraction": "图片关联",
    "graphicorderinteraction": "图片排序",
    "hotspotinteraction": "图片点选",
    "selectpointinteraction": "图片点选",
    "positionobjectinteraction": "图片定位",
    "hottextinteraction": "文中点选",
    "sliderinteraction": "滑动条",
    "uploadinteraction": "上传文件",
    "drawinginteraction": "画图",
    "mediainteraction": "音视频",
    "endattemptinteraction": "结束作答按钮",
    "custominteraction": "自定义",
    "portablecustominteraction": "自定义",
}
WORDED = RUBRIC_TYPES | {ItemType.PRACTICAL}
_VARIABLES = ("templatedeclaration", "printedvariable", "templateinline", "templateblock")
_FEEDBACK = ("feedbackinline", "feedbackblock")
_UNSEEN = ("cataloginfo", "companionmaterialsinfo", "infocontrol")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an item stands, what its manifest says of it, and how pictures and materials beside it are fetched."""

    row: int
    place: str
    picture: Callable[[str], str]
    material: Callable[[str], etree._Element | None] = lambda _: None
    hints: dict[str, str] = field(default_factory=dict)
    identifier: str = ""


@dataclass(slots=True)
class _Asked:
    """One item while it is read."""

    root: etree._Element
    source: Source
    findings: Findings
    interactions: list[etree._Element]
    prompts: dict[int, etree._Element] = field(default_factory=dict)
    stem: str = ""
    marking: str = ""
    rationale: str = ""

    def declaration(self, node: etree._Element) -> scoring.Declaration:
        """The response variable of an interaction."""
        identifier = attribute(node, "responseIdentifier")
        known = scoring.declarations(self.root)
        return known.get(identifier) or scoring.Declaration(
            identifier, several=False, base_type="", correct=(), mapped=()
        )


def read_item(root: etree._Element, source: Source) -> Draft | Rejection | str:
    """The draft of an item, why Tidun has no such question, or a note on what is no question."""
    findings = Findings(source.picture)
    body = next(children(root, "itembody"), None)
    if body is None:
        return Rejection(source.row, source.place, "没有题目正文（itemBody），请用导出它的系统重新导出")
    found = [one for one in body.iter() if is_element(one) and local(one).endswith("interaction")]
    asked = _Asked(root, source, findings, found)
    material = _material(asked)
    _take_out(asked, body)
    _replace_interactions(asked)
    asked.stem = trim(read_element(body, findings))
    content = _content(asked)
    if isinstance(content, str):
        return Rejection(source.row, source.place, content, ItemContent(ItemType.SHORT, asked.stem))
    if content is None:
        return f"{source.place}没有作答的地方，是说明文字，没有作为试题读取"
    told = "" if content.type in WORDED else asked.marking
    content = replace(content, rationale=stated.joined(content.rationale, told, asked.rationale))
    content = replace(content, material=material, marks=scoring.marks(root, findings.notes))
    identifier = source.identifier or attribute(root, "identifier")
    return stated.finished(Draft(source.row, source.place, external_id=identifier), content, source.hints, findings)


def _material(asked: _Asked) -> str:
    """The shared stimulus that an item refers to."""
    found = []
    for node in children(asked.root, "assessmentstimulusref", "stimulusref"):
        body = asked.source.material(attribute(node, "href"))
        if body is None:
            asked.findings.faults.append(f"所附材料 {attribute(node, 'href')[:60]} 不在压缩包里，请重新导出")
        else:
            found.append(trim(read_element(body, asked.findings)))
    return stated.joined(*found)


def _take_out(asked: _Asked, body: etree._Element) -> None:
    """Take rubrics, feedback and what no candidate sees out of the body; variables are told."""
    if next(inside(asked.root, *_VARIABLES), None) is not None:
        asked.findings.faults.append("题中有随机变量（template），不能导入，请改成固定的数值")
    rubrics = [
        node
        for node in inside(body, "rubricblock")
        if "candidate" not in attribute(node, "view").replace(",", " ").split()
    ]
    feedback = [node for node in inside(body, *_FEEDBACK) if not _in_choice(node)]
    asked.marking = trim(read_elements([_pulled(node) for node in rubrics], asked.findings))
    told = [_pulled(node) for node in feedback]
    told += list(children(asked.root, "modalfeedback"))
    asked.rationale = stated.joined(*(trim(read_element(node, asked.findings)) for node in told))
    for node in list(inside(body, *_UNSEEN)):
        _pulled(node)


def _in_choice(node: etree._Element) -> bool:
    return any(local(above) in {"simplechoice", "inlinechoice"} for above in node.iterancestors())


def _pulled(node: etree._Element) -> etree._Element:
    """The node taken out of its parent, with the text behind it left in place."""
    _swap(node, etree.Element("span"))
    return node


def _swap(node: etree._Element, new: etree._Element) -> None:
    parent = node.getparent()
    new.tail, node.tail = node.tail, None
    if parent is not None:
        parent.replace(node, new)


def _replace_interactions(asked: _Asked) -> None:
    """Put a gap where a field stands within a line, and the prompt alone where a block asks."""
    for node in asked.interactions:
        kind = local(node)
        if kind in {_ENTRY, _INLINE}:
            gap = etree.Element(GAP)
            if node.get("data-gap") is not None:
                gap.set("shown", str(node.get("data-gap")))
            _swap(node, gap)
            continue
        block = etree.Element("div")
        block.extend(list(children(node, "prompt")))
        _swap(node, block)


def _content(asked: _Asked) -> ItemContent | str | None:
    """The content by the kinds of interactions, or why there is no type for it."""
    kinds = [local(node) for node in asked.interactions]
    known = {_CHOICE, _ENTRY, _ESSAY, _INLINE}
    foreign = next((node for node in asked.interactions if local(node) not in known), None)
    if foreign is not None:
        name = str(foreign.tag).rpartition("}")[2]
        known_as = _FOREIGN.get(local(foreign), "未知")
        return f"是{known_as}类交互（{name[:60]}），题盾没有这种题型，请改成选择题、填空题或简答题"
    if not kinds:
        return None
    if set(kinds) == {_ENTRY}:
        return _blanks(asked)
    if set(kinds) == {_ESSAY}:
        return _worded(asked)
    if len(kinds) == 1:
        return _choice(asked, asked.interactions[0])
    return f"一题里有 {len(kinds)} 处作答（{'、'.join(dict.fromkeys(kinds))}），请拆成几道题"


def _choice(asked: _Asked, node: etree._Element) -> ItemContent:
    declaration = asked.declaration(node)
    offered = list(inside(node, "simplechoice", "inlinechoice"))
    names = [attribute(one, "identifier") for one in offered]
    remarks = [_remark(asked, one) for one in offered]
    percents = scoring.shares(asked.root, declaration, names)
    answers = [
        Answer(read_element(one, asked.findings), percent, remark)
        for one, percent, remark in zip(offered, percents, remarks, strict=True)
    ]
    # Some tools declare every choice as multiple and let maxChoices say how many may be taken.
    several = declaration.several and attribute(node, "maxChoices") != "1"
    content = stated.chosen(asked.stem, answers, asked.source.hints, several=several, notes=asked.findings.notes)
    if content.type is ItemType.MULTIPLE:
        content = replace(content, credit=scoring.credit(asked.root, content.credit))
    missing = [value for value in scoring.right_values(asked.root, declaration) if value not in names]
    if missing:
        asked.findings.faults.append(f"答案 {missing[0][:20]} 不在选项中")
    return replace(content, rationale=stated.remarks(answers))


def _remark(asked: _Asked, choice: etree._Element) -> str:
    told = [_pulled(node) for node in list(inside(choice, *_FEEDBACK))]
    return stated.joined(*(trim(read_element(node, asked.findings)) for node in told))


def _blanks(asked: _Asked) -> ItemContent:
    found = [scoring.accepted(asked.root, asked.declaration(node), asked.findings.notes) for node in asked.interactions]
    key = stated.in_blanks(found) if any(found) else ""
    return ItemContent(ItemType.BLANK, asked.stem, (), key)


def _worded(asked: _Asked) -> ItemContent:
    """A question answered in words; the key is the rubric for the scorer, else the declared answer."""
    content = read_marking(ItemContent(ItemType.SHORT, asked.stem), asked.marking)
    if not content.key:
        declared = [value for node in asked.interactions for value in asked.declaration(node).correct]
        content = replace(content, key=notation.literal("\n".join(declared)))
    return content
