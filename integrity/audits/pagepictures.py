"""The pictures in one document, read within its allowance of pages, pixels and time (Article 16(2)).

What is not read is counted with its reason and its place, so that a scan never says "nothing found" of a page that
nobody read. Decoding is Pillow's, limited to the forms of cameras, scanners and screenshots.
"""

import io
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from integrity.audits.ocr import INSTALL, LONG_SIDE, ocr_installed, read_page

FORMS = ("PNG", "JPEG", "BMP", "WEBP", "TIFF", "GIF")
MOST_PIXELS = 64_000_000
MOST_PAGES = 100
DOCUMENT_SECONDS = 300.0
PAGE_SECONDS = 60.0
# A smaller picture is an icon or a rule; no line of a question fits on it.
_NARROWEST, _LOWEST = 48, 14
# A screenshot of a whole chat is cut, where it is blankest, into pages of this shape.
_LONG, _CUT = 2.2, 1.5
_MOST_SHOWN = 10

MISSING = f"未识别，{INSTALL}"
LATE = f"未检查：一份文件最多识别 {MOST_PAGES} 页、{DOCUMENT_SECONDS / 60:.0f} 分钟；请拆成几个文件"
PARTLY = "没有读完（字太密或太慢）；请裁成几块再试"
BROKEN = "打不开或格式不支持（HEIC、EMF、WMF 等）；请另存为 PNG 或 JPG 再试"
HUGE = f"像素太多（超过 {MOST_PIXELS // 1_000_000} 百万）；请缩小后再试"


class PictureReader:
    """Reads pictures until the document's allowance is used up; `notes` tell what stayed unread."""

    def __init__(self) -> None:
        self.pages_left = MOST_PAGES
        self.seconds_left = DOCUMENT_SECONDS
        self.unread: dict[str, list[str]] = defaultdict(list)

    def read(self, data: bytes, place: str) -> str:
        """The text on a picture file, all its pages."""
        if not self.admits(place):
            return ""
        read: list[str] = []
        try:
            read.extend(self.read_image(image, place) for image in _images(data))
        except OverflowError:
            self.unread[HUGE].append(place)
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
            self.unread[BROKEN].append(place)
        return "\n".join(text for text in read if text)

    def read_image(self, image: Image.Image, place: str) -> str:
        """The text on one decoded page."""
        if image.width < _NARROWEST or image.height < _LOWEST:
            return ""
        return "\n".join(text for part in _parts(image) if (text := self._page(part, place)))

    def _page(self, image: Image.Image, place: str) -> str:
        if not self.admits(place):
            return ""
        self.pages_left -= 1
        start = time.thread_time()
        text, whole = read_page(image, min(PAGE_SECONDS, self.seconds_left))
        self.seconds_left -= time.thread_time() - start
        if not whole:
            self.unread[PARTLY].append(place)
        return text

    def admits(self, place: str) -> bool:
        """Whether another page may be read; what is turned away is noted with the reason."""
        if not ocr_installed():
            self.unread[MISSING].append(place)
        elif self.pages_left <= 0 or self.seconds_left <= 0:
            self.unread[LATE].append(place)
        else:
            return True
        return False

    def notes(self) -> list[str]:
        """One sentence for each reason why pictures stayed unread, with their places."""
        sentences = []
        for reason, found in self.unread.items():
            places = list(dict.fromkeys(found))
            shown = "、".join(places[:_MOST_SHOWN]) + ("等" if len(places) > _MOST_SHOWN else "")
            sentences.append(f"有 {len(places)} 张图片或扫描页（{shown}）{reason}")
        return sentences


def _images(data: bytes) -> Iterator[Image.Image]:
    """The pages of a picture file, upright as its camera noted, on white; raises OverflowError for too many pixels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        opened = Image.open(io.BytesIO(data), formats=FORMS)
    with opened:
        # JPEG is decoded small at once where it is far larger than a page is read.
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))
        frames = ImageSequence.Iterator(opened) if opened.format == "TIFF" else iter([opened])
        for frame in frames:
            if frame.width * frame.height > MOST_PIXELS:
                raise OverflowError
            yield _on_white(ImageOps.exif_transpose(frame))


def _on_white(image: Image.Image) -> Image.Image:
    """Grey and colour as seen on a white sheet; sixteen-bit scans are brought to eight."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float32)
        return Image.fromarray((values * (255 / max(float(values.max()), 1.0))).clip(0, 255).astype(np.uint8))
    if image.mode in {"LA", "PA", "RGBA"} or "transparency" in image.info:
        seen = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    return image.convert("RGB")


def _parts(image: Image.Image) -> Iterator[Image.Image]:
    """The picture itself, or a long screenshot cut into pages between its lines."""
    if image.height <= max(_LONG * image.width, LONG_SIDE):
        yield image
        return
    contrast = np.asarray(image.convert("L"), np.float32).std(axis=1)
    size, start = round(_CUT * image.width), 0
    while image.height - start > _LONG * image.width:
        low = start + size * 3 // 4
        end = low + int(np.argmin(_around(contrast[low : start + size])))
        yield image.crop((0, start, image.width, end))
        start = end
    yield image.crop((0, start, image.width, image.height))


def _around(contrast: np.ndarray) -> np.ndarray:
    """Contrast summed over some rows, so that the cut falls amid the widest blank, not inside a line of print."""
    return np.convolve(contrast, np.ones(9, np.float32), "same")
