"""Moodle XML in the shape that Moodle 4 exports it, read without hand work; foreign types and dangers are told."""

import base64

import pytest

from bank.answers import Credit
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from bank.ground.errors import BadInput
from tests.bank.exchange.writing.made_items import PICTURES, TOKEN

PNG = base64.b64encode(PICTURES[TOKEN].data).decode()
HEAD = """
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>{id}</idnumber>"""
NONE = '<feedback format="html"><text></text></feedback>'
STRANGER = f"""<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category><text>$course$/top/Default for 电工班/B-A-B 直流电路</text></category>
    <info format="moodle_auto_format"><text></text></info>
    <idnumber></idnumber>
  </question>

<!-- question: 4711  -->
  <question type="multichoice">
    <name><text>欧姆定律</text></name>
    <questiontext format="html">
      <text><![CDATA[<p dir="ltr" style="text-align: left;">如图，\\(I=\\frac{{U}}{{R}}\\)，电流为（&nbsp; ）。
<br></p>
<p><img src="@@PLUGINFILE@@/%E7%94%B5%E8%B7%AF%201.png" alt="电路图" width="40"></p>]]></text>
<file name="电路 1.png" path="/" encoding="base64">{PNG}</file>
    </questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>部分电路<b>欧姆定律</b>。</p>]]></text></generalfeedback>
    <defaultgrade>2.0000000</defaultgrade>{HEAD.format(id="DG-0001")}
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>ABCD</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>回答正确</text></correctfeedback>
    <answer fraction="100" format="html">
      <text><![CDATA[<p dir="ltr">2&nbsp;A</p>]]></text>
      {NONE}
    </answer>
    <answer fraction="0" format="html">
      <text><![CDATA[<p>4&nbsp;A</p>]]></text>
      <feedback format="html"><text><![CDATA[<p>把电阻当成了电导。</p>]]></text></feedback>
    </answer>
    <tags><tag><text>直流</text></tag><tag><text>difficulty:2</text></tag></tags>
  </question>

  <question type="multichoice">
    <name><text>安全电压</text></name>
    <questiontext format="html"><text><![CDATA[<p>属于安全电压的有</p>]]></text></questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>{HEAD.format(id="")}
    <single>false</single>
    <answer fraction="50" format="html"><text>36 V</text>{NONE}</answer>
    <answer fraction="50" format="html"><text>24 V</text>{NONE}</answer>
    <answer fraction="-50" format="html"><text>220 V</text>{NONE}</answer>
  </question>

  <question type="truefalse">
    <name><text>判断</text></name>
    <questiontext format="html"><text><![CDATA[<p>水泵可以<strong>空转</strong>。</p>]]></text></questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>1.0000000</penalty>
    <hidden>1</hidden>
    <idnumber></idnumber>
    <answer fraction="0" format="moodle_auto_format"><text>true</text>
      <feedback><text>会烧坏机械密封</text></feedback></answer>
    <answer fraction="100" format="moodle_auto_format"><text>false</text>{NONE}</answer>
  </question>

  <question type="shortanswer">
    <name><text>填空</text></name>
    <questiontext format="moodle_auto_format"><text>三相四线制中线用____色。</text></questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>{HEAD.format(id="")}
    <usecase>0</usecase>
    <answer fraction="100" format="moodle_auto_format"><text>淡蓝</text>{NONE}</answer>
    <answer fraction="100" format="moodle_auto_format"><text>浅蓝</text>{NONE}</answer>
    <answer fraction="50" format="moodle_auto_format"><text>蓝</text>{NONE}</answer>
    <answer fraction="0" format="moodle_auto_format"><text>*</text>{NONE}</answer>
  </question>

  <question type="numerical">
    <name><text>数字</text></name>
    <questiontext format="html"><text><![CDATA[<p>220 V、44 Ω 时电流是多少？</p>]]></text></questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>{HEAD.format(id="")}
    <answer fraction="100" format="moodle_auto_format"><text>5</text>{NONE}
      <tolerance>0.1</tolerance></answer>
    <units><unit><multiplier>1</multiplier><unit_name>A</unit_name></unit></units>
    <unitgradingtype>0</unitgradingtype>
  </question>

  <question type="essay">
    <name><text>简答</text></name>
    <questiontext format="markdown"><text>简述**停电**检修的步骤。</text></questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <defaultgrade>5.0000000</defaultgrade>{HEAD.format(id="")}
    <responseformat>editor</responseformat>
    <graderinfo format="html"><text><![CDATA[<ol><li>停电</li><li>验电</li></ol>]]></text></graderinfo>
    <responsetemplate format="html"><text></text></responsetemplate>
  </question>

  <question type="cloze">
    <name><text>完形</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>电路{{1:SHORTANSWER:=电流#对~%50%电流量}}相等，5 Ω 加 10 V 得{{2:NM:=2:0.1}} A。</p>]]></text>
    </questiontext>
    <generalfeedback format="html"><text></text></generalfeedback>
    <penalty>0.3333333</penalty><hidden>0</hidden><idnumber></idnumber>
  </question>

  <question type="matching">
    <name><text>匹配</text></name>
    <questiontext format="html"><text>把符号和名称连起来</text></questiontext>
    <subquestion format="html"><text>A</text><answer><text>电流</text></answer></subquestion>
  </question>
  <question type="description"><name><text>说明</text></name>
    <questiontext format="html"><text>注意安全</text></questiontext></question>
</quiz>
"""


