import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest
import typst
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from pylopdf_fonts_zh_cn import sans_path

from bank.ground.errors import BadInput
from integrity.audits import reading
from integrity.audits.reading import Document, read_document
from tests.bank.exchange.question_files import biff, compound, document, workbook

QUESTION = "砂轮机的托架与砂轮之间的间隙一般应不大于（ ）毫米，否则工件容易被卷入。"
TRADITIONAL = "砂輪機的托架與砂輪之間的間隙一般應不大於（ ）毫米，否則工件容易被捲入。"


def lines(found: Document) -> list[str]:
    return found.text.splitlines()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_text_in_every_encoding_of_the_mainland(encoding: str) -> None:
    found = read_document("回忆.txt", QUESTION.encode(encoding))
    assert (found.format, found.text) == ("txt", QUESTION)


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "gbk", "utf-8", "utf-16-be"])
def test_traditional_text(encoding: str) -> None:
    assert read_document("回憶.txt", TRADITIONAL.encode(encoding)).text == TRADITIONAL


@given(st.sampled_from(["gb18030", "big5", "utf-16-le", "utf-8"]), st.integers(8, len(TRADITIONAL)))
def test_short_texts_keep_their_encoding(encoding: str, length: int) -> None:
    text = TRADITIONAL[:length]
    assert read_document("a.txt", text.encode(encoding)).text == text


def test_broken_bytes_are_reported_and_the_rest_is_read() -> None:
    data = QUESTION.encode("gbk") * 30
    found = read_document("坏字节.txt", data[:400] + b"\xff\xff" + data[400:])
    assert found.text.count("砂轮机") >= 29
    assert "无法识别" in found.notes[0]


def test_csv_keeps_all_cells() -> None:
    found = read_document("题.csv", f'题干,答案\n"{QUESTION}",3\n'.encode("gbk"))
    assert found.format == "csv"
    assert QUESTION in found.text


PAGE = f"""<!DOCTYPE html><html><head><meta charset="gb2312"><title>真题</title>
<style>.a{{color:red}}</style><script>var 秘密 = "<p>不见</p>";</script></head><body><!-- 注释 -->
<div>1、{QUESTION}</div><p>A.3<br>B.5&nbsp;&#x7b54;案</p><div style="display:none">折叠的解析</div>
<table><tr><td>甲</td><td>乙</td></tr></table><font class="jammer">kQ7</font><span style="display: none">zz9</span>
<span style="font-size:0px">Xy8</span><span style="font-size:0.9em">小字</span>
<ruby>砂<rt>shā</rt></ruby>轮<div class="sign">签名：欢迎加群</div><img alt="图中公式"></body></html>"""


def test_web_page_gives_what_a_reader_sees() -> None:
    found = read_document("page.html", PAGE.encode("gbk"))
    assert found.format == "html"
    assert lines(found) == [
        "真题", f"1、{QUESTION}", "A.3", "B.5 答案", "折叠的解析", "甲", "乙", "小字 砂轮", "签名：欢迎加群", "图中公式"
    ]  # fmt: skip
    assert "1 张图片" in found.notes[0]


def test_web_page_with_a_wrong_declaration_or_name() -> None:
    assert QUESTION in read_document("下载.doc", PAGE.replace("gb2312", "iso-8859-7").encode()).text
    assert QUESTION in read_document("p.htm", PAGE.encode("utf-16")).text


def test_saved_web_archive() -> None:
    part = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + PAGE.replace(
        "gb2312", "utf-8"
    )
    data = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n{part}\n--b--\n'.encode()
    found = read_document("保存.mht", data)
    assert found.format == "mht"
    assert QUESTION in found.text


def text_box(text: str) -> str:
    return (
        f'<w:p {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r>'
        f"<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        f"</mc:AlternateContent></w:r><w:r><w:t>框外</w:t></w:r></w:p>"
    )


def word_file() -> bytes:
    def shape(made: docx.document.Document) -> None:
        made.add_table(1, 2).rows[0].cells[1].text = "表格里的题"
        made.sections[0].header.paragraphs[0].text = "页眉里的题"
        made.sections[0].footer.paragraphs[0].text = "页脚里的题"
        made.element.body.append(parse_xml(text_box("文本框里的题")))

    return document(QUESTION, shape=shape)


def test_word_file_with_tables_boxes_and_headers() -> None:
    found = read_document("回忆.docx", word_file())
    assert found.format == "docx"
    assert lines(found) == [QUESTION, "表格里的题", "文本框里的题", "框外", "页脚里的题", "页眉里的题"]
    assert found.notes == ()


def test_split_runs_are_one_line() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("砂轮机")
    paragraph.add_run("的托架").bold = True
    paragraph.add_run("\t间隙")
    stream = io.BytesIO()
    made.save(stream)
    assert lines(read_document("a.docx", stream.getvalue())) == ["砂轮机的托架\t间隙"]


def test_workbook_gives_cells_of_all_sheets() -> None:
    def shape(book: openpyxl.Workbook) -> None:
        book["藏"].sheet_state = "hidden"

    data = workbook(("题", [["题干", QUESTION], [1, 0.1, 12.5]]), ("藏", [["隐藏的题"]]), shape=shape)
    found = read_document("a.xlsx", data)
    assert found.format == "xlsx"
    assert lines(found) == ["题干", QUESTION, "1", "0.1", "12.5", "隐藏的题"]


