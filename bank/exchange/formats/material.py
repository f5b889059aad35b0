"""The material of an item set where a format has one text only: 【材料】 … 【问题】 …, as on printed papers. Pure."""

MATERIAL, QUESTION = "【材料】", "【问题】"


def with_material(material: str, stem: str) -> str:
    """The stem, with the material it stands under in front of it."""
    return f"{MATERIAL}\n{material}\n{QUESTION}\n{stem}" if material else stem


def take_material(text: str) -> tuple[str, str]:
    """Material and stem of a text; an empty material where none is marked."""
    head, _, rest = text.partition("\n")
    lines = rest.split("\n")
    if head.strip() != MATERIAL or QUESTION not in [line.strip() for line in lines]:
        return "", text
    at = next(n for n, line in enumerate(lines) if line.strip() == QUESTION)
    return "\n".join(lines[:at]).strip("\n"), "\n".join(lines[at + 1 :])
