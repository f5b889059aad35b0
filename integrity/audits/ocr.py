"""The text on a picture of a page, by RapidOCR (extra `ocr`); serves the leak scan (Article 16(2)).

First a quick look at a small copy tells how the page lies, then the straightened page is read line by line. One page
at a time and on one thread: a long scan must leave the office its other processor. Nothing is written to disk.
"""

import time
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from integrity.audits.readingorder import Line, in_reading_order

INSTALL = (
    "需要文字识别（OCR）组件：请管理员执行 pip install 'tidun[ocr]'"
    "（Python 3.11 或 3.12；Linux 服务器另需系统包 libgl1），之后重试"
)
LONG_SIDE = 2000
"""Longest side of a page as it is read; an A4 page of ordinary print stays well readable at it."""
_GLANCE = 1000
_SMALL = 1000
_MOST_LINES = 600
_AT_ONCE = 12
_LEAST_SURE = 0.5
_TRIED_LINES = 6
_READING = Lock()


@cache
def ocr_installed() -> bool:
    """Whether the extra is there and loads; a wheel without its system library counts as absent."""
    try:
        import cv2  # noqa: F401, PLC0415 - an extra
        import rapidocr_onnxruntime  # noqa: F401, PLC0415 - an extra
    except ImportError:
        return False
    return True


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 - an extra, and a second to load

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, det_limit_type="max")


def read_page(page: Image.Image, seconds: float) -> tuple[str, bool]:
    """The text of one page, and whether all of it was read within its time.

    Processor time is meant: a busy house reads later, not less.
    """
    from integrity.audits.straightening import Pixels, cut  # noqa: PLC0415 - needs the extra

    with _READING:
        until = time.thread_time() + seconds
        image: Pixels = _upright(_sized(page))
        quads = _boxes(image)
        crops = [cut(image, quad) for quad in quads[:_MOST_LINES]]
        lines: list[Line] = []
        for start in range(0, len(crops), _AT_ONCE):
            if time.thread_time() > until:
                return in_reading_order(lines), False
            read = _recognised(crops[start : start + _AT_ONCE])
            lines += [
                _line(quad, text)
                for quad, (text, sure) in zip(quads[start:], read, strict=False)
                if sure >= _LEAST_SURE and text.strip()
            ]
        return in_reading_order(lines), len(quads) <= _MOST_LINES


def _sized(page: Image.Image) -> Any:
    """Pixels as OpenCV holds them, blue first; small pictures are doubled, for print below 15 pixels is misread."""
    longest = max(page.size)
    scale = 2.0 if longest < _SMALL else min(1.0, LONG_SIDE / longest)
    if scale != 1.0:
        size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
        page = page.resize(size, Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(page.convert("RGB"))[:, :, ::-1])


def _boxes(image: Any) -> Any:
    """The boxes around the lines of a picture, top to bottom; too small a picture has none."""
    if min(image.shape[:2]) < 16:
        return np.empty((0, 4, 2), np.float32)
    found, _ = _engine().text_det(image)
    if found is None or not len(found):
        return np.empty((0, 4, 2), np.float32)
    return found[np.argsort(found[:, 0, 1])].astype(np.float32)


def _upright(image: Any) -> Any:
    """The picture flat, level and not on its head."""
    from integrity.audits.straightening import flattened, levelled, unfanned  # noqa: PLC0415 - needs the extra

    quads = _glance(image)
    flat = flattened(image, quads)
    image, quads = levelled(flat, quads if flat is image else _glance(flat))
    if _on_its_head(image, quads):
        image = np.ascontiguousarray(image[::-1, ::-1])
        height, width = image.shape[:2]
        quads = np.roll(np.array([width, height], np.float32) - quads, 2, axis=1)
    return unfanned(image, quads)


def _glance(image: Any) -> Any:
    """The boxes as a small copy shows them, in the measure of the picture itself."""
    step = max(1.0, max(image.shape[:2]) / _GLANCE)
    height, width = (max(1, round(side / step)) for side in image.shape[:2])
    small = Image.fromarray(image).resize((width, height), Image.Resampling.BOX)
    return _boxes(np.asarray(small)) * np.float32(step)


def _on_its_head(image: Any, quads: Any) -> bool:
    """Whether the longest lines read more surely when turned round."""
    from integrity.audits.straightening import cut  # noqa: PLC0415 - needs the extra

    widths = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1) if len(quads) else np.empty(0)
    crops = [cut(image, quads[place]) for place in np.argsort(-widths)[:_TRIED_LINES]]
    if not crops:
        return False
    plain = sum(sure for _, sure in _recognised(crops))
    turned = sum(sure for _, sure in _recognised([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]))
    return turned > plain


def _recognised(crops: Sequence[Any]) -> list[tuple[str, float]]:
    found, _ = _engine().text_rec(list(crops), False)
    return [(str(text), float(sure)) for text, sure, *_ in found]


def _line(quad: Any, text: str) -> Line:
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return Line(float(left), float(top), float(right), float(bottom), text)
