"""One item as a QTI 3.0 document: declarations, body, processing and feedback, in the order of the schema."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bank.answers import Credit
from bank.content import CHOICE_TYPES, LETTERS, RIGHT, WRONG, ItemContent, ItemType
from bank.exchange.formats.marking import marking_blocks
from bank.exchange.formats.material import with_material
from bank.exchange.glyphs import clean
from bank.exchange.writing.gaps import plain_keys, with_gaps
from bank.exchange.writing.html import Dress, Gap, page, text_line, text_page
from bank.exchange.writing.items import Sheet
from bank.formulas import latex
from bank.formulas.mathml import write as mathml

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
_SCHEMA = f"{NAMESPACE} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_NOT_NAME = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(slots=True)
class Drawn:
    """The parts of an item document, and what its gaps show."""

    declarations: list[str] = field(default_factory=list)
    body: str = ""
    processing: str = ""
    implied: ItemType = ItemType.SHORT
    gaps: list[str] = field(default_factory=list)


def item_identifier(sheet: Sheet) -> str:
    """The name of an item as QTI takes identifiers, made single by its number."""
    return f"item-{sheet.number:05}-{_NOT_NAME.sub('_', sheet.item.name)[:40]}".rstrip("-")


def write_item(sheet: Sheet, address: Callable[[str], str]) -> tuple[str, Drawn]:
    """The document of an item, its pictures at the addresses given, and the parts it is made of."""
    content = sheet.item.content
    dress = Dress(_formula, address, _entry)
    drawn = _choice(content, dress) if content.type in CHOICE_TYPES or content.type is ItemType.JUDGE else None
    accepted = plain_keys(content.key) if content.type is ItemType.BLANK else ()
    drawn = drawn or (_blanks(content, dress, accepted) if accepted else _worded(content, dress))
    feedback = ""
    if content.rationale:
        shown = text_page(content.rationale, dress)
        drawn.declarations.append(
            '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier">'
            "<qti-default-value><qti-value>RATIONALE</qti-value></qti-default-value></qti-outcome-declaration>"
        )
        feedback = (
            '<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="RATIONALE" show-hide="show">'
            f"<qti-content-body>{shown}</qti-content-body></qti-modal-feedback>"
        )
    title = html.escape(clean(sheet.item.name) or "-")
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<qti-assessment-item xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_SCHEMA}" identifier="{item_identifier(sheet)}" title="{title}" adaptive="false" '
        'time-dependent="false" xml:lang="zh-CN" tool-name="Tidun" tool-version="1">'
        f"{''.join(drawn.declarations)}<qti-item-body>{drawn.body}</qti-item-body>{drawn.processing}{feedback}"
        "</qti-assessment-item>\n"
    )
    return document, drawn


def _formula(body: str) -> str:
    """MathML with its LaTeX as the reading for those who do not see it, which also keeps it as it was typed."""
    return mathml(latex.parse(body)).replace("<math", f'<math alttext="{html.escape(body)}"', 1)


def _entry(gap: Gap) -> str:
    """A field in a line; a stem that shows something else than a blank keeps it in a data attribute."""
    shown = "" if gap.shown == "____" else f' data-gap="{quote(gap.shown)}"'
    return f'<qti-text-entry-interaction response-identifier="RESPONSE{gap.number + 1}"{shown}/>'


def _marks(content: ItemContent) -> float:
    return content.marks / 2 if content.marks else 1.0


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _outcomes(content: ItemContent) -> list[str]:
    most = _number(_marks(content))
    start = "<qti-default-value><qti-value>{}</qti-value></qti-default-value></qti-outcome-declaration>"
    common = 'cardinality="single" base-type="float"'
    score = f'<qti-outcome-declaration identifier="SCORE" {common} normal-minimum="0" normal-maximum="{most}">'
    return [score + start.format(0), f'<qti-outcome-declaration identifier="MAXSCORE" {common}>{start.format(most)}']


def _response(identifier: str, right: Sequence[str], mapped: str = "", *, several: bool, base: str) -> str:
    values = "".join(f"<qti-value>{html.escape(clean(value))}</qti-value>" for value in right)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if right else ""
    cardinality = "multiple" if several else "single"
    return (
        f'<qti-response-declaration identifier="{identifier}" cardinality="{cardinality}" base-type="{base}">'
        f"{correct}{mapped}</qti-response-declaration>"
    )


def _mapping(entries: Sequence[tuple[str, float]], most: float) -> str:
    written = "".join(
        f'<qti-map-entry map-key="{html.escape(clean(key))}" mapped-value="{_number(value)}"/>'
        for key, value in entries
    )
    return f'<qti-mapping lower-bound="0" upper-bound="{_number(most)}" default-value="0">{written}</qti-mapping>'


def _choice(content: ItemContent, dress: Dress) -> Drawn:
    """A choice; a judge item is one between 正确 and 错误."""
    judged = content.type is ItemType.JUDGE
    options = (RIGHT, WRONG) if judged else content.options
    key = ("A" if content.key == RIGHT else "B") if judged else content.key
    several = content.type is ItemType.MULTIPLE
    most = _marks(content)
    mapped = ""
    if several and content.credit is Credit.SHARE:
        shares = [
            (letter, most / len(key) if letter in key else -most) for letter, _ in zip(LETTERS, options, strict=False)
        ]
        mapped = _mapping(shares, most)
    response = _response("RESPONSE", tuple(key), mapped, several=several, base="identifier")
    shown = "".join(
        f'<qti-simple-choice identifier="{letter}">{text_line(option, dress)}</qti-simple-choice>'
        for letter, option in zip(LETTERS, options, strict=False)
    )
    stem = text_page(with_material(content.material, content.stem), dress)
    most_choices = 0 if several else 1
    body = (
        f'<div>{stem}</div><qti-choice-interaction response-identifier="RESPONSE" shuffle="false" '
        f'max-choices="{most_choices}">{shown}</qti-choice-interaction>'
    )
    return Drawn([response, *_outcomes(content)], body, _processing(content, mapped), content.type)


def _processing(content: ItemContent, mapped: str) -> str:
    """How the choice is scored: by mapping, by comparison, or by comparison with half for a part of the key."""
    most = _marks(content)
    if mapped:
        return f'<qti-response-processing template="{_TEMPLATES}map_response.xml"/>'
    if most == 1 and content.credit is Credit.NONE:
        return f'<qti-response-processing template="{_TEMPLATES}match_correct.xml"/>'
    right, given = '<qti-correct identifier="RESPONSE"/>', '<qti-variable identifier="RESPONSE"/>'
    partly = ""
    if content.credit is Credit.HALF:
        some = f"<qti-not><qti-is-null>{given}</qti-is-null></qti-not><qti-contains>{right}{given}</qti-contains>"
        partly = f"<qti-response-else-if><qti-and>{some}</qti-and>{_score(most / 2)}</qti-response-else-if>"
    return (
        "<qti-response-processing><qti-response-condition>"
        f"<qti-response-if><qti-match>{given}{right}</qti-match>{_score(most)}</qti-response-if>{partly}"
        f"<qti-response-else>{_score(0)}</qti-response-else></qti-response-condition></qti-response-processing>"
    )


def _score(value: float) -> str:
    return (
        '<qti-set-outcome-value identifier="SCORE">'
        f'<qti-base-value base-type="float">{_number(value)}</qti-base-value></qti-set-outcome-value>'
    )


def _blanks(content: ItemContent, dress: Dress, accepted: Sequence[Sequence[str]]) -> Drawn:
    """Fields in the stem, each earning its share of the marks for any accepted answer."""
    lines, shown = with_gaps(with_material(content.material, content.stem), len(accepted))
    share = _marks(content) / len(accepted)
    declared = [
        _response(
            f"RESPONSE{n}",
            answers[:1],
            _mapping([(one, share) for one in answers], share),
            several=False,
            base="string",
        )
        for n, answers in enumerate(accepted, start=1)
    ]
    earned = "".join(f'<qti-map-response identifier="RESPONSE{n}"/>' for n in range(1, len(accepted) + 1))
    processing = (
        '<qti-response-processing><qti-set-outcome-value identifier="SCORE">'
        f"<qti-sum>{earned}</qti-sum></qti-set-outcome-value></qti-response-processing>"
    )
    body = f"<div>{page(lines, dress)}</div>"
    return Drawn([*declared, *_outcomes(content)], body, processing, ItemType.BLANK, shown)


def _worded(content: ItemContent, dress: Dress) -> Drawn:
    """A field for running text, and what the scorer needs."""
    blocks = marking_blocks(content)
    told = f"<qti-content-body>{page(blocks, dress)}</qti-content-body>"
    rubric = f'<qti-rubric-block use="scoring" view="scorer">{told}</qti-rubric-block>'
    stem = text_page(with_material(content.material, content.stem), dress)
    field_ = '<qti-extended-text-interaction response-identifier="RESPONSE" expected-lines="8"/>'
    body = f"<div>{stem}</div>{field_}{rubric if blocks else ''}"
    response = _response("RESPONSE", (), several=False, base="string")
    implied = ItemType.PRACTICAL if content.task else ItemType.SHORT
    return Drawn([response, *_outcomes(content)], body, "", implied)
