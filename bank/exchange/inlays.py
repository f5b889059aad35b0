"""What the text of a file holds beside characters: formulas, marks, pictures, tables, each under one private sign.

The grammar of question files works on plain characters, position by position. An inlay is one character to it, so no
formula is cut at its comma and no picture is lost at the end of an option; once a question is settled its texts are
written in the notation, where every other character stands for itself.
"""

import re
from collections.abc import Iterator

from bank import notation
from bank.exchange.glyphs import DAMAGED
from bank.notation import Block, Formula, Image, Mark, Paragraph, Run, Table, Text
from bank.pictures import PictureFile, cleaned

_FIRST, _LAST = 0x100000, 0x10FFFD
_SIGN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
# $…$, $$…$$ and \(…\) as people type them, and <sub>2</sub> as other programs leave it in their cells.
_TYPED = re.compile(
    r"(?P<fence>\${1,2})(?!\s)(?P<formula>[^$\n]{1,500})(?<!\s)(?P=fence)(?!\d)|\\\((?P<tex>[^\n]{1,500}?)\\\)"
    r"|<(?P<mark>sub|sup)>(?P<text>[^<>\n]{1,60})</(?P=mark)>",
    re.IGNORECASE,
)
# Between two dollar signs stands a price or a formula; a formula shows one of these, or is a single letter.
_TEX = re.compile(r"[\\^_=]|[A-Za-z]")


def own(text: str) -> str:
    """A text of the file itself, without the rare private characters that would be taken for inlays."""
    return _SIGN.sub(DAMAGED, text)


def holds_inlay(text: str) -> bool:
    """Whether a text bears the sign of a formula, mark, picture or table."""
    return bool(_SIGN.search(text))


class Inlays:
    """The inlays of one file, each under its own sign; equal ones share it."""

    def __init__(self) -> None:
        self._held: list[Run | Table] = []
        self._signs: dict[Run | Table, str] = {}
        self._seen: dict[bytes, str] = {}
        self.pictures: dict[str, PictureFile] = {}

    def hide(self, inlay: Run | Table) -> str:
        """The sign that stands for an inlay; the plain reading where a file holds too many different ones."""
        if inlay not in self._signs:
            if len(self._held) > _LAST - _FIRST:
                block = inlay if isinstance(inlay, Table) else Paragraph((inlay,))
                return notation.plain(notation.write([block]))
            self._signs[inlay] = chr(_FIRST + len(self._held))
            self._held.append(inlay)
        return self._signs[inlay]

    def picture(self, name: str, data: bytes) -> str:
        """The sign of a picture; raises BadInput where it cannot be shown."""
        if data not in self._seen:
            file = cleaned(name, data)
            self._seen[data] = self.pictures.setdefault(file.local_token, file).local_token
        return self.hide(Image(self._seen[data]))

    def typed(self, text: str) -> str:
        """A text with its typed formulas and `<sub>`, `<sup>` hidden; what only looks like one stays as it is."""
        return text if "$;" in text else _TYPED.sub(self._typed, text)

    def _typed(self, found: re.Match[str]) -> str:
        if found["mark"]:
            return self.hide(Text(found["text"], Mark(found["mark"].lower())))
        body = (found["formula"] or found["tex"]).strip()
        known = (found["tex"] or _TEX.search(body)) and notation.is_formula(body)
        return self.hide(Formula(body)) if known and "$" not in body else found[0]

    def notation(self, text: str) -> str:
        """The text in the notation, its inlays in their places."""
        return notation.write(self._blocks(text)) if _SIGN.search(text) else notation.literal(text)

    def plain(self, text: str) -> str:
        """The plain reading of a text with inlays."""
        return notation.plain(self.notation(text)) if _SIGN.search(text) else text

    def stands_alone(self, text: str) -> bool:
        """Whether a line holds pictures or a table and nothing else."""
        held = [self._of(sign) for sign in text if not sign.isspace()]
        return bool(held) and all(isinstance(one, (Image, Table)) for one in held)

    def runs(self, text: str) -> Iterator[Run | Table]:
        """The runs of one line of text."""
        for piece in re.split(f"({_SIGN.pattern})", text):
            if piece:
                yield self._of(piece) or Text(piece)

    def _of(self, sign: str) -> Run | Table | None:
        at = ord(sign) - _FIRST if len(sign) == 1 else -1
        return self._held[at] if 0 <= at < len(self._held) else None

    def _blocks(self, text: str) -> Iterator[Block]:
        """Paragraphs, with each table on lines of its own."""
        for line in text.split("\n"):
            held: list[Run] = []
            tables = 0
            for run in self.runs(line):
                if isinstance(run, Table):
                    yield from self._paragraph(held)
                    held, tables = [], tables + 1
                    yield run
                else:
                    held.append(run)
            if held or not tables:
                yield Paragraph(tuple(held))

    @staticmethod
    def _paragraph(runs: list[Run]) -> Iterator[Block]:
        if any(not isinstance(run, Text) or run.text.strip() for run in runs):
            yield Paragraph(tuple(runs))
