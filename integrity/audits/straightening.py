"""A photographed page turned upright and flat, so that its lines run level and can be read (Article 16(2)).

What a phone does to a page is told from two things on the picture itself: the four corners of the paper, where they
are seen, and the boxes in which the detector found text, whose long sides run along the lines.
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Quads = NDArray[np.float32]
"""Boxes around text, n by 4 corners by 2, each from the top left corner clockwise."""

_ELONGATED = 2.5
_LEVEL = math.radians(0.4)
_FEWEST_LINES = 6
# Lines that run together more than this over the page show a page seen from the side.
_LEAST_SPREAD, _MOST_SPREAD = 0.012, 0.5
_LEAST_PAPER, _MOST_PAPER = 0.3, 0.97
_LOOKED_AT = 500
_INSIDE = 0.97

cv2.setNumThreads(1)


def flattened(image: Pixels, quads: Quads) -> Pixels:
    """The paper alone where its four corners are seen around the text, seen from straight above."""
    corners = _paper(image)
    if corners is None or not len(quads):
        return image
    centres = quads.mean(axis=1)
    inside = sum(cv2.pointPolygonTest(corners, (float(x), float(y)), False) >= 0 for x, y in centres)
    return cut(image, corners) if inside >= _INSIDE * len(quads) else image


def _paper(image: Pixels) -> Quads | None:
    """The four corners of the largest bright sheet on the picture, if one fills a good part and has four."""
    scale = _LOOKED_AT / max(image.shape[:2])
    small = cv2.cvtColor(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    _, bright = cv2.threshold(cv2.GaussianBlur(small, (5, 5), 0), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Closing swallows the print, which is as dark as the table that the sheet lies on.
    sheet = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((21, 21), np.uint8))
    outlines, _ = cv2.findContours(sheet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(outline, 0.03 * cv2.arcLength(outline, True), True).reshape(-1, 2)
    share = cv2.contourArea(outline) / (small.shape[0] * small.shape[1])
    if len(corners) != 4 or not _LEAST_PAPER <= share <= _MOST_PAPER:
        return None
    return _clockwise(corners.astype(np.float32) / scale)


def _clockwise(corners: Quads) -> Quads:
    """Four corners from the top left one on; the paper may still lie on its side."""
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angles)]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0).astype(np.float32)


def cut(image: Pixels, quad: Quads) -> Pixels:
    """What lies in a box, laid out as an upright rectangle."""
    width = max(1, round(float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2])))))
    height = max(1, round(float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return _warped(image, cv2.getPerspectiveTransform(quad.astype(np.float32), target), width, height)


def _warped(image: Pixels, matrix: NDArray[Any], width: int, height: int) -> Pixels:
    flat = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def levelled(image: Pixels, quads: Quads) -> tuple[Pixels, Quads]:
    """The picture turned so that its lines run level, and the boxes with it; it may still stand on its head."""
    angle = _direction(quads)
    if angle is None or abs(angle) < _LEVEL:
        return image, quads
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(angle), 1.0)
    wide = round(abs(height * math.sin(angle)) + abs(width * math.cos(angle)))
    high = round(abs(height * math.cos(angle)) + abs(width * math.sin(angle)))
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(image, turn, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    moved = cv2.transform(quads, turn)
    return np.asarray(turned, np.uint8), np.array([_clockwise(quad) for quad in moved], np.float32)


def _long_sides(quads: Quads) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Direction (radians, in a half turn) and length of the boxes that are clearly longer than high."""
    across, down = quads[:, 1] - quads[:, 0], quads[:, 3] - quads[:, 0]
    wide, high = np.linalg.norm(across, axis=1), np.linalg.norm(down, axis=1)
    sides = np.where((wide >= high)[:, None], across, down)
    lengths = np.maximum(wide, high)
    clear = lengths >= _ELONGATED * np.maximum(np.minimum(wide, high), 1.0)
    return np.arctan2(sides[clear, 1], sides[clear, 0]).astype(np.float64), lengths[clear].astype(np.float64)


def _direction(quads: Quads) -> float | None:
    """In which direction the lines run, in a half turn; None where no box is long enough to tell."""
    if not len(quads):
        return None
    angles, lengths = _long_sides(quads)
    if not len(angles):
        return None
    # Doubled angles make a line and its reverse the same; the median then forgets boxes that ran askew.
    mean = math.atan2(float(lengths @ np.sin(2 * angles)), float(lengths @ np.cos(2 * angles))) / 2
    aside = (angles - mean + math.pi / 2) % math.pi - math.pi / 2
    return mean + float(np.median(aside[np.argsort(-lengths)][: max(3, len(aside) // 2)]))


def unfanned(image: Pixels, quads: Quads) -> Pixels:
    """The picture bent back where its level lines still run together towards one side, as from a slanting view."""
    if len(quads) < _FEWEST_LINES:
        return image
    across, middles = quads[:, 1] - quads[:, 0], quads.mean(axis=1)
    long = across[:, 0] >= _ELONGATED * np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    if long.sum() < _FEWEST_LINES:
        return image
    slopes, heights = across[long, 1] / across[long, 0], middles[long, 1]
    height, width = image.shape[:2]
    slope, start = np.polyfit(heights, slopes, 1, w=np.sqrt(across[long, 0]))
    if not _LEAST_SPREAD <= abs(slope) * height <= _MOST_SPREAD:
        return image
    top, bottom = (np.array([-1, 1]) * (start + slope * y) * width / 2 + y for y in (0.0, float(height)))
    seen = np.array([[0, top[0]], [width, top[1]], [width, bottom[1]], [0, bottom[0]]], np.float32)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return _warped(image, cv2.getPerspectiveTransform(seen, target), width, height)
