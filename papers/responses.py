"""Files of answers, one administration each: rows of candidates or of single answers, read against the form (6(4)).

Wide: one row a candidate, one column a question number, cells are letters, 对/错 or points. Long: a row for each
answer. Candidates' numbers serve here alone, to see who stands twice in a file; they are neither kept nor shown.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from bank.content import TYPE_NAMES
from bank.exchange.cells import Grid
from bank.exchange.glyphs import shown_name, squeeze, trim
from bank.exchange.office.grids import read_grids
from bank.ground.errors import BadInput
from papers.statistics.scoring import (
    ABSENT,
    NOTHING,
    OMITTED,
    Answer,
    Mode,
    Question,
    modes,
    read_answer,
    read_points,
    same_key,
)

Reader = Callable[[Question, str, Mode], Answer]
MAX_BYTES = 20 * 1024 * 1024
WIDEST = 320
HEADER_WITHIN = 25
MOST_FOREIGN_KEYS = 0.2
_NUMBER = re.compile(
    r"(?:第|题号?|试题|[客主]观题?|QUESTION|Q|T|NO\.?|#)?0*([1-9]\d{0,2})(?:题|[.、])?(?:得分|答案|作答|选项)?"
)
_KINDS = {name.removesuffix("题"): kind for kind, name in TYPE_NAMES.items()}
_OF_KIND = re.compile(
    rf"({'|'.join(_KINDS)}|单选?|多选?|判)题?第?0*([1-9]\d{{0,2}})题?(?:得分|答案|作答)?",
)
_ROLES = (
    (r"(?:标准|正确|参考)答案|KEY", "key"),
    (r"准考证号?码?|考生?(?:编)?号码?|考生(?:编号|代码|ID)?|学号|CANDIDATE(?:ID)?|EXAMINEE(?:ID)?|USERID", "candidate"),
    (r"身份证(?:件)?号?码?|证件号码?|编号|ID|序号|NO\.?", "candidate_like"),
    (r"(?:考生)?姓名|NAME", "name"),
    (r"题号|试题号?|题目(?:编号|序号)?|试题(?:编号|序号)|小题号|QUESTION(?:NO\.?|NUMBER)?|ITEM", "question"),
    (r"(?:考生|作答|所选|选择)?(?:答案|选项|作答|答题)(?:内容|结果)?|ANSWER|RESPONSE|CHOICE", "answer"),
    (r"(?:实际?)?得分|分数|成绩|SCORE|POINTS?|MARKS?", "score"),
)
_KEY_ROW = re.compile(r"(?:标准|正确|参考)?答案|KEY|ANSWERKEY")
_SUM_ROW = re.compile(r"满分|分值|配分|题型|总分|合计|平均分?|得分率|正确率|人数|最高分|最低分|标准差")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not counted, and why; the sentence never holds the candidate's number."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Responses:
    """The answers of all candidates that could be read, in no order that tells who they are."""

    layout: str
    questions: tuple[Question, ...]
    answers: tuple[tuple[Answer, ...], ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """One candidate as written: texts by question, points beside letters, and the row that says so."""

    row: int
    who: str = ""
    texts: dict[int, str] = field(default_factory=dict)
    points: dict[int, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(slots=True)
class _Found:
    layout: str
    rows: list[_Row]
    keys: dict[int, str]
    numbers: set[int]


def read_responses(name: str, data: bytes, questions: Sequence[Question]) -> Responses:
    """The answers in a file, held against the form's questions; raises BadInput when the file is not of this form."""
    name = shown_name(name)
    if len(data) > MAX_BYTES:
        raise BadInput(f"文件 {name} 超过 {MAX_BYTES // 1024 // 1024} MB，请只留准考证号和各题作答再上传")
    if not data.strip(b"\x00\r\n\t "):
        raise BadInput(f"文件 {name} 是空的，请确认选对了文件")
    if not questions:
        raise BadInput("这个批次没有登记试题，不能导入成绩")
    grids = read_grids(name, data, WIDEST)
    found = next((one for grid in grids if (one := _read_grid(grid, questions)) is not None), None)
    if found is None:
        raise BadInput(
            f"文件 {name} 中没有找到表头：请用一行写“准考证号”和题号 1、2、3…，每位考生一行；"
            "或用“准考证号、题号、答案”三列，每个作答一行"
        )
    _check_numbers(name, found, questions)
    notes = _check_keys(name, found, questions)
    return _score(name, found, questions, notes)


