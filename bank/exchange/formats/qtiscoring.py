"""How a QTI item says what is right: response declarations, mappings and response processing, of 2.1 to 3.0."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from bank.answers import Credit, half_marks
from bank.exchange.formats import stated
from bank.exchange.formats.stated import Answer
from bank.exchange.formats.xmltree import attribute, characters, children, inside


@dataclass(frozen=True, slots=True)
class Declaration:
    """One response variable: its right values, and what single values earn."""

    identifier: str
    several: bool
    base_type: str
    correct: tuple[str, ...]
    mapped: tuple[tuple[str, float], ...]

    def best(self) -> float:
        """The most that one value earns, or all right ones together where several may be given."""
        earned = [value for _, value in self.mapped if value > 0]
        return (sum(earned) if self.several else max(earned, default=0.0)) or 1.0


def declarations(root: etree._Element) -> dict[str, Declaration]:
    """The response variables of an item by identifier."""
    found = [_declaration(node) for node in children(root, "responsedeclaration")]
    return {one.identifier: one for one in found}


def _declaration(node: etree._Element) -> Declaration:
    correct = [
        characters(value).strip()
        for response in children(node, "correctresponse")
        for value in children(response, "value")
    ]
    entries = [entry for mapping in children(node, "mapping") for entry in children(mapping, "mapentry")]
    return Declaration(
        attribute(node, "identifier"),
        attribute(node, "cardinality") in {"multiple", "ordered"},
        attribute(node, "baseType"),
        tuple(value for value in correct if value),
        tuple((attribute(entry, "mapKey"), number(attribute(entry, "mappedValue"))) for entry in entries),
    )


def number(text: str) -> float:
    """A number, 0 where the text is none."""
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e9 else 0.0


def right_values(root: etree._Element, declaration: Declaration) -> tuple[str, ...]:
    """The right values: declared, else those that earn most, else those that the processing compares with."""
    if declaration.correct:
        return declaration.correct
    earning = [key for key, value in declaration.mapped if value > 0]
    if earning and declaration.several:
        return tuple(earning)
    if earning:
        best = max(value for _, value in declaration.mapped)
        return tuple(key for key, value in declaration.mapped if value == best)
    return tuple(dict.fromkeys(_compared(root, declaration.identifier)))


def _compared(root: etree._Element, identifier: str) -> Iterator[str]:
    """Values that a response is compared with where the score is set to something."""
    for rule in inside(root, "responseif", "responseelseif"):
        if not any(_earns(one) for one in children(rule, "setoutcomevalue")):
            continue
        for test in inside(rule, "match", "member", "equal", "stringmatch"):
            asked = {attribute(one, "identifier") for one in inside(test, "variable")}
            if identifier in asked:
                yield from (characters(one).strip() for one in children(test, "basevalue"))


def _earns(outcome: etree._Element) -> bool:
    return attribute(outcome, "identifier").upper().startswith("SCORE") and any(
        number(characters(one)) > 0 for one in inside(outcome, "basevalue")
    )


def is_mapped(root: etree._Element) -> bool:
    """Whether the score is the sum of what the single values earn."""
    for processing in children(root, "responseprocessing"):
        template = attribute(processing, "template").removesuffix(".xml").rstrip("/")
        if template.endswith("map_response") or next(inside(processing, "mapresponse"), None) is not None:
            return True
    return False


def credit(root: etree._Element, read: Credit) -> Credit:
    """Partial credit: the share where values are mapped, half where a part of the right ones earns something."""
    if is_mapped(root):
        return read
    processed = [one for node in children(root, "responseprocessing") for one in inside(node, "contains")]
    return Credit.HALF if processed and read is not Credit.NONE else Credit.NONE


def shares(root: etree._Element, declaration: Declaration, values: Sequence[str]) -> list[float]:
    """What each of the offered values earns, in percent."""
    right = right_values(root, declaration)
    if is_mapped(root) and declaration.mapped:
        earned = dict(declaration.mapped)
        best = declaration.best()
        percents = [100 * earned.get(value, 0.0) / best for value in values]
        # A declared right answer wins over a mapping that forgets it.
        return [max(p, 1.0) if v in right else min(p, 0.0) for p, v in zip(percents, values, strict=True)]
    return [(100.0 / len(right) if declaration.several else 100.0) if value in right else -100.0 for value in values]


def accepted(root: etree._Element, declaration: Declaration, notes: list[str]) -> str:
    """The accepted answers of a text entry, a numerical one with its tolerance."""
    near = _tolerance(root, declaration.identifier)
    earned = dict(declaration.mapped)
    best = max(earned.values(), default=1.0) or 1.0
    right = right_values(root, declaration)
    answers = [Answer(value, 100.0) for value in right]
    answers += [Answer(key, 100 * value / best) for key, value in declaration.mapped if key not in right]
    if near and declaration.base_type in {"float", "integer"}:
        answers = [replace(answer, text=stated.numeric(answer.text, near)) for answer in answers]
    return stated.accepted(answers, notes)


def _tolerance(root: etree._Element, identifier: str) -> str:
    for test in inside(root, "equal"):
        if identifier in {attribute(one, "identifier") for one in inside(test, "variable")}:
            share = "%" if attribute(test, "toleranceMode") == "relative" else ""
            near = attribute(test, "tolerance").split()
            return near[0] + share if near and number(near[0]) else ""
    return ""


def marks(root: etree._Element, notes: list[str]) -> int | None:
    """The marks of an item in half-marks; 1, the default of every tool, says nothing."""
    for node in children(root, "outcomedeclaration"):
        name = attribute(node, "identifier").upper()
        value = attribute(node, "normalMaximum") if name == "SCORE" else ""
        if name == "MAXSCORE":
            value = "".join(characters(one) for one in inside(node, "value")).strip()
        if number(value) not in {0.0, 1.0}:
            try:
                return half_marks(number(value))
            except ValueError:
                notes.append(f"分值 {value[:20]} 不是 0.5 的倍数，没有保留")
    return None
