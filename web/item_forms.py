"""The form of one question: what is typed becomes an `ItemContent`, every fault stands beside its field."""

import re
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Regexp

from bank.answers import ALTERNATIVES, BLANKS, CREDIT_NAMES, Credit, blank_keys, shown_marks
from bank.content import CHOICE_TYPES, LETTERS, RIGHT, RUBRIC_TYPES, TYPE_NAMES, WRONG, ItemContent, ItemType
from bank.ground.terms import point_label
from bank.items import COGNITION_NAMES, Cognition, Item, NewItem, Secrecy
from bank.outlines import IMPORTANCE_NAMES, Importance, OutlineView
from web.forms import ChineseForm, ChoiceField
from web.item_rows import (
    ACCEPTED,
    PREPARATIONS,
    RUBRIC,
    STEPS,
    RowsField,
    halves_of,
    parameters_of,
    parameters_text,
    preparation_rows,
    rubric_of,
    rubric_rows,
    step_rows,
    task_of,
)
from web.words import SECRECY_NAMES

OPTIONS, ALWAYS_SHOWN = LETTERS, 6
DIFFICULTIES = {"": "未定", "1": "1 易", "2": "2 较易", "3": "3 中等", "4": "4 较难", "5": "5 难"}
CONSISTENCIES = {"": "未定", "1": "1 低", "2": "2 较低", "3": "3 中等", "4": "4 较高", "5": "5 高"}
RELEASED = {Secrecy.RELEASED.value: SECRECY_NAMES[Secrecy.RELEASED]}
SECRECIES = {one.value: SECRECY_NAMES[one] for one in (Secrecy.SECRET, Secrecy.PRACTICE)}
LONG, SHORT = 4000, 500
_IMPORTANCES = {one.value: name for one, name in IMPORTANCE_NAMES.items()}
_MINUTES = [Regexp(r"^\d{0,4}$", message="请写整数分钟，例如 120")]


def _option(letter: str) -> StringField:
    return StringField(f"选项 {letter}", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])


