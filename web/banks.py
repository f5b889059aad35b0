"""One bank of the own institution: how far it is, what is to be written, and what the quality checks found.

Writers, reviewers and organizers see figures, tree and work orders. Items are listed with their text only to whom the
bank's process lets read them, and each such page is a reading in the ledger. Whether an item fails a check that tells
something about its key is shown to its writer and to reviewers only.
"""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.content import TYPE_NAMES
from bank.coverage import nest
from bank.ground.actors import Actor, Role
from bank.ground.clock import today
from bank.ground.errors import NotFound
from bank.ground.terms import point_label
from bank.institutions import Bank
from bank.items import Item, current_versions, read_versions
from bank.ledger.log import append
from bank.process import step_states
from bank.quality.assessing import Alarm, Checked
from bank.quality.checks import SEVERITY_NAMES
from bank.readiness import Readiness, by_urgency, readiness
from bank.reading_rights import readable
from bank.workorders import DIFFICULTY_NAMES
from web.charts import growth_of
from web.files import hand_out
from web.house import House
from web.paging import page_of
from web.permissions import Permission, needs_units
from web.quality import checked_of, health_of
from web.reach import bank_in_reach, banks_in_reach
from web.tables import CSV, XLSX, book_bytes, table_book, table_csv
from web.writers import is_own

routes = Blueprint("banks", __name__)
SHOWN_ORDERS = 12


@routes.get("/banks")
@needs_units(Permission.SEE_BANKS)
def overview(house: House, actor: Actor) -> ResponseReturnValue:
    """All banks of the own institution, the most urgent first."""
    policy, day = house.policy(), today()
    with house.reading() as session:
        states = by_urgency(readiness(session, one, policy, day) for one in banks_in_reach(session, actor))
    return render_template("banks/overview.html", states=states, policy=policy)


