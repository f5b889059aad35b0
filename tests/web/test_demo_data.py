"""The demo's own questions must be ones that a teacher would sign: sound, distinct, balanced, on their points."""

import json
import re
import unicodedata
from collections import Counter
from importlib.resources import files

import opencc
import pytest
from rapidfuzz import fuzz, process

from bank import notation
from bank.content import ItemContent
from web.demo.files import demo_outline, demo_rows

BANKS = ["electrician_4", "welder_5", "forklift_5"]
BLANK = "（　）"
PAGE = (files("web.demo") / "data" / "leaked_page.txt").read_text(encoding="utf-8")
LEAKED = json.loads((files("web.demo") / "data" / "leaked_page.json").read_text(encoding="utf-8"))


@pytest.fixture(params=BANKS)
def bank(request):
    return request.param


@pytest.fixture
def rows(bank):
    return demo_rows(bank)


@pytest.fixture
def outline(bank):
    return demo_outline(bank)


def test_every_row_can_be_asked(rows):
    assert {row["stem"]: faults for row in rows if (faults := ItemContent.from_row(row).faults())} == {}


def test_every_row_hangs_on_a_point_and_has_a_difficulty(rows, outline):
    codes = {point["code"] for point in outline["points"]}
    assert {row["point"] for row in rows} <= codes
    assert {row["difficulty"] for row in rows} <= {1, 2, 3, 4, 5}
    assert 2 <= sum(row["difficulty"] for row in rows) / len(rows) <= 3.5


def test_stems_read_like_exam_questions(rows):
    assert [row["stem"] for row in rows if not 15 <= len(row["stem"]) <= 60] == []
    choice = [row["stem"] for row in rows if row["type"] != "judge"]
    assert [stem for stem in choice if stem.count(BLANK) != 1] == []
    judge = [row["stem"] for row in rows if row["type"] == "judge"]
    assert [stem for stem in judge if BLANK in stem or not stem.endswith("。")] == []


def test_choice_items_have_the_usual_number_of_options(rows):
    for row in rows:
        if row["type"] == "single":
            assert (len(row["options"]), len(row["answer"])) == (4, 1), row["stem"]
        elif row["type"] == "multiple":
            assert len(row["options"]) in {4, 5}, row["stem"]
            assert 2 <= len(row["answer"]) < len(row["options"]), row["stem"]


def test_no_two_questions_of_a_bank_are_alike(rows):
    stems = [row["stem"] for row in rows]
    scores = process.cdist(stems, stems, scorer=fuzz.ratio, score_cutoff=90)
    assert [stems[at] for at in range(len(stems)) if scores[at].astype(bool).sum() > 1] == []


def test_keys_are_balanced(rows):
    single = Counter(row["answer"] for row in rows if row["type"] == "single")
    assert set(single) == set("ABCD")
    assert all(0.15 <= count / single.total() <= 0.35 for count in single.values())
    judge = Counter(row["answer"] for row in rows if row["type"] == "judge")
    assert 0.35 <= judge["正确"] / judge.total() <= 0.65


def test_the_right_option_is_not_given_away_by_its_length(rows):
    single = [row for row in rows if row["type"] == "single"]
    longest = 0
    for row in single:
        lengths = {letter: len(option) for letter, option in zip("ABCD", row["options"], strict=True)}
        right = lengths.pop(row["answer"])
        longest += right > max(lengths.values())
    assert longest / len(single) < 0.35


def test_outline_weights_add_up(outline):
    weights = {scope["code"]: scope["weight"] for scope in outline["scopes"]}
    assert sum(scope["weight"] for scope in outline["scopes"] if scope["parent"] is None) == 100
    children = Counter()
    for scope in outline["scopes"]:
        if scope["parent"] is not None:
            assert scope["code"].rpartition("-")[0] == scope["parent"]
            children[scope["parent"]] += scope["weight"]
    assert children == {code: weights[code] for code in children}


