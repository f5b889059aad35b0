"""The demo's story: three institutions, two simulated years of papers, one planted look-alike, one planted leak.

Everything goes through the doors that users have: the readers of Word and Excel, the assembly, the sittings, the
audits. Nothing is written past them, and what the report says is what the audits found.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bank.exchange.intake import read_items
from bank.exchange.outline.files import read_outline
from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months, today
from bank.ground.errors import BadInput, CheckFailed
from bank.imports import import_items
from bank.institutions import bank_of
from bank.items import ItemStatus
from bank.revisions import import_outline
from papers.assembly.blueprints import read_blueprint
from papers.blueprints import save_blueprint
from papers.intake import take_in
from papers.papers import Paper, find_form, find_paper, read_form
from papers.sittings import record_sitting
from web.assembling import assemble
from web.demo.candidates import answer_all
from web.demo.desk import work
from web.demo.files import bank_docx, bank_xlsx, demo_outline, demo_rows, outline_xlsx
from web.demo.people import ACADEMY, ELECTRICIAN, FORKLIFT, PLANT, SCHOOL, WELDER, found
from web.demo.telling import Told, report
from web.house import House, create_home

MARK = "demo.json"
MONTHS_BACK = range(22, 0, -3)
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


def tell(home: Path, say: Callable[[str], None]) -> tuple[House, Told]:
    """Make the demo's home anew and play the story; raises BadInput when the folder holds somebody's real data."""
    house = _fresh_home(home)
    say("登记机构与备案，导入细目表和题库（Word、Excel）……")
    found(house)
    _import_banks(house)
    say("组卷、用卷，走过两年……")
    papers = _use_papers(house)
    planted = answer_all(house, papers)
    _plant_reused_paper(house, papers)
    say("分工、命题、审题……")
    written = work(house)
    say("审计……")
    told = report(house, papers, planted, written)
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


def _import_banks(house: House) -> None:
    padded = [*demo_rows("forklift_5"), *demo_rows("forklift_5_padding")]
    plan = (
        (SCHOOL, ELECTRICIAN, "electrician_4", "电工四级题库.docx", bank_docx, demo_rows("electrician_4")),
        (PLANT, WELDER, "welder_5", "焊工五级题库.xlsx", bank_xlsx, demo_rows("welder_5")),
        (ACADEMY, FORKLIFT, "forklift_5", "叉车司机五级题库.xlsx", bank_xlsx, padded),
    )
    for institution, (occupation, level), name, file, write, rows in plan:
        source = f"{file.split('题库')[0]}细目表.xlsx"
        outline = read_outline(source, outline_xlsx(demo_outline(name)))
        reading = read_items(file, write(rows, file.rsplit(".", 1)[0]))
        if reading.rejected or len(reading.items) != len(rows):
            raise CheckFailed(f"{file}：演示题库没有完整读入，程序有误")
        with house.unit_of_work() as session:
            import_outline(session, OPERATOR, outline, occupation=occupation, level=level, source=source)
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
