r"""Formulas inside running text of other systems: `\( … \)`, `\[ … \]`, `$$ … $$`, `$ … $`, and MathML. Pure."""

import html
import re
from collections.abc import Iterator

from bank import notation
from bank.formulas import latex, mathml
from bank.formulas.tree import FormulaError
from bank.notation import Formula, Mark, Paragraph, Run, Text

_MATH = re.compile(
    r"\\\((?P<inline>.{1,1000}?)\\\)|\\\[(?P<block>.{1,1000}?)\\\]|\$\$(?P<double>[^$]{1,1000})\$\$"
    r"|\$(?P<single>(?![\s$])[^$]{1,1000}(?<!\s))\$(?!\d)",
    re.DOTALL,
)
_TEX = re.compile(r"[\\^_=]")
_ANNOTATION = re.compile(r"<(?:\w+:)?annotation\b[^>]*TeX[^>]*>(.*?)</", re.DOTALL | re.IGNORECASE)
_ALTERNATIVE = re.compile(r'<math\b[^>]*?\balttext="([^"]*)"')
_PREFIX = re.compile(r"(</?)\w+:")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")


def pieces(text: str, notes: list[str], mark: Mark = Mark.PLAIN) -> Iterator[Run]:
    """The runs of a text: its formulas, and the characters between them under a mark."""
    at = 0
    for found in _MATH.finditer(text):
        body = next(part for part in found.groups() if part is not None)
        if found["single"] and not _TEX.search(body):
            continue
        run = _formula(body.replace("\u00a0", " "))
        if run is None:
            if not found["single"]:
                notes.append(f"公式“{body.strip()[:30]}”无法识别，按文字保留，请核对")
            continue
        yield Text(text[at : found.start()], mark)
        yield run
        at = found.end()
    yield Text(text[at:], mark)


def _formula(body: str) -> Formula | None:
    """A LaTeX body as a formula that the notation can hold, as it was typed where possible."""
    typed = re.sub(r"\s*\n\s*", " ", body).strip()
    if _holds(typed):
        return Formula(typed)
    try:
        again = latex.write(latex.parse(typed))
    except FormulaError:
        return None
    return Formula(again) if _holds(again) else None


def _holds(body: str) -> bool:
    return notation.parse(f"${body}$") == (Paragraph((Formula(body),)),)


def formula_of(source: str) -> Formula | None:
    """The formula of a MathML text: its elements, in the spelling of its own LaTeX where both say the same."""
    named = _NAMED.sub(lambda found: html.escape(html.unescape(found[0])), _PREFIX.sub(r"\1", source))
    typed = next(
        (html.unescape(found[1]) for found in (_ALTERNATIVE.match(named), _ANNOTATION.search(named)) if found), ""
    )
    try:
        tree = mathml.read(named)
    except FormulaError:
        return _formula(typed) if typed else None
    try:
        same = bool(typed) and latex.parse(typed) == tree
    except FormulaError:
        same = False
    body = typed if same and _holds(typed) else latex.write(tree)
    return Formula(body) if _holds(body) else None
