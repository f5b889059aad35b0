"""What the demo tells a head of office at its end: what the audits, the statistics and the checks found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months, today
from bank.ground.errors import CheckFailed
from bank.institutions import Bank, bank_of
from bank.quality.checks import SEVERITY_NAMES
from bank.readiness import readiness
from integrity.audits.reading import read_document
from integrity.audits.reuse import PaperVerdict, audit_papers
from integrity.audits.scanning import scan_documents
from papers.histories import ItemHistory, item_histories
from papers.papers import Paper
from papers.statistics.judging import Flag
from web.cli.audits import report_lines, report_row, reuse_lines, reuse_row
from web.cli.banks import readiness_lines, status_row
from web.demo.candidates import Planted
from web.demo.people import BANKS, ELECTRICIAN, SCHOOL, people_lines
from web.house import House
from web.quality import health_of, health_row
from web.statistics_sheets import statistics_row

MOST_CHECKS = 4


@dataclass(slots=True)
class Told:
    """What the demo found: `data` for machines, `lines` for a head of office."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def report(house: House, papers: Sequence[Paper], planted: Planted, written: dict[str, int]) -> Told:
    """Audit everything and say what was found; raises CheckFailed where it is not what was planted."""
    told = Told()
    with house.unit_of_work() as session:
        _tell_banks(session, house, papers, told)
        _tell_audits(session, house, told)
        school = bank_of(session, SCHOOL, *ELECTRICIAN)
        _tell_statistics(session, school, planted, told)
        _tell_writing(session, house, school, written, told)
    told.lines += ["", *people_lines()]
    return told


def _tell_banks(session: Session, house: House, papers: Sequence[Paper], told: Told) -> None:
    on, policy = today(), house.policy()
    banks = [readiness(session, bank_of(session, name, *occupation), policy, on) for name, occupation in BANKS]
    told.data["banks"] = [status_row(one) for one in banks]
    told.data["papers"] = [
        {"paper": one.number, "held_on": one.held_on.isoformat(), "origin": one.origin.value} for one in papers
    ]
    told.lines += ["", "一、题库期限（第六条第五项）"]
    told.lines += [line for one in banks for line in readiness_lines(one)]
    told.lines += ["", f"二、组卷：两年组卷 {len(papers)} 次，每份均附证书，与前 12 个月往卷的重复分值不超过 10%"]


def _tell_audits(session: Session, house: House, told: Told) -> None:
    on, policy = today(), house.policy()
    institutions = [bank_of(session, name, *occupation).institution_id for name, occupation in BANKS]
    page = (files("web.demo") / "data" / "leaked_page.txt").read_bytes()
    reuse = audit_papers(session, institutions, add_months(on, -24), on, policy)
    scans = scan_documents(session, OPERATOR, institutions, [read_document("论坛网页.txt", page)])
    if len(reuse.of(PaperVerdict.ALIKE)) != 1:
        raise CheckFailed("演示的雷同卷没有被准确找出，程序有误")
    told.data["audit"] = reuse_row(session, reuse, policy)
    told.data["leaks"] = [report_row(scan) for scan in scans]
    told.lines += ["", "三、雷同审计（第十四条第四项）", *reuse_lines(reuse, policy.alike_share, policy.partial_share)]
    told.lines += ["", "四、泄题扫描（第十六条第二项）", *(line for scan in scans for line in report_lines(scan))]


def _tell_statistics(session: Session, bank: Bank, planted: Planted, told: Told) -> None:
    known = [one for one in item_histories(session, bank) if one.count is not None]
    leads = [one for one in known if one.is_lead]
    if planted.leaked not in {one.item.id for one in leads}:
        raise CheckFailed("演示中突然变易的试题没有被找出，程序有误")
    suspects = [one for one in known if Flag.KEY_SUSPECT in one.flags]
    told.data["statistics"] = {
        "items": len(known),
        "leads": [statistics_row(one) for one in leads],
        "key_suspects": [one.item.id for one in suspects],
    }
    told.lines += ["", f"五、试题统计：{len(known)} 道题有答题结果（不存考生信息）"]
    told.lines += [_lead_line(one) for one in leads]
    told.lines += [f"  答案存疑：试题 {one.item.id}，水平高的考生多选了另一选项，请核对答案" for one in suspects]


def _lead_line(one: ItemHistory) -> str:
    shares = f"，由预期 {one.drift.expected:.0%} 升到 {one.drift.seen:.0%}" if one.drift else ""
    return f"  泄题线索：试题 {one.item.id} 在 {one.last_used} 的考试中突然变易{shares}"


def _tell_writing(session: Session, house: House, bank: Bank, written: dict[str, int], told: Told) -> None:
    health = health_of(session, bank, house.policy())
    row = health_row(bank, health)
    told.data["quality"] = {"items": row["items"], "sound": row["sound"], "conflicts": row["conflicts"]}
    told.data["written"] = written
    told.lines += ["", f"六、题库质量：{row['items']} 道题，{row['sound']} 道没有大问题"]
    told.lines += [
        f"  {SEVERITY_NAMES[one.check.severity]}　{one.check.name}：{len(one.alarms)} / {one.looked_at} 道"
        for one in health.listed()[:MOST_CHECKS]
    ]
    told.lines += [
        f"  另有命题人新写 {written['items']} 道（各种题型），已审定入库 {written['entered']} 道，其余在写或待审"
    ]