@routes.get("/banks/<int:bank_id>")
@needs_units(Permission.SEE_BANKS)
def show(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """One bank: deadline, forecast, coverage, work orders, renewal."""
    policy, day = house.policy(), today()
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        state, steps = readiness(session, bank, policy, day), step_states(session, bank)
    return render_template(
        "banks/show.html",
        state=state,
        steps=steps,
        may_assign=Role.ORGANIZER in actor.roles,
        policy=policy,
        growth=growth_of(state, day),
        nodes=nest(state.scopes, state.points),
        orders=state.work_orders if "all" in request.args else state.work_orders[:SHOWN_ORDERS],
        may_write=Role.WRITER in actor.roles,
    )


@routes.get("/banks/<int:bank_id>/orders.csv")
@needs_units(Permission.SEE_BANKS)
def orders(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """The work orders as a table to hand out."""
    with house.reading() as session:
        state = readiness(session, bank_in_reach(session, actor, bank_id), house.policy(), today())
    return hand_out(table_csv(_order_rows(state)), CSV, f"orders-{bank_id}.csv")


@routes.get("/banks/<int:bank_id>/quality")
@needs_units(Permission.SEE_BANKS)
def quality(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """What the checks found, as counts."""
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        found = health_of(session, bank, house.policy(), _knows_key(actor))
    return render_template("banks/quality.html", bank=bank, found=found, may_list=_may_list(actor))


@routes.get("/banks/<int:bank_id>/quality/items")
@needs_units(Permission.SEE_BANKS)
def failing(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """The items that fail one check, with reason and, where it may be read, the question."""
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        one = checked_of(session, bank, house.policy(), request.args.get("check", ""), _knows_key(actor))
        if one is None or not _may_list(actor):
            raise NotFound("没有这项检查，或者您的角色不能看试题名单；请回到质量检查页")
        alarms = _shown_to(session, actor, bank, one)
    page = page_of(alarms)
    wanted = Item.id.in_([alarm.item for alarm in page.rows])
    with house.unit_of_work() as session:
        versions = session.scalars(current_versions(wanted, readable(session, actor, bank))).all()
        contents = read_versions(session, actor, versions, "质量检查")
        own = set(session.scalars(sa.select(Item.id).where(wanted, _key_known(actor))))
    return render_template(
        "banks/failing.html",
        bank=bank,
        one=one,
        found=page,
        hidden=len(one.alarms) - len(alarms),
        items={version.item_id: version.item for version in versions},
        contents={version.item_id: contents[version.id] for version in versions},
        own=own,
        may_write=Role.WRITER in actor.roles,
    )


@routes.get("/banks/<int:bank_id>/quality.csv")
@needs_units(Permission.SEE_BANKS)
def quality_csv(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """Numbers and reasons of all failing items, without text."""
    return hand_out(table_csv(_quality_rows(house, actor, bank_id)), CSV, f"quality-{bank_id}.csv")


@routes.get("/banks/<int:bank_id>/quality.xlsx")
@needs_units(Permission.SEE_BANKS)
def quality_xlsx(house: House, actor: Actor, bank_id: int) -> ResponseReturnValue:
    """The same for Excel."""
    book = table_book("质量检查", _quality_rows(house, actor, bank_id))
    return hand_out(book_bytes(book), XLSX, f"quality-{bank_id}.xlsx")


def _may_list(actor: Actor) -> bool:
    """Organizers see how many fail, not which: whom a check names may be on the next paper."""
    return not actor.roles.isdisjoint({Role.WRITER, Role.REVIEWER})


def _knows_key(actor: Actor) -> Callable[[Item], bool]:
    """Whether this person may be told what an item's key has to do with another's; organizers hear counts alone."""
    writes_only = Role.WRITER in actor.roles and Role.REVIEWER not in actor.roles
    return lambda item: not writes_only or is_own(actor, item)


def _key_known(actor: Actor) -> sa.ColumnElement[bool]:
    """Items whose key this writer may read: own ones, and those that no account wrote."""
    return sa.func.coalesce(Item.author_id, actor.user_id) == actor.user_id


def _shown_to(session: Session, actor: Actor, bank: Bank, one: Checked) -> list[Alarm]:
    """The failing items that this person may be told of."""
    allowed = readable(session, actor, bank)
    if one.check.keyed and Role.REVIEWER not in actor.roles:
        allowed = sa.and_(allowed, _key_known(actor))
    known = set(session.scalars(sa.select(Item.id).where(allowed)))
    return [alarm for alarm in one.alarms if alarm.item in known]


def _quality_rows(house: House, actor: Actor, bank_id: int) -> list[list[str]]:
    """The header and a row for each failing item and check; what is handed out is in the ledger."""
    rows = [["编号", "外部编号", "题型", point_label(), "程度", "检查", "原因", "怎么改"]]
    with house.reading() as session:
        bank = bank_in_reach(session, actor, bank_id)
        listed = health_of(session, bank, house.policy(), _knows_key(actor)).listed() if _may_list(actor) else []
        items = {item.id: item for item in session.scalars(sa.select(Item).where(Item.bank_id == bank.id))}
        for one in listed:
            rows += [_quality_row(items[alarm.item], one, alarm) for alarm in _shown_to(session, actor, bank, one)]
    with house.unit_of_work() as session:
        append(session, actor, "quality.export", {"bank": bank_id, "count": len(rows) - 1})
    return rows


def _quality_row(item: Item, one: Checked, alarm: Alarm) -> list[str]:
    severity = SEVERITY_NAMES[one.check.severity]
    beside = [str(item.id), item.external_id or "", TYPE_NAMES[item.type], item.point or ""]
    return [*beside, severity, one.check.name, alarm.reason, one.check.mend]


def _order_rows(state: Readiness) -> list[list[str]]:
    rows = [[point_label(), "名称", "重要程度", "已有", "应有", "还缺", "建议题型", "建议难度"]]
    for order in state.work_orders:
        types = "，".join(f"{TYPE_NAMES[kind]} {count}" for kind, count in order.types.items())
        grades = "，".join(f"{DIFFICULTY_NAMES[grade]} {count}" for grade, count in order.difficulties.items())
        importance = order.importance.value if order.importance else ""
        counts = [str(order.present), str(order.required), str(order.missing)]
        rows.append([order.point or "", order.name, importance, *counts, types, grades])
    return rows
