"""The text of PDF files, that of scanned pages by OCR; serves the leak scan (Article 16(2)).

A scan has pages but no text layer. Where OCR is not installed that is said plainly: an empty text would pass for
"nothing leaked".
"""

from threading import Lock

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from bank.ground.errors import BadInput
from integrity.audits.ocr import INSTALL, LONG_SIDE, ocr_installed
from integrity.audits.pagepictures import PictureReader

MOST_PAGES = 3000
# PDFium keeps global state and is not safe to enter from two threads.
PDFIUM = Lock()
# A scanning app stamps its own name on each scanned page; so little text beside a picture is a scan all the same.
_ONLY_A_STAMP = 40


def pdf_text(data: bytes, name: str, pictures: PictureReader) -> tuple[str, list[str]]:
    """All text, page by page, and which pages have none."""
    with PDFIUM:
        document = _opened(data, name)
    try:
        with PDFIUM:
            layers = [_layer(document, number) for number in range(len(document))]
        if not ocr_installed() and not any(text.strip() for text, _ in layers):
            raise BadInput(f"PDF 文件 {name} 没有文字层（多为扫描件或照片），{INSTALL}；也可以先转成 Word 或文本文件")
        pages = [
            f"{text}\n{_scanned_text(document, number, pictures)}" if scanned else text
            for number, (text, scanned) in enumerate(layers)
        ]
    finally:
        with PDFIUM:
            document.close()
    empty = [number for number, text in enumerate(pages, 1) if not text.strip()]
    told = f"第 {_listed(empty)} 页没有文字层，也没有识别出文字，这些页未检查"
    return "\n".join(pages), [told] if empty else []


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        fault = "设有打开密码；请去掉密码" if locked else "已损坏或不是 PDF；请重新导出"
        raise BadInput(f"PDF 文件 {name} {fault}后再试") from error
    if (pages := len(document)) > MOST_PAGES:
        document.close()
        raise BadInput(f"PDF 文件 {name} 有 {pages} 页，超过 {MOST_PAGES} 页；请拆成几个文件")
    return document


def _layer(document: pdfium.PdfDocument, number: int) -> tuple[str, bool]:
    """The text layer of a page, and whether what people see of it is a picture."""
    try:
        page = document[number]
        layer = page.get_textpage()
    except pdfium.PdfiumError:
        return "", False
    try:
        # U+FFFE stands for a hyphen at a line end, U+0002 likewise in older producers.
        text = str(layer.get_text_range()).replace("\ufffe", "").replace("\x02", "").replace("\r\n", "\n")
        return text, not text.strip() or (len("".join(text.split())) < _ONLY_A_STAMP and _has_picture(page))
    finally:
        layer.close()
        page.close()


def _has_picture(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])), None) is not None


def _scanned_text(document: pdfium.PdfDocument, number: int, pictures: PictureReader) -> str:
    """The text of a page as it is seen; a page that is not to be read is not drawn either."""
    place = f"第 {number + 1} 页"
    if not pictures.admits(place):
        return ""
    try:
        with PDFIUM:
            image = _drawn(document, number)
    except pdfium.PdfiumError:
        return ""
    return pictures.read_image(image, place)


def _drawn(document: pdfium.PdfDocument, number: int) -> Image.Image:
    page = document[number]
    try:
        scale = LONG_SIDE / max(page.get_width(), page.get_height(), 1.0)
        bitmap = page.render(scale=scale)
        try:
            image: Image.Image = bitmap.to_pil().convert("RGB")
            return image
        finally:
            bitmap.close()
    finally:
        page.close()


def _listed(numbers: list[int]) -> str:
    shown = "、".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} 等 {len(numbers)}"
