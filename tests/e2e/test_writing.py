"""A writer at a real browser: typing brings the warning, a pasted picture stands in the text, nothing typed is lost."""

import re
from collections.abc import Callable, Iterator

import pytest

from bank.content import ItemContent, ItemType
from bank.items import current_versions, open_versions
from tests.e2e.person import Person
from tests.web.cast import Stock, people_the_home
from web.house import House, create_home

pytestmark = pytest.mark.browser
RELAY = ItemContent(
    ItemType.SINGLE,
    "更换交流接触器线圈时，新线圈的（    ）必须与控制电路一致。",
    ("额定电压", "外壳颜色", "生产厂家", "引线长度"),
    "A",
)
PASTE = """
async (field) => {
  const canvas = document.createElement("canvas");
  canvas.width = 60; canvas.height = 40;
  canvas.getContext("2d").fillRect(10, 10, 30, 20);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const carried = new DataTransfer();
  carried.items.add(new File([blob], "image.png", { type: "image/png" }));
  field.focus();
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A home with the cast and one question of a colleague."""
    house = create_home(tmp_path_factory.mktemp("writing") / "home")
    people_the_home(house)
    Stock(house).items("zhao", RELAY)
    yield house
    house.database.close()


def _start(who: Person, bank: int) -> None:
    who.go(f"/items/new?bank={bank}")
    if who.page.locator("text=没写完的内容").count():
        who.press("丢弃，从空白开始")


def test_typing_brings_the_warning(person: Callable[[str], Person], house: House) -> None:
    wang = person("wang")
    _start(wang, Stock(house).bank_id())
    assert not wang.page.is_visible("[data-alike-panel]")
    wang.page.locator("[name=stem]").press_sequentially("更换交流接触器线圈时，新线圈的（ ）必须与控制电路一致。")
    for letter, option in zip("abcd", RELAY.options, strict=True):
        wang.page.fill(f"[name=option_{letter}]", option)
    wang.page.wait_for_selector("[data-alike-panel] .alike-one")
    panel = wang.page.locator("[data-alike-panel]")
    panel.get_by_text("相似度高").wait_for()
    assert "1 道相同或近似" in panel.inner_text()
    assert "答案" not in panel.inner_text()
    assert "更换交流接触器线圈时" in wang.page.inner_text("[data-preview-list]")
    wang.shot("writing-alike")
    wang.page.fill("[name=stem]", "钳形电流表测量前应先估计被测电流的大小，选择合适的（ ）。")
    for letter, option in zip("abcd", ("量程", "表笔", "电池", "颜色"), strict=True):
        wang.page.fill(f"[name=option_{letter}]", option)
    panel.get_by_text("没有相同或近似的题").wait_for()


def test_a_pasted_picture_stands_in_the_saved_item(
    person: Callable[[str], Person],
    house: House,
) -> None:
    from playwright.sync_api import expect

    wang = person("wang")
    _start(wang, Stock(house).bank_id())
    wang.page.select_option("[name=type]", "judge")
    wang.page.fill("[name=stem]", "图中符号表示常开触头。")
    wang.page.locator("[name=stem]").evaluate(PASTE)
    expect(wang.page.locator("[name=stem]")).to_have_value(re.compile(r"\(pic:[0-9a-f]{32}\)"))
    wang.page.get_by_role("button", name="表格", exact=True).click()
    wang.page.get_by_label("第 1 行第 1 列").fill("符号|名称")
    wang.page.get_by_role("button", name="插入", exact=True).click()
    wang.page.check("[name=judge][value=正确]")
    wang.press("存为草稿")
    with house.reading() as session:
        version = session.scalars(current_versions()).all()[-1]
        content = open_versions(session, [version])[version.id]
    assert len(content.pictures()) == 1
    assert "符号\\|名称" in content.stem


def test_what_was_typed_is_there_again(person: Callable[[str], Person], house: House) -> None:
    bank = Stock(house).bank_id()
    wang = person("wang")
    _start(wang, bank)
    wang.page.select_option("[name=type]", "calculation")
    wang.page.fill("[name=stem]", "单相电炉 220 V、1 kW，求工作电流。")
    row = wang.page.locator("[name=rubric-text]").first
    row.fill("列出公式")
    wang.page.locator("[name=rubric-marks]").first.fill("2.5")
    assert "合计 2.5 分" in wang.page.inner_text("[data-types~=calculation] [data-sum]")
    wang.page.wait_for_selector("[data-kept]:has-text('已自动保存')", timeout=20_000)
    assert wang.page.evaluate("localStorage.length + sessionStorage.length") == 0
    wang.page.close()
    wang.page = wang.context.new_page()
    wang.go(f"/items/new?bank={bank}")
    assert "没写完的内容" in wang.page.inner_text("main")
    assert wang.page.input_value("[name=stem]") == "单相电炉 220 V、1 kW，求工作电流。"
    assert wang.page.locator("[name=rubric-marks]").first.input_value() == "2.5"


def test_leaving_with_something_unkept_asks_first(person: Callable[[str], Person], house: House) -> None:
    wang = person("wang")
    _start(wang, Stock(house).bank_id())
    asked: list[str] = []
    wang.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    wang.page.click("[name=stem]")
    wang.page.keyboard.type("刚开始写")
    wang.follow("命题工作台")
    assert asked == ["beforeunload"]
