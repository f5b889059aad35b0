"""QTI packages in the shapes that TAO, ONYX, Canvas and QTI 3 tools export, read without hand work; dangers refused."""

import io
import zipfile

import pytest

from bank.answers import Credit
from bank.content import ItemContent, ItemType
from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from bank.ground.errors import BadInput
from tests.bank.exchange.writing.made_items import PICTURES, TOKEN

V22 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
TAO_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  identifier="MANIFEST-tao5d00c8c5328165-86024961">
  <metadata><schema>QTIv2.2 Package</schema><schemaversion>1.0.0</schemaversion></metadata>
  <organizations/>
  <resources>
    <resource identifier="i15601" type="imsqti_item_xmlv2p2" href="i15601/qti.xml">
      <metadata><imsmd:lom xmlns:imsmd="http://ltsc.ieee.org/xsd/LOM"><imsmd:educational>
        <imsmd:difficulty><imsmd:source>LOMv1.0</imsmd:source><imsmd:value>difficult</imsmd:value></imsmd:difficulty>
      </imsmd:educational></imsmd:lom></metadata>
      <file href="i15601/qti.xml"/><file href="i15601/assets/panel%201.png"/>
    </resource>
    <resource identifier="i15602" type="imsqti_item_xmlv2p2" href="i15602/qti.xml">
      <file href="i15602/qti.xml"/></resource>
    <resource identifier="i15603" type="imsqti_item_xmlv2p2" href="i15603/qti.xml">
      <file href="i15603/qti.xml"/></resource>
    <resource identifier="gone" type="imsqti_item_xmlv2p2" href="gone/qti.xml"><file href="gone/qti.xml"/></resource>
    <resource identifier="test" type="imsqti_test_xmlv2p2" href="test.xml"><file href="test.xml"/></resource>
  </resources>
</manifest>"""


def tao(identifier: str, declaration: str, body: str, rest: str = MATCH) -> str:
    """An item as TAO writes it: grid rows around everything, CDATA in values, outcomes behind the responses."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{V22}" xmlns:m="http://www.w3.org/1998/Math/MathML" identifier="{identifier}" title="Item 1"
  label="Item 1" xml:lang="zh-CN" adaptive="false" timeDependent="false" toolName="TAO" toolVersion="3.4.0">
  {declaration}
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="0"/>
  <outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">
    <defaultValue><value>1</value></defaultValue>
  </outcomeDeclaration>
  <stylesheet href="style/custom/tao-user-styles.css" type="text/css" media="all" title=""/>
  <itemBody><div class="grid-row"><div class="col-12">
    {body}
  </div></div></itemBody>
  {rest}
