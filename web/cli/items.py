"""Commands for items: read a file, take it into a bank."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from bank.content import TYPE_NAMES
from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.exchange.reading import Reading
from bank.ground.actors import OPERATOR
from bank.ground.errors import BadInput
from bank.imports import import_items
from bank.institutions import bank_of
from bank.items import ItemStatus, Secrecy
from integrity.similarity.verdict import VERDICT_NAMES, Verdict
from integrity.similarity.watch import Duplicate, duplicates_among
from web.cli.chinese import Group
from web.cli.frame import Answer, command, progress, read_file
from web.house import House

item = Group("item")
MOST_DUPLICATE_LINES = 20


def join(cli: Group) -> None:
    """Hang this subject's group under `tidun`."""
    cli.add_command(item)


def reading_row(reading: Reading) -> dict[str, Any]:
    """The JSON of one file that was read."""
    return {
        "file": reading.file,
        "format": reading.format,
        "encoding": reading.encoding,
        "read": reading.read,
        "types": dict(Counter(one.content.type.value for one in reading.items)),
        "rejected": [{"row": one.row, "place": one.place, "reason": one.reason} for one in reading.rejected],
        "notes": [*reading.notes, *(f"{one.place}：{note}" for one in reading.items for note in one.notes)],
    }


def reading_lines(reading: Reading) -> list[str]:
    """What a person reads of one file."""
    types = Counter(one.content.type for one in reading.items)
    kinds = "，".join(f"{TYPE_NAMES[kind]} {n}" for kind, n in types.items())
    lines = [f"{reading.file}（{reading.format}）：读到 {reading.read} 题，可用 {len(reading.items)} 题（{kinds}）"]
    lines += [f"  {one.place}未读入：{one.reason}" for one in reading.rejected]
    return lines + [f"  注意：{note}" for note in reading_row(reading)["notes"]]


@command(item, "read", home="none")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
def read_files(files: tuple[str, ...]) -> Answer:
    """只读文件，不入库 (read only)"""
    rows, lines = [], []
    with progress(files, "读取") as todo:
        for file in todo:
            reading = read_items(Path(file).name, read_file(file, MAX_UPLOAD_BYTES))
            items = [
                {
                    **one.content.as_row(),
                    "row": one.row,
                    "place": one.place,
                    "point": one.point,
                    "difficulty": one.difficulty,
                    "external_id": one.external_id,
                }
                for one in reading.items
            ]
            rows.append({**reading_row(reading), "items": items})
            lines += reading_lines(reading)
    return Answer({"files": rows}, lines)


@command(item, "import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")
@click.option("--level", required=True, type=int, help="等级 (level)")
@click.option(
    "--status",
    type=click.Choice([ItemStatus.APPROVED.value, ItemStatus.DRAFT.value]),
    default=ItemStatus.APPROVED.value,
    help="approved：已审定的存量题库（默认）；draft：作为草稿走审题流程 (status)",
)
@click.option(
    "--secrecy",
    type=click.Choice([kind.value for kind in Secrecy]),
    default=Secrecy.SECRET.value,
    help="保密类别 (secrecy)",
)
def import_files(
    house: House, files: tuple[str, ...], owner: str, occupation: str, level: int, status: str, secrecy: str
) -> Answer:
    """把 Word/Excel/CSV/TXT/JSONL/QTI/Moodle XML/GIFT 题库导入 (import items)

    全部文件先读完再入库：有一个文件读不了，就都不导入。
    """
    readings = []
    with progress(files, "读取") as todo:
        for file in todo:
            readings.append(read_items(Path(file).name, read_file(file, MAX_UPLOAD_BYTES)))
    empty = next((reading for reading in readings if not reading.items), None)
    if empty is not None and len(readings) == 1 and not empty.rejected:
        raise BadInput(f"{empty.file}：没有读到试题，请对照模板检查题干、选项、答案的写法")
    rows, lines = [], []
    with house.unit_of_work() as session, progress(readings, "入库") as todo:
        bank = bank_of(session, owner, occupation, level)
        for reading in todo:
            done = import_items(session, OPERATOR, bank, reading, status=ItemStatus(status), secrecy=Secrecy(secrecy))
            found = duplicates_among(session, done.saved)
            row_of = {one.item.id: row.row for one, row in zip(done.saved, done.rows, strict=True)}
            rows.append(
                {
                    **reading_row(reading),
                    "imported": len(done.saved),
                    "duplicates": [_duplicate_row(one, row_of) for one in found],
                    "notes": reading_row(reading)["notes"] + list(done.notes),
                }
            )
            lines += [
                *reading_lines(reading),
                f"  已导入 {len(done.saved)} 题，其中 {len(found)} 题与库内试题相同或近似",
                *duplicate_lines(rows[-1]["duplicates"]),
            ]
            lines += [f"  注意：{note}" for note in done.notes]
    totals = {"imported": sum(row["imported"] for row in rows), "bank": bank.id}
    return Answer({"files": rows, **totals}, lines)


def duplicate_lines(duplicates: list[dict[str, Any]]) -> list[str]:
    """Which rows repeat what, as far as a screen holds; wording stays in the bank."""
    lines = []
    for one in duplicates[:MOST_DUPLICATE_LINES]:
        other = f"本文件第 {one['of_row']} 行" if one["of_row"] is not None else f"库内试题 {one['of']}"
        lines.append(f"    第 {one['row']} 行与{other}：{VERDICT_NAMES[Verdict(one['verdict'])]} {one['score']:.2f}")
    more = len(duplicates) - MOST_DUPLICATE_LINES
    return lines + ([f"    另有 {more} 题，加 --json 可看全部"] if more > 0 else [])


def _duplicate_row(one: Duplicate, row_of: dict[int, int]) -> dict[str, Any]:
    return {
        "row": row_of[one.item],
        "of": one.of,
        "of_row": row_of.get(one.of),
        "of_external_id": one.of_external_id,
        "verdict": one.verdict.value,
        "score": round(one.score, 4),
    }
