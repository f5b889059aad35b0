"""Three people's days in a real Chromium against the real server: what they click is what is stored."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from pypdfium2 import PdfDocument

from bank.ground.clock import today
from bank.items import ItemStatus
from tests.e2e.person import Person
from tests.web.cast import Stock, make_question, people_the_home
from web.house import House, create_home

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home with the cast, an electrician bank of 40 questions, and a look-alike paper of a past month."""
    house = create_home(tmp_path_factory.mktemp("journeys") / "home")
    people_the_home(house)
    Stock(house).questions("zhao", 40)
    yield house
    house.database.close()


def _word_file(path: Path) -> Path:
    """A bank as teachers keep it: one question lacks its key."""
    document = Document()
    document.add_paragraph("一、单项选择题")
    for number, stem in enumerate(("更换熔断器熔体时必须先（ A ）。", "钳形电流表用来测量（ B ）。"), start=1):
        document.add_paragraph(f"{number}. {stem}")
        document.add_paragraph("A. 切断电源    B. 交流电流    C. 绝缘电阻    D. 接地电阻")
    document.add_paragraph("3. 兆欧表的额定转速是（   ）。")
    document.add_paragraph("A. 60 r/min    B. 120 r/min    C. 240 r/min    D. 600 r/min")
    document.add_paragraph("二、判断题")
    document.add_paragraph("4. 电工登高作业可以不系安全带。（×）")
    stream = BytesIO()
    document.save(stream)
    path.write_bytes(stream.getvalue())
    return path


def test_a_writer_imports_mends_writes_and_submits(person: Callable[[str], Person], tmp_path: Path) -> None:
    wang = person("wang")
    wang.shot("writer-desk")
    wang.follow("导入 Word / Excel")
    wang.page.set_input_files("input[type=file]", _word_file(tmp_path / "电工题库.docx"))
    assert "电工题库.docx" in wang.page.inner_text(".drop")
    wang.press("读取并预览")
    wang.arrive("3 道题可以导入，1 处要改")
    assert "缺少答案" in wang.page.inner_text("main")
    wang.shot("writer-preview")
    wang.page.fill("details.mend [name=answer]", "B")
    wang.press("改好了")
    assert wang.title == "4 道题可以导入"
    wang.press("确认导入")
    wang.arrive("已导入 4 道题")
    wang.shot("writer-imported")
    wang.press("导错了，整批撤销")
    assert "4 道题已从题库删除" in wang.page.inner_text("[role=status]")
    wang.page.set_input_files("input[type=file]", _word_file(tmp_path / "电工题库.docx"))
    wang.press("读取并预览")
    wang.arrive("3 道题可以导入，1 处要改")
    wang.press("确认导入")
    wang.arrive("已导入 3 道题")
    wang.follow("查看草稿，送审")

    wang.follow("写一道题")
    wang.page.fill("[name=stem]", "兆欧表的额定转速是（    ）。")
    for letter, option in zip("abcd", ("60 r/min", "120 r/min", "240 r/min", "600 r/min"), strict=True):
        wang.page.fill(f"[name=option_{letter}]", option)
    wang.press("存为草稿")
    assert wang.title == "有 1 处要改"
    assert wang.page.input_value("[name=option_b]") == "120 r/min"
    wang.page.check("[name=letters][value=B]")
    wang.press("存为草稿")
    assert "已存为草稿" in wang.page.inner_text("[role=status]")

    wang.follow("写一道题")
    wang.page.select_option("[name=type]", "judge")
    assert not wang.page.is_visible("[name=option_a]")
    wang.page.fill("[name=stem]", "电工登高作业可以不系好安全带。")
    wang.page.check("[name=judge][value=错误]")
    wang.press("存为草稿")
    assert "相同或近似" in wang.title
    wang.shot("writer-near")
    wang.follow("取消")

    wang.press("送审我的全部草稿")
    assert "已送审 4 道题" in wang.page.inner_text("[role=status]")
    wang.shot("writer-items")


def test_a_reviewer_approves_and_returns(person: Callable[[str], Person], house: House) -> None:
    stock = Stock(house)
    stock.items("wang", make_question(50), make_question(51), status=ItemStatus.SUBMITTED)
    shen = person("shen")
    waiting = int(re.match(r"\d+", shen.title)[0])
    shen.shot("reviewer-waiting")
    with shen.page.expect_navigation():
        shen.page.locator("a", has_text="对照 / 退回").first.click()
    shen.press("退回修改")
    assert "请写明修改意见" in shen.page.inner_text("main")
    shen.page.fill("#remark", "选项 B 与 C 意思相同")
    shen.press("退回修改")
    assert f" / {waiting - 1} 题" in shen.page.inner_text(".path")
    shen.follow("审题")
    assert shen.title.startswith(f"{waiting - 1} 道题")
    shen.page.check("[data-all=item]")
    shen.press("通过勾选的试题")
    assert shen.title == "没有待审的试题"
    wang = person("wang")
    assert "1 道题被退回" in wang.title
    assert "选项 B 与 C 意思相同" in wang.page.inner_text("main")


