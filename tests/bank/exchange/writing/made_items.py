"""Makes items of every type with texts that are hard to write down: signs of all formats, formulas, tables."""

import io
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from PIL import Image

from bank import notation
from bank.answers import Credit, PracticalTask, Preparation, RubricPoint, ScoredStep
from bank.content import LETTERS, RIGHT, WRONG, ItemContent, ItemType
from bank.exchange.glyphs import trim
from bank.exchange.intake import read_items
from bank.exchange.writing.items import Written, WrittenItem
from bank.pictures import PictureFile, cleaned

Writer = Callable[[list[WrittenItem], dict[str, PictureFile], str], Written]


def picture(colour: str) -> PictureFile:
    """A small picture of one colour, cleaned as an import would."""
    stream = io.BytesIO()
    Image.new("RGB", (6, 4), colour).save(stream, "PNG")
    return cleaned("图", stream.getvalue())


PICTURES = {one.local_token: one for one in map(picture, ("red", "green"))}
TOKEN = next(iter(PICTURES))
WORDS = st.text(alphabet="轴承齿轮皮带链条油封垫片螺栓电流电压（）。，", min_size=1, max_size=6)
_SIGNS = (
    r"{ } {1:SA:=x} ~ = # #### : :: \ \n \( \) $5 $$ // -> < > <b> </p> <!-- & &amp; &nbsp; ]]> <![CDATA[ ]",
    r"[html] [id:9] %50% | _ ！＜＄ Ａ ' @@PLUGINFILE@@ =1+1 +24V -5℃ T TRUE A. * 参考答案： 解析： ² 𠮷 😀 ½",
)
HOSTILE = st.sampled_from(
    [*(sign for signs in _SIGNS for sign in signs.split()), '"', "　", "  ", " ", "\nANSWER: A\n"]
)
_MARKED = r"$U/R$ $\frac{U}{R}$ $x^2$ $\sqrt{2}$ H<sub>2</sub>O 10<sup>3</sup> <u>不</u> <b>错误</b> ____ ______"
RICH = st.sampled_from([*_MARKED.split(), "（ ）", "(  )", f"![图 1](pic:{TOKEN})"])
_LINE = st.lists(st.one_of(WORDS, HOSTILE, RICH), min_size=1, max_size=6).map("".join)
_CELL = st.one_of(WORDS, st.sampled_from(["$x^2$", "H<sub>2</sub>O", "1\\|2", "<", "&"]))
_TABLE = st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=3).map(
    lambda rows: "\n".join(f"| {one} | {two} |" for one, two in rows)
)


def settled(text: str) -> str:
    """A text in the one spelling that the notation gives it, without blanks around it and on empty lines."""
    lines = [line if line.strip() else "" for line in trim(text).split("\n")]
    return notation.write(notation.parse("\n".join(lines)))


def _stable(text: str) -> bool:
    return bool(notation.plain(text).strip()) and settled(text) == text and trim(text) == text


LINES = st.builds("{}{}".format, WORDS, _LINE).map(settled).filter(_stable)
_MORE = st.lists(st.one_of(_LINE, _LINE, _TABLE.map("\n{}".format), st.just("")), max_size=3).map("\n".join)
TEXTS = st.builds("{}{}".format, st.one_of(WORDS, HOSTILE), _MORE).map(settled).filter(_stable)
_ACCEPTED = st.one_of(
    WORDS, st.sampled_from(["36V", "<5", "a~b", "{a}", "#1", "5%", "%5", "a:b", "&", "*x", "H<sub>2</sub>O"])
)
KEYS = st.lists(st.lists(_ACCEPTED, min_size=1, max_size=2, unique=True).map("|".join), min_size=1, max_size=3).map(
    "；".join
)
MARKS = st.one_of(st.none(), st.integers(1, 40))


