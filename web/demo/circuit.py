"""The drawing under the demo's set of items: R1 in series with R2 and R3 side by side. Made by code, always alike."""

import io

from PIL import Image, ImageDraw, ImageFont

from bank.pictures import PictureFile

_SIZE, _BLACK, _LINE = (520, 220), 0, 3
_LETTERS = {"R1": (160, 14), "R2": (362, 22), "R3": (362, 101), "U": (18, 116)}
_SMALL = 16


def mixed_circuit() -> PictureFile:
    """The circuit as a PNG in shades of grey."""
    image = Image.new("L", _SIZE, 255)
    pen = ImageDraw.Draw(image)
    for points in (
        [(60, 105), (60, 60), (130, 60)],
        [(210, 60), (270, 60)],
        [(270, 60), (270, 70), (330, 70)],
        [(410, 70), (470, 70), (470, 190), (60, 190), (60, 125)],
        [(270, 70), (270, 150), (330, 150)],
        [(410, 150), (470, 150)],
    ):
        pen.line(points, fill=_BLACK, width=_LINE)
    for left, middle in ((130, 60), (330, 70), (330, 150)):
        pen.rectangle((left, middle - 13, left + 80, middle + 13), outline=_BLACK, width=_LINE)
    for x, y in ((270, 70), (470, 150)):
        pen.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_BLACK)
    pen.line([(35, 105), (85, 105)], fill=_BLACK, width=_LINE)
    pen.line([(47, 125), (73, 125)], fill=_BLACK, width=_LINE + 3)
    _letter(pen)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return PictureFile("image/png", stream.getvalue())


def _letter(pen: ImageDraw.ImageDraw) -> None:
    large, small = ImageFont.load_default(24), ImageFont.load_default(_SMALL)
    for name, (x, y) in _LETTERS.items():
        pen.text((x, y), name[0], fill=_BLACK, font=large)
        pen.text((x + 17, y + 12), name[1:], fill=_BLACK, font=small)
