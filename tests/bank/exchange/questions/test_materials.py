"""Materials that several questions of a text stand under."""

from tests.bank.exchange.question_files import read_text

WELD = "某管道采用手工电弧焊，环境温度 -5℃。"


def marks(*lines: str) -> list[tuple[str | None, str]]:
    return [(item.set, item.content.material) for item in read_text(*lines).items]


def test_a_range_of_numbers() -> None:
    found = marks(
        "一、单项选择题",
        "1．焊前应（ A ）。",
        "A．预热 B．浇水",
        "根据下列材料，回答第 2～3 题。",
        WELD,
        "焊工持证上岗。",
        "2．预热温度为（ A ）。",
        "A．100℃ B．0℃",
        "3．焊条应（ B ）。",
        "A．受潮 B．烘干",
        "4．焊后应（ A ）。",
        "A．清渣 B．敲弯",
    )
    material = f"{WELD}\n焊工持证上岗。"
    assert found == [(None, ""), ("#1", material), ("#1", material), (None, "")]


def test_a_labelled_material_holds_until_the_next_one_or_a_heading() -> None:
    found = marks(
        "一、判断题",
        f"【案例一】{WELD}",
        "1．应预热。（√）",
        "2．可不烘干焊条。（×）",
        "【案例二】",
        "某罐体在雨中焊接。",
        "3．应停止作业。（√）",
        "二、判断题",
        "1．焊后应清渣。（√）",
    )
    assert found == [("#1", WELD), ("#1", WELD), ("#2", "某罐体在雨中焊接。"), (None, "")]


def test_what_only_mentions_a_material_opens_none() -> None:
    found = marks(
        "一、简答题",
        "1．根据材料选择焊条的依据是什么？",
        "材料：Q235 钢板。",
        "答案：强度",
        "2．简述烘干。",
        "答案：略",
    )
    assert found == [(None, ""), (None, "")]
