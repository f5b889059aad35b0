import io
import zipfile

import docx
import pytest

from integrity.audits.leaks import LeakIndex
from integrity.audits.ocr import ocr_installed
from integrity.audits.reading import read_document
from tests.integrity.audits.leak_items import BANK, ENTRIES, KEY, page, printed
from tests.integrity.audits.page_pictures import (
    Bend,
    drawn,
    encoded,
    grainy,
    photographed,
    recompressed,
    slanted,
    turned,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not ocr_installed(), reason="the extra `ocr` is not installed (pip install 'tidun[ocr]')"),
]
LEAKED = [100 + number for number in range(10)]


def leaking_page() -> str:
    return page(BANK[:10], lambda number, item: printed(number, item, between="  "))


def found(name: str, data: bytes) -> list[int]:
    hits = LeakIndex(ENTRIES, KEY).scan(read_document(name, data).text)
    return sorted(hit.item for hit in hits if hit.is_leak)


DISGUISES: dict[str, list[Bend]] = {
    "upright": [],
    "on its left side": [turned(90)],
    "on its head": [turned(180)],
    "seven degrees askew": [turned(7)],
    "photographed from the side": [photographed],
    "lines running together": [slanted],
    "grain and JPEG 60": [grainy, recompressed],
    "everything at once": [turned(-87), photographed, grainy, recompressed],
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_items_on_a_picture_of_a_page_are_found(disguise: str) -> None:
    picture = drawn(leaking_page())
    for bend in DISGUISES[disguise]:
        picture = bend(picture)
    assert found("照片.jpg", encoded(picture, "JPEG", quality=90)) == LEAKED


def test_scanned_pdf_and_long_screenshot() -> None:
    halves = [drawn(page(BANK[start : start + 2])) for start in (9, 13)]
    scan = encoded(halves[0], "PDF", save_all=True, append_images=halves[1:], resolution=100)
    assert found("扫描.pdf", scan) == [109, 110, 113, 114]
    screenshot = drawn(leaking_page(), size=30, width=640, margin=20)
    assert screenshot.height > 3 * screenshot.width
    assert found("长图.png", encoded(screenshot, "PNG")) == LEAKED


def test_pictures_in_office_files_and_archives() -> None:
    picture = encoded(drawn(page(BANK[9:11])), "PNG")
    made = docx.Document()
    made.add_paragraph(printed(1, BANK[13]))
    made.add_picture(io.BytesIO(picture))
    word, archive = io.BytesIO(), io.BytesIO()
    made.save(word)
    assert found("回忆.docx", word.getvalue()) == [109, 110, 113]
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("图/第一张.png", picture)
        packed.writestr("其余.txt", printed(2, BANK[14]).encode("gbk"))
    assert found("群文件.zip", archive.getvalue()) == [109, 110, 114]
