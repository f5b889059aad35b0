"""Formats come from the content; what cannot be read is refused with the advice that mends it (E7, E8)."""

import pytest

from bank.exchange.sniff import decode, office_kind
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import archive, biff, compound, document, with_member, workbook

ROWS = [["题目", "答案"], ["甲", "对"]]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (document("甲"), "docx"),
        (workbook(("S", ROWS)), "xlsx"),
        (compound(biff(ROWS)), "xls"),
        (biff(ROWS), "xls"),
        ("一、单选题".encode(), ""),
        (b"BM is how this text begins", ""),
    ],
)
def test_kinds_whatever_the_name(data: bytes, kind: str) -> None:
    assert office_kind("随便.txt", data) == kind


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (compound(b"x", "WordDocument"), r"另存为 \.docx"),
        (compound(b"x", "EncryptedPackage"), "取消密码"),
        (compound(biff(ROWS), "Workbook", "_VBA_PROJECT"), "宏"),
        (compound(b"x", "PowerPoint Document"), "演示文稿"),
        (compound(b"x", "Contents"), "不是可识别"),
        (with_member(document("甲"), "word/vbaProject.bin", b"x"), "宏"),
        (with_member(workbook(("S", ROWS)), "xl/vbaProject.bin", b"x"), "宏"),
        (with_member(workbook(("S", ROWS)), "xl/workbook.bin", b"x"), "xlsb"),
        (archive({"inner.docx": document("甲")}), "解压"),
        (archive({"mimetype": b"x", "content.xml": b"<a/>"}), "OpenDocument"),
        (archive({"ppt/presentation.xml": b"<a/>"}), "演示文稿"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"PK\x03\x04", "损坏"),
    ],
)
def test_refusals_name_the_file_and_the_mend(data: bytes, advice: str) -> None:
    with pytest.raises(BadInput, match=advice) as caught:
        office_kind("题库.docx", data)
    assert "题库.docx" in caught.value.message


SENTENCE = "焊接变位机的作用是（ ）。\r\nA.翻转工件\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("utf-8-sig"), "utf-8-sig"),
        (SENTENCE.encode("gbk"), "gbk"),
        (f"{SENTENCE}𠮷".encode("gb18030"), "gb18030"),
        (SENTENCE.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + SENTENCE.encode("utf-16-be"), "utf-16"),
        (SENTENCE.encode("utf-16-le"), "utf-16"),
        (SENTENCE.encode("utf-16-be"), "utf-16"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    found = decode("题库.txt", data)
    assert (found.encoding, found.damaged) == (encoding, 0)
    assert found.characters.removesuffix("𠮷") == SENTENCE


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    data = (SENTENCE * 40).encode("gbk")
    found = decode("题库.txt", data[:301] + b"\xff\xff" + data[301:])
    assert 0 < found.damaged < 5
    assert found.characters.count("翻转工件") >= 38


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x00\x01\x02\x03" * 500])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="不是可识别"):
        decode("题库.txt", data)


@pytest.mark.parametrize(
    "text",
    [
        "<html><body><table><tr><td>题目</td></tr></table></body></html>",
        "<!DOCTYPE html><html></html>",
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ],
)
def test_web_pages_and_xml_workbooks_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="另存为"):
        decode("题库.xls", text.encode())
