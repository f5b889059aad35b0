"""Walking XML of any namespace and dress: local names, elements without comments, characters, attributes. Pure."""

from collections.abc import Iterator

from lxml import etree


def local(node: etree._Element) -> str:
    """The name of an element without namespace, case and the dress of QTI 3: `qti-text-entry` is `textentry`."""
    tag = str(node.tag).rpartition("}")[2].rpartition(":")[2].lower()
    return tag[4:].replace("-", "") if tag.startswith("qti-") else tag


def is_element(node: etree._Element) -> bool:
    """Whether a node is an element and neither a comment, an instruction nor an entity."""
    return not callable(node.tag)


def characters(node: etree._Element) -> str:
    """All characters inside an element."""
    return "".join(str(text) for text in node.itertext())


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The child elements of these names."""
    return (child for child in node if is_element(child) and local(child) in names)


def inside(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements of these names at any depth, the node itself included."""
    return (one for one in node.iter() if is_element(one) and local(one) in names)


def attribute(node: etree._Element, name: str) -> str:
    """An attribute by its name in QTI 2, also as QTI 3 spells it (responseIdentifier, response-identifier)."""
    dashed = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in name)
    return str(node.get(name) or node.get(dashed) or "")
