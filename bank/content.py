"""The content of one item: type, stem, options, key, rationale. Pure: no session, no key, no clock.

One canonical value is read from files, stored encrypted, shown, printed and compared, so the rooms above never
invent a second shape of a question. Keys of single and multiple choice are sorted capital letters ("B", "ACD"),
of judge items 正确 or 错误, of all other types free text.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

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
LETTERS = "ABCDEFGHIJ"
RIGHT, WRONG = "正确", "错误"
CONTENT_FORMAT = 1
MISSING_KEY = "缺少答案"
"""The one fault that papers and leaked pages may have: they are compared, never asked."""


@dataclass(frozen=True, slots=True)
class ItemContent:
    """One question as it is asked."""

    type: ItemType
    stem: str
    options: tuple[str, ...] = ()
    key: str = ""
    rationale: str = ""

    def right_options(self) -> tuple[str, ...]:
        """Texts of the options that the key names; empty for types without options."""
        return tuple(self.options[LETTERS.index(c)] for c in self.key) if self.type in CHOICE_TYPES else ()

    def faults(self) -> list[str]:
        """What keeps this item from being asked, one Chinese clause each; empty when it is sound."""
        found = [] if self.stem.strip() else ["题干为空"]
        if self.type in CHOICE_TYPES:
            found += self._choice_faults()
        elif self.type is ItemType.JUDGE and self.key not in {RIGHT, WRONG}:
            found.append("判断题答案应为“正确”或“错误”" if self.key else MISSING_KEY)
        elif not self.key.strip() and self.type is not ItemType.PRACTICAL:
            found.append(MISSING_KEY)
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
        """The JSON row of the outer face: type, stem, options, answer (and rationale where there is one)."""
        row: dict[str, Any] = {
            "type": self.type.value,
            "stem": self.stem,
            "options": list(self.options),
            "answer": self.key,
        }
        return row | ({"rationale": self.rationale} if self.rationale else {})

    def to_bytes(self) -> bytes:
        """The stored form, UTF-8 JSON with its format number; encrypted by the caller."""
        return json.dumps({"format": CONTENT_FORMAT, **asdict(self)}, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "ItemContent":
        """The inverse of `to_bytes`."""
        fields = json.loads(data)
        fields.pop("format")
        return cls(**{**fields, "type": ItemType(fields["type"]), "options": tuple(fields["options"])})

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "ItemContent":
        """Content from a JSON row of the outer face; raises BadInput for an unknown type or a wrong shape."""
        try:
            kind = ItemType(str(row["type"]))
        except (KeyError, ValueError) as error:
            known = "、".join(ItemType)
            raise BadInput(f"题型 {row.get('type')!r} 无法识别，请写成 {known} 之一") from error
        options = row.get("options") or []
        if not isinstance(row.get("stem"), str) or not isinstance(options, list):
            raise BadInput("题干 stem 应为文字，选项 options 应为列表")
        return cls(
            kind,
            row["stem"],
            tuple(str(option) for option in options),
            str(row.get("answer") or ""),
            str(row.get("rationale") or ""),
        )
