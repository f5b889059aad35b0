"""The demo's story: three institutions, two simulated years of papers, one planted look-alike, one planted leak.

Everything goes through the doors that users have: the readers of Word and Excel, the assembly, the sittings, the
audits. Nothing is written past them, and what the report says is what the audits found.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from bank.exchange.intake import read_items
from bank.exchange.outline import read_outline
from bank.ground.actors import OPERATOR, Role
from bank.ground.clock import add_months, today
from bank.ground.errors import BadInput, CheckFailed
from bank.imports import import_items
from bank.institutions import InstitutionKind, add_institution, add_registration, bank_of
from bank.items import ItemStatus
from bank.readiness import readiness
from bank.revisions import import_outline
from integrity.audits.reading import read_document
from integrity.audits.reuse import PaperVerdict, audit_papers
from integrity.audits.scanning import scan_documents
from papers.assembly.blueprints import read_blueprint
from papers.blueprints import save_blueprint
from papers.intake import take_in
from papers.papers import Paper, find_form, find_paper, read_form
from papers.sittings import record_sitting
from web.assembling import assemble
from web.cli.audits import report_lines, report_row, reuse_lines, reuse_row
from web.cli.banks import readiness_lines, status_row
from web.demo.files import bank_docx, bank_xlsx, demo_outline, demo_rows, outline_xlsx
from web.house import House, create_home
from web.users import add_user

MARK = "demo.json"
SCHOOL, PLANT, ACADEMY = "黄石市机电技工学校", "大冶市重型机械有限公司", "阳新县通达职业培训学校"
ELECTRICIAN, WELDER, FORKLIFT = ("6-31-01-03", 4), ("6-18-02-04", 5), ("6-30-05-04", 5)
MONTHS_BACK = range(22, 0, -3)
PASSWORD = "Tidun2026"  # noqa: S105 - shown to whoever runs the demo
PEOPLE = (
    ("wang", "王建国", Role.WRITER, SCHOOL, None),
    ("zhao", "赵敏", Role.REVIEWER, SCHOOL, None),
    ("li", "李红", Role.ORGANIZER, SCHOOL, None),
    ("chen", "陈志强", Role.WRITER, PLANT, None),
    ("zhou", "周涛", Role.SUPERVISOR, None, "黄石市"),
    ("sun", "孙丽", Role.SUPERVISOR, None, "大冶市"),
    ("admin", "系统管理员", Role.SYSADMIN, None, None),
    ("shenji", "审计管理员", Role.AUDITOR, None, None),
)
BLUEPRINT = """
name = "电工四级 48 题卷"
minutes = 90
overlap_limit = 10

[[section]]
type = "single"
count = 34
marks = 2

[[section]]
type = "multiple"
count = 4
marks = 3

[[section]]
type = "judge"
count = 10
marks = 2

[[scope]]
code = "A"
weight = 25
tolerance = 3

[[scope]]
code = "B"
weight = 75
tolerance = 3

