import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from bank.ground.errors import BadInput
from integrity.audits import pagepictures, pdf, reading
from integrity.audits.pagepictures import BROKEN, HUGE, LATE, MISSING, PARTLY, PictureReader
from integrity.audits.reading import read_document
from tests.integrity.audits.page_pictures import drawn, encoded
from tests.integrity.audits.test_reading import QUESTION, slides, zipped
from tests.integrity.audits.test_reading import pdf as printed_pdf

PAGE = encoded(Image.new("RGB", (300, 400), "white"), "PNG")
Reader = Callable[[Image.Image, float], tuple[str, bool]]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Image.Image]:
    """OCR that reads one sentence on whatever it is shown, and keeps what it was shown."""
    shown: list[Image.Image] = []

    def read(page: Image.Image, seconds: float) -> tuple[str, bool]:
        shown.append(page)
        return QUESTION, True

    installed(monkeypatch, True)
    monkeypatch.setattr(pagepictures, "read_page", read)
    return shown


def installed(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    for module in (pagepictures, pdf, reading):
        monkeypatch.setattr(module, "ocr_installed", lambda: there)


def test_without_the_extra_the_sentence_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, False)
    for name, data in {"照片.png": PAGE, "扫描.pdf": printed_pdf("#rect()")}.items():
        with pytest.raises(BadInput, match=r"OCR.*pip install 'tidun\[ocr\]'") as refused:
            read_document(name, data)
        assert name in refused.value.message
    partly = read_document("卷.pdf", printed_pdf("第一页的题\n#pagebreak()\n#rect()"))
    assert "第 2 页" in partly.notes[1]
    assert MISSING in partly.notes[1]
    assert MISSING in read_document("课件.pptx", slides()).notes[0]


def test_scanned_pages_are_drawn_and_printed_ones_are_not(seen: list[Image.Image]) -> None:
    found = read_document("卷.pdf", printed_pdf("第一页的题\n#pagebreak()\n#rect()"))
    assert (len(seen), max(seen[0].size)) == (1, 2000)
    assert "第一页的题" in found.text
    assert QUESTION in found.text
    assert found.notes == ()


def test_a_scan_with_a_stamp_is_a_scan(seen: list[Image.Image]) -> None:
    scan = io.BytesIO()
    Image.new("RGB", (300, 400), "grey").save(scan, "PDF")
    assert QUESTION in read_document("扫描.pdf", scan.getvalue()).text
    assert len(seen) == 1


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "WEBP", "TIFF", "GIF"])
def test_every_form_is_decoded(seen: list[Image.Image], form: str) -> None:
    found = read_document("图片", encoded(Image.new("RGB", (300, 400), "white"), form))
    assert (found.format, found.text) == ("image", QUESTION)
    assert seen[0].size == (300, 400)


def test_all_pages_of_a_scan_and_the_camera_s_own_note(seen: list[Image.Image]) -> None:
    pages = [Image.new("L", (300, 400), shade) for shade in (0, 100, 200)]
    PictureReader().read(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "扫描")
    assert [np.asarray(page).max() for page in seen] == [0, 100, 200]
    sideways = Image.Exif()
    sideways[0x0112] = 6
    PictureReader().read(encoded(Image.new("RGB", (400, 300)), "JPEG", exif=sideways), "照片")
    assert seen[-1].size == (300, 400)


def test_transparent_and_deep_pictures_are_seen_on_white(seen: list[Image.Image]) -> None:
    PictureReader().read(encoded(Image.new("RGBA", (300, 400), (0, 0, 0, 0)), "PNG"), "透明")
    deep = np.full((400, 300), 40_000, np.uint16)
    PictureReader().read(encoded(Image.fromarray(deep), "PNG"), "十六位")
    assert [int(np.asarray(page).min()) for page in seen] == [255, 255]


def test_a_long_screenshot_is_cut_between_its_lines(seen: list[Image.Image]) -> None:
    shot = drawn("\n".join(f"{number}、{QUESTION}" for number in range(60)), size=30, width=640)
    PictureReader().read(encoded(shot, "PNG"), "长图")
    assert len(seen) > 2
    assert sum(part.height for part in seen) == shot.height
    edges = [np.asarray(part.convert("L"))[row] for part in seen for row in (0, -1)]
    assert min(int(edge.min()) for edge in edges) == 255


def test_what_stays_unread_is_told_with_its_reason(seen: list[Image.Image], monkeypatch: pytest.MonkeyPatch) -> None:
    reader = PictureReader()
    assert reader.read(b"\x89PNG no picture", "坏图") == ""
    reader.pages_left = 0
    assert reader.read(PAGE, "第 101 页") == ""
    reader.pages_left, reader.seconds_left = 5, 0.0
    assert reader.read(PAGE, "第 6 页") == ""
    assert reader.notes() == [
        f"有 1 张图片或扫描页（坏图）{BROKEN}",
        f"有 2 张图片或扫描页（第 101 页、第 6 页）{LATE}",
    ]
    monkeypatch.setattr(pagepictures, "MOST_PIXELS", 1000)
    monkeypatch.setattr(pagepictures, "read_page", lambda *_: ("读到一半", False))
    late = PictureReader()
    assert late.read(PAGE, "大图") == ""
    monkeypatch.undo()
    monkeypatch.setattr(pagepictures, "ocr_installed", lambda: True)
    monkeypatch.setattr(pagepictures, "read_page", lambda *_: ("读到一半", False))
    assert late.read(PAGE, "密图") == "读到一半"
    assert list(late.unread) == [HUGE, PARTLY]


def test_an_icon_is_not_read(seen: list[Image.Image]) -> None:
    reader = PictureReader()
    assert reader.read(encoded(Image.new("RGB", (30, 30)), "PNG"), "图标") == ""
    assert (seen, reader.notes()) == ([], [])


def test_damaged_pictures_never_break_the_reader(seen: list[Image.Image]) -> None:
    whole = encoded(drawn(QUESTION), "PNG")
    for length in range(8, len(whole), 997):
        with pytest.raises(BadInput, match="打不开"):
            read_document("断.png", whole[:length])


def test_archive_of_documents(seen: list[Image.Image]) -> None:
    inner = zipped(a=b"text")
    files = {"文件夹__题.txt": QUESTION.encode("gbk"), "课件.pptx": slides(), "照片.png": PAGE, "包.zip": inner}
    found = read_document("群文件.zip", zipped(**files, **{"文件夹__._题.txt": b"litter", "旧.rar": b"Rar!\x1a\x07"}))
    assert found.format == "zip"
    assert found.text.count(QUESTION) == 2
    assert "第10页" in found.text
    assert "litter" not in found.text
    assert ["压缩包里的压缩包" in found.notes[0], "旧.rar 是压缩包" in found.notes[1]] == [True, True]


def test_archive_names_of_chinese_windows_and_archives_without_anything_to_read() -> None:
    packed = zipped(**{"bad.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}).replace(
        b"bad.xls", "题.xls".encode("gbk") + b" "
    )
    with pytest.raises(BadInput, match=r"没有能读的文件.*题\.xls"):
        read_document("包.zip", packed)
    with pytest.raises(BadInput, match="里面没有文件"):
        read_document("空.zip", zipped())
