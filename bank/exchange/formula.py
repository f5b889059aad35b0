"""Raised and lowered type and Word formulas (OMML), written in one line of Unicode so that no meaning is lost.

10³ stays 10³ and never becomes 103; a fraction becomes (a)/(b). A note asks the teacher to check what was rewritten.
"""

from lxml import etree

_UP = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_DOWN = str.maketrans("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ")
_UPPER_SIGNS = frozenset("0123456789+-−=()ni")
_LOWER_SIGNS = frozenset("0123456789+-−=()aeoxhklmnpst")
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MAX_DEPTH = 40


def raised(text: str) -> str:
    """Superscript: ³ where Unicode has the signs, else ^(…)."""
    if not text.strip():
        return text
    return text.translate(_UP) if set(text.strip()) <= _UPPER_SIGNS else f"^({text})"


def lowered(text: str) -> str:
    """Subscript: ₂ where Unicode has the signs, else plain, as in RB or Ucc."""
    return text.translate(_DOWN) if set(text.strip()) <= _LOWER_SIGNS else text


def linear(element: "etree._Element", depth: int = 0) -> str:
    """A Word formula as one line of text."""
    if depth > MAX_DEPTH:
        return "".join(str(text) for text in element.itertext())
    name = element.tag.rpartition("}")[2]
    if name == "t":
        return element.text or ""
    if writer := _WRITERS.get(name):
        return writer(element, depth + 1)
    return "".join(linear(child, depth + 1) for child in element)


def _part(element: "etree._Element", tag: str, depth: int) -> str:
    child = element.find(f"{_M}{tag}")
    return "" if child is None else linear(child, depth)


def _fraction(element: "etree._Element", depth: int) -> str:
    return f"{_grouped(_part(element, 'num', depth))}/{_grouped(_part(element, 'den', depth))}"


def _scripts(element: "etree._Element", depth: int) -> str:
    base, sub, sup = (_part(element, tag, depth) for tag in ("e", "sub", "sup"))
    return base + lowered(sub) + raised(sup)


def _root(element: "etree._Element", depth: int) -> str:
    return f"{raised(_part(element, 'deg', depth))}√{_grouped(_part(element, 'e', depth))}"


def _delimited(element: "etree._Element", depth: int) -> str:
    inner = "，".join(linear(child, depth) for child in element.findall(f"{_M}e"))
    return f"{_sign(element, 'begChr', '(')}{inner}{_sign(element, 'endChr', ')')}"


def _sum(element: "etree._Element", depth: int) -> str:
    sub, sup, base = (_part(element, tag, depth) for tag in ("sub", "sup", "e"))
    return f"{_sign(element, 'chr', '∫')}{lowered(sub)}{raised(sup)}{base}"


_WRITERS = dict.fromkeys(("sSup", "sSub", "sSubSup"), _scripts)
_WRITERS |= {"f": _fraction, "rad": _root, "d": _delimited, "nary": _sum}


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _sign(element: "etree._Element", tag: str, default: str) -> str:
    found = element.find(f"{_M}{element.tag.rpartition('}')[2]}Pr/{_M}{tag}")
    return default if found is None else found.get(f"{_M}val", default)
