"""The content of one item: type, stem, options, key, rationale. Pure: no session, no key, no clock.

One canonical value is read from files, stored encrypted, shown, printed and compared, so the rooms above never
invent a second shape of a question. Its texts are in the notation of `bank.notation`. Keys of single and multiple
choice are sorted capital letters ("B", "ACD"), of judge items 正确 or 错误, of blanks their accepted answers
(`answers.blank_keys`), of all other types free text.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from bank import notation
from bank.answers import Credit, Parameters, PracticalTask, RubricPoint, shown_marks
from bank.ground.errors import BadInput


class ItemType(StrEnum):
    """The item types of the glossary, by the name used in code, CLI and JSON."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    JUDGE = "judge"
    BLANK = "blank"
    SHORT = "short"
    ESSAY = "essay"
    CALCULATION = "calculation"
    PRACTICAL = "practical"


TYPE_NAMES = {
    ItemType.SINGLE: "单项选择题",
    ItemType.MULTIPLE: "多项选择题",
    ItemType.JUDGE: "判断题",
    ItemType.BLANK: "填空题",
    ItemType.SHORT: "简答题",
    ItemType.ESSAY: "论述题",
    ItemType.CALCULATION: "计算题",
    ItemType.PRACTICAL: "操作题",
}

CHOICE_TYPES = frozenset({ItemType.SINGLE, ItemType.MULTIPLE})
RUBRIC_TYPES = frozenset({ItemType.SHORT, ItemType.ESSAY, ItemType.CALCULATION})
LETTERS = "ABCDEFGHIJ"
RIGHT, WRONG = "正确", "错误"
CONTENT_FORMAT = 1
MISSING_KEY = "缺少答案"
"""The one fault that papers and leaked pages may have: they are compared, never asked."""


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One question as it is asked, and how its answer is marked.

    `marks` in half-marks, None where not set; `material` is what the items of one set stand under.
    """

    type: ItemType
    stem: str
    options: tuple[str, ...] = ()
    key: str = ""
    rationale: str = ""
    credit: Credit = Credit.NONE
    marks: int | None = None
    rubric: tuple[RubricPoint, ...] = ()
    task: PracticalTask | None = None
    parameters: Parameters | None = None
    source: str = ""
    material: str = ""

    def right_options(self) -> tuple[str, ...]:
        """Texts of the options that the key names; empty for types without options."""
        return tuple(self.options[LETTERS.index(c)] for c in self.key) if self.type in CHOICE_TYPES else ()

    def texts(self) -> tuple[str, ...]:
        """Every text in notation, in reading order: material, stem, options, rationale."""
        return (self.material, self.stem, *self.options, self.rationale)

    def mapped(self, change: Callable[[str], str]) -> "ItemContent":
        """The same item with each of its texts changed; a key in words is a text, letters and 正确/错误 are not."""
        worded = self.type not in CHOICE_TYPES and self.type is not ItemType.JUDGE
        return replace(
            self,
            stem=change(self.stem),
            options=tuple(change(option) for option in self.options),
            key=change(self.key) if worded else self.key,
            rationale=change(self.rationale),
            rubric=tuple(RubricPoint(change(point.text), point.marks) for point in self.rubric),
            material=change(self.material),
        )

    def plain(self) -> "ItemContent":
        """The plain reading of all texts, as lists, search and files without signs use it."""
        return self.mapped(notation.plain)

    def compared(self) -> "ItemContent":
        """What similarity compares: the plain reading, a material in front of the stem that stands under it.

        A power of a number is put in words: with its raised digits folded, 10³ would ask the same as 103.
        """
        bare = self.mapped(_compared)
        return replace(bare, stem=f"{bare.material}\n{bare.stem}", material="") if bare.material else bare

    def pictures(self) -> tuple[str, ...]:
        """The tokens of all pictures, each once."""
        texts = (*self.texts(), self.key, *(point.text for point in self.rubric))
        return tuple(dict.fromkeys(token for text in texts for token in notation.tokens(text)))

    def variant(self, number: int) -> "ItemContent":
        """A parameterised item with its value set `number`, counted from 0; any other item as it is."""
        sets = self.parameters
        if sets is None:
            return self
        filled = replace(self, parameters=None).mapped(lambda text: sets.filled(text, number))
        return replace(filled, key=sets.filled(self.key, number))

    def faults(self) -> list[str]:
        """What keeps this item from being asked, one Chinese clause each; empty when it is sound."""
        found = [] if self.stem.strip() else ["题干为空"]
        if self.type in CHOICE_TYPES:
            found += self._choice_faults()
        elif self.type is ItemType.JUDGE and self.key not in {RIGHT, WRONG}:
            found.append("判断题答案应为“正确”或“错误”" if self.key else MISSING_KEY)
        elif not self.key.strip() and not self.rubric and self.type is not ItemType.PRACTICAL:
            found.append(MISSING_KEY)
        return found + self._marking_faults()

    def _marking_faults(self) -> list[str]:
        found = []
        if self.credit is not Credit.NONE and self.type is not ItemType.MULTIPLE:
            found.append("只有多项选择题可以设置少选得分")
        if self.rubric and self.type not in RUBRIC_TYPES:
            found.append(f"{TYPE_NAMES[self.type]}不用评分要点，请写在解析里")
        if self.task is not None and self.type is not ItemType.PRACTICAL:
            found.append("只有操作题有准备通知单和评分表")
        rows = self.rubric or (self.task.steps if self.task else ())
        total = sum(row.marks for row in rows)
        if any(row.marks <= 0 for row in rows):
            found.append("评分要点的分值应大于 0")
        if rows and self.marks is not None and total != self.marks:
            found.append(f"各要点分值合计 {shown_marks(total)} 分，与本题 {shown_marks(self.marks)} 分不符")
        if self.parameters is not None:
            found += self.parameters.faults("".join((*self.texts(), self.key)))
        return found

    def _choice_faults(self) -> list[str]:
        found = []
        if len(self.options) < 2:
            found.append(f"选择题至少要有 2 个选项，现有 {len(self.options)} 个")
        if any(not option.strip() for option in self.options):
            found.append("有空的选项")
        if len(set(self.options)) < len(self.options):
            found.append("有两个选项相同")
        if not self.key:
            found.append(MISSING_KEY)
        beyond = [c for c in self.key if c not in LETTERS[: len(self.options)]]
        if beyond:
            found.append(f"答案 {self.key} 超出选项范围（只有 {len(self.options)} 个选项）")
        if self.type is ItemType.SINGLE and len(self.key) > 1:
            found.append(f"单选题只能有一个答案，现为 {self.key}")
        return found

    def as_row(self) -> dict[str, Any]:
        """The JSON row of the outer face: type, stem, options, answer in plain reading, and what else is set.

        Where a text holds more than plain characters, `notation` gives stem, options, answer and rationale whole.
        """
        bare = self.plain()
        row: dict[str, Any] = {
            "type": self.type.value,
            "stem": bare.stem,
            "options": list(bare.options),
            "answer": bare.key,
        }
        row |= {name: getattr(bare, name) for name in ("rationale", "material") if getattr(self, name)}
        if bare != self:
            whole = {"stem": self.stem, "options": list(self.options), "answer": self.key}
            row["notation"] = whole | {"rationale": self.rationale, "material": self.material}
        return row | self._marking_row()

    def _marking_row(self) -> dict[str, Any]:
        fields = asdict(self)
        chosen = ("credit", "marks", "rubric", "task", "parameters", "source")
        blank = ItemContent(self.type, "")
        return {name: fields[name] for name in chosen if getattr(self, name) != getattr(blank, name)}

    def question_part(self) -> bytes:
        """What a candidate sees, as UTF-8 JSON with its format number; encrypted by the caller."""
        return _dumped({name: value for name, value in asdict(self).items() if name not in _ANSWER_FIELDS})

    def answer_part(self) -> bytes:
        """What only the marker sees, as UTF-8 JSON; encrypted by the caller under a key of its own."""
        return _dumped({name: value for name, value in asdict(self).items() if name in _ANSWER_FIELDS})

    @classmethod
    def from_parts(cls, question: bytes, answer: bytes = b"{}") -> "ItemContent":
        """The inverse of `question_part` and `answer_part`; without an answer, the question alone."""
        fields = json.loads(question) | json.loads(answer)
        fields.pop("format", None)
        return cls.from_fields(fields)

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "ItemContent":
        """Content from the plain fields of `asdict`; raises KeyError, TypeError or ValueError for a wrong shape."""
        values = dict(fields)
        values["type"] = ItemType(values["type"])
        values["options"] = tuple(values.get("options", ()))
        values["credit"] = Credit(values.get("credit", Credit.NONE))
        values["rubric"] = tuple(RubricPoint(**point) for point in values.get("rubric", ()))
        if values.get("task"):
            values["task"] = PracticalTask.from_fields(values["task"])
        if sets := values.get("parameters"):
            values["parameters"] = Parameters(tuple(sets["names"]), tuple(tuple(row) for row in sets["rows"]))
        return cls(**values)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ItemContent":
        """Content from a JSON row of the outer face; raises BadInput for an unknown type or a wrong shape."""
        try:
            kind = ItemType(str(row["type"]))
        except (KeyError, ValueError) as error:
            known = "、".join(ItemType)
            raise BadInput(f"题型 {row.get('type')!r} 无法识别，请写成 {known} 之一") from error
        whole = row["notation"] if isinstance(row.get("notation"), dict) else row
        options = whole.get("options") or []
        if not isinstance(whole.get("stem"), str) or not isinstance(options, list):
            raise BadInput("题干 stem 应为文字，选项 options 应为列表")
        fields = {name: row[name] for name in ("credit", "marks", "rubric", "task", "parameters") if row.get(name)}
        texts = {"stem": whole["stem"], "options": [str(option) for option in options]}
        words = {name: str(whole.get(name) or "") for name in ("rationale", "material")}
        words["key"] = str(whole.get("answer") or "")
        try:
            return cls.from_fields({"type": kind, **texts, **words, **fields, "source": str(row.get("source") or "")})
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("评分要点 rubric、评分表 task 或取值 parameters 的写法不对，请照导出的样子写") from error


_RAISED_MARK = re.compile(r"(?<=\d)<sup>([-−\d]{1,9})</sup>")
_POWER = re.compile(r"(?<=\d)(?:\^\(?([-−]?\d{1,9})\)?|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,9}))")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def _compared(text: str) -> str:
    bare = notation.plain(_RAISED_MARK.sub(r"的\1次方", text))
    return _POWER.sub(lambda found: f"的{(found[1] or found[2]).translate(_LOWERED)}次方", bare)


_ANSWER_FIELDS = frozenset({"key", "rationale", "credit", "rubric", "task", "parameters", "source"})


def _dumped(fields: dict[str, Any]) -> bytes:
    return json.dumps({"format": CONTENT_FORMAT, **fields}, ensure_ascii=False).encode()