class ItemForm(ChineseForm):
    """Fields of every item type; which of them count depends on `type`."""

    type = SelectField("题型", choices={kind.value: name for kind, name in TYPE_NAMES.items()})
    stem = TextAreaField("题干", [Length(max=LONG, message=f"题干不超过 {LONG} 字")])
    option_a, option_b, option_c, option_d, option_e = map(_option, "ABCDE")
    option_f, option_g, option_h, option_i, option_j = map(_option, "FGHIJ")
    letters = SelectMultipleField("正确选项", choices={letter: letter for letter in OPTIONS})
    credit = SelectField("少选时", choices={one.value: name for one, name in CREDIT_NAMES.items()}, default="none")
    judge = RadioField("答案", choices={RIGHT: RIGHT, WRONG: WRONG}, validate_choice=False)
    blanks = RowsField("各空的答案", ACCEPTED, spare=1)
    answer = TextAreaField("参考答案", [Length(max=LONG, message=f"答案不超过 {LONG} 字")])
    rubric = RowsField("评分要点", RUBRIC)
    site = RowsField("考场准备", PREPARATIONS)
    candidate = RowsField("考生准备", PREPARATIONS)
    steps = RowsField("评分记录表", STEPS)
    preparation_minutes = StringField("准备时间（分钟）", _MINUTES)
    minutes = StringField("考核时间（分钟）", _MINUTES)
    rationale = TextAreaField("解析", [Length(max=LONG, message=f"解析不超过 {LONG} 字")])
    parameters = TextAreaField("取值表", [Length(max=LONG, message=f"取值表不超过 {LONG} 字")])
    point = ChoiceField()
    difficulty = ChoiceField("难度", choices=DIFFICULTIES)
    consistency = ChoiceField("一致性", choices=CONSISTENCIES)
    cognition = ChoiceField(
        "认知层次", choices={"": "未定"} | {one.value: name for one, name in COGNITION_NAMES.items()}
    )
    importance = ChoiceField("重要程度", choices={"": "未定"} | _IMPORTANCES)
    secrecy = SelectField("保密类别", choices=SECRECIES, default=Secrecy.SECRET.value)
    marks = StringField("本题分值")
    source = StringField("来源", [Length(max=200, message="来源不超过 200 字")])
    accepted = HiddenField()
    material = ""
    """What the question stands under, where it is one of a set; it is changed on the page of the set."""

    def offer_points(self, outline: OutlineView | None, held: str | None = None) -> None:
        """The points that may be chosen: those of the bank's outline, and what the item carries in their place."""
        points = outline.points.values() if outline else ()
        self.point.label.text = point_label()
        self.importance.choices = {"": f"随{point_label()}"} | _IMPORTANCES
        self.point.choices = {"": "未定"} | {point.code: f"{point.code} {point.name}" for point in points}
        if held and held not in self.point.choices:
            self.point.choices[held] = f"{held}（不在细目表中）"

    def offer_secrecy(self, held: Secrecy) -> None:
        """The classes that a writer may choose: what an examination has given out stays given out."""
        self.secrecy.choices = RELEASED if held is Secrecy.RELEASED else SECRECIES

    def option_fields(self) -> list[Field]:
        """The option fields in order."""
        return [self[f"option_{letter.lower()}"] for letter in OPTIONS]

    def shown_options(self) -> list[tuple[str, Field]]:
        """Letters and fields to show: six, or as many as are filled."""
        fields = self.option_fields()
        filled = max((at for at, field in enumerate(fields, start=1) if field.data), default=0)
        return list(zip(OPTIONS, fields, strict=True))[: max(filled, ALWAYS_SHOWN)]

    def kind(self) -> ItemType:
        """The chosen item type, single choice until one is chosen."""
        known = {kind.value for kind in ItemType}
        return ItemType(self.type.data) if self.type.data in known else ItemType.SINGLE

    def content(self) -> ItemContent:
        """The question as typed; what its type does not use is left out, empty options at the end are dropped."""
        kind = self.kind()
        options = [(field.data or "").strip() for field in self.option_fields()] if kind in CHOICE_TYPES else []
        while options and not options[-1]:
            options.pop()
        several = kind is ItemType.MULTIPLE and self.credit.data in set(Credit)
        return ItemContent(
            kind,
            _text(self.stem),
            tuple(options),
            self._key(kind),
            _text(self.rationale),
            credit=Credit(self.credit.data) if several else Credit.NONE,
            marks=halves_of(_text(self.marks)),
            rubric=rubric_of(self.rubric.data) if kind in RUBRIC_TYPES else (),
            task=self._task() if kind is ItemType.PRACTICAL else None,
            parameters=parameters_of(_text(self.parameters)),
            source=_text(self.source),
            material=self.material,
        )

    def _task(self) -> Any:
        times = [
            text if text.isascii() and text.isdigit() else ""
            for text in map(_text, (self.preparation_minutes, self.minutes))
        ]
        return task_of(self.site.data, self.candidate.data, self.steps.data, *times)

    def new_item(self) -> NewItem:
        """The question with what is said about it."""
        return NewItem(
            self.content(),
            self.point.data or None,
            _number(self.difficulty),
            consistency=_number(self.consistency),
            cognition=Cognition(self.cognition.data) if self.cognition.data else None,
            importance=Importance(self.importance.data) if self.importance.data else None,
        )

    def _key(self, kind: ItemType) -> str:
        if kind in CHOICE_TYPES:
            return "".join(sorted(self.letters.data or []))
        if kind is ItemType.BLANK:
            return BLANKS.join(row[0] for row in self.blanks.data)
        return (self.judge.data or "") if kind is ItemType.JUDGE else _text(self.answer)

    def check(self) -> bool:
        """Whether the question can be asked; puts each fault beside the field it is about."""
        self.validate()
        for name in self._unused():
            self[name].errors = []
        sound = not self.errors and isinstance(self.type.data, str)
        if _text(self.marks) and not halves_of(_text(self.marks)):
            self.marks.errors = [f"分值“{_text(self.marks)}”应为 0.5 的倍数，例如 2 或 1.5"]
            sound = False
        if not sound:
            return False
        for fault in (*self.content().faults(), *self._gap_faults()):
            self.blame(self._field_of(fault), fault)
            sound = False
        return sound

    def _gap_faults(self) -> list[str]:
        """A blank without an answer of its own is seen while writing, not by the marker."""
        content = self.content()
        gaps = len(re.findall(r"_{2,}", content.stem)) if content.type is ItemType.BLANK else 0
        given = len(blank_keys(content.key)) if content.key else 0
        if not gaps or not given or gaps == given:
            return []
        return [f"答案写了 {given} 个，题中有 {gaps} 个空，请补齐或删去多余的"]

    def _unused(self) -> set[str]:
        """Fields that the type hides: what is wrong in them cannot be seen and does not count."""
        kind = self.kind()
        return (
            (set() if kind is ItemType.BLANK else {"blanks"})
            | (set() if kind in RUBRIC_TYPES else {"rubric"})
            | (
                set()
                if kind is ItemType.PRACTICAL
                else {"site", "candidate", "steps", "preparation_minutes", "minutes"}
            )
        )

    def blame(self, field: Any, fault: str) -> None:
        """Put one more fault beside a field."""
        field.errors = [*field.errors, fault]

    def _field_of(self, fault: str) -> Any:
        kind = self.kind()
        if "取值" in fault or "参数" in fault:
            return self.parameters
        if "要点" in fault:
            return self.steps if kind is ItemType.PRACTICAL else self.rubric
        if "题干" in fault:
            return self.stem
        if "答案" in fault:
            keys = {ItemType.JUDGE: self.judge, ItemType.BLANK: self.blanks}
            return self.letters if kind in CHOICE_TYPES else keys.get(kind, self.answer)
        return self.option_a

    def fill(self, content: ItemContent) -> None:
        """Show an existing question."""
        self.type.data, self.stem.data, self.rationale.data = content.type.value, content.stem, content.rationale
        for field, option in zip(self.option_fields(), content.options, strict=False):
            field.data = option
        if content.type in CHOICE_TYPES:
            self.letters.data = [letter for letter in content.key if letter in OPTIONS]
        elif content.type is ItemType.JUDGE:
            self.judge.data = content.key
        elif content.type is ItemType.BLANK:
            self.blanks.data = [(ALTERNATIVES.join(blank),) for blank in blank_keys(content.key) if blank]
        else:
            self.answer.data = content.key
        self._fill_marking(content)

    def _fill_marking(self, content: ItemContent) -> None:
        self.credit.data, self.source.data, self.material = content.credit.value, content.source, content.material
        self.marks.data = shown_marks(content.marks) if content.marks is not None else ""
        self.rubric.data = rubric_rows(content.rubric)
        self.parameters.data = parameters_text(content.parameters)
        if content.task is not None:
            task = content.task
            self.site.data, self.candidate.data = preparation_rows(task.site), preparation_rows(task.candidate)
            self.steps.data = step_rows(task.steps)
            self.preparation_minutes.data = str(task.preparation_minutes or "")
            self.minutes.data = str(task.minutes or "")

    def describe(self, item: Item) -> None:
        """Show what is said about an existing item."""
        self.point.data, self.difficulty.data = item.point or "", str(item.difficulty or "")
        self.consistency.data = str(item.consistency or "")
        self.cognition.data = item.cognition.value if item.cognition else ""
        self.importance.data = item.importance.value if item.importance else ""
        self.secrecy.data = item.secrecy.value


def _number(field: Field) -> int | None:
    return int(field.data) if field.data else None


def _text(field: Field) -> str:
    return (field.data or "").replace("\r\n", "\n").strip()