@st.composite
def choices(draw: st.DrawFn) -> ItemContent:
    offered = st.lists(st.one_of(LINES, TEXTS), min_size=2, max_size=5, unique=True)
    options = tuple(draw(st.one_of(offered, offered, st.just(["正确", "错误"]))))
    several = draw(st.booleans())
    size = draw(st.integers(1, len(options))) if several else 1
    key = "".join(sorted(draw(st.permutations(LETTERS[: len(options)]))[:size]))
    credit = draw(st.sampled_from(Credit)) if size > 1 else Credit.NONE
    kind = ItemType.MULTIPLE if several else ItemType.SINGLE
    return ItemContent(kind, draw(TEXTS), options, key, draw(RATIONALES), credit, draw(MARKS))


RATIONALES = st.one_of(st.just(""), TEXTS)
JUDGES = st.builds(
    lambda stem, key, why, marks: ItemContent(ItemType.JUDGE, stem, (), key, why, marks=marks),
    TEXTS,
    st.sampled_from([RIGHT, WRONG]),
    RATIONALES,
    MARKS,
)
BLANKS = st.builds(
    lambda stem, key, why: ItemContent(ItemType.BLANK, stem, (), settled(key), why), TEXTS, KEYS, RATIONALES
)


@st.composite
def worded(draw: st.DrawFn) -> ItemContent:
    kind = draw(st.sampled_from([ItemType.SHORT, ItemType.ESSAY, ItemType.CALCULATION]))
    points = st.lists(st.builds(RubricPoint, LINES, st.integers(1, 9)), max_size=3)
    rubric = tuple(draw(points))
    marks = sum(point.marks for point in rubric) if rubric else draw(MARKS)
    return ItemContent(kind, draw(TEXTS), (), draw(TEXTS), draw(RATIONALES), marks=marks, rubric=rubric)


PLAIN = st.lists(st.sampled_from(["接线", "准确", "1.5", "a<b", "&", "1|2", "甲\n乙"]), min_size=1, max_size=3).map(
    " ".join
)


def _task(tool: str, size: str, step: str, marks: int) -> PracticalTask:
    prepared = Preparation(tool.replace("\n", " "), size.replace("\n", " "), "2")
    return PracticalTask((prepared,), (), (ScoredStep(step, tool, marks, size, "每处扣 1 分"),), 5, 60)


TASKS = st.builds(_task, PLAIN, PLAIN, PLAIN, st.integers(1, 20))
PRACTICALS = st.builds(lambda stem, task: ItemContent(ItemType.PRACTICAL, stem, task=task), TEXTS, TASKS)
_ALONE = st.one_of(choices(), JUDGES, BLANKS, worded(), PRACTICALS)
_OF_A_SET = st.builds(
    lambda one, material, source: replace(one, material=material, source=source),
    _ALONE,
    TEXTS,
    st.sampled_from(["", "教材: 3"]),
)
CONTENTS = st.one_of(_ALONE, _ALONE, _OF_A_SET)


def named(contents: list[ItemContent]) -> list[WrittenItem]:
    """The contents as items with attributes, each under a name of its own."""
    return [
        WrittenItem(f"E-{n}", one, f"A-B-{n:03}", n % 5 + 1, 5 - n % 5, "apply", "XYZ"[n % 3])
        for n, one in enumerate(contents)
    ]


def check_round_trip(form: str, write: Writer, contents: list[ItemContent], *, keep_pictures: bool = True) -> None:
    """Every item written comes back the same, with its attributes, under its name."""
    items = named(contents)
    reading = read_items("题库", write(items, PICTURES, "题库").data)
    assert (reading.format, [one.reason for one in reading.rejected]) == (form, [])
    read = {one.external_id: one for one in reading.items}
    assert list(read) == [item.name for item in items]
    for item in items:
        one = read[item.name]
        assert (one.point, one.difficulty, one.consistency) == (item.point, item.difficulty, item.consistency)
        assert (one.cognition, one.importance) == (item.cognition, item.importance)
        if keep_pictures or not item.content.pictures():
            assert one.content.mapped(settled) == item.content.mapped(settled)
        assert set(one.content.pictures()) <= set(reading.pictures)
