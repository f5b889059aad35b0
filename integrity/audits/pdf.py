"""The text layer of PDF files; serves the leak scan (Article 16(2)).

A scan has pages but no text layer. That is said plainly: an empty text would pass for "nothing leaked".
"""

from threading import Lock

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from bank.ground.errors import BadInput

MOST_PAGES = 3000
# PDFium keeps global state and is not safe to enter from two threads.
PDFIUM = Lock()


def pdf_text(data: bytes, name: str) -> tuple[str, list[str]]:
    """All text-layer text, page by page, and which pages have none."""
    with PDFIUM:
        pages = _pages(data, name)
    empty = [number for number, text in enumerate(pages, 1) if not text.strip()]
    if len(empty) == len(pages):
        raise BadInput(
            f"PDF 文件 {name} 没有文字层（多为扫描件或照片），需要文字识别（OCR）后才能检查，目前尚不支持；"
            "请先用文字识别软件转成 Word 或文本文件"
        )
    notes = [f"第 {_listed(empty)} 页没有文字层（扫描页需要 OCR，目前尚不支持），这些页未检查"] if empty else []
    return "\n".join(pages), notes


def _pages(data: bytes, name: str) -> list[str]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        fault = "设有打开密码；请去掉密码" if locked else "已损坏或不是 PDF；请重新导出"
        raise BadInput(f"PDF 文件 {name} {fault}后再试") from error
    try:
        if len(document) > MOST_PAGES:
            raise BadInput(f"PDF 文件 {name} 有 {len(document)} 页，超过 {MOST_PAGES} 页；请拆成几个文件")
        return [_page_text(document, number) for number in range(len(document))]
    finally:
        document.close()


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    """One page; a page that PDFium cannot load counts as one without text and is named in the notes."""
    try:
        page = document[number]
        layer = page.get_textpage()
    except pdfium.PdfiumError:
        return ""
    try:
        # U+FFFE stands for a hyphen at a line end, U+0002 likewise in older producers.
        return str(layer.get_text_range()).replace("\ufffe", "").replace("\x02", "").replace("\r\n", "\n")
    finally:
        layer.close()
        page.close()


def _listed(numbers: list[int]) -> str:
    shown = "、".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} 等 {len(numbers)}"