def test_points_lie_in_third_grade_scopes_and_mostly_are_core(outline):
    third = {scope["code"] for scope in outline["scopes"] if scope["code"].count("-") == 2}
    assert {point["scope"] for point in outline["points"]} == third
    assert all(re.fullmatch(rf"{point['scope']}-\d{{3}}", point["code"]) for point in outline["points"])
    assert len({point["code"] for point in outline["points"]}) == len(outline["points"])
    shares = Counter(point["importance"] for point in outline["points"])
    assert shares["X"] / shares.total() >= 0.80
    assert shares["Y"] / shares.total() <= 0.15
    assert shares["Z"] / shares.total() <= 0.05


def test_the_electrician_bank_is_ready():
    rows, outline = demo_rows("electrician_4"), demo_outline("electrician_4")
    types = Counter(row["type"] for row in rows)
    assert types["single"] >= 220
    assert types["judge"] >= 90
    assert types["multiple"] >= 40
    assert 90 <= len(outline["points"]) <= 110
    assert {row["point"] for row in rows} == {point["code"] for point in outline["points"]}
    assert len(rows) / len(outline["points"]) >= 3
    assert {len(row["answer"]) for row in rows if row["type"] == "multiple"} == {2, 3, 4}


def test_the_electrician_items_follow_the_weights():
    rows, outline = demo_rows("electrician_4"), demo_outline("electrician_4")
    per_scope = Counter(row["point"].rpartition("-")[0] for row in rows)
    for scope in outline["scopes"]:
        if scope["code"] in per_scope:
            assert abs(100 * per_scope[scope["code"]] / len(rows) - scope["weight"]) <= 1.5, scope["name"]


def test_the_welder_bank_lacks_a_third_of_its_points():
    rows, outline = demo_rows("welder_5"), demo_outline("welder_5")
    assert len(rows) >= 150
    assert {row["type"] for row in rows} == {"single", "judge"}
    missing = {point["code"] for point in outline["points"]} - {row["point"] for row in rows}
    assert 0.28 <= len(missing) / len(outline["points"]) <= 0.38


def test_the_forklift_bank_is_mostly_padding():
    padding = demo_rows("forklift_5_padding")
    assert 55 <= len(demo_rows("forklift_5")) <= 70
    assert 110 <= len(padding) <= 130
    kinds = Counter(row["edit"] for row in padding)
    assert set(kinds) == {"exact", "reordered", "reworded", "spacing", "converted"}
    assert min(kinds.values()) >= 15


def _padding(edit):
    originals = demo_rows("forklift_5")
    for row in demo_rows("forklift_5_padding"):
        if row["edit"] == edit:
            original = originals[row["of"]]
            assert row["point"] == original["point"]
            content = ItemContent.from_row(row)
            assert content.faults() == []
            yield content, ItemContent.from_row(original)


def _letters(text):
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))


def test_exact_copies_are_exact():
    for copy, original in _padding("exact"):
        assert copy.as_row() == {k: v for k, v in original.as_row().items() if k != "rationale"}


def test_reordered_copies_keep_options_and_right_answer():
    for copy, original in _padding("reordered"):
        assert copy.stem == original.stem
        assert copy.options != original.options
        assert sorted(copy.options) == sorted(original.options)
        assert copy.key != original.key
        assert sorted(copy.right_options()) == sorted(original.right_options())


def test_reworded_copies_ask_the_same():
    for copy, original in _padding("reworded"):
        assert copy.stem != original.stem
        assert (copy.type, copy.options, copy.key) == (original.type, original.options, original.key)
        assert fuzz.ratio(copy.stem, original.stem) >= 60, copy.stem


def test_respaced_copies_differ_in_signs_only():
    for copy, original in _padding("spacing"):
        assert (copy.stem, copy.options) != (original.stem, original.options)
        assert _letters(copy.stem) == _letters(original.stem)
        assert [_letters(o) for o in copy.options] == [_letters(o) for o in original.options]
        assert copy.key == original.key


