"""From the answer sheet to a lead in a real Chromium: 李姐 uploads, 审题专家 reads the chart, 督导员 sees where."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.person import Person
from tests.web.cast import Stock, people_the_home
from tests.web.test_statistics import ITEMS, LEAKED, answer_file, make_sittings, questions_asked
from web.house import House, create_home

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home with the cast and three sittings of twelve questions, no results yet."""
    house = create_home(tmp_path_factory.mktemp("results") / "home")
    people_the_home(house)
    assert make_sittings(house, Stock(house).questions("wang", ITEMS)) == [1, 2, 3]
    yield house
    house.database.close()


def test_results_become_a_lead(person: Callable[[str], Person], house: House, tmp_path: Path) -> None:
    li = person("li")
    for sitting in (1, 2, 3):
        li.go(f"/papers/{sitting}")
        li.follow("上传")
        leaked = LEAKED if sitting == 3 else None
        path = tmp_path / f"成绩{sitting}.csv"
        path.write_bytes(
            answer_file(questions_asked(house, sitting), sitting, leaked) + b"\n42020260001,A\n42020260001,B"
        )
        li.page.set_input_files("input[type=file]", path)
        assert path.name in li.page.inner_text(".drop")
        li.press("读取并预览")
        assert li.title == "61 人可以计入，1 行不计"
        li.shot("results-preview")
        li.press("存入成绩")
        assert "已存入 61 人的成绩" in li.page.inner_text("[role=status]")
    li.shot("results-sitting")

    shen = person("shen")
    shen.follow("试题统计")
    assert shen.title == "1 道题突然变易，可能已经泄露"
    shen.shot("statistics-bank")
    shen.follow("得分率")
    assert shen.page.inner_text("th[aria-sort=ascending]") == "得分率 ↑"
    shen.follow(str(LEAKED + 1))
    assert "按其他题推算应为" in shen.title
    assert shen.page.locator("svg circle").count() == 3
    shen.follow("查看题目和各选项（记入台账）")
    assert "其余题得分率" in shen.page.inner_text("main")
    shen.shot("statistics-item")

    du = person("du")
    du.follow("变易线索")
    assert du.title == "1 道题突然变易，可能已经泄露"
    du.shot("statistics-leads")
