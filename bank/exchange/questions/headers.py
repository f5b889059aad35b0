"""Header rows: where a table's header stands and what each column holds, in the words of a dozen dialects.

The dialects are those of the national bank's templates, of 考试宝, 磨题帮, yf-exam and of schools' own sheets; a table
without any header is judged by what its columns hold.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bank.content import LETTERS
from bank.exchange.cells import Grid
from bank.exchange.glyphs import squeeze, trim
from bank.exchange.questions import keys
from bank.exchange.questions.kinds import kind_of
from bank.exchange.questions.options import split_cell

HEADER_WITHIN = 40
LONGEST_LABEL = 24
_ASIDE = re.compile(r"[(\[<](?:必填|选填|可空|勿删|可选|非必填|不填|示例|[^()\[\]<>]{6,})[^()\[\]<>]*[)\]>]|\*+")
_OPTION = re.compile(
    rf"(?:试题|题目)?[(\[]?(?:备选|候选)?(?:选择?项|备选项|备选答案|答案选项|答案|OPTION|CHOICE)?[_\-]?[(\[]?"
    rf"([{LETTERS}])[)\]]?(?:选?项|答案)?(?:内容)?[)\]]?[.、:]?"
)
_NUMBERED_OPTION = re.compile(r"(?:备?选择?项|备选答案|候选答案|OPTION|CHOICE)[_\-]?[(\[]?(10|[1-9一二三四五六])[)\]]?")
_ROLES: tuple[tuple[str, str], ...] = (
    (r"是否(?:为)?正确(?:选?项|答案)?|ISRIGHT|ISCORRECT", "right"),
    (r"选项内容|OPTIONCONTENT", "choice"),
    (r"选项图片", "choice_picture"),
    (r"选项(?:解析|视频|数|个数|数量)", ""),
    (r"评分(?:标准|要点|细则|参考)|[得采]分要?点", "rubric"),
    (r".*(?:解析|详解|解答说明|答案说明|RATIONALE|EXPLANATION|ANALYSIS).*", "rationale"),
    (r"(?:题目|试题|备选)?(?:选择?项|备选项|备选答案|候选项|答案选项|OPTIONS?)(?:内容)?", "options"),
    (r"(?:标准|正确|参考|题目|试题|本题)*(?:答案|选项答案)(?:内容)?\d{0,2}|正确选项|KEY|ANSWERS?|CORRECT", "answer"),
    (r"(?:试题|题目|考题)?(?:题型|类型)(?:代码|名称)?|题类|(?:试题|题目)类别|TYPE|QTYPE", "type"),
    (r".*一致性.*|CONSISTENCY", "consistency"),
    (r"认知(?:层次|目标|水平|能力)?|(?:能力|目标)(?:目标|层次|水平)|层次参数|COGNITION", "cognition"),
    (r"重要(?:程度|性)(?:指标|代码)?|IMPORTANCE", "importance"),
    (r"(?:每题|本题|题目|试题)?(?:分值|分数|配分|标准分)|SCORE|MARKS", "marks"),
    (r"(?:少选|漏选|半对|部分)(?:得分|给分)(?:规则)?|CREDIT", "credit"),
    (r"(?:试题|题目)?(?:出处|来源)|参考(?:资料|教材|书目)|SOURCE", "source"),
    (r"(?:题组|大题|父题|母题|材料|案例)(?:编?号|ID|代码|序号)|PARENTID", "set"),
    (
        r"(?:共用|共享|题组|大题)(?:题干|材料)|(?:背景|案例)?(?:材料|资料)(?:内容)?|案例(?:背景|内容|描述)?|MATERIAL",
        "material",
    ),
    (r"(?:试题|题目|题干)?(?:图片|附图|配图)\d?|\[图\](?:及位置)?", "pictures"),
    (r".*(?:难度|难易).*|DIFFICULTY|LEVEL", "difficulty"),
    (r"(?:鉴定|考评|认定|考核|评价)点(?:代码|编号|编码)|要素(?:代码|编号|编码)|鉴定编号|POINT", "point_code"),
    (r"(?:知识点|考点)(?:[一二三四五六1-6]级?)?|[一二三四五六1-6]级知识点", "point_level"),
    (r"(?:鉴定|考评|认定|考核|评价|知识)点(?:名称)?|考点|要素(?:名称)?", "point_name"),
    (r"(?:试题|题目|题)?(?:ID|GUID|UUID|编号|编码|代码)|题库编号|QUESTIONID", "id"),
    (r"序号|题号|题目序号|试题序号|题序|行号|NO\.?|NUMBER|#", "number"),
    (r".*题干.*|STEM|QUESTION", "stem"),
    (r"(?:试题|题目|考题|问题)(?:内容|描述|正文|名称)?|题面|内容|题目/题干|试题\(题干\)", "stem_like"),
    (r"备注|附注|REMARKS?", "remark"),
)


@dataclass(slots=True)
class Columns:
    """Column numbers by role; `options` maps a letter's place to a column of its own."""

    roles: dict[str, list[int]] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    first: int = 0

    def one(self, role: str) -> int | None:
        """The first column of a role."""
        return self.roles[role][0] if self.roles.get(role) else None

    def cell(self, row: list[str], role: str) -> str:
        """The text of a row under the first column of a role."""
        return next(self.cells(row, role), "")

    def cells(self, row: list[str], role: str) -> Iterator[str]:
        """The texts of a row under every column of a role."""
        return (row[c] if c < len(row) else "" for c in self.roles.get(role, ()))

    def usable(self) -> bool:
        """Whether questions can be read: a stem, and something that tells what is asked or answered."""
        told = [role for role in ("answer", "type", "options", "choice") if self.roles.get(role)]
        return self.one("stem") is not None and bool(told or len(self.options) > 1)


