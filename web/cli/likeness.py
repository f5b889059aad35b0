"""The command that holds a file against a bank before anything is imported: what repeats what, no wording shown."""

from pathlib import Path
from typing import Any

import click

from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.ground.actors import OPERATOR
from bank.institutions import bank_of
from bank.ledger.log import append
from integrity.similarity.verdict import VERDICT_NAMES
from integrity.similarity.watch import Alike, look_alikes
from web.cli.chinese import Group
from web.cli.frame import Answer, command, progress, read_file
from web.cli.items import item
from web.house import House

MOST_LINES = 30


def join(cli: Group) -> None:
    """Hang this subject's command, with all others for items, under `tidun`."""
    cli.add_command(item)


@command(item, "alike")
@click.argument("file", metavar="FILE")
@click.option("--institution", "owner", required=True, metavar="ID", help="机构编号或名称 (institution)")
@click.option("--occupation", required=True, metavar="CODE", help="职业编码 (occupation)")
@click.option("--level", required=True, type=int, help="等级 (level)")
def hold_against(house: House, file: str, owner: str, occupation: str, level: int) -> Answer:
    """逐题与题库比对，只报编号和判定，不入库 (compare without importing)"""
    reading = read_items(Path(file).name, read_file(file, MAX_UPLOAD_BYTES))
    rows: list[dict[str, Any]] = []
    with house.reading() as session, progress(reading.items, "比对") as todo:
        bank = bank_of(session, owner, occupation, level)
        for one in todo:
            found = look_alikes(session, bank, one.content, knows_key=lambda _: True)
            rows.append({"row": one.row, "place": one.place, "near": [_near_row(near) for near in found]})
    met = sorted({near["item"] for row in rows for near in row["near"]})
    with house.unit_of_work() as session:
        append(session, OPERATOR, "item.hint", {"bank": bank.id, "read": len(rows), "items": met})
    same = [row for row in rows if any(near["same"] for near in row["near"])]
    lines = [f"{reading.file}：{len(rows)} 题，其中 {len(same)} 题与库内试题相同或近似"]
    lines += [_line(row) for row in same[:MOST_LINES]]
    more = len(same) - MOST_LINES
    return Answer(
        {"file": reading.file, "bank": bank.id, "read": len(rows), "same": len(same), "rows": rows},
        lines + ([f"  另有 {more} 题，加 --json 可看全部"] if more > 0 else []),
    )


def _near_row(near: Alike) -> dict[str, Any]:
    how = near.judgement
    named = {"item": near.item.id, "external_id": near.item.external_id}
    return {**named, "verdict": how.verdict.value, "same": how.same, "score": round(how.score, 4)}


def _line(row: dict[str, Any]) -> str:
    best = next(near for near in row["near"] if near["same"])
    names = {verdict.value: name for verdict, name in VERDICT_NAMES.items()}
    return f"  {row['place']}与库内试题 {best['item']}：{names[best['verdict']]} {best['score']:.2f}"
