"""From a stored form to the sheet that is printed: sections by type, options in the form's order, keys that follow.

Every printing is a reading: it stands in the ledger before the sheet leaves.
"""

from dataclasses import replace
from enum import StrEnum
from itertools import groupby

from sqlalchemy.orm import Session

from bank.content import CHOICE_TYPES, LETTERS, ItemContent
from bank.ground.actors import Actor
from bank.ground.errors import CheckFailed, Refused
from bank.occupations import occupation_name
from bank.pictures import open_pictures
from papers.papers import Form, FormItem, read_form
from papers.rendering import docx, pdf
from papers.rendering.sheets import PrintedForm, PrintedItem, PrintedSection

TITLE = "职业技能等级认定"
STANDARD_NOTE = "本试卷依据国家职业标准和本机构鉴定要素细目表命制。"


class Sheet(StrEnum):
    """What of a form can be printed."""

    PAPER = "paper"
    ANSWER_SHEET = "answer-sheet"
    KEY = "key"
    PREPARATION = "preparation"


SHEET_NAMES = {
    Sheet.PAPER: "试卷",
    Sheet.ANSWER_SHEET: "答题卡",
    Sheet.KEY: "标准答案",
    Sheet.PREPARATION: "准备通知单",
}
WRITERS = {
    (Sheet.PAPER, "pdf"): pdf.paper_pdf,
    (Sheet.PAPER, "docx"): docx.paper_docx,
    (Sheet.ANSWER_SHEET, "pdf"): pdf.answer_sheet_pdf,
    (Sheet.ANSWER_SHEET, "docx"): docx.answer_sheet_docx,
    (Sheet.KEY, "pdf"): pdf.key_pdf,
    (Sheet.KEY, "docx"): docx.key_docx,
    (Sheet.PREPARATION, "pdf"): pdf.preparation_pdf,
    (Sheet.PREPARATION, "docx"): docx.preparation_docx,
}


def printed_form(session: Session, actor: Actor, form: Form, purpose: str) -> PrintedForm:
    """The form as it is to be printed; the reading is in the ledger. Raises Refused for a void paper."""
    if form.paper.voided_at is not None:
        raise Refused(f"试卷 {form.paper.number} 已作废，不能再印制；请用新组的试卷")
    rows = read_form(session, actor, form, purpose)
    numbered = [
        PrintedItem(number, as_printed(item, with_values(form, content)), item.marks)
        for number, (item, _, content) in enumerate(rows, start=1)
    ]
    sections = tuple(
        PrintedSection(kind, tuple(items)) for kind, items in groupby(numbered, key=lambda one: one.content.type)
    )
    paper = form.paper
    tokens = {token for item in numbered for token in item.content.pictures()}
    pictures = open_pictures(session, paper.bank.institution_id, tokens)
    if lost := sorted(item.number for item in numbered if not pictures.keys() >= set(item.content.pictures())):
        raise CheckFailed(f"第 {lost[0]} 题的图片已找不到，不能印制；请系统管理员运行 tidun doctor 检查")
    return PrintedForm(
        title=TITLE,
        institution=paper.bank.institution.name,
        occupation=occupation_name(paper.bank.occupation),
        level=paper.bank.level,
        form=form.label,
        paper_number=paper.number,
        minutes=paper.minutes,
        standard_note=STANDARD_NOTE,
        sections=sections,
        used_on=paper.held_on,
        pictures={token: picture.data for token, picture in pictures.items()},
    )


def with_values(form: Form, content: ItemContent) -> ItemContent:
    """A parameterised item with the value set of this form: always the same, and another one on the next form."""
    sets = content.parameters
    return content.variant(form.id % len(sets.rows)) if sets is not None and sets.rows else content


def as_printed(item: FormItem, content: ItemContent) -> ItemContent:
    """The content with its options in the form's order and the key letters moved with them."""
    if content.type not in CHOICE_TYPES or not item.order:
        return content
    options = tuple(content.options[index] for index in item.order)
    key = sorted(LETTERS[item.order.index(LETTERS.index(letter))] for letter in content.key)
    return replace(content, options=options, key="".join(key))


def print_sheet(session: Session, actor: Actor, form: Form, sheet: Sheet, kind: str) -> bytes:
    """One printed sheet of a form; `kind` is pdf or docx."""
    return WRITERS[sheet, kind](printed_form(session, actor, form, f"印制{SHEET_NAMES[sheet]}"))