def label_of(cell: str) -> str:
    """A header cell without asides such as （必填） and without blanks."""
    text = _ASIDE.sub("", squeeze(cell))
    return text.strip(".:、。")


def _columns(row: list[str]) -> Columns:
    found = Columns()
    for c, cell in enumerate(row):
        label = label_of(cell)
        if not label or len(label) > LONGEST_LABEL:
            continue
        if one := _OPTION.fullmatch(label):
            found.options.setdefault(LETTERS.index(one[1]), c)
        elif one := _NUMBERED_OPTION.fullmatch(label):
            found.options.setdefault(_ordinal(one[1]) - 1, c)
        else:
            role = next((role for pattern, role in _ROLES if re.fullmatch(pattern, label)), "")
            if role:
                found.roles.setdefault(role, []).append(c)
    _part_answers(found, row)
    if not found.roles.get("stem") and (like := found.roles.pop("stem_like", None)):
        found.roles["stem"] = like
    # A sheet that calls its options 答案A … 答案D has its key in the plain 答案 column; alone, A … D need two.
    if len(found.options) == 1:
        found.options = {}
    return found


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else "一二三四五六".index(text) + 1


def _part_answers(found: Columns, row: list[str]) -> None:
    """答案1 … 答案4 beside a 正确答案 are options; alone they are the parts of one key."""
    answers = found.roles.get("answer", [])
    numbered = [c for c in answers if label_of(row[c])[-1:].isdigit()]
    if not found.options and 1 < len(numbered) < len(answers):
        found.options = {int(label_of(row[c])[-1]) - 1: c for c in numbered}
        found.roles["answer"] = [c for c in answers if c not in numbered]


def settle_roles(grid: Grid, columns: Columns) -> None:
    """Tell options from keys where the header does not: 答案 may name either, so what the cells hold decides."""
    answers, options = columns.roles.get("answer", []), columns.roles.get("options", [])
    rows = grid.rows[columns.first : columns.first + 100]

    def held(c: int) -> list[str]:
        return [trim(row[c]) for row in rows if c < len(row) and trim(row[c])]

    if not options and not columns.options:
        several = [c for c in answers if _share(held(c), _splits) > 0.3]
        if several and len(several) < len(answers):
            columns.roles["options"] = several
            columns.roles["answer"] = [c for c in answers if c not in several]
    elif options and not answers and _share(held(options[0]), is_key) > 0.8:
        columns.roles["answer"] = columns.roles.pop("options")


def find_header(grid: Grid) -> Columns | None:
    """The columns by the best header row near the top; None when no row names enough of them."""
    best: Columns | None = None
    width = 0
    for i, row in enumerate(grid.rows[:HEADER_WITHIN]):
        below = grid.rows[i + 1] if i + 1 < len(grid.rows) else []
        for columns, last in ((_columns(row), i), (_columns(_stacked(row, below)), i + 1)):
            known = len(columns.roles) + len(columns.options)
            if columns.usable() and known > width:
                best, width = columns, known
                best.first = last + 1
    return best


def _stacked(row: list[str], below: list[str]) -> list[str]:
    """A header of two rows as one: 选项 stands over A, B, C, D."""
    if not any(re.fullmatch(rf"选?项?[{LETTERS}]|\d", label_of(cell)) for cell in below):
        return []
    length = max(len(row), len(below))
    pairs = zip(row + [""] * (length - len(row)), below + [""] * (length - len(below)), strict=True)
    return [under if label_of(under) else over for over, under in pairs]


def guess_columns(grid: Grid) -> Columns | None:
    """The columns of a table without header, from what they hold; None when they do not look like questions."""
    rows = [row for row in grid.rows if sum(bool(trim(cell)) for cell in row) > 1][:200]
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2:
        return None
    held = [[trim(row[c]) for row in rows if c < len(row) and trim(row[c])] for c in range(width)]
    lengths = [sum(map(len, cells)) / len(cells) if len(cells) > len(rows) / 2 else 0 for cells in held]
    stem = max(range(width), key=lambda c: lengths[c] - 40 * _share(held[c], _splits))
    roles = {"stem": [stem]}
    for role, test in (("type", _names_type), ("answer", is_key)):
        fits = [c for c in range(width) if c != stem and len(held[c]) > len(rows) / 2 and _share(held[c], test) > 0.8]
        if fits:
            roles[role] = [fits[-1] if role == "answer" else fits[0]]
    taken = {c for columns in roles.values() for c in columns}
    free = [c for c in range(width) if c not in taken and held[c]]
    together = [c for c in free if _share(held[c], _splits) > 0.5]
    if together:
        roles["options"] = together[:1]
    elif all(trim(cell).isdigit() for c in free[:1] for cell in held[c]) and free[:1] < [stem]:
        roles["number"] = free[:1]
    after = [] if together else [c for c in free if c > stem]
    columns = Columns(roles, dict(enumerate(after[: len(LETTERS)])) if len(after) > 1 else {})
    return columns if columns.usable() and lengths[stem] > 5 and "answer" in roles else None


def _share(cells: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _splits(cell: str) -> bool:
    return len(split_cell(cell)) > 1


def _names_type(cell: str) -> bool:
    return len(cell) <= 12 and bool(kind_of(cell))


def is_key(cell: str) -> bool:
    """Whether a cell holds letters or a verdict, and nothing else."""
    return len(cell) <= 24 and bool(keys.letters(cell) or (keys.judgement(cell) and not cell.isdigit()))