</assessmentItem>"""


def declared(*values: str, cardinality: str = "single", base: str = "identifier", mapping: str = "") -> str:
    right = "".join(f"<value><![CDATA[{value}]]></value>" for value in values)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{right}</correctResponse>{mapping}</responseDeclaration>"
    )


SINGLE = tao(
    "i15601",
    declared("choice_2", cardinality="multiple"),
    """<p>看控制面板：</p><p><img src="assets/panel%201.png" alt="面板" width="100%"/></p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1" minChoices="0">
      <prompt><p class="txt-ctr">电阻
        <m:math><m:mfrac><m:mi>U</m:mi><m:mi>I</m:mi></m:mfrac></m:math> 为</p></prompt>
      <simpleChoice identifier="choice_1" fixed="false" showHide="show">2&#160;<em>Ω</em></simpleChoice>
      <simpleChoice identifier="choice_2">R<sub>2</sub></simpleChoice>
    </choiceInteraction>""",
    MATCH
    + """<modalFeedback identifier="feedback_1" outcomeIdentifier="FEEDBACK" showHide="show" title="">
    <div class="grid-row"><div class="col-12"><p>见欧姆定律。</p></div></div></modalFeedback>""",
)
MAPPED = tao(
    "i15602",
    declared(
        "a",
        "b",
        cardinality="multiple",
        mapping="""<mapping lowerBound="0" upperBound="2" defaultValue="0">
          <mapEntry mapKey="a" mappedValue="1"/><mapEntry mapKey="b" mappedValue="1"/>
          <mapEntry mapKey="c" mappedValue="-2"/>
        </mapping>""",
    ),
    """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>合格的有</prompt>
      <simpleChoice identifier="a">甲</simpleChoice><simpleChoice identifier="b">乙</simpleChoice>
      <simpleChoice identifier="c">丙</simpleChoice></choiceInteraction>""",
    '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>',
)
JUDGE = tao(
    "i15603",
    declared("f"),
    """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>水泵可以空转。</prompt>
      <simpleChoice identifier="t">正确</simpleChoice><simpleChoice identifier="f">错误</simpleChoice>
    </choiceInteraction>""",
)
ENTRY = f"""<?xml version="1.0" encoding="UTF-8"?>
<qti:assessmentItem xmlns:qti="{V21}" identifier="onyx-7" title="填空" adaptive="false" timeDependent="false">
  <qti:responseDeclaration identifier="R1" cardinality="single" baseType="string">
    <qti:correctResponse><qti:value>断路器</qti:value></qti:correctResponse>
    <qti:mapping defaultValue="0"><qti:mapEntry mapKey="断路器" mappedValue="1"/>
      <qti:mapEntry mapKey="空气开关" mappedValue="1"/><qti:mapEntry mapKey="开关" mappedValue="0.5"/></qti:mapping>
  </qti:responseDeclaration>
  <qti:responseDeclaration identifier="R2" cardinality="single" baseType="float">
    <qti:correctResponse><qti:value>36</qti:value></qti:correctResponse></qti:responseDeclaration>
  <qti:itemBody><qti:p>用<qti:textEntryInteraction responseIdentifier="R1" expectedLength="10"/>保护，
    安全电压<qti:textEntryInteraction responseIdentifier="R2"/>V。</qti:p>
    <qti:table><qti:tbody><qti:tr><qti:td>甲</qti:td><qti:td>10<qti:sup>3</qti:sup></qti:td></qti:tr>
    </qti:tbody></qti:table>
  </qti:itemBody>
  <qti:responseProcessing><qti:responseCondition><qti:responseIf>
    <qti:equal toleranceMode="absolute" tolerance="0.5 0.5">
      <qti:variable identifier="R2"/><qti:correct identifier="R2"/></qti:equal>
    <qti:setOutcomeValue identifier="SCORE"><qti:baseValue baseType="float">1</qti:baseValue></qti:setOutcomeValue>
  </qti:responseIf></qti:responseCondition></qti:responseProcessing>
