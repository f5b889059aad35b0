"""Which characters a formula may hold, and the one spelling of those that have several."""

import unicodedata

PRIME = "′"
SAME_SIGN = str.maketrans({"\u2212": "-", "\u00b5": "μ", "\u210e": "h", "'": PRIME, "~": "∼", "^": "∧"})


def plain_letter(char: str) -> str:
    """Letters of the mathematical alphabets as plain ones, except the script and double-struck ones with a meaning."""
    if "\U0001d400" <= char <= "\U0001d7ff":
        name = unicodedata.name(char, "")
        return char if "SCRIPT" in name or "DOUBLE-STRUCK" in name else unicodedata.normalize("NFKC", char)
    return char


def is_chinese(char: str) -> bool:
    """Whether this letter is written as text inside a formula, never in italics."""
    return char.isalpha() and char >= "\u2e80" and not "\U0001d400" <= char <= "\U0001d7ff"


def seen(text: str) -> str:
    """Without control and format characters; those have no shape and could hide something."""
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Cn"})
