"""The guard before XML: document types in any dress, floods, wrong encodings; names of HTML characters are helped."""

import pytest

from bank.exchange import xmlguard
from bank.exchange.formats.xmltree import characters
from bank.exchange.xmlguard import parse_xml, root_name
from bank.ground.errors import BadInput

BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a b="&y;">&y;</a>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        b"\xef\xbb\xbf" + BOMB.encode(),
        BOMB.encode("utf-16"),
        f"<!-- <a> --><?pi <a>?>\n{BOMB}".encode(),
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b'<?xml version="1.0"?>' + b"<!-- x -->" * 3000 + b"<!DOCTYPE a><a/>",
    ],
)
def test_document_types_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="DOCTYPE"):
        parse_xml("题库.xml", data)


def test_a_document_type_behind_the_sniffed_part_is_refused_too() -> None:
    with pytest.raises(BadInput, match="DOCTYPE"):
        parse_xml("题库.xml", b"<!--" + b"x" * 300_000 + b"--><!DOCTYPE a><a/>")


def test_floods_of_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlguard, "MOST_ELEMENTS", 10)
    with pytest.raises(BadInput, match="内容过多"):
        parse_xml("题库.xml", b"<a>" + b"<b/>" * 20 + b"</a>")


def test_depth_is_bounded() -> None:
    with pytest.raises(BadInput, match="不是完整的 XML"):
        parse_xml("题库.xml", b"<a>" * 5000 + b"</a>" * 5000)


def test_encodings_and_names_of_characters() -> None:
    assert characters(parse_xml("a", '<?xml version="1.0" encoding="GBK"?><a>水泵</a>'.encode("gbk"))) == "水泵"
    assert characters(parse_xml("a", "<a>水&nbsp;&mdash;&lt;</a>".encode())) == "水\u00a0—<"
    with pytest.raises(BadInput, match="第 1 行"):
        parse_xml("a", b"<a>&nosuchname;</a>")
    with pytest.raises(BadInput):
        parse_xml("a", b'<?xml version="1.0" encoding="nosuch"?><a/>')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<quiz>", "quiz"),
        ('<?xml version="1.0"?>\n<!-- <other> -->\n<ns:quiz a="b">', "quiz"),
        ("题干 <b>", ""),
        ("", ""),
        ("<", ""),
    ],
)
def test_root_name(text: str, name: str) -> None:
    assert root_name(text.encode()) == name
    assert root_name(text.encode("utf-16")) == name
