"""Pages of text drawn as pictures, and what phones, scanners and chat programs do to them."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

Bend = Callable[[Image.Image], Image.Image]


def drawn(text: str, size: int = 24, width: int = 1150, margin: int = 60) -> Image.Image:
    """A page as high as its text asks for."""
    font = ImageFont.truetype(str(sans_path()), size)
    lines = [piece for line in text.split("\n") for piece in _wrapped(line, font, width - 2 * margin)]
    page = Image.new("RGB", (width, 2 * margin + len(lines) * size * 8 // 5), "white")
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((margin, margin + number * size * 8 // 5), line, font=font, fill=(25, 25, 30))
    return page


def _wrapped(line: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    pieces = [""]
    for character in line:
        if font.getlength(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def turned(degrees: float) -> Bend:
    return lambda page: page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def photographed(page: Image.Image) -> Image.Image:
    """The sheet on a dark table, seen from its lower left side."""
    width, height = page.size
    seen = [(width * 0.16, height * 0.1), (width * 1.05, height * 0.05), (width * 1.14, height * 1.12)]
    return _seen_at(page, [*seen, (width * 0.05, height * 1.04)], (int(width * 1.2), int(height * 1.18)), (70, 62, 55))


def slanted(page: Image.Image) -> Image.Image:
    """A picture filled by the sheet, whose lines run together to the right."""
    width, height = page.size
    return _seen_at(page, [(0, 0), (width, height * 0.08), (width, height * 0.92), (0, height)], page.size, (255,) * 3)


def _seen_at(
    page: Image.Image, corners: list[tuple[float, float]], size: tuple[int, int], ground: tuple[int, ...]
) -> Image.Image:
    width, height = page.size
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    bend = tuple(float(value) for value in np.linalg.solve(np.array(rows), np.array(wanted)))
    return page.transform(size, Image.Transform.PERSPECTIVE, bend, Image.Resampling.BICUBIC, fillcolor=ground)


def recompressed(page: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encoded(page, "JPEG", quality=60)))


def grainy(page: Image.Image) -> Image.Image:
    grain = np.random.default_rng(7).normal(0, 18, (page.height, page.width, 1))
    return Image.fromarray((np.asarray(page) + grain).clip(0, 255).astype(np.uint8))


def encoded(page: Image.Image, form: str, **how: object) -> bytes:
    stream = io.BytesIO()
    page.save(stream, form, **how)
    return stream.getvalue()