</qti:assessmentItem>"""
ESSAY = f"""<qti-assessment-item xmlns="{V30}" identifier="e-1" title="简答" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="6"/>
  <qti-assessment-stimulus-ref identifier="s" href="../shared/text.xml"/>
  <qti-item-body><div class="stem"><p>为什么？</p></div>
    <qti-extended-text-interaction response-identifier="RESPONSE">
      <qti-prompt>请说明。</qti-prompt></qti-extended-text-interaction>
    <qti-rubric-block use="scoring" view="scorer">
      <qti-content-body><p>因为过载。</p></qti-content-body></qti-rubric-block>
  </qti-item-body></qti-assessment-item>"""
STIMULUS = f"""<qti-assessment-stimulus xmlns="{V30}" identifier="s" title="材料">
  <qti-stimulus-body><p>某车间跳闸。</p></qti-stimulus-body></qti-assessment-stimulus>"""


def zipped(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def package(*items: str, **others: str | bytes) -> Reading:
    return read_items("题库.zip", zipped(**{f"items/{n}.xml": item for n, item in enumerate(items)}, **others))


def body(inner: str, declaration: str = "") -> str:
    return f'<assessmentItem xmlns="{V21}" identifier="x">{declaration}<itemBody>{inner}</itemBody></assessmentItem>'


@pytest.fixture(scope="module")
def stranger() -> Reading:
    members: dict[str, str | bytes] = {
        "imsmanifest.xml": TAO_MANIFEST,
        "i15601/qti.xml": SINGLE,
        "i15601/assets/panel 1.png": PICTURES[TOKEN].data,
        "i15602/qti.xml": MAPPED,
        "i15603/qti.xml": JUDGE,
        "onyx/entry.xml": ENTRY,
        "v3/items/essay.xml": ESSAY,
        "v3/shared/text.xml": STIMULUS,
        "test.xml": f'<assessmentTest xmlns="{V22}" identifier="t"/>',
        "i15601/style/custom/tao-user-styles.css": "p {}",
    }
    return read_items("tao_export.zip", zipped(**members))


def test_a_strangers_package_is_read_whole(stranger: Reading) -> None:
    assert stranger.format == "qti"
    stem = f"看控制面板：\n![面板](pic:{TOKEN})\n电阻 $\\frac{{U}}{{I}}$ 为"
    assert [item.content for item in stranger.items] == [
        ItemContent(ItemType.SINGLE, stem, ("2 Ω", "R<sub>2</sub>"), "B", "见欧姆定律。"),
        ItemContent(ItemType.MULTIPLE, "合格的有", ("甲", "乙", "丙"), "AB", credit=Credit.SHARE),
        ItemContent(ItemType.JUDGE, "水泵可以空转。", (), "错误"),
        ItemContent(
            ItemType.BLANK,
            "用____保护，安全电压____V。\n| 甲 | 10<sup>3</sup> |",
            (),
            "断路器|空气开关；36±0.5",
        ),
        ItemContent(ItemType.SHORT, "为什么？\n请说明。", (), "因为过载。", marks=12, material="某车间跳闸。"),
    ]
    assert set(stranger.pictures) == {TOKEN}


def test_ids_difficulty_and_what_is_missing(stranger: Reading) -> None:
    assert [item.external_id for item in stranger.items] == ["i15601", "i15602", "i15603", "onyx-7", "e-1"]
    assert [item.difficulty for item in stranger.items] == [4, None, None, None, None]
    assert ["gone/qti.xml" in one.place for one in stranger.rejected] == [True]
    assert "开关" in stranger.items[3].notes[0]


def test_a_bare_item_is_read() -> None:
    assert read_items("item.xml", JUDGE.encode()).items[0].content.key == "错误"


@pytest.mark.parametrize(
    ("interaction", "named"),
    [
        ("matchInteraction", "匹配"),
        ("orderInteraction", "排序"),
        ("hotspotInteraction", "图片点选"),
        ("sliderInteraction", "滑动条"),
        ("uploadInteraction", "上传文件"),
        ("customInteraction", "自定义"),
        ("futureInteraction", "未知"),
    ],
)
def test_other_interactions_are_rejected_by_name(interaction: str, named: str) -> None:
    reading = package(body(f'<p>请作答</p><{interaction} responseIdentifier="RESPONSE"/>'))
    assert named in reading.rejected[0].reason
    assert interaction in reading.rejected[0].reason
    assert reading.rejected[0].seen == ItemContent(ItemType.SHORT, "请作答")


def test_several_choices_in_one_item_are_rejected() -> None:
    offered = '<simpleChoice identifier="a">甲</simpleChoice>'
    choice = f'<choiceInteraction responseIdentifier="RESPONSE">{offered}</choiceInteraction>'
    assert "2 处作答" in package(body(choice + choice)).rejected[0].reason


def test_one_inline_choice_is_a_single_choice() -> None:
    inline = """<p>安全电压是<inlineChoiceInteraction responseIdentifier="RESPONSE">
      <inlineChoice identifier="a">36V</inlineChoice>
      <inlineChoice identifier="b">220V</inlineChoice></inlineChoiceInteraction>以下。</p>"""
    read = package(body(inline, declared("a"))).items[0].content
    assert read == ItemContent(ItemType.SINGLE, "安全电压是____以下。", ("36V", "220V"), "A")


def test_the_key_may_stand_in_the_processing_alone() -> None:
    choice = """<choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>选</prompt>
      <simpleChoice identifier="a">甲</simpleChoice><simpleChoice identifier="b">乙</simpleChoice>
      </choiceInteraction>"""
    item = f"""<assessmentItem xmlns="{V21}" identifier="x">
      <responseDeclaration identifier="R" cardinality="single" baseType="identifier"/><itemBody>{choice}</itemBody>
      <responseProcessing><responseCondition><responseIf><match><variable identifier="R"/>
      <baseValue baseType="identifier">b</baseValue></match><setOutcomeValue identifier="SCORE">
      <baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>
      </assessmentItem>"""
    assert package(item).items[0].content.key == "B"


def test_films_and_variables_are_told() -> None:
    film = body('<p>看<video src="a.mp4"/></p><extendedTextInteraction responseIdentifier="RESPONSE"/>')
    assert "视频" in package(film).rejected[0].reason
    random = body(
        '<p>求<printedVariable identifier="U"/></p><extendedTextInteraction responseIdentifier="RESPONSE"/>',
        '<templateDeclaration identifier="U" cardinality="single" baseType="integer"/>',
    )
    assert "随机变量" in package(random).rejected[0].reason


def test_unknown_formulas_are_told() -> None:
    strange = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mlongdiv><mn>1</mn></mlongdiv></math>'
    reading = package(body(f'<p>{strange}</p><extendedTextInteraction responseIdentifier="R"/>'))
    assert "公式" in reading.rejected[0].reason


def test_names_of_html_characters_are_taken() -> None:
    reading = package(body("<p>水&nbsp;泵&mdash;</p>" + '<extendedTextInteraction responseIdentifier="R"/>'))
    assert reading.rejected[0].seen is not None
    assert reading.rejected[0].seen.stem == "水 泵—"


def test_a_broken_item_is_rejected_and_the_others_are_read() -> None:
    reading = package(JUDGE, f'<assessmentItem xmlns="{V21}"><itemBody></assessmentItem>')
    assert (len(reading.items), len(reading.rejected)) == (1, 1)


def test_document_types_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>' + JUDGE.partition("?>")[2]
    with pytest.raises(BadInput, match="实体"):
        package(bomb)
    with pytest.raises(BadInput, match="DOCTYPE"):
        read_items("item.xml", bomb.encode())


@pytest.mark.parametrize("path", ["../secret.png", "..\\secret.png", "/etc/passwd", "C:/a.png"])
def test_paths_out_of_the_archive_are_refused(path: str) -> None:
    with pytest.raises(BadInput, match="路径"):
        read_items("题库.zip", zipped(**{"imsmanifest.xml": TAO_MANIFEST, path: b"x"}))


@pytest.mark.parametrize(
    "source", ["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://example.org/a.png"]
)
def test_pictures_come_from_the_archive_alone(source: str) -> None:
    reading = package(body(f'<p><img src="{source}"/></p><extendedTextInteraction responseIdentifier="R"/>'))
    assert "图片" in reading.rejected[0].reason


def test_a_bomb_is_refused() -> None:
    with pytest.raises(BadInput, match="过大"):
        package(body("<p>" + "a" * 8_000_000 + "</p>"))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("<questestinterop/>", "QTI 1.2"),
        (f'<assessmentTest xmlns="{V22}"/>', "完整的 QTI 压缩包"),
        ('<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"/>', "完整的 QTI 压缩包"),
    ],
)
def test_what_is_no_item_is_explained(text: str, advice: str) -> None:
    with pytest.raises(BadInput, match=advice):
        read_items("a.xml", text.encode())


def test_a_zip_without_items_is_explained() -> None:
    with pytest.raises(BadInput, match=r"QTI 1\.2"):
        read_items("canvas.zip", zipped(**{"imsmanifest.xml": "<manifest/>", "g1/g1.xml": "<questestinterop/>"}))
    with pytest.raises(BadInput, match="没有 QTI 试题"):
        read_items("a.zip", zipped(**{"a.xml": "<a/>"}))
