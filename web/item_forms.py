"""The form of one question: what is typed becomes an `ItemContent`, every fault stands beside its field."""

from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from bank.content import CHOICE_TYPES, LETTERS, RIGHT, TYPE_NAMES, WRONG, ItemContent, ItemType
from bank.ground.terms import point_label
from bank.items import NewItem
from bank.outlines import OutlineView
from web.forms import ChineseForm, ChoiceField

OPTIONS, ALWAYS_SHOWN = LETTERS, 6
DIFFICULTIES = {"": "未定", "1": "1 易", "2": "2 较易", "3": "3 中等", "4": "4 较难", "5": "5 难"}
LONG, SHORT = 4000, 500


class ItemForm(ChineseForm):
    """Fields of every item type; which of them count depends on `type`."""

    type = SelectField("题型", choices={kind.value: name for kind, name in TYPE_NAMES.items()})
    stem = TextAreaField("题干", [Length(max=LONG, message=f"题干不超过 {LONG} 字")])
    option_a = StringField("选项 A", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_b = StringField("选项 B", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_c = StringField("选项 C", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_d = StringField("选项 D", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_e = StringField("选项 E", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_f = StringField("选项 F", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_g = StringField("选项 G", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_h = StringField("选项 H", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_i = StringField("选项 I", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    option_j = StringField("选项 J", [Length(max=SHORT, message=f"选项不超过 {SHORT} 字")])
    letters = SelectMultipleField("正确选项", choices={letter: letter for letter in OPTIONS})
    judge = RadioField("答案", choices={RIGHT: RIGHT, WRONG: WRONG}, validate_choice=False)
    answer = TextAreaField("参考答案", [Length(max=LONG, message=f"答案不超过 {LONG} 字")])
    rationale = TextAreaField("解析", [Length(max=LONG, message=f"解析不超过 {LONG} 字")])
    point = ChoiceField("鉴定点")
    difficulty = ChoiceField("难度", choices=DIFFICULTIES)
    accepted = HiddenField()

    def offer_points(self, outline: OutlineView | None) -> None:
        """The points that may be chosen: those of the bank's outline, or none."""
        points = outline.points.values() if outline else ()
        self.point.label.text = point_label()
        self.point.choices = {"": "未定"} | {point.code: f"{point.code} {point.name}" for point in points}

    def option_fields(self) -> list[Field]:
        """The option fields in order."""
        return [self[f"option_{letter.lower()}"] for letter in OPTIONS]

    def shown_options(self) -> list[tuple[str, Field]]:
        """Letters and fields to show: six, or as many as are filled."""
        fields = self.option_fields()
        filled = max((at for at, field in enumerate(fields, start=1) if field.data), default=0)
        return list(zip(OPTIONS, fields, strict=True))[: max(filled, ALWAYS_SHOWN)]

    def kind(self) -> ItemType:
        """The chosen item type."""
        return ItemType(self.type.data)

    def content(self) -> ItemContent:
        """The question as typed; empty options behind the last filled one are dropped."""
        kind = self.kind()
        options = [(field.data or "").strip() for field in self.option_fields()] if kind in CHOICE_TYPES else []
        while options and not options[-1]:
            options.pop()
        return ItemContent(kind, (self.stem.data or "").strip(), tuple(options), self._key(kind), _text(self.rationale))

    def new_item(self) -> NewItem:
        """The question with its point and difficulty."""
        difficulty = int(self.difficulty.data) if self.difficulty.data else None
        return NewItem(self.content(), self.point.data or None, difficulty)

    def _key(self, kind: ItemType) -> str:
        if kind in CHOICE_TYPES:
            return "".join(sorted(self.letters.data or []))
        return (self.judge.data or "") if kind is ItemType.JUDGE else _text(self.answer)

    def check(self) -> bool:
        """Whether the question can be asked; puts each fault beside the field it is about."""
        sound = self.validate() and isinstance(self.type.data, str)
        if not sound:
            return False
        for fault in self.content().faults():
            field = self._field_of(fault)
            field.errors = [*field.errors, fault]
            sound = False
        return sound

    def _field_of(self, fault: str) -> Any:
        if "题干" in fault:
            return self.stem
        if "答案" in fault:
            kind = self.kind()
            return self.letters if kind in CHOICE_TYPES else self.judge if kind is ItemType.JUDGE else self.answer
        return self.option_a

    def fill(self, content: ItemContent, point: str | None = None, difficulty: int | None = None) -> None:
        """Show an existing question."""
        self.type.data, self.stem.data, self.rationale.data = content.type.value, content.stem, content.rationale
        for field, option in zip(self.option_fields(), content.options, strict=False):
            field.data = option
        if content.type in CHOICE_TYPES:
            self.letters.data = [letter for letter in content.key if letter in OPTIONS]
        elif content.type is ItemType.JUDGE:
            self.judge.data = content.key
        else:
            self.answer.data = content.key
        self.point.data, self.difficulty.data = point or "", str(difficulty or "")


def _text(field: TextAreaField) -> str:
    return (field.data or "").strip()