def test_old_workbook() -> None:
    found = read_document("旧.xls", compound(biff([["题干", QUESTION], [3, 0.5]])))
    assert found.format == "xls"
    assert lines(found)[:3] == ["题干", QUESTION, "3"]


def slides() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for number in (10, 2):
            body = f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>第{number}页</a:t></a:r></a:p></p:sld>'
            made.writestr(f"ppt/slides/slide{number}.xml", body)
        made.writestr("ppt/media/image1.png", b"x")
    return stream.getvalue()


def test_slides_in_their_order() -> None:
    found = read_document("课件.pptx", slides())
    assert lines(found) == ["第2页", "第10页"]
    assert "1 张图片" in found.notes[0]


def pdf(source: str) -> bytes:
    folder = str(sans_path().parent)
    made = typst.compile(f'#set text(font: "Noto Sans SC")\n{source}'.encode(), format="pdf", font_paths=[folder])
    assert isinstance(made, bytes)
    return made


def test_pdf_text_layer() -> None:
    found = read_document("卷.pdf", pdf("砂轮机的托架与砂轮之间的间隙\n#pagebreak()\n第二页的题"))
    assert found.format == "pdf"
    assert "砂轮机的托架与砂轮之间的间隙" in found.text
    assert "第二页的题" in found.text
    assert found.notes == ()


def locked_pdf() -> bytes:
    # The encryption entry alone makes PDFium ask for a password.
    plain = pdf("题")
    trailer = (
        b"/Encrypt <</Filter/Standard/V 1/R 2/O("
        + b"o" * 32
        + b")/U("
        + b"u" * 32
        + b")/P -1>> /ID [(0123456789abcdef)(0123456789abcdef)] /Size"
    )
    return plain.replace(b"/Size", trailer, 1)


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name.replace("__", "/"), body)
    return stream.getvalue()


def word_with(body: bytes) -> bytes:
    return zipped(**{"word__document.xml": body})


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "空文件": (lambda: b" \n", "空的"),
    "照片.jpg": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 99, "图片"),
    "照片.webp": (lambda: b"RIFF\0\0\0\0WEBPVP8 ", "图片"),
    "位图.bmp": (lambda: b"BM" + (64).to_bytes(4, "little") + b"\0" * 58, "图片"),
    "资料.rar": (lambda: b"Rar!\x1a\x07\x00" + b"x" * 50, "解压"),
    "资料.zip": (lambda: zipped(a=b"Rar!\x1a\x07\x00"), "解压"),
    "旧.doc": (lambda: compound(b"x", "WordDocument"), "另存为 .docx"),
    "密.docx": (lambda: compound(b"x", "EncryptedPackage"), "密码"),
    "邮件.msg": (lambda: compound(b"x", "__properties"), "不认识"),
    "富文本.doc": (lambda: b"{\\rtf1 abc}", "RTF"),
    "二进制.xlsb": (lambda: zipped(**{"xl__workbook.bin": b"x"}), "xlsb"),
    "坏.docx": (lambda: word_with(b"<w:document><unclosed>"), "损坏"),
    "截断.docx": (lambda: word_file()[:900], "损坏"),
    "坏.xls": (lambda: compound(b"garbage"), "损坏"),
    "坏.pdf": (lambda: b"%PDF-1.7\n%%EOF", "损坏"),
    "密.pdf": (locked_pdf, "密码"),
    "实体.docx": (lambda: word_with(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'), "外部实体"),
    "炸弹.docx": (lambda: word_with(b"<a>" + b" " * 30_000_000 + b"</a>"), "过大"),
    "程序.txt": (lambda: bytes(range(256)) * 40, "认不出文字编码|不是文字文件"),
    "空页.html": (lambda: b"<html><script>1</script></html>", "没有读到文字"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_one_sentence(name: str) -> None:
    make, said = UNREADABLE[name]
    with pytest.raises(BadInput, match=said) as refused:
        read_document(name, make())
    assert name in refused.value.message


def test_size_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 1 << 20)
    with pytest.raises(BadInput, match="超过 1 MB"):
        read_document("大.txt", b"x" * ((1 << 20) + 1))
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 100)
    with pytest.raises(BadInput, match="超过 100 字"):
        read_document("长.txt", b"x" * 101)


SEEDS = [
    word_file(),
    workbook(("题", [[QUESTION]])),
    compound(biff([[QUESTION]])),
    pdf("题"),
    PAGE.encode(),
    b"MIME-Version: 1.0\n",
]


def outcome(name: str, data: bytes) -> str:
    """The text read, or the sentence of refusal, which names the file."""
    try:
        return read_document(name, data).text
    except BadInput as refused:
        return refused.message if name in refused.message else ""


@given(st.sampled_from(SEEDS), st.data())
def test_no_damage_breaks_the_reader(seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(0, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert outcome("损坏的文件", bytes(damaged[: data.draw(st.integers(1, len(damaged)))])).strip()


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.csv", "a.pdf", "a"]))
def test_random_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    assert outcome(name, data).strip()
