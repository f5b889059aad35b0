"""Archives are refused before any parser sees them (E1-E8)."""

import stat
import struct
import zipfile

import pytest

from bank.exchange.zipguard import MAX_MEMBERS, MAX_XML_BYTES, open_archive
from bank.ground.errors import BadInput
from tests.bank.exchange.question_files import archive, document, with_member

BILLION = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]><w>&x;</w>"""


def test_a_normal_document_opens() -> None:
    with open_archive(document("甲"), "甲.docx") as opened:
        assert "word/document.xml" in opened.namelist()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\x00" * (MAX_XML_BYTES // 4), id="bomb"),
        pytest.param(b"<w:p/>" * 3_000_000, id="three million paragraphs"),
        pytest.param(BILLION, id="billion laughs"),
        pytest.param(OUTSIDE, id="external entity"),
        pytest.param(BILLION.decode().encode("utf-16"), id="entities in utf-16"),
        pytest.param(b" " * 700_000 + BILLION, id="entities far inside"),
    ],
)
def test_hostile_members_are_refused(body: bytes) -> None:
    with pytest.raises(BadInput, match=r"题库\.docx"):
        open_archive(with_member(document("甲"), "word/document.xml", body), "题库.docx")


@pytest.mark.parametrize("path", ["../evil.xml", "/etc/evil", "a/../../evil", "..\\evil", "C:\\evil", "\\\\host\\evil"])
def test_paths_that_leave_the_archive_are_refused(path: str) -> None:
    with pytest.raises(BadInput, match="路径"):
        open_archive(archive({path: b"x"}), "题库.docx")


def test_links_are_refused() -> None:
    info = zipfile.ZipInfo("word/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(BadInput, match="链接"):
        open_archive(archive({}, infos=[info]), "题库.docx")


def test_doubled_names_are_refused() -> None:
    infos = [zipfile.ZipInfo("word/document.xml"), zipfile.ZipInfo("word/Document.xml")]
    with pytest.raises(BadInput, match="重名"):
        open_archive(archive({}, infos=infos), "题库.docx")


def test_too_many_members_are_refused() -> None:
    with pytest.raises(BadInput, match="部件"):
        open_archive(archive({f"{i}.xml": b"" for i in range(MAX_MEMBERS + 1)}), "题库.docx")


def test_encrypted_members_are_refused() -> None:
    data = bytearray(archive({"a.xml": b"<a/>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    with pytest.raises(BadInput, match="加密"):
        open_archive(bytes(data), "题库.docx")


def test_declared_sizes_are_not_trusted() -> None:
    data = bytearray(archive({"a.xml": b"<a>" + b"x" * 5_000_000 + b"</a>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(BadInput):
        open_archive(bytes(data), "题库.docx")


@pytest.mark.parametrize("cut", [10, 100, -30, -1])
def test_truncated_archives_are_refused(cut: int) -> None:
    with pytest.raises(BadInput, match="损坏"):
        open_archive(document("甲")[:cut], "题库.docx")
