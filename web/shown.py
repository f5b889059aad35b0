"""Item texts as the browser shows them: the notation's runs as safe HTML, formulas drawn, pictures by their address.

`shown` is the Jinja filter that every page with a stem, an option or a rationale uses; what a writer typed is escaped
character by character, so no text can become markup.
"""

import re
from collections.abc import Iterable

from flask import Flask, url_for
from markupsafe import Markup, escape

from bank import notation
from bank.formulas import latex
from bank.formulas.tree import FormulaError
from bank.notation import Blank, Block, Figure, Formula, Image, Mark, Paragraph, Run, Table, Text
from web.formulas import formula_html

_TAGS = {Mark.SUB: "sub", Mark.SUP: "sup", Mark.UNDERLINE: "u", Mark.STRONG: "b"}
_BREAK = Markup("<br>")
_MEANT = re.compile(r"\$((?!\s)[^$\n]{0,500}\\[A-Za-z][^$\n]{0,500}(?<!\s))\$")
"""What was meant as a formula: it stands between dollar signs and holds a command."""


def teach(app: Flask) -> None:
    """Templates may say `{{ text|shown }}`, and `{{ text|plainly }}` where there is room for one line only."""
    app.add_template_filter(shown, "shown")
    app.add_template_filter(notation.plain, "plainly")


def shown(text: str) -> Markup:
    """The text as a piece of page: lines in the flow, tables and figures as blocks of their own."""
    made: list[Markup] = []
    after_line = False
    for block in notation.parse(text):
        is_line = isinstance(block, Paragraph)
        if is_line and after_line:
            made.append(_BREAK)
        made.append(_block(block))
        after_line = is_line
    return Markup("").join(made)


def _block(block: Block) -> Markup:
    match block:
        case Paragraph(runs):
            return _runs(runs)
        case Figure(token, caption):
            return Markup('<span class="figure">{}</span>').format(_picture(token, caption))
        case Table(rows):
            return _table(rows)


def _runs(runs: Iterable[Run]) -> Markup:
    return Markup("").join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    match run:
        case Text(text, mark):
            tag = _TAGS.get(mark)
            return _words(text) if tag is None else Markup(f"<{tag}>{{}}</{tag}>").format(text)  # noqa: S704 - one of four fixed tags
        case Blank(width):
            return Markup("_" * width)  # noqa: S704 - underscores only
        case Formula(body):
            return formula_html(latex.parse(body))
        case Image(token, caption):
            return _picture(token, caption)


def _words(text: str) -> Markup:
    """Plain text; in it a formula that cannot be read is marked, with what is wrong with it."""
    made, at = [], 0
    for found in _MEANT.finditer(text):
        try:
            latex.parse(found[1])
        except FormulaError as error:
            made.append(escape(text[at : found.start()]))
            made.append(Markup('<span class="broken" title="{}">{}</span>').format(error.message, found[0]))
            at = found.end()
    return Markup("").join([*made, escape(text[at:])])


def _picture(token: str, caption: str) -> Markup:
    return Markup('<img class="picture" src="{}" alt="{}" loading="lazy">').format(
        url_for("pictures.show", token=token), caption or "图"
    )


def _table(rows: tuple[tuple[tuple[Run, ...], ...], ...]) -> Markup:
    width = max(len(cells) for cells in rows)
    lines = []
    for cells in rows:
        full = (*cells, *[()] * (width - len(cells)))
        lines.append(
            Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_runs(cell)) for cell in full))
        )
    return Markup('<table class="shown"><tbody>{}</tbody></table>').format(Markup("").join(lines))
