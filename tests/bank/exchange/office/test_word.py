"""Word files: list labels, tables, embedded objects and pictures, deleted text, and what cannot be kept."""

import pytest
from docx.document import Document
from docx.oxml import parse_xml

from bank.content import ItemType
from bank.exchange.intake import read_items
from tests.bank.exchange.office.word_files import PICTURE, W, put, read
from tests.bank.exchange.question_files import contents, document, judge, single, with_member


def test_paragraphs_headers_and_places() -> None:
    def shape(made: Document) -> None:
        made.sections[0].header.paragraphs[0].text = "内部资料 注意保密（ A ）"
        made.sections[0].footer.paragraphs[0].text = "第 1 页"

    reading = read("电梯安装题库", "一、单选题", "1．轿厢应设（ ）。", "A．安全钳", "B．彩灯", "答案：A", shape=shape)
    assert contents(reading) == [single("轿厢应设（ ）。", ["安全钳", "彩灯"], "A")]
    assert (reading.format, reading.items[0].row, reading.items[0].place) == ("docx", 3, "第 3 段（第 1 题）")


def test_numbers_and_letters_that_word_counts() -> None:
    def shape(made: Document) -> None:
        numbering = made.part.numbering_part.element
        for abstract, form, text in (
            ("90", "decimal", "%1．"),
            ("91", "upperLetter", "（%1）"),
            ("92", "chineseCounting", "%1、"),
        ):
            level = (
                f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            )
            numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{abstract}">{level}</w:abstractNum>'))
            numbering.append(
                parse_xml(f'<w:num {W} w:numId="{abstract}"><w:abstractNumId w:val="{abstract}"/></w:num>')
            )
        restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        numbering.append(parse_xml(f'<w:num {W} w:numId="93"><w:abstractNumId w:val="91"/>{restart}</w:num>'))
        lines = [
            ("92", "选择题"),
            ("90", "380V的电梯（ A ）。"),
            ("91", "应接地"),
            ("91", "可悬空"),
            ("90", "对重应（ B ）。"),
        ]
        lines += [("93", "拆除"), ("93", "平衡"), ("92", "判断题"), ("90", "层门可以拆除。（×）")]
        for number, text in lines:
            properties = made.add_paragraph(text)._p.get_or_add_pPr()
            properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'))

    found = contents(read(shape=shape))
    assert found == [
        single("380V的电梯（）。", ["应接地", "可悬空"], "A"),
        single("对重应（）。", ["拆除", "平衡"], "B"),
        judge("层门可以拆除。", "错误"),
    ]


def test_a_style_that_numbers_its_paragraphs() -> None:
    def shape(made: Document) -> None:
        for text in ("缓冲器应有（√）效。（√）", "300公斤的轿厢可以超载。（×）"):
            made.add_paragraph(text, style="List Number")

    assert [content.stem for content in contents(read("判断题", shape=shape))] == [
        "缓冲器应有（√）效。",
        "300公斤的轿厢可以超载。",
    ]


def test_embedded_objects_refuse_the_question() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("1．功率等于（ A ）。")
        put(made, "A．", f"<w:object {W}/>", "  B．电压")

    reading = read(shape=shape)
    assert not reading.items
    assert "嵌入对象" in reading.rejected[0].reason


def test_formulas_of_old_fields_refuse_the_question() -> None:
    def shape(made: Document) -> None:
        put(made, "1．速比等于（ A ）。", f"<w:instrText {W}> EQ \\f(1,2) </w:instrText>")
        made.add_paragraph("A．一半 B．两倍")

    assert "域公式" in read(shape=shape).rejected[0].reason


def test_pictures_are_noted_or_refuse_what_needs_them() -> None:
    def shape(made: Document) -> None:
        put(made, "1．层门应（ A ）。", PICTURE)
        made.add_paragraph("A．关闭 B．敞开")
        made.add_paragraph("2．下图所示部件是（ A ）。")
        put(made, "", PICTURE)
        made.add_paragraph("A．导靴 B．门机")
        made.add_paragraph("3．标志的含义是（ A ）。")
        put(made, "A．", PICTURE, "B．禁止")

    reading = read(shape=shape)
    assert [content.stem for content in contents(reading)] == ["层门应（）。"]
    assert "读不出来" in reading.items[0].notes[0]
    assert [one.row for one in reading.rejected] == [3, 6]
    assert all("图片" in one.reason for one in reading.rejected)


def test_a_picture_outside_of_questions_is_told() -> None:
    def shape(made: Document) -> None:
        put(made, "", PICTURE)
        made.add_paragraph("1．层门应（ A ）。")
        made.add_paragraph("A．关闭 B．敞开")

    assert any("图片" in note for note in read(shape=shape).notes)


