"""The fonts of the printed sheets, and what they can draw.

Typst has no way to ask a font for a character, but PDF/A does not allow an undrawable one: so the unknown characters
are set once on a page of their own, and halved until the guilty ones are found. The answers are kept in memory.
"""

from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

PROBE = b"""#set document(date: datetime(year: 2000, month: 1, day: 1))
#set text(font: "Noto Serif SC")
#sys.inputs.text"""

_drawable: dict[str, bool] = {}


def font_folders() -> list[str]:
    """Where the fonts lie: Noto Serif SC as 宋体 and Noto Sans SC as 黑体. Another carrier is named here only."""
    paths = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
    return sorted({str(Path(path).parent) for path in paths})


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """These fonts and the mathematical ones that Typst brings along; no font of the machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(font_folders()))


def undrawable(text: str) -> set[str]:
    """The characters of the text that none of the fonts can draw."""
    chars = {char for char in text if not char.isascii()}
    _learn(sorted(chars - _drawable.keys()))
    return {char for char in chars if not _drawable[char]}


def _learn(chars: list[str]) -> None:
    if not chars:
        return
    if _can_draw(chars):
        _drawable.update(dict.fromkeys(chars, True))
    elif len(chars) == 1:
        _drawable[chars[0]] = False
    else:
        middle = len(chars) // 2
        _learn(chars[:middle])
        _learn(chars[middle:])


def _can_draw(chars: list[str]) -> bool:
    try:
        typst.compile(
            PROBE, font_paths=fonts(), sys_inputs={"text": " ".join(chars)}, pdf_standards="a-2b", timestamp=0
        )
    except typst.TypstError:
        return False
    return True