def test_a_reviewer_goes_through_the_queue_by_keyboard(person: Callable[[str], Person], house: House) -> None:
    numbers = Stock(house).items("wang", *map(make_question, range(52, 56)), status=ItemStatus.SUBMITTED)
    shen = person("shen")

    def key(name: str) -> str:
        with shen.page.expect_navigation():
            shen.page.keyboard.press(name)
        return shen.page.inner_text(".path")

    assert f"第 {numbers[0]} 号 · 第 1 / 4 题" in key("j")
    assert "第 2 / 4 题" in key("j")
    assert "第 1 / 4 题" in key("k")
    shen.shot("reviewer-item")
    assert f"第 {numbers[1]} 号 · 第 1 / 3 题" in key("Control+Enter")
    shen.page.keyboard.press("r")
    shen.page.keyboard.type("jk 题干缺少条件")
    shen.page.keyboard.press("Control+Enter")
    assert f"第 {numbers[1]} 号" in shen.page.inner_text(".path")
    shen.page.select_option("#part", "stem")
    shen.press("只记下意见")
    assert "jk 题干缺少条件" in shen.page.inner_text("#comments")
    shen.shot("reviewer-thread")
    shen.page.keyboard.press("Control+Enter")
    assert "了结 1 条意见并通过" in shen.page.inner_text(":focus")
    assert "第 1 / 2 题" in key("Enter")
    key("Control+Enter")
    key("Control+Enter")
    assert shen.title == "没有待审的试题"


def test_work_is_shared_out_from_what_is_missing(person: Callable[[str], Person], house: House) -> None:
    li = person("li")
    li.follow("命题任务")
    assert "还缺" in li.title
    li.page.fill("#share-due", (today() + timedelta(days=20)).isoformat())
    li.press("分派勾选的缺题")
    assert "已分派" in li.page.inner_text("[role=status]")
    li.shot("organizer-assignments")
    li.follow("命题环节")
    li.page.get_by_role("button", name="开始", exact=True).first.click()
    li.shot("organizer-process")
    wang = person("wang")
    assert "我的任务" in wang.page.inner_text("main")
    wang.shot("writer-tasks")
    wang.follow("题库")
    assert "您只看到自己写的题" in wang.page.inner_text("main")


def test_an_organizer_assembles_prints_and_records(person: Callable[[str], Person], tmp_path: Path) -> None:
    li = person("li")
    li.shot("organizer-desk")
    li.follow("组一份卷")
    li.page.fill("[name=held_on]", today().isoformat())
    li.page.check("[name=plan][value=typed]")
    for name, value in {
        "single_count": 6,
        "single_marks": 3,
        "judge_count": 3,
        "judge_marks": 2,
        "per_point": 0,
    }.items():
        li.page.fill(f"[name={name}]", str(value))
    li.shot("organizer-plan")
    li.press("组卷")
    assert li.title == "A 卷、B 卷、备用卷已组成"
    certificate = li.page.inner_text("main")
    assert "组卷证书" in certificate
    assert "不满足" not in certificate
    li.shot("organizer-certificate")
    with li.page.expect_download() as pdf:
        li.page.get_by_role("link", name="A 卷 试卷 PDF").click()
    pdf.value.save_as(tmp_path / "a.pdf")
    with PdfDocument(tmp_path / "a.pdf") as printed:
        assert len(printed) >= 1
    with li.page.expect_download() as word:
        li.page.get_by_role("link", name="备用卷 标准答案 Word").click()
    word.value.save_as(tmp_path / "key.docx")
    assert len(Document(str(tmp_path / "key.docx")).paragraphs) > 1
    li.page.fill("[name=place]", "机电学校 3 号楼")
    li.page.fill("[name=candidates]", "28")
    li.press("登记")
    assert "已登记" in li.page.inner_text("[role=status]")
    assert "机电学校 3 号楼" in li.page.inner_text("main")

    li.follow("组卷")
    li.page.check("[name=plan][value=typed]")
    li.page.fill("[name=single_count]", "60")
    li.page.fill("[name=single_marks]", "1")
    li.press("组卷")
    assert "至少要再写" in li.title
    li.shot("organizer-conflict")
    li.follow("回去改方案")
    assert li.page.input_value("[name=single_count]") == "60"


def test_a_supervisor_sees_deadlines_audits_and_scans(person: Callable[[str], Person], house: House) -> None:
    from papers.papers import find_form, find_paper
    from papers.sittings import record_sitting

    stock = Stock(house)
    number = stock.paper(days=90)
    with house.unit_of_work() as session:
        paper = find_paper(session, number)
        for days in (90, 5):
            day = today() - timedelta(days=days)
            record_sitting(session, stock.actor("li"), find_form(paper, "A"), held_on=day, place="二中")
    du = person("du")
    du.shot("supervisor-desk")
    du.follow("题库期限")
    assert "剩余" in du.page.inner_text("main")
    du.shot("supervisor-banks")
    du.follow("雷同审计")
    assert "对雷同试卷" in du.title
    du.shot("supervisor-reuse")
    with du.page.expect_navigation():
        du.page.locator("svg.heat a").last.click()
    du.go("/audit/papers")
    with du.page.expect_navigation():
        du.page.locator("table a").first.click()
    assert du.title.startswith("雷同：")
    assert "相隔 85 天" in du.title
    du.shot("supervisor-pair")
    du.follow("泄题扫描")
    question = make_question(4)
    du.page.fill("#text", f"听说要考这道：{question.stem} {'　'.join(question.options)}")
    du.press("开始检查")
    assert "含有保密试题" in du.title
    assert "黄石市机电技工学校" in du.page.inner_text("main")
    du.shot("supervisor-leak")
    du.press("退出")
    du.go("/audit/leaks")
    assert du.title == "请登录"
    du.troubles[:] = [trouble for trouble in du.troubles if "401" not in trouble]