def _read_grid(grid: Grid, questions: Sequence[Question]) -> _Found | None:
    for at, row in enumerate(grid.rows[:HEADER_WITHIN]):
        roles = _roles(row)
        if "question" in roles and ("answer" in roles or "score" in roles):
            return _long(grid, at, roles)
        columns = _question_columns(row, questions)
        if len(columns[0]) >= max(len(questions) / 2, min(2, len(questions))):
            return _wide(grid, at, roles, columns)
    return None


def _roles(header: list[str]) -> dict[str, int]:
    """The first column of each role that a header names."""
    found: dict[str, int] = {}
    for column, cell in enumerate(header):
        label = re.sub(r"\(.*?\)|[*:]", "", squeeze(cell))
        role = next((role for pattern, role in _ROLES if re.fullmatch(pattern, label)), None)
        if role is not None:
            found.setdefault(role, column)
    return found


def _question_columns(header: list[str], questions: Sequence[Question]) -> tuple[dict[int, int], dict[int, int]]:
    """Columns of answers and, where the file has both, of points, by question; nothing where a number stands twice."""
    answers: dict[int, int] = {}
    points: dict[int, int] = {}
    for column, cell in enumerate(header):
        label = squeeze(cell)
        number = _number(label, questions)
        if number is None:
            continue
        told = points if label.endswith("得分") else answers
        if number in told:
            return {}, {}
        told[number] = column
    return (answers, points) if answers else (points, {})


def _number(label: str, questions: Sequence[Question]) -> int | None:
    label = re.sub(r"\([^()]*\)", "", label)
    if plain := _NUMBER.fullmatch(label):
        return int(plain[1])
    inside = _OF_KIND.fullmatch(label)
    if inside is None:
        return None
    kind = next(kind for name, kind in _KINDS.items() if name[0] == inside[1][0])
    places = [one.position for one in questions if one.type is kind]
    # A number beyond the section stays beyond the form, so that the file is refused and not read askew.
    return places[int(inside[2]) - 1] if int(inside[2]) <= len(places) else 1000 + int(inside[2])


def _wide(grid: Grid, header: int, roles: dict[str, int], columns: tuple[dict[int, int], dict[int, int]]) -> _Found:
    who = next((roles[role] for role in ("candidate", "candidate_like") if role in roles), None)
    answers, points = columns
    found = _Found("wide", [], {}, set(answers))
    before = min(answers.values())
    for row, number in zip(grid.rows[header + 1 :], grid.numbers[header + 1 :], strict=True):
        heads = {squeeze(cell) for at, cell in enumerate(row) if at < before or at == who}
        texts = _cells(row, answers)
        if any(_KEY_ROW.fullmatch(head) for head in heads):
            found.keys = texts
        elif not any(row) or any(_SUM_ROW.fullmatch(head) for head in heads):
            continue
        else:
            mark = trim(row[who]) if who is not None and who < len(row) else ""
            found.rows.append(_Row(number, mark, texts, _cells(row, points)))
    return found


def _cells(row: list[str], columns: dict[int, int]) -> dict[int, str]:
    return {at: trim(row[column]) for at, column in columns.items() if column < len(row)}


def _long(grid: Grid, header: int, roles: dict[str, int]) -> _Found | None:
    who = next((roles[role] for role in ("candidate", "candidate_like", "name") if role in roles), None)
    if who is None:
        return None
    found = _Found("long", [], {}, set())
    people: dict[str, _Row] = {}
    for row, number in zip(grid.rows[header + 1 :], grid.numbers[header + 1 :], strict=True):
        cell = {role: trim(row[at]) if at < len(row) else "" for role, at in roles.items()}
        mark = trim(row[who]) if who < len(row) else ""
        if not any(row) or not mark:
            continue
        one = people.setdefault(mark, _Row(number, mark))
        place = _NUMBER.fullmatch(squeeze(cell["question"]))
        if place is None:
            one.fault = one.fault or f"第 {number} 行的题号“{cell['question'][:6]}”无法识别"
            continue
        at = int(place[1])
        if at in one.texts or at in one.points:
            one.fault = one.fault or f"第 {number} 行：同一考生的第 {at} 题出现了两次"
        one.texts |= {at: cell["answer"]} if "answer" in cell else {}
        one.points |= {at: cell["score"]} if cell.get("score") else {}
        found.keys |= {at: cell["key"]} if cell.get("key") else {}
        found.numbers.add(at)
    found.rows = list(people.values())
    return found