def test_converted_copies_state_an_option_or_ask_a_statement():
    for copy, original in _padding("converted"):
        assert copy.type != original.type
        if copy.type == "judge":
            stated = {original.stem.replace(BLANK, option): option for option in original.options}
            assert copy.stem in stated
            assert (copy.key == "正确") == (stated[copy.stem] in original.right_options())
        else:
            assert fuzz.ratio(copy.stem, original.stem) >= 60


def test_leaked_page_quotes_twelve_electrician_items():
    rows = demo_rows("electrician_4")
    simplified = opencc.OpenCC("t2s").convert(PAGE)
    assert len({item["index"] for item in LEAKED["items"]}) == 12
    assert Counter(item["edit"] for item in LEAKED["items"])["exact"] >= 3
    for item in LEAKED["items"]:
        stem = rows[item["index"]]["stem"]
        if item["edit"] == "exact":
            assert stem in PAGE
        else:
            assert fuzz.partial_ratio(stem, simplified) >= 80, stem
        if item["edit"] in {"traditional", "mistyped"}:
            assert stem not in PAGE


def test_leaked_page_quotes_no_other_item():
    quoted = {item["index"] for item in LEAKED["items"]}
    simplified = opencc.OpenCC("t2s").convert(PAGE)
    others = [row["stem"] for at, row in enumerate(demo_rows("electrician_4")) if at not in quoted]
    assert [stem for stem in others if fuzz.partial_ratio(stem, simplified) >= 80] == []


def test_unrelated_questions_of_the_page_are_in_no_bank():
    stems = [row["stem"] for bank in BANKS for row in demo_rows(bank)]
    assert len(LEAKED["unrelated"]) == 3
    for question in LEAKED["unrelated"]:
        assert question in PAGE
        assert process.extractOne(question, stems, scorer=fuzz.ratio)[1] < 60


WRITTEN = demo_rows("electrician_4_written")


def test_new_items_can_be_asked_and_stand_on_their_points():
    codes = {point["code"] for point in demo_outline("electrician_4")["points"]}
    assert {row["id"]: faults for row in WRITTEN if (faults := ItemContent.from_row(row).faults())} == {}
    assert {row["point"] for row in WRITTEN} <= codes
    assert {row["by"] for row in WRITTEN} == {"wang", "liu"}
    assert {row["state"] for row in WRITTEN} == {"draft", "submitted", "approved"}


def test_new_items_hold_formulas_that_can_be_read():
    formulas = [
        run.latex
        for row in WRITTEN
        for text in (row["stem"], row["answer"], row.get("rationale", ""), *row["options"])
        for block in notation.parse(text)
        if isinstance(block, notation.Paragraph)
        for run in block.runs
        if isinstance(run, notation.Formula)
    ]
    assert any(r"\frac" in one for one in formulas)
    assert any(r"\sqrt{3}" in one for one in formulas)
    # A dollar sign left over would be a formula that could not be read.
    plain = [ItemContent.from_row(row).plain() for row in WRITTEN]
    assert [one.stem for one in plain if "$" in "".join((one.stem, one.key, one.rationale, *one.options))] == []


def test_value_sets_of_the_parameterised_item_are_right():
    content = next(one for row in WRITTEN if (one := ItemContent.from_row(row)).parameters)
    for row in content.parameters.rows:
        given = dict(zip(content.parameters.names, map(float, row), strict=True))
        assert given["I"] == given["E"] / (given["R"] + given["r"])
        assert given["U"] == given["I"] * given["R"]


def test_new_items_repeat_nothing_of_the_bank():
    stems = [row["stem"] for row in demo_rows("electrician_4")]
    assert [row["id"] for row in WRITTEN if process.extractOne(row["stem"], stems, scorer=fuzz.ratio)[1] >= 80] == []
