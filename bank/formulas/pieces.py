"""The pieces that LaTeX text falls into: commands, numbers, characters; and a place among them."""

import re
import unicodedata

from bank.formulas.signs import CHARACTERS, SIGNS, SPACES, WORDS
from bank.formulas.tree import FENCES, MAX_DEPTH, FormulaError

MAX_LENGTH = 30_000
END = ""
_PIECE = re.compile(r"\\[A-Za-z]+\*?|\\.|[0-9]+(?:\.[0-9]+)*|__+|\s+|.", re.DOTALL)


class Pieces:
    """The pieces of one formula, the next one to read, and how many groups are open there."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"公式太长（{len(text)} 个字符），请分成几个公式")
        self.pieces = _PIECE.findall(unicodedata.normalize("NFC", text))
        self.at = 0
        self.open = 0

    def peek(self) -> str:
        """The next piece that is no white space; the empty string at the end."""
        while self.at < len(self.pieces) and self.pieces[self.at].isspace():
            self.at += 1
        return self.pieces[self.at] if self.at < len(self.pieces) else END

    def take(self) -> str:
        """The next piece, passed."""
        piece = self.peek()
        self.at += 1
        return piece

    def enter(self) -> None:
        """One group more is open; too many are refused before the stack is full."""
        self.open += 1
        if self.open > 3 * MAX_DEPTH:
            raise FormulaError(f"公式嵌套太深（超过 {MAX_DEPTH} 层），请简化")

    def leave(self) -> None:
        """The last group is closed."""
        self.open -= 1

    def words(self, command: str) -> str:
        """The literal characters of a text command's group, white space kept."""
        if self.take() != "{":
            return self.pieces[self.at - 1] if self.at <= len(self.pieces) else ""
        said: list[str] = []
        depth = 1
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            depth += (piece == "{") - (piece == "}")
            if not depth:
                return "".join(said)
            said.append(_said(piece))
        raise FormulaError(f"公式没有写完：{command} 的花括号没有合上")

    def fence(self) -> str:
        """The character after \\left or \\right."""
        piece = self.take()
        sign = {".": "", "<": "⟨", ">": "⟩"}.get(piece, piece)
        if piece.startswith("\\"):
            sign = CHARACTERS.get(piece[1:]) or SIGNS.get(piece[1:], piece)
        if sign not in FENCES or piece == END:
            raise FormulaError(f"\\left、\\right 后面应是括号，现为 {piece or '结尾'}")
        return sign


def _said(piece: str) -> str:
    """What a piece of a text group shows."""
    if piece in {"{", "}"}:
        return ""
    if piece == "~":
        return " "
    if piece.startswith("\\"):
        name = piece[1:]
        return CHARACTERS.get(name) or WORDS.get(name) or SIGNS.get(name) or SPACES.get(name) or ""
    return piece