def test_a_question_table() -> None:
    def shape(made: Document) -> None:
        rows = [
            ["序号", "题干", "选项", "答案"],
            ["1", "导轨应（ ）。", "A.垂直\nB.倾斜", "A"],
            ["二、新增试题"] * 4,
            ["2", "层门应（ ）。", "A.关闭\nB.敞开", ""],
        ]
        table = made.add_table(len(rows), 4)
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
        table.cell(2, 0).merge(table.cell(2, 3)).text = "二、新增试题"

    reading = read("题库", shape=shape)
    assert contents(reading) == [single("导轨应（ ）。", ["垂直", "倾斜"], "A")]
    assert reading.items[0].place == "表 1 第 2 行"
    assert [(one.place, one.reason) for one in reading.rejected] == [("表 1 第 4 行", "缺少答案")]
    assert any("第 3 行" in note for note in reading.notes)


def test_tables_that_only_arrange_options_and_keys() -> None:
    def fill(made: Document, *rows: tuple[str, ...]) -> None:
        table = made.add_table(len(rows), len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text

    def shape(made: Document) -> None:
        made.add_paragraph("1．钢丝绳应（ ）。")
        fill(made, ("A．润滑", "B．打结"), ("C．焊接", "D．喷漆"))
        made.add_paragraph("2．轿顶应（ ）。")
        fill(made, ("A．清洁", "B．堆物"))
        made.add_paragraph("参考答案")
        fill(made, ("题号", "1", "2"), ("答案", "A", "B"))
        fill(made, ("姓名", "得分"), ("", ""))

    reading = read(shape=shape)
    assert [(content.options, content.key) for content in contents(reading)] == [
        (("润滑", "打结", "焊接", "喷漆"), "A"),
        (("清洁", "堆物"), "B"),
    ]
    assert any("表 4" in note for note in reading.notes)


@pytest.mark.parametrize(
    "rows",
    [
        [("题号", "1", "2", "3"), ("答案", "A", "B", "×")],
        [("1", "2", "3"), ("A", "B", "×")],
        [("题号", "答案", "题号", "答案"), ("1", "A", "3", "×"), ("2", "B", "", "")],
    ],
)
def test_key_tables(rows: list[tuple[str, ...]]) -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("参考答案")
        table = made.add_table(len(rows), len(rows[0]))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                table.cell(r, c).text = text

    lines = ["1．钢丝绳应（ ）。", "A．润滑 B．打结", "2．轿顶应（ ）。", "A．堆物 B．清洁", "3．轿门可拆。（ ）"]
    assert [content.key for content in contents(read(*lines, shape=shape))] == ["A", "B", "错误"]


def test_a_practical_task_with_its_scoring_table() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("试题一 更换门锁")
        table = made.add_table(2, 3)
        for i, text in enumerate(["序号", "考核内容", "配分", "1", "断电", "20"]):
            table.cell(i // 3, i % 3).text = text

    (content,) = contents(read("技能操作试题", shape=shape))
    assert (content.type, content.stem) == (ItemType.PRACTICAL, "更换门锁")
    assert content.key == "序号｜考核内容｜配分\n1｜断电｜20"


def test_deleted_and_hidden_text_stays_out_and_inserted_text_in() -> None:
    def shape(made: Document) -> None:
        paragraph = made.add_paragraph("1．轿门应（ A ）。")._p
        paragraph.append(parse_xml(f"<w:del {W}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {W}><w:r><w:t>新</w:t></w:r></w:ins>"))
        paragraph.append(parse_xml(f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"))
        made.add_paragraph("A．关 B．开")

    reading = read(shape=shape)
    assert contents(reading)[0].stem == "轿门应（）。新"
    assert "隐藏文字" in reading.items[0].notes[0]


def test_comments_and_footnotes_are_mentioned() -> None:
    data = document("1．限速器应（ A ）。", "A．校验 B．拆除")
    for part, tag in (("comments", "comment"), ("footnotes", "footnote")):
        body = f"<w:{part} {W}><w:{tag} ><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:{tag}></w:{part}>"
        data = with_member(data, f"word/{part}.xml", body.encode())
    notes = read_items("题库.docx", data).notes
    assert [note[:6] for note in notes] == ["文档中有批注", "文档中有脚注"]


def test_line_breaks_inside_a_paragraph_and_tabs() -> None:
    reading = read("1．平层误差应（ B ）。\nA．大\tB．小\n2．门刀应（ A ）。\nA．对中\tB．偏斜")
    assert [(content.options, content.key) for content in contents(reading)] == [
        (("大", "小"), "B"),
        (("对中", "偏斜"), "A"),
    ]


def test_symbols_of_wingdings() -> None:
    def shape(made: Document) -> None:
        for n, sign in ((1, "F0FC"), (2, "F0FB")):
            put(made, f"{n}．机房应上锁。（", f'<w:sym {W} w:font="Wingdings" w:char="{sign}"/>', "）")

    assert [content.key for content in contents(read("判断题", shape=shape))] == ["正确", "错误"]


def test_damaged_numbering_does_not_hide_the_text() -> None:
    data = with_member(document("1．限速器应（ A ）。", "A．校验 B．拆除"), "word/numbering.xml", b"<broken")
    assert contents(read_items("题库.docx", data)) == [single("限速器应（）。", ["校验", "拆除"], "A")]
