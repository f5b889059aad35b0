"""The front door for question files: one call reads any dialect, and answers for every row (Article 6(5)).

The format is found from the content, the size is checked before anything is opened, and no byte string leads to
anything but a `Reading` or one Chinese sentence.
"""

from dataclasses import replace
from pathlib import PurePath

from bank.exchange.cells import Grid
from bank.exchange.documents import Found, read_document, read_sheets
from bank.exchange.formats.interchange import read_interchange, read_marked
from bank.exchange.glyphs import clean, shown_name, trim
from bank.exchange.inlays import Inlays, own
from bank.exchange.office.delimited import read_delimited
from bank.exchange.office.excel import read_xls, read_xlsx
from bank.exchange.questions.draft import Draft, coefficients, settle
from bank.exchange.questions.lines import text_lines
from bank.exchange.questions.text import read_lines
from bank.exchange.reading import Reading, ReadItem, Rejection
from bank.exchange.rows import looks_like_rows, read_rows
from bank.exchange.sniff import decode, office_kind
from bank.exchange.standard import EXAMPLES
from bank.ground.errors import BadInput

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_LINES = 100_000
_TABLES = {".csv", ".tsv"}


def read_items(name: str, data: bytes, *, need_key: bool = True) -> Reading:
    """Read the questions of a file of any dialect.

    With `need_key=False` questions without an answer are taken too, as papers and leaked pages seldom carry one.
    Raises BadInput with one Chinese sentence that names the file and the mend.
    """
    name = shown_name(name)
    if len(data) > MAX_UPLOAD_BYTES:
        raise BadInput(f"文件 {name} 超过 {MAX_UPLOAD_BYTES // 1024 // 1024} MB，请压缩图片或拆成几个文件再导入")
    if not data.strip(b"\x00\r\n\t "):
        raise BadInput(f"文件 {name} 是空的，请确认选对了文件")
    if (stated := read_interchange(name, data)) is not None:
        return _reading(name, stated[0], None, stated[1], need_key=need_key)
    form = office_kind(name, data)
    if form == "docx":
        return _reading(name, form, None, read_document(name, data), need_key=need_key)
    if form in {"xlsx", "xls"}:
        read, inlays = (read_xlsx if form == "xlsx" else read_xls), Inlays()
        return _reading(name, form, None, read_sheets(read(name, data, inlays=inlays), inlays), need_key=need_key)
    text = decode(name, data)
    form, found = _read_text(name, clean(text.characters))
    if text.damaged:
        found.notes.append(f"有 {text.damaged} 处字符无法识别，所在试题没有导入，请用记事本另存为 UTF-8 再试")
    return _reading(name, form, text.encoding, found, need_key=need_key)


def _read_text(name: str, characters: str) -> tuple[str, Found]:
    """Text of one of three forms: JSON rows, a table, or questions line by line."""
    if characters.count("\n") > MAX_LINES:
        raise BadInput(f"文件 {name} 超过 {MAX_LINES} 行，请拆成几个文件再导入")
    if looks_like_rows(characters):
        inlays = Inlays()
        rows = read_rows(name, characters, inlays)
        return "jsonl", Found(
            [row for row in rows if isinstance(row, Draft)],
            [r for r in rows if isinstance(r, Rejection)],
            inlays=inlays,
        )
    if (stated := read_marked(characters)) is not None:
        return stated
    inlays = Inlays()
    characters = "\n".join(map(inlays.typed, own(characters).split("\n")))
    grid = read_delimited(name, characters, by_name=PurePath(name).suffix.lower() in _TABLES)
    if isinstance(grid, Grid):
        return "csv", read_sheets([grid], inlays)
    questions = read_lines(text_lines(characters), inlays)
    return "txt", Found(questions.drafts, [], questions.notes, inlays)


def _in_sets(items: list[ReadItem]) -> list[ReadItem]:
    """Items under one material are a set, also where the file numbers no sets."""
    sets: dict[str, str] = {}
    for item in items:
        if item.content.material:
            sets.setdefault(item.content.material, item.set or f"#{len(sets) + 1}")
    return [
        replace(item, set=sets[item.content.material]) if item.content.material and not item.set else item
        for item in items
    ]


def _reading(name: str, form: str, encoding: str | None, found: Found, *, need_key: bool) -> Reading:
    """Judge every draft and put items and rejections in the order of the file."""
    found.drafts = [draft for draft in found.drafts if trim(draft.external_id) not in EXAMPLES]
    judged = [settle(draft, found.inlays, need_key=need_key) for draft in found.drafts]
    items = _in_sets([one for one in judged if isinstance(one, ReadItem)])
    rejected = [*found.rejected, *(one for one in judged if isinstance(one, Rejection))]
    if not items and not rejected:
        raise BadInput(
            f"文件 {name} 中没有读到试题；请检查是否有题干、选项和答案，Excel 表要有“题型、题干、答案”等表头"
        )
    notes = list(found.notes)
    if coefficients(found.drafts):
        notes.append("难度是 0～1 之间的系数，按通过率换算成 1～5 级（系数越大越容易），请核对")
    rejected.sort(key=lambda one: one.row)
    return Reading(
        name,
        form,
        encoding,
        len(items) + len(rejected),
        tuple(items),
        tuple(rejected),
        tuple(dict.fromkeys(notes)),
        found.inlays.pictures,
    )
