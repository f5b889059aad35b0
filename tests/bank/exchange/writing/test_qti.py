"""QTI 3.0 packages as Tidun writes them: their shape, and the same items when they are read again."""

import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from bank.answers import Credit
from bank.content import ItemContent, ItemType
from bank.exchange.formats.xmltree import children, inside, local
from bank.exchange.writing.items import WrittenItem
from bank.exchange.writing.qti import write
from tests.bank.exchange.writing.made_items import CONTENTS, PICTURES, TOKEN, check_round_trip

# The order that the schema of QTI 3.0 asks for.
ORDER = ["responsedeclaration", "outcomedeclaration", "itembody", "responseprocessing", "modalfeedback"]
SCORED = ("qti-set-outcome-value", "qti-base-value")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CONTENTS, min_size=1, max_size=3))
def test_round_trip(contents: list[ItemContent]) -> None:
    check_round_trip("qti", write, contents)


def package(*contents: ItemContent) -> zipfile.ZipFile:
    items = [WrittenItem(f"电工 {n}", one, "A-B-001", 4) for n, one in enumerate(contents, start=1)]
    return zipfile.ZipFile(io.BytesIO(write(items, PICTURES, "题库").data))


def item(content: ItemContent) -> etree._Element:
    archive = package(content)
    path = next(name for name in archive.namelist() if name.startswith("items/"))
    return etree.fromstring(archive.read(path))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONTENTS)
def test_items_have_the_shape_of_the_schema(content: ItemContent) -> None:
    root = item(content)
    assert root.tag == "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}qti-assessment-item"
    order = [ORDER.index(local(child)) for child in root]
    assert order == sorted(order)
    assert [root.get(name) for name in ("adaptive", "time-dependent")] == ["false", "false"]
    declared = {one.get("identifier") for one in children(root, "responsedeclaration")}
    asked = [one.get("response-identifier") for one in root.iter() if local(one).endswith("interaction")]
    assert asked
    assert set(asked) == declared
    known = {one.get("identifier") for one in inside(root, "simplechoice")}
    right = {one.text for one in inside(root, "value") if local(one.getparent()) == "correctresponse"}  # type: ignore[arg-type]
    assert right <= known or not known


def test_the_manifest_lists_items_pictures_and_metadata() -> None:
    archive = package(ItemContent(ItemType.JUDGE, f"![铭牌](pic:{TOKEN})", (), "正确"))
    manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    kinds = [one.get("type") for one in inside(manifest, "resource")]
    assert kinds == ["imsqti_item_xmlv3p0", "associatedcontent/learning-application-resource"]
    named = [one.get("href") for one in inside(manifest, "file")]
    assert {*named, "imsmanifest.xml"} == set(archive.namelist())
    assert [one.text for one in inside(manifest, "id")] == ["A-B-001"]
    assert [one[1].text for one in inside(manifest, "difficulty")] == ["difficult"]
    assert [one.text for one in inside(manifest, "entry")] == ["电工 1"]


def test_formulas_are_mathml() -> None:
    root = item(ItemContent(ItemType.SHORT, r"求 $\frac{U}{R}$。", (), "5"))
    assert len(list(inside(root, "mfrac"))) == 1


def test_partial_credit() -> None:
    options = ("甲", "乙", "丙", "丁")
    shared = item(ItemContent(ItemType.MULTIPLE, "选", options, "AC", credit=Credit.SHARE, marks=4))
    entries = {one.get("map-key"): one.get("mapped-value") for one in inside(shared, "mapentry")}
    assert entries == {"A": "1", "B": "-2", "C": "1", "D": "-2"}
    half = item(ItemContent(ItemType.MULTIPLE, "选", options, "AC", credit=Credit.HALF, marks=4))
    scores = [one.text for rule in inside(half, "setoutcomevalue") for one in rule]
    assert scores == ["2", "1", "0"]
    strict = next(inside(item(ItemContent(ItemType.MULTIPLE, "选", options, "AC")), "responseprocessing"))
    assert str(strict.get("template")).endswith("match_correct.xml")


def test_the_same_items_give_the_same_bytes() -> None:
    items = [WrittenItem("1", ItemContent(ItemType.JUDGE, "水泵可以空转。", (), "错误"))]
    assert write(items, {}, "题库").data == write(items, {}, "题库").data
