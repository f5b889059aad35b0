"""Blueprints as TOML: what is written is read back, what is wrong is told, what is kept is encrypted."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bank.content import ItemType
from bank.ground.actors import OPERATOR
from bank.ground.errors import BadInput, NotFound
from bank.ledger.log import entries
from bank.vault.envelope import VaultError
from papers.assembly.blueprints import (
    Blueprint,
    Difficulty,
    ScopeWeight,
    Section,
    read_blueprint,
    to_toml,
)
from papers.blueprints import StoredBlueprint, list_blueprints, load_blueprint, save_blueprint
from tests.factories import make_bank
from web.house import House

FILE = "方案.toml"
SECTION = '[[section]]\ntype = "single"\ncount = 10\nmarks = 2\n'
PLAIN = Blueprint("中级工", (Section(ItemType.SINGLE, 10, 4),))

_percent = st.integers(0, 1000).map(lambda tenths: tenths / 10)
_sections = st.lists(
    st.builds(Section, st.sampled_from(ItemType), st.integers(1, 200), st.integers(1, 80)),
    min_size=1,
    max_size=4,
    unique_by=lambda section: section.type,
).map(tuple)


@st.composite
def _difficulties(draw: st.DrawFn, items: int) -> Difficulty:
    mean = draw(st.none() | st.integers(100, 500))
    counts = draw(st.just(()) | st.just(((2, items),)) | st.just(((1, 0), (3, items), (5, 0))))
    return Difficulty(
        mean,
        draw(st.integers(0, 100)) if mean is not None else 0,
        counts,
        draw(st.integers(0, 5)) if counts else 0,
    )


@st.composite
def _blueprints(draw: st.DrawFn) -> Blueprint:
    sections = draw(_sections)
    total = sum(section.count * section.marks for section in sections)
    scopes = st.builds(ScopeWeight, st.text(min_size=1, max_size=6), st.integers(0, total), st.integers(0, 40))
    chosen = tuple(draw(st.lists(scopes, max_size=2).filter(lambda rows: sum(row.marks for row in rows) <= total)))
    return Blueprint(
        name=draw(st.text(min_size=1, max_size=20)),
        sections=sections,
        minutes=draw(st.integers(1, 480)),
        scopes=chosen,
        per_point=draw(st.none() | st.integers(1, 9)),
        difficulty=draw(_difficulties(sum(section.count for section in sections))),
        overlap_limit=draw(st.none() | _percent),
        between_forms=draw(_percent),
        per_author=draw(st.none() | st.integers(1, 9)),
    )


@given(_blueprints())
def test_what_is_written_is_read_back(blueprint: Blueprint) -> None:
    assert read_blueprint(to_toml(blueprint), "另一个名字") == blueprint


def test_what_a_short_file_means() -> None:
    found = read_blueprint(SECTION, FILE)
    assert found == Blueprint(FILE, (Section(ItemType.SINGLE, 10, 4),), 90, (), 1, Difficulty(), None, 0.0, None)
    assert (found.marks, found.items) == (40, 10)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有 [[section]]，请至少写一个题型的题量和分值"),
        ("name = 3\n" + SECTION, "name 应为文字，现为 3"),
        ("minuten = 90\n" + SECTION, "不认识“minuten”，可用的有 between_forms、difficulty、minutes"),
        (SECTION.replace("count", "anzahl"), "不认识“section.anzahl”，可用的有 count、marks、type"),
        (SECTION + "[difficulty]\nmid = 3", "不认识“difficulty.mid”"),
        (SECTION + '[[scope]]\ncode = "A"\nweight = 10\nmarks = 3', "不认识“scope.marks”"),
        ("section = [1, 2]", "“section”应写成 [[section]] 的表"),
        ("scope = {code = 1}\n" + SECTION, "“scope”应写成 [[scope]] 的表"),
        (SECTION.replace("single", "单选"), "第 1 个 [[section]]：题型 '单选' 无法识别，请写成 single、multiple"),
        (SECTION.replace("10", "true"), "count 应为不小于 1 的整数（最大 100000），现为 True"),
        (SECTION.replace("10", '"十"'), "count 应为不小于 1 的整数（最大 100000），现为 '十'"),
        (SECTION.replace("= 2", "= 0"), "marks 应为 0.5 的倍数且大于 0，现为 0"),
        (SECTION.replace("= 2", "= -1"), "marks 应为不小于 0 的数（最大 100000），现为 -1"),
        (SECTION.replace("= 2", "= inf"), "marks 应为不小于 0 的数（最大 100000），现为 inf"),
        (SECTION.replace("= 2", "= nan"), "marks 应为不小于 0 的数（最大 100000），现为 nan"),
        ("minutes = 0\n" + SECTION, "minutes 应为不小于 1 的整数（最大 100000），现为 0"),
        ("per_point = -1\n" + SECTION, "per_point 应为不小于 0 的整数（最大 100000），现为 -1"),
        ("per_author = 1.5\n" + SECTION, "per_author 应为不小于 0 的整数（最大 100000），现为 1.5"),
        ("overlap_limit = 101\n" + SECTION, "overlap_limit 是百分数，应在 0 到 100 之间，现为 101"),
        ("between_forms = -0.1\n" + SECTION, "between_forms 应为不小于 0 的数（最大 100000），现为 -0.1"),
        ("overlap_limit = nan\n" + SECTION, "overlap_limit 应为不小于 0 的数（最大 100000），现为 nan"),
        (SECTION + '[[scope]]\ncode = "A"', "第 1 个 [[scope]]：weight 应为不小于 0 的数（最大 100000），现为 None"),
        (SECTION + '[[scope]]\ncode = "A"\nweight = 101', "比重 weight 应在 0 到 100 之间"),
        (
            SECTION + '[[scope]]\ncode = "A"\nweight = 10\ntolerance = -1',
            "tolerance 应为不小于 0 的数（最大 100000），现为 -1",
        ),
        (SECTION + "[difficulty]\ntolerance = 1", "difficulty.tolerance 要与 mean 一起写"),
        (SECTION.replace("10", "1" + "0" * 400), "count 应为不小于 1 的整数（最大 100000）"),
        (SECTION.replace("= 2", "= 1" + "0" * 400), "marks 应为不小于 0 的数（最大 100000）"),
        ("difficulty = 3\n" + SECTION, "difficulty 应写成 [difficulty] 的表"),
        (SECTION + "[difficulty]\ncounts = [1]", "difficulty.counts 应为各难度（1 到 5）的题量"),
        (SECTION + '[difficulty]\ncounts = { "²" = 10 }', "difficulty.counts 应为各难度（1 到 5）的题量"),
        (SECTION + "[difficulty]\ncounts = { 3 = 11 }", "difficulty.counts 应为各难度（1 到 5）的题量"),
        (SECTION + "[difficulty]\ncounts = { 3 = true }", "difficulty.counts 应为各难度（1 到 5）的题量"),
        (SECTION + "[difficulty]\ncounts = { 6 = 10 }", "difficulty.counts 应为各难度（1 到 5）的题量"),
        (SECTION + "[difficulty]\nmean = 9", "difficulty.mean 应在 1 到 5 之间，现为 9"),
    ],
)
def test_each_fault_is_told(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=f"^{FILE}.*{re.escape(sentence)}"):
        read_blueprint(text, FILE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 300) | st.floats() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
        max_leaves=4,
    ),
    st.sampled_from(["name", "minutes", "per_point", "overlap_limit", "between_forms", "per_author", "difficulty"]),
)
def test_any_value_anywhere_is_read_or_told(value: Any, key: str) -> None:
    text = f"{key} = {_toml(value)}\n{SECTION}" if value is not None else SECTION
    try:
        found = read_blueprint(text, FILE)
    except BadInput as error:
        found, told = None, error.message
    assert read_blueprint(to_toml(found), FILE) == found if found else told.startswith(FILE)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items() if one is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value if one is not None) + "]"
    if isinstance(value, str):
        return "'" + re.sub(r"[\x00-\x1f\x7f']", "", value) + "'"
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def test_a_stored_blueprint_comes_back_and_is_replaced_by_its_name(house: House) -> None:
    newer = Blueprint("中级工", (Section(ItemType.JUDGE, 20, 2),), minutes=60)
    with house.unit_of_work() as session:
        bank, other = make_bank(session), make_bank(session, level=3)
        stored = save_blueprint(session, OPERATOR, bank, PLAIN)
        assert load_blueprint(session, bank, "中级工") == PLAIN
        assert save_blueprint(session, OPERATOR, bank, newer).id == stored.id
        assert load_blueprint(session, bank, "中级工") == newer
        assert [one.name for one in list_blueprints(session, bank)] == ["中级工"]
        acts = [one.body for one in entries(session, kinds=["blueprint.save"])]
        assert acts == [{"bank": bank.id, "blueprint": stored.id}] * 2
        for bank_without in (other, bank):
            name = "中级工" if bank_without is other else "高级工"
            known = "（还没有）" if bank_without is other else "中级工"
            with pytest.raises(NotFound, match=f"没有名为“{name}”的组卷方案，现有：{known}"):
                load_blueprint(session, bank_without, name)


def test_a_name_that_cannot_be_kept(house: House) -> None:
    with house.unit_of_work() as session:
        bank = make_bank(session)
        with pytest.raises(BadInput, match="方案名称不超过 128 字，现为 129 字"):
            save_blueprint(session, OPERATOR, bank, Blueprint("长" * 129, PLAIN.sections))
        assert session.scalars(sa.select(StoredBlueprint)).all() == []


def test_a_blueprint_of_one_bank_does_not_open_in_another(house: House) -> None:
    with house.unit_of_work() as session:
        bank, other = make_bank(session), make_bank(session, level=3)
        text = save_blueprint(session, OPERATOR, bank, PLAIN).text
        save_blueprint(session, OPERATOR, other, PLAIN).text = text
        session.flush()
        with pytest.raises(VaultError):
            load_blueprint(session, other, "中级工")