def _check_numbers(name: str, found: _Found, questions: Sequence[Question]) -> None:
    wanted = {one.position for one in questions}
    beyond, missing = sorted(found.numbers - wanted), sorted(wanted - found.numbers)
    if beyond:
        given = f"第 {beyond[0]} 题" if beyond[0] < 1000 else "超出该题型题数的题号"
        raise BadInput(f"文件 {name} 有{given}，而这份卷只有 {len(wanted)} 题；请核对是否选对了批次和卷别")
    if missing:
        shown = "、".join(map(str, missing[:8])) + (" 等" if len(missing) > 8 else "")
        raise BadInput(
            f"文件 {name} 缺第 {shown} 题，这份卷有 {len(wanted)} 题；请核对是否选对了批次和卷别，未评的题也要有一列"
        )


def _check_keys(name: str, found: _Found, questions: Sequence[Question]) -> list[str]:
    """What a key row says against the form's own: a few differences are told, many mean another form."""
    told = [(one.position, same_key(one, found.keys.get(one.position, ""))) for one in questions]
    known = [same for _, same in told if same is not None]
    foreign = [str(at) for at, same in told if same is False]
    if not foreign:
        return []
    if len(foreign) > MOST_FOREIGN_KEYS * len(known):
        raise BadInput(
            f"文件 {name} 的答案行有 {len(foreign)} 题与这份卷的标准答案不同，像是另一份卷的成绩；请核对批次和卷别"
        )
    return [f"文件答案行的第 {'、'.join(foreign)} 题与标准答案不同，评分以试卷的标准答案为准；如系答案有误请先改题"]


def _score(name: str, found: _Found, questions: Sequence[Question], notes: list[str]) -> Responses:
    columns = {one.position: [row.texts.get(one.position, "") for row in found.rows] for one in questions}
    try:
        how = modes(questions, {at: [text for text in texts if _told(text)] for at, texts in columns.items()})
    except BadInput as error:
        raise BadInput(f"文件 {name}：{error.message}") from error
    told = {at for at, texts in columns.items() if how[at] is Mode.ANSWER and any(map(_told, texts))}
    if bare := [one.position for one in questions if one.position in told and not one.key]:
        raise BadInput(
            f"文件 {name}：这份卷第 {bare[0]} 题没有标准答案（外来试卷常见），不能按作答评分；请上传各题得分"
        )
    # A class says the same few things to a question: each is read once, and forgotten with the file.
    read = cache(read_answer)
    rejected, answers = [], []
    stands: dict[str, int] = {}
    for row in found.rows:
        reason = row.fault or _absent(row)
        if row.who and row.who in stands:
            reason = f"与第 {stands[row.who]} 行是同一考生，只计第一次"
        stands.setdefault(row.who, row.row)
        try:
            scored = () if reason else _answers(row, questions, how, read)
        except BadInput as error:
            reason = error.message
        if reason:
            rejected.append(Rejected(row.row, reason))
        else:
            answers.append(scored)
    if not answers:
        raise BadInput(f"文件 {name} 没有一行能计入：{rejected[0].reason if rejected else '表头以下没有考生'}")
    return Responses(found.layout, tuple(questions), tuple(answers), tuple(rejected), tuple(_notes(found, how, notes)))


def _told(text: str) -> bool:
    if len(text) < 3 and text.isalnum():
        return text not in OMITTED
    return squeeze(text) not in OMITTED


def _absent(row: _Row) -> str:
    told = [text for text in (*row.texts.values(), *row.points.values()) if _told(text)]
    if any(squeeze(text) in ABSENT for text in told if len(text) > 1):
        return "缺考，没有计入"
    return "" if told else "没有任何作答，按缺考没有计入"


def _answers(row: _Row, questions: Sequence[Question], how: dict[int, Mode], read: Reader) -> tuple[Answer, ...]:
    return tuple(_answer(row, one, how[one.position], read) for one in questions)


def _answer(row: _Row, question: Question, mode: Mode, read: Reader) -> Answer:
    """What is written, with the marker's points where the file gives them beside the letters."""
    at = question.position
    text, points = row.texts.get(at, ""), row.points.get(at, "")
    if not points:
        return read(question, text, mode)
    chosen = read(question, text, mode) if mode is Mode.ANSWER else NOTHING
    earned = read_points(question, points)
    return Answer(earned, chosen.chosen, omitted=bool(row.texts) and chosen.omitted and not earned)


def _notes(found: _Found, how: dict[int, Mode], notes: list[str]) -> Iterator[str]:
    yield from notes
    kinds = Counter(how.values())
    if kinds[Mode.POINTS] and kinds[Mode.ANSWER]:
        yield f"{kinds[Mode.ANSWER]} 题按作答评分，{kinds[Mode.POINTS]} 题按得分读取"
    elif kinds[Mode.POINTS]:
        yield "各题按得分读取；没有作答字母，不能分析选项"
    if found.layout == "wide" and not any(row.who for row in found.rows):
        yield "没有考生编号一列，无法查出重复的考生"
