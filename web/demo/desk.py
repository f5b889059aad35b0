"""The writers' desk in the demo: tasks given out, new items of every type, review in rounds, steps of the process.

The new items lie beside this file as rows in the notation; they are written to our own Excel table with a drawing in
it and come in through its reader, as a writer's table does. Each row says whose it is and how far it got.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bank.answers import RubricPoint
from bank.assignments import Wanted, assign
from bank.comments import answer, comment_on, settle
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.writing.items import WrittenItem
from bank.exchange.writing.xlsx import write
from bank.ground.actors import Actor, User, actor_of, find_user
from bank.ground.clock import today
from bank.ground.errors import CheckFailed
from bank.imports import import_items
from bank.institutions import Bank, bank_of
from bank.items import Item, current_versions, read_versions, revise_item
from bank.process import WritersSee, change_process, close_step, open_step
from bank.review import approve, send_back, submit
from bank.sets import EnemyReason, mark_enemies
from bank.writing_rules import Step
from web.demo.circuit import mixed_circuit
from web.demo.files import Row, demo_rows
from web.demo.people import ELECTRICIAN, SCHOOL
from web.house import House

WRITTEN = "electrician_4_written"
PICTURE = "mixedcircuit"
REVISED, RETURNED = "XT-08", "XT-17"
ENEMIES = ("XT-02", "XT-23")
LATE = timedelta(days=5)


def written_items(writer: str) -> list[WrittenItem]:
    """The rows of one writer as items of our own table."""
    return [_written(row) for row in demo_rows(WRITTEN) if row["by"] == writer]


def _written(row: Row) -> WrittenItem:
    names = ("point", "difficulty", "consistency", "cognition", "importance")
    return WrittenItem(row["id"], ItemContent.from_row(dict(row)), **{name: row[name] for name in names})


def work(house: House) -> dict[str, int]:
    """Give out tasks, take in what was written, and review it; how many items got how far."""
    with house.unit_of_work() as session:
        bank = bank_of(session, SCHOOL, *ELECTRICIAN)
        _begin(session, bank)
        items: dict[str, Item] = {}
        for login in ("wang", "liu"):
            items |= _take_in(session, actor_of(find_user(session, login)), bank)
        mark_enemies(session, _actor(session, "wang"), [items[name] for name in ENEMIES], EnemyReason.GIVES_AWAY)
        _review(session, items)
    states = [row["state"] for row in demo_rows(WRITTEN)]
    return {"items": len(states), "entered": states.count("approved") + 1}


def _actor(session: Session, login: str) -> Actor:
    return actor_of(find_user(session, login))


def _begin(session: Session, bank: Bank) -> None:
    """The first two steps are done, writing and review go on; two plans share the work out."""
    zhao, li = _actor(session, "zhao"), _actor(session, "li")
    change_process(session, li, bank, writers_see=WritersSee.OWN)
    for step, note in (
        (Step.PLAN, "命题组三人，命题说明已发各人。"),
        (Step.BLUEPRINT, "按细目表定题型和题数，计算题每点至少一题。"),
    ):
        open_step(session, zhao, bank, step)
        close_step(session, zhao, bank, step, note)
    for step in (Step.WRITING, Step.REVIEW):
        open_step(session, zhao, bank, step)
    wang, liu = find_user(session, "wang"), find_user(session, "liu")
    _share_out(session, li, bank, wang, liu)


def _share_out(session: Session, li: Actor, bank: Bank, wang: User, liu: User) -> None:
    wanted = [
        Wanted(wang, 8, None, ItemType.CALCULATION),
        Wanted(wang, 3, "A-B-A-001", ItemType.SINGLE),
        Wanted(liu, 4, None, ItemType.BLANK),
        Wanted(liu, 2, "B-B-C-002", ItemType.JUDGE),
    ]
    assign(session, li, bank, wanted, due_on=today() + timedelta(days=30), title="补充计算题与填空题")
    late = [Wanted(wang, 3, None, ItemType.ESSAY), Wanted(wang, 2, None, ItemType.SHORT)]
    plan = assign(session, li, bank, late, due_on=today(), title="论述题第一批")
    # Nobody can be given a day gone by; the demo, made in a minute, lets this one have passed.
    plan.due_on -= LATE


def _take_in(session: Session, writer: Actor, bank: Bank) -> dict[str, Item]:
    """The writer's table imported as drafts; the items by their numbers in it."""
    made = written_items(writer.name)
    file = f"电工四级新题（{writer.name}）.xlsx"
    reading = read_items(file, write(made, {PICTURE: mixed_circuit()}, "电工四级新题").data)
    if reading.rejected or len(reading.items) != len(made):
        raise CheckFailed(f"{file}：演示新题没有完整读入，程序有误")
    imported = import_items(session, writer, bank, reading)
    return {one.item.external_id or "": one.item for one in imported.saved}


def _review(session: Session, items: Mapping[str, Item]) -> None:
    zhao = _actor(session, "zhao")
    rows = demo_rows(WRITTEN)
    for login in ("wang", "liu"):
        sent = [items[row["id"]] for row in rows if row["by"] == login and row["state"] != "draft"]
        submit(session, _actor(session, login), sent)
    approve(session, zhao, [items[row["id"]] for row in rows if row["state"] == "approved"])
    _mend_and_approve(session, items[REVISED])
    item = items[RETURNED]
    comment = "五个要点中有三个属于日常维护，检修前的安全要求只占 5 分；题干把两者并列，请调整分值或题干。"
    thread = comment_on(session, zhao, item, "stem", comment)
    send_back(session, zhao, item, "“停电等待”请写明依据：以说明书规定的时间和充电指示灯为准。", "key")
    answer(session, _actor(session, "wang"), thread, "同意，拟把安全要求改为 7 分，题干不变，可以吗？")


def _mend_and_approve(session: Session, item: Item) -> None:
    """A calculation that forgot the efficiency: returned, mended as a second version, approved."""
    wang, zhao = _actor(session, "wang"), _actor(session, "zhao")
    thread = comment_on(session, zhao, item, "key", "算式中漏了效率 η，电动机的额定功率是轴上输出的机械功率，请改正。")
    send_back(session, zhao, item)
    answer(session, wang, thread, "已改正，评分要点一并修改。")
    version = session.scalars(current_versions(Item.id == item.id)).one()
    content = read_versions(session, wang, [version], "修改试题")[version.id]
    revise_item(session, wang, item, mended(content))
    submit(session, wang, [item])
    settle(session, zhao, thread)
    approve(session, zhao, [item])


def mended(content: ItemContent) -> ItemContent:
    """The motor's current with its efficiency."""
    right = r"$I_N=\frac{P_N}{\sqrt{3}U_N\eta\cos\varphi}=\frac{7500}{\sqrt{3}×380×0.87×0.85}≈15.4$ A"
    points: Sequence[RubricPoint] = (
        RubricPoint("写出额定电流的公式，包含功率因数和效率", 8),
        RubricPoint("代入数据正确", 6),
        RubricPoint("求出额定电流约 15.4 A", 6),
    )
    return replace(content, key=right, rubric=tuple(points))
