from hypothesis import given
from hypothesis import strategies as st

from integrity.audits.alignment import Alignment, align
from integrity.audits.scanned import ScannedText, scanned_text

FORM = "绣花机断线以后会自动停车"


def laid(form: str, raw: str) -> Alignment:
    page = scanned_text(raw)
    found = align(form, page, 0, len(page.text))
    assert found is not None
    return found


def differences(form: str, raw: str) -> list[tuple[str, str]]:
    return [(change.lost, change.gained) for change in laid(form, raw).changes]


def test_verbatim_text_has_no_differences() -> None:
    assert differences(FORM, f"考前须知如下。{FORM}。再见") == []


def test_each_difference_is_named_with_both_sides() -> None:
    assert differences(FORM, "绣花机跳针以后会自动停车。") == [("断线", "跳针")]
    assert differences(FORM, "绣花机在断线以后会立刻自动停车。") == [("", "在"), ("", "立刻")]
    assert differences(FORM, "绣花机断线会自动停车。") == [("以后", "")]


def test_lost_ends_show_what_stands_in_their_stead() -> None:
    assert differences(FORM, "横机断线以后会自动停车。") == [("绣花", "横")]
    assert differences(FORM, "（完）断线以后会自动停车。") == [("绣花机", "")]
    assert differences(FORM, "绣花机断线以后会自动报警。") == [("停车", "报警")]
    assert differences(FORM, "绣花机断线以后会\n二、判断题") == [("自动停车", "")]


def test_nothing_to_lay_over() -> None:
    page = scanned_text("")
    assert align(FORM, page, 0, 10) is None
    assert align("", scanned_text("文字"), 0, 2) is None


def test_places_of_the_wording_in_the_document() -> None:
    found = laid(FORM, "绣花机在断线以后会自动停车。")
    page = scanned_text("绣花机在断线以后会自动停车。")
    assert page.text[found.place_of(FORM.index("断线"))] == "断"
    assert found.place_of(len(FORM)) == len(page.text)


def replayed(found: Alignment, page: ScannedText) -> str:
    """The document's stretch, made out of the wording and its differences."""
    text, at = "", 0
    for change in found.changes:
        text += found.form[at : change.start] + change.gained
        at = change.end
    return text + found.form[at:]


@given(st.text("甲乙丙丁子丑", min_size=1, max_size=20), st.text("甲乙丙丁子丑。", max_size=60))
def test_differences_turn_the_wording_into_the_document(form: str, raw: str) -> None:
    page = scanned_text(raw)
    found = align(form, page, 0, len(page.text))
    if found is None:
        assert form not in page.text  # single shared characters may lie too far apart to be laid over each other
        return
    first = min([found.start, *(change.place for change in found.changes)])
    assert replayed(found, page) in page.text[first:]
    assert found.kept().sum() == len(form) - sum(len(change.lost) for change in found.changes)
