import math
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.integrity.audits.page_pictures import drawn, photographed, turned

straightening = pytest.importorskip(
    "integrity.audits.straightening",
    reason="the extra `ocr` is not installed (pip install 'tidun[ocr]')",
    exc_type=ImportError,
)
Array = np.ndarray[Any, Any]
TEXT = "\n".join("砂轮机的托架与砂轮之间的间隙一般不大于三毫米" for _ in range(12))


def pixels(page: Image.Image) -> Array:
    return np.asarray(page.convert("RGB"))


def bars(angles: list[float], length: float = 400, tall: float = 20) -> Array:
    """Long boxes, one below the other, each leaning by its own angle."""
    quads = []
    for number, angle in enumerate(angles):
        along, down = np.array([math.cos(angle), math.sin(angle)]), np.array([-math.sin(angle), math.cos(angle)])
        start = np.array([100.0, 100.0 + 60 * number])
        corners = [start, start + length * along, start + length * along + tall * down, start + tall * down]
        quads.append(corners)
    return np.array(quads, np.float32)


def lean(quads: Array) -> list[float]:
    side = quads[:, 1] - quads[:, 0]
    return [math.degrees(angle) for angle in np.arctan2(side[:, 1], side[:, 0])]


@pytest.mark.parametrize("degrees", [-30, -7, 0, 7, 30, 60, 90])
def test_lines_are_level_after_turning(degrees: float) -> None:
    image = np.full((1000, 800, 3), 255, np.uint8)
    _, quads = straightening.levelled(image, bars([math.radians(degrees)] * 8))
    assert max(map(abs, lean(quads))) < 0.5
    assert all(np.linalg.norm(quad[1] - quad[0]) > np.linalg.norm(quad[3] - quad[0]) for quad in quads)


def test_a_box_askew_does_not_turn_the_page() -> None:
    image = np.full((1000, 800, 3), 255, np.uint8)
    same, _ = straightening.levelled(image, bars([0.0] * 8 + [0.6]))
    assert same is image


def test_paper_on_a_table_is_cut_out() -> None:
    page = drawn(TEXT, width=900)
    photo = pixels(photographed(page))
    middle = np.array([[photo.shape[1] / 2, photo.shape[0] / 2]] * 4, np.float32)
    flat = straightening.flattened(photo, middle[None])
    seen = Image.fromarray(flat).resize(page.size)
    # The table was dark; what is left is as bright as the page was.
    assert np.asarray(ImageOps.grayscale(seen)).mean() > 0.97 * np.asarray(ImageOps.grayscale(page)).mean()
    outside = np.array([[5, 5]] * 4, np.float32)
    assert straightening.flattened(photo, np.array([*middle[None], outside], np.float32)) is photo
    white = pixels(turned(0)(page))
    assert straightening.flattened(white, middle[None]) is white


def test_lines_that_run_together_are_spread_again() -> None:
    image = np.full((900, 800, 3), 255, np.uint8)
    tilts = [0.12 - 0.02 * number for number in range(12)]
    for quad in bars(tilts):
        steps = np.linspace(quad[0], quad[1], 400).astype(int)
        image[steps[:, 1], steps[:, 0]] = 0
        image[steps[:, 1] + 1, steps[:, 0]] = 0
    spread = straightening.unfanned(image, bars(tilts))
    dark = (spread < 128).any(axis=2)
    assert (dark.sum(axis=1) > 250).sum() >= len(tilts) * 0.75
    assert straightening.unfanned(image, bars([0.0] * 12)) is image


def test_a_box_is_cut_out_as_it_lies() -> None:
    image = np.zeros((60, 80, 3), np.uint8)
    image[20:30, 10:50] = 255
    piece = straightening.cut(image, np.array([[10, 20], [50, 20], [50, 30], [10, 30]], np.float32))
    assert piece.shape == (10, 40, 3)
    assert piece.min() == 255