[difficulty]
mean = 3.0
tolerance = 0.3
"""


@dataclass(slots=True)
class Told:
    """What the demo found: `data` for machines, `lines` for a head of office."""

    data: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def tell(home: Path, say: Callable[[str], None]) -> tuple[House, Told]:
    """Make the demo's home anew and play the story; raises BadInput when the folder holds somebody's real data."""
    house = _fresh_home(home)
    told = Told()
    say("登记机构与备案，导入细目表和题库（Word、Excel）……")
    _found(house)
    _import_banks(house)
    say("组卷、用卷，走过两年……")
    papers = _use_papers(house)
    _plant_reused_paper(house, papers)
    say("审计……")
    _report(house, papers, told)
    (home / MARK).write_text(json.dumps(told.data, ensure_ascii=False, default=str), encoding="utf-8")
    return house, told


def _fresh_home(home: Path) -> House:
    if home.exists() and any(home.iterdir()):
        if not (home / MARK).exists():
            raise BadInput(f"{home} 里已有别的数据，演示不会动它；请用 --home 指明一个空文件夹")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / MARK).write_text("{}", encoding="utf-8")
    return create_home(home)


def _found(house: House) -> None:
    on = today()
    school, plant, academy = InstitutionKind.TECHNICAL_SCHOOL, InstitutionKind.ENTERPRISE, InstitutionKind.SOCIAL_ORG
    filings = (
        (SCHOOL, school, "城区", ELECTRICIAN, add_months(on, -30)),
        (PLANT, plant, "大冶市", WELDER, add_months(on, -6) + timedelta(days=24)),
        (ACADEMY, academy, "阳新县", FORKLIFT, add_months(on, -7)),
    )
    with house.unit_of_work() as session:
        for name, kind, place, (occupation, level), filed_on in filings:
            body = add_institution(session, OPERATOR, name=name, kind=kind, jurisdiction=place)
            add_registration(
                session,
                OPERATOR,
                house.policy(filed_on),
                institution=body,
                occupation=occupation,
                level=level,
                filed_on=filed_on,
            )
        for login, name, role, institution, jurisdiction in PEOPLE:
            add_user(
                session,
                OPERATOR,
                login=login,
                name=name,
                roles=frozenset({role}),
                password=PASSWORD,
                institution=institution,
                jurisdiction=jurisdiction,
            )


def _import_banks(house: House) -> None:
    padded = [*demo_rows("forklift_5"), *demo_rows("forklift_5_padding")]
    plan = (
        (SCHOOL, ELECTRICIAN, "electrician_4", "电工四级题库.docx", bank_docx, demo_rows("electrician_4")),
        (PLANT, WELDER, "welder_5", "焊工五级题库.xlsx", bank_xlsx, demo_rows("welder_5")),
        (ACADEMY, FORKLIFT, "forklift_5", "叉车司机五级题库.xlsx", bank_xlsx, padded),
    )
    for institution, (occupation, level), name, file, write, rows in plan:
        outline = read_outline(f"{name}.xlsx", outline_xlsx(demo_outline(name)))
        reading = read_items(file, write(rows, file.rsplit(".", 1)[0]))
        if reading.rejected or len(reading.items) != len(rows):
            raise CheckFailed(f"{file}：演示题库没有完整读入，程序有误")
        with house.unit_of_work() as session:
            import_outline(session, OPERATOR, outline, occupation=occupation, level=level, source=f"{name}.xlsx")
            bank = bank_of(session, institution, occupation, level)
            import_items(session, OPERATOR, bank, reading, status=ItemStatus.APPROVED)


def _use_papers(house: House) -> list[Paper]:
    """A paper every third month over two years, forms A and B used on its day; the last one is still to come."""
    occupation, level = ELECTRICIAN
    with house.unit_of_work() as session:
        wanted = read_blueprint(BLUEPRINT, "电工四级 48 题卷")
        save_blueprint(session, OPERATOR, bank_of(session, SCHOOL, occupation, level), wanted)
    made = []
    days = [add_months(today(), -months) for months in MONTHS_BACK] + [today() + timedelta(days=21)]
    for day in days:
        done = assemble(
            house,
            OPERATOR,
            institution=SCHOOL,
            occupation=occupation,
            level=level,
            held_on=day,
            blueprint=wanted.name,
            forms=2 if day < today() else 3,
        )
        if done.paper is None:
            raise CheckFailed(f"{day} 的演示试卷没有组成，程序有误")
        made.append(done.paper)
        if day < today():
            _sit(house, done.paper.id, day)
    return made


def _sit(house: House, paper_id: int, day: date) -> None:
    with house.unit_of_work() as session:
        paper = find_paper(session, paper_id)
        for form, place, candidates in (
            ("A", "黄石市机电技工学校一号考场", 42),
            ("B", "黄石市机电技工学校二号考场", 38),
        ):
            record_sitting(session, OPERATOR, find_form(paper, form), held_on=day, place=place, candidates=candidates)


def _plant_reused_paper(house: House, papers: Sequence[Paper]) -> None:
    """Seven in ten questions of a paper come back months later in a Word file made elsewhere, slightly reworded."""
    occupation, level = ELECTRICIAN
    with house.unit_of_work() as session:
        form = find_form(find_paper(session, papers[-4].id), "A")
        asked = [content for _, _, content in read_form(session, OPERATOR, form, "演示：制作雷同卷")]
        copied = [content.as_row() | {"point": "", "difficulty": 3} for content in asked[: len(asked) * 7 // 10]]
        known = {content.stem for content in asked}
        fresh = [row for row in reversed(demo_rows("electrician_4")) if row["stem"] not in known]
        rows = [_reworded(row) for row in copied] + fresh[: len(asked) - len(copied)]
        reading = read_items("外购试卷.docx", bank_docx(rows, "电工（四级）理论试卷"))
        bank = bank_of(session, SCHOOL, occupation, level)
        take_in(
            session, OPERATOR, bank, reading, used_on=today() - timedelta(days=12), place="黄石市机电技工学校三号考场"
        )


def _reworded(row: dict[str, Any]) -> dict[str, Any]:
    """What people do to hide a copy: other order of options, a word more."""
    turned = {**row, "stem": row["stem"].replace("应当", "应").replace("应", "应当", 1)}
    if row["type"] == "single":
        turned["options"] = row["options"][::-1]
        turned["answer"] = "ABCDEFGH"[len(row["options"]) - 1 - "ABCDEFGH".index(row["answer"])]
    return turned


def _report(house: House, papers: Sequence[Paper], told: Told) -> None:
    on = today()
    policy = house.policy()
    page = (files("web.demo") / "data" / "leaked_page.txt").read_bytes()
    with house.unit_of_work() as session:
        banks = [
            readiness(session, bank_of(session, institution, occupation, level), policy, on)
            for institution, (occupation, level) in ((SCHOOL, ELECTRICIAN), (PLANT, WELDER), (ACADEMY, FORKLIFT))
        ]
        institutions = [one.bank.institution_id for one in banks]
        reuse = audit_papers(session, institutions, add_months(on, -24), on, policy)
        scans = scan_documents(session, OPERATOR, institutions, [read_document("论坛网页.txt", page)])
        made = [{"paper": one.number, "held_on": one.held_on.isoformat(), "origin": one.origin.value} for one in papers]
        told.data |= {
            "banks": [status_row(one) for one in banks],
            "papers": made,
            "audit": reuse_row(session, reuse, policy),
            "leaks": [report_row(scan) for scan in scans],
        }
        told.lines += ["", "一、题库期限（第六条第五项）"]
        told.lines += [line for one in banks for line in readiness_lines(one)]
        told.lines += ["", f"二、组卷：两年组卷 {len(papers)} 次，每份均附证书，与前 12 个月往卷的重复分值不超过 10%"]
        told.lines += [
            "",
            "三、雷同审计（第十四条第四项）",
            *reuse_lines(reuse, policy.alike_share, policy.partial_share),
        ]
        told.lines += ["", "四、泄题扫描（第十六条第二项）"]
        told.lines += [line for scan in scans for line in report_lines(scan)]
    if len(reuse.of(PaperVerdict.ALIKE)) != 1:
        raise CheckFailed("演示的雷同卷没有被准确找出，程序有误")
    told.lines += ["", f"登录名（口令都是 {PASSWORD}）："]
    told.lines += [
        f"  {login}　{name}　{institution or place or '全系统'}" for login, name, _, institution, place in PEOPLE
    ]
