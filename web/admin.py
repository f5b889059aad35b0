"""The administrators' plain pages: accounts for the system administrator, the ledger for the auditor. No content."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, User
from bank.ground.clock import now
from bank.institutions import Institution, Jurisdiction
from bank.ledger.heads import signed_head
from bank.ledger.log import append, entries, size_and_root
from bank.ledger.proofs import verify
from web.auth import IDLE, LoginSession
from web.house import House
from web.paging import find_page
from web.permissions import Permission, needs, needs_units

routes = Blueprint("admin", __name__)
SHOWN_ENTRIES = 50
KIND_WORDS = {
    "home.init": "建立系统",
    "login.success": "登录",
    "login.failure": "登录失败",
    "login.end": "退出",
    "login.confirm": "再次输入口令",
    "access.refused": "访问被拒绝",
    "institution.add": "登记机构",
    "registration.add": "登记备案",
    "user.add": "增加用户",
    "outline.import": "导入细目表",
    "item.add": "试题入库",
    "item.read": "查看试题",
    "item.revise": "修改试题",
    "item.submit": "送审",
    "item.approve": "审定",
    "item.return": "退回",
    "item.retire": "停用试题",
    "item.comment": "提意见",
    "item.settle": "了结意见",
    "process.set": "设定命题环节",
    "process.open": "环节开始",
    "process.close": "环节结束",
    "assignment.add": "分派命题任务",
    "assignment.withdraw": "收回命题任务",
    "user.grade": "登记等级",
    "item.import": "导入试题",
    "paper.draw": "抽题",
    "paper.assemble": "组成试卷",
    "blueprint.save": "保存组卷方案",
    "audit.bank": "题库查重",
    "paper.import": "导入试卷",
    "paper.print": "印制",
    "sitting.record": "登记批次",
    "sitting.score": "读取成绩评分",
    "sitting.results": "存入成绩",
    "item.statistics": "导出试题统计",
    "audit.papers": "雷同审计",
    "leak.scan": "泄题扫描",
    "ledger.verify": "核验台账",
}


@routes.get("/users")
@needs(Permission.LIST_USERS)
def users(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """Every account with its roles and place."""
    found = find_page(session, sa.select(User).order_by(User.id))
    return render_template(
        "admin/users.html",
        found=found,
        institutions=_names(session, Institution, (user.institution_id for user in found.rows)),
        jurisdictions=_names(session, Jurisdiction, (user.jurisdiction_id for user in found.rows)),
        signed_in=set(session.scalars(sa.select(LoginSession.user_id).where(LoginSession.last_seen > now() - IDLE))),
        now=now(),
    )


def _names(
    session: Session, table: type[Institution] | type[Jurisdiction], ids: Iterable[int | None]
) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    rows = session.execute(sa.select(table.id, table.name).where(table.id.in_(wanted)))
    return {row.id: row.name for row in rows}


@routes.get("/ledger")
@needs_units(Permission.VERIFY_LEDGER)
def ledger(house: House, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """The signed head and the newest acts."""
    return _ledger_page(house)


@routes.post("/ledger/verify")
@needs_units(Permission.VERIFY_LEDGER)
def verify_ledger(house: House, actor: Actor) -> ResponseReturnValue:
    """Recompute the whole ledger from its entries."""
    with house.reading() as session:
        found = verify(session)
    with house.unit_of_work() as session:
        append(session, actor, "ledger.verify", {"ok": found.ok})
    return _ledger_page(house, found)


def _ledger_page(house: House, found: object = None) -> str:
    with house.unit_of_work() as session:
        head = signed_head(session)
    with house.reading() as session:
        size, _ = size_and_root(session)
        last = min(max(request.args.get("last", size, type=int), 0), size)
        shown = list(entries(session, before=last + 1, newest_first=True, limit=SHOWN_ENTRIES))
    return render_template(
        "admin/ledger.html", head=head, size=size, shown=shown, last=last, found=found, words=KIND_WORDS
    )
