"""The runs of a paragraph: type that shows the key, raised and lowered signs, formulas, emphasis."""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

from bank.content import ItemType
from tests.bank.exchange.office.word_files import M, W, put, read
from tests.bank.exchange.question_files import contents


def test_keys_that_only_the_type_shows() -> None:
    def shape(made: Document) -> None:
        def options(marked: Any, *texts: str) -> None:
            paragraph = made.add_paragraph()
            for i, text in enumerate(texts):
                run = paragraph.add_run(text)
                if i == 1:
                    marked(run)

        for n, marked in enumerate((_red, _bold, _shaded, _underlined), 1):
            made.add_paragraph(f"{n}．曳引绳应（ ）。")
            options(marked, "A．打结 ", "B．定期检查 ", "C．涂漆")

    reading = read(shape=shape)
    assert [content.key for content in contents(reading)] == ["B"] * 4
    assert all("颜色" in item.notes[0] for item in reading.items)


def test_a_red_letter_or_a_short_red_text_is_enough() -> None:
    def shape(made: Document) -> None:
        for red in (0, 2):
            made.add_paragraph(f"{red + 1}．层门电气触点应（ ）。")
            for text in ("断", "通"):
                paragraph = made.add_paragraph()
                for i, part in enumerate(("A" if text == "断" else "B", "．", text)):
                    run = paragraph.add_run(part)
                    if i == red and text == "通":
                        _red(run)

    assert [content.key for content in contents(read(shape=shape))] == ["B", "B"]


def _red(run: Any) -> None:
    run.font.color.rgb = RGBColor(0xFF, 0, 0)


def _bold(run: Any) -> None:
    run.bold = True


def _shaded(run: Any) -> None:
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _underlined(run: Any) -> None:
    run.underline = True


def test_underlined_answers_of_blanks() -> None:
    def shape(made: Document) -> None:
        paragraph = made.add_paragraph("1．轿厢额定载重量")
        paragraph.add_run(" 125").underline = True
        paragraph.add_run("％ ").underline = True
        paragraph.add_run("时应可靠制停，层门间隙不大于")
        paragraph.add_run("6").underline = True
        paragraph.add_run("mm。")

    (content,) = contents(read("一、填空题", shape=shape))
    assert (content.type, content.stem, content.key) == (
        ItemType.BLANK,
        "轿厢额定载重量____时应可靠制停，层门间隙不大于____mm。",
        "125％；6",
    )


def test_raised_and_lowered_signs_keep_their_meaning() -> None:
    def shape(made: Document) -> None:
        made.add_paragraph("1．井道面积的单位是（ ）。")
        paragraph = made.add_paragraph("A．m")
        paragraph.add_run("2").font.superscript = True
        paragraph.add_run("  B．10")
        paragraph.add_run("-3").font.superscript = True
        paragraph.add_run("  C．CO")
        paragraph.add_run("2").font.subscript = True
        made.add_paragraph("答案：A")

    assert contents(read(shape=shape))[0].options == ("m<sup>2</sup>", "10<sup>-3</sup>", "CO<sub>2</sub>")


def test_formulas_of_word_are_formulas() -> None:
    parts = "<m:num><m:r><m:t>U</m:t></m:r></m:num><m:den><m:r><m:t>R+1</m:t></m:r></m:den>"
    fraction = f"<m:oMath {M}><m:f>{parts}</m:f></m:oMath>"

    def shape(made: Document) -> None:
        put(made, "1．电流等于", fraction, "，U是（ ）。")
        made.add_paragraph("A．电压 B．电阻")
        made.add_paragraph("答案：A")

    reading = read(shape=shape)
    assert contents(reading)[0].stem == r"电流等于$\frac{U}{R+1}$，U是（ ）。"
    assert contents(reading)[0].plain().stem == "电流等于U/(R+1)，U是（ ）。"
    assert reading.items[0].notes == ()


def test_underlined_and_dotted_words_are_emphasis_where_they_are_no_answer() -> None:
    def shape(made: Document) -> None:
        paragraph = made.add_paragraph("1．下列做法中")
        paragraph.add_run("不正确").underline = True
        paragraph.add_run("的是（ B ）。")
        made.add_paragraph("A．停梯 B．扒门")
        paragraph = made.add_paragraph("2．门锁")
        dotted = paragraph.add_run("必须")
        dotted.font.element.get_or_add_rPr().append(parse_xml(f'<w:em {W} w:val="dot"/>'))
        paragraph.add_run("有效，（")
        paragraph.add_run("A").underline = True
        paragraph.add_run("）后才能运行。")
        made.add_paragraph("A．关门 B．开门")

    first, second = contents(read(shape=shape))
    assert (first.stem, first.key) == ("下列做法中<u>不正确</u>的是（）。", "B")
    assert (second.stem, second.key) == ("门锁<b>必须</b>有效，（）后才能运行。", "A")