def moodle(question: str, kind: str = "multichoice") -> Reading:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz><question type="{kind}">{question}</question></quiz>'
    return read_items("题库.xml", text.encode())


def asked(text: str, form: str = "html") -> str:
    return f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>'


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_items("questions-电工班.xml", STRANGER.encode())


def test_everything_that_tidun_has_a_type_for_is_read(reading: Reading) -> None:
    assert reading.format == "moodle"
    assert [item.content for item in reading.items] == [
        ItemContent(
            ItemType.SINGLE,
            f"如图，$I=\\frac{{U}}{{R}}$，电流为（  ）。\n![电路图](pic:{TOKEN})",
            ("2 A", "4 A"),
            "A",
            "部分电路<b>欧姆定律</b>。\n把电阻当成了电导。",
            marks=4,
        ),
        ItemContent(ItemType.MULTIPLE, "属于安全电压的有", ("36 V", "24 V", "220 V"), "AB", credit=Credit.SHARE),
        ItemContent(ItemType.JUDGE, "水泵可以<b>空转</b>。", (), "错误", "会烧坏机械密封"),
        ItemContent(ItemType.BLANK, "三相四线制中线用____色。", (), "淡蓝|浅蓝"),
        ItemContent(ItemType.CALCULATION, "220 V、44 Ω 时电流是多少？", (), "5±0.1 A"),
        ItemContent(ItemType.SHORT, "简述<b>停电</b>检修的步骤。", (), "1. 停电\n2. 验电", marks=10),
        ItemContent(ItemType.BLANK, "电路____相等，5 Ω 加 10 V 得____ A。", (), "电流；2±0.1", "对"),
    ]
    assert set(reading.pictures) == {TOKEN}


def test_attributes_and_hints(reading: Reading) -> None:
    first = reading.items[0]
    assert (first.external_id, first.point, first.difficulty) == ("DG-0001", "B-A-B", 2)
    notes = [" ".join(item.notes) for item in reading.items]
    assert "错选不得分" in notes[1]
    assert "隐藏" in notes[2]
    assert "蓝" in notes[3]


def test_what_has_no_type_is_named(reading: Reading) -> None:
    assert reading.read == 8
    assert [(one.row, "匹配题（matching）" in one.reason) for one in reading.rejected] == [(8, True)]
    assert any("description" in note for note in reading.notes)


@pytest.mark.parametrize("kind", ["ddwtos", "calculated", "ddmarker", "mystery"])
def test_foreign_types_are_rejected_by_name(kind: str) -> None:
    reading = moodle(asked("拖动"), kind)
    assert kind in reading.rejected[0].reason
    assert reading.rejected[0].seen == ItemContent(ItemType.SHORT, "拖动")


def test_one_embedded_choice_is_a_choice_and_several_are_rejected() -> None:
    one = moodle(asked("欧姆定律是{1:MULTICHOICE:=U\\=IR~U\\=I/R}。".replace("\\=", "=")), "cloze")
    assert one.items[0].content.options == ("U=IR", "U=I/R")
    two = moodle(asked("{1:MC:=甲~乙}和{1:MC:=丙~丁}"), "cloze")
    assert "2 处选项" in two.rejected[0].reason


def test_a_picture_that_did_not_come_rejects_the_question() -> None:
    answers = '<answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer>'
    for source in ("https://example.org/a.png", "@@PLUGINFILE@@/a.png", "../a.png"):
        reading = moodle(asked(f'<img src="{source}">看图') + answers)
        assert "a.png" in reading.rejected[0].reason


def test_a_damaged_picture_rejects_the_question() -> None:
    stem = asked('<img src="@@PLUGINFILE@@/a.png">').replace(
        "</questiontext>", '<file name="a.png" path="/" encoding="base64">bm8gcGljdHVyZQ==</file></questiontext>'
    )
    assert "a.png" in moodle(stem, "truefalse").rejected[0].reason


def test_a_table_at_the_beginning_is_no_web_page() -> None:
    stem = asked("<table><tr><td>甲</td><td>乙</td></tr></table><p>表中有误吗？</p>")
    answers = '<answer fraction="100"><text>true</text></answer>'
    assert moodle(stem + answers, "truefalse").items[0].content.stem == "| 甲 | 乙 |\n表中有误吗？"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE quiz SYSTEM "http://example.org/quiz.dtd">',
    ],
)
def test_document_types_are_refused(declaration: str) -> None:
    with pytest.raises(BadInput, match="DOCTYPE"):
        read_items("题库.xml", f'<?xml version="1.0"?>{declaration}<quiz><question type="essay"/></quiz>'.encode())


def test_broken_xml_names_the_line() -> None:
    with pytest.raises(BadInput, match="第 2 行"):
        read_items("题库.xml", b'<quiz>\n<question type="essay"></quiz>')
