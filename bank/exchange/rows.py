"""JSON rows, one question a line: `{"id","type","stem","options","answer","point"?,"difficulty"?,"rationale"?}`.

The `id` is kept as the item's external id. Types may be given in English or Chinese, answers in any notation.
"""

import json
from typing import Any

from bank.content import ItemContent
from bank.exchange.inlays import Inlays, own
from bank.exchange.questions.draft import Draft
from bank.exchange.questions.kinds import kind_of
from bank.exchange.reading import Rejection
from bank.ground.errors import BadInput

MAX_ROWS = 100_000
_WHOLE = frozenset({"notation", "rubric", "task", "parameters", "credit", "marks"})


def looks_like_rows(characters: str) -> bool:
    """Whether a text begins with a JSON object or a list of them."""
    head = characters.lstrip()[:2000]
    if head.startswith("["):
        head = head[1:].lstrip()
    return head.startswith("{") and '"' in head


def read_rows(name: str, characters: str, inlays: Inlays) -> list[Draft | Rejection]:
    """The questions of a JSON Lines text, or of one JSON list, in order."""
    listed = _parse(characters) if characters.lstrip().startswith("[") else None
    if isinstance(listed, list):
        found = [(n, one, f"第 {n} 条") for n, one in enumerate(listed, 1)]
    else:
        lines = enumerate(characters.split("\n"), 1)
        found = [(n, _parse(line), f"第 {n} 行") for n, line in lines if line.strip()]
    if len(found) > MAX_ROWS:
        raise BadInput(f"文件 {name} 超过 {MAX_ROWS} 题，请拆成几个文件再导入")
    return [_draft(*one, inlays) for one in found]


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _draft(number: int, row: Any, place: str, inlays: Inlays) -> Draft | Rejection:
    if not isinstance(row, dict):
        return Rejection(number, place, "不是完整的 JSON 对象，每行应为一个 {…}，请检查引号、逗号和括号")
    options = row.get("options") or []
    if isinstance(options, dict):
        options = list(options.values())
    if not isinstance(row.get("stem"), str) or not isinstance(options, list):
        return Rejection(number, place, "题干 stem 应为文字，选项 options 应为列表")
    answer = row.get("answer", "")
    said = _text(row.get("type"))
    draft = Draft(
        row=number,
        place=place,
        stem=_typed(row["stem"], inlays),
        options=[_typed(option, inlays) for option in options],
        answer="".join(map(_text, answer)) if isinstance(answer, list) else _typed(answer, inlays),
        kind=kind_of(said),
        rationale=_typed(row.get("rationale"), inlays),
        external_id=_text(row.get("id")),
        point=_text(row.get("point")),
        difficulty=_text(row.get("difficulty")),
    )
    for name in ("consistency", "cognition", "importance", "set"):
        setattr(draft, name, _text(row.get(name)))
    if said and not draft.kind:
        return Rejection(number, place, f"题型“{said[:20]}”无法识别，请写 single、multiple、judge、blank、short 等")
    return _stated(draft, row) if _WHOLE & row.keys() else draft


def _stated(draft: Draft, row: dict[str, Any]) -> Draft | Rejection:
    """A row that our own face wrote holds the whole content, texts in the notation."""
    try:
        draft.content = ItemContent.from_row(row | {"type": draft.kind or row.get("type")})
    except BadInput as error:
        return Rejection(draft.row, draft.place, error.message)
    return draft


def _typed(value: Any, inlays: Inlays) -> str:
    return inlays.typed(own(_text(value)))


def _text(value: Any) -> str:
    """Text of a JSON value; true and false are verdicts on a judge item."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "正确" if value else "错误"
    return value if isinstance(value, str) else str(value)
