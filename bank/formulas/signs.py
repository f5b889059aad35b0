"""The names that signs, letters, accents and fences have in LaTeX; reading takes all of them, writing the first."""

import unicodedata

from bank.formulas.tree import MEDIUM, QUAD, THIN, Layout, Mark

_LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "hbar": "ℏ", "imath": "ı", "jmath": "ȷ", "aleph": "ℵ",
    "Re": "ℜ", "Im": "ℑ", "wp": "℘",
}  # fmt: skip
_SIGNS = {
    "times": "×", "div": "÷", "cdot": "⋅", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙",
    "oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "odot": "⊙", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "leqslant": "⩽", "geqslant": "⩾", "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "simeq": "≃",
    "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "lt": "<", "gt": ">", "prec": "≺", "succ": "≻",
    "doteq": "≐", "triangleq": "≜", "asymp": "≍",
    "infty": "∞", "angle": "∠", "measuredangle": "∡", "triangle": "△", "bigtriangleup": "△", "triangledown": "▽",
    "square": "□", "Box": "□", "diamond": "⋄", "perp": "⊥", "bot": "⊥", "top": "⊤", "parallel": "∥", "nparallel": "∦",
    "mid": "∣", "nmid": "∤", "bigcirc": "○", "blacksquare": "■", "degree": "°", "prime": "′",
    "therefore": "∴", "because": "∵", "forall": "∀", "exists": "∃", "nexists": "∄", "neg": "¬", "lnot": "¬",
    "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂",
    "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇", "subsetneq": "⊊", "supsetneq": "⊋", "subsetneqq": "⫋",
    "cup": "∪", "cap": "∩", "setminus": "∖", "emptyset": "∅", "varnothing": "∅", "complement": "∁", "nabla": "∇",
    "partial": "∂", "surd": "√", "rightarrow": "→", "to": "→", "leftarrow": "←", "gets": "←", "leftrightarrow": "↔",
    "Rightarrow": "⇒", "implies": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⇔",
    "longrightarrow": "⟶", "longleftarrow": "⟵", "Longrightarrow": "⟹", "Longleftrightarrow": "⟺", "mapsto": "↦",
    "uparrow": "↑", "downarrow": "↓", "updownarrow": "↕", "nearrow": "↗", "searrow": "↘", "nwarrow": "↖",
    "swarrow": "↙", "rightleftharpoons": "⇌", "leftrightharpoons": "⇋", "rightharpoonup": "⇀", "leftharpoonup": "↼",
    "ldots": "…", "dots": "…", "dotsc": "…", "cdots": "⋯", "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱", "langle": "⟨",
    "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "Vert": "‖", "lVert": "‖", "rVert": "‖",
    "vert": "|", "lvert": "|", "rvert": "|", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
    "backslash": "\\", "colon": ":", "textdollar": "$", "textgreater": ">", "textless": "<", "textbar": "|",
    "checkmark": "✓", "frown": "⌢", "smile": "⌣", "dagger": "†", "S": "§", "copyright": "©", "yen": "¥",
    "sphericalangle": "∢", "backsim": "∽", "sum": "∑", "prod": "∏", "coprod": "∐", "int": "∫", "iint": "∬",
    "iiint": "∭", "oint": "∮", "bigcup": "⋃", "bigcap": "⋂",
}  # fmt: skip
SIGNS = _LETTERS | _SIGNS
"""Command name to character; what kind of symbol it is follows from the character."""

_RAW = frozenset("<>[]:")
"""Signs that have a command but are written as typed."""

COMMANDS: dict[str, str] = {}
for _name, _sign in SIGNS.items():
    if _sign not in _RAW and _sign not in "{}":
        COMMANDS.setdefault(_sign, _name)

ACCENTS = {
    "bar": Mark.BAR, "hat": Mark.HAT, "widehat": Mark.HAT, "vec": Mark.VEC, "dot": Mark.DOT, "ddot": Mark.DDOT,
    "tilde": Mark.TILDE, "widetilde": Mark.TILDE, "overline": Mark.OVERLINE, "underline": Mark.UNDERLINE,
    "overrightarrow": Mark.ARROW, "wideparen": Mark.ARC, "overparen": Mark.ARC, "overarc": Mark.ARC,
    "overbrace": Mark.OVERBRACE, "underbrace": Mark.UNDERBRACE, "boxed": Mark.BOX, "fbox": Mark.BOX,
    "Vec": Mark.VEC, "mathring": Mark.DOT,
}  # fmt: skip

UPRIGHT = frozenset({"mathrm", "mathsf", "mathit", "mathnormal", "mathtt"})
TEXTS = frozenset({"text", "textrm", "mbox", "hbox", "textbf", "textit", "textsf", "textnormal"})
BOLDS = frozenset({"boldsymbol", "mathbf", "bm", "bold", "pmb"})
IGNORED = frozenset({
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "bigr",
    "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "rm", "it", "bf", "nonumber", "notag", "hline", "!",
    "allowbreak", "nobreak", "mathstrut", "strut", "centering",
})  # fmt: skip
STYLED = {"mathbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathfrak": "FRAKTUR"}


SPACES = {",": THIN, "thinspace": THIN, ":": MEDIUM, ";": MEDIUM, ">": MEDIUM, " ": " ", "~": " ", "quad": QUAD,
           "enspace": " ", "space": " ", "hspace": " "}  # fmt: skip
ARROWS = {"xrightarrow": "→", "xleftarrow": "←", "xlongequal": "=", "xrightleftharpoons": "⇌", "xLeftrightarrow": "⇔"}
_CENTRED = {"matrix": ("", ""), "smallmatrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
            "vmatrix": ("|", "|"), "Bmatrix": ("{", "}"), "Vmatrix": ("‖", "‖"), "gathered": ("", ""),
            "array": ("", ""), "tabular": ("", "")}  # fmt: skip
_ALIGNED = frozenset({"aligned", "align", "align*", "split", "eqnarray", "eqnarray*"})
GRIDS = {
    **{name: (*fences, Layout.CENTRE) for name, fences in _CENTRED.items()},
    **dict.fromkeys(_ALIGNED, ("", "", Layout.ALIGNED)),
    "cases": ("{", "", Layout.LEFT),
}
CHARACTERS = {"{": "{", "}": "}", "%": "%", "#": "#", "&": "&", "_": "_", "$": "$", "|": "‖"}
WORDS = {"textasciitilde": "~", "textasciicircum": "^"}


def styled(command: str, letter: str) -> str:
    """The letter of a special alphabet, as ℝ for \\mathbb R; the letter itself where there is none."""
    style = STYLED[command]
    size = "CAPITAL" if letter.isupper() else "SMALL"
    heads = ("BLACK-LETTER",) if style == "FRAKTUR" else (style,)
    for name in (*(f"{head} {size} {letter}" for head in heads), f"MATHEMATICAL {style} {size} {letter}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return letter
