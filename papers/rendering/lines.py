"""The blocks of an item as JSON values for the Typst templates: strings, formulas, and pictures with their size."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from bank.formulas import latex
from bank.notation import PICTURE, Blank, Block, Figure, Formula, Image, Mark, Paragraph, Run, Table, Text
from papers.rendering import wording
from papers.rendering.formulas import typeset
from papers.rendering.wording import Blocks

_PNG = b"\x89PNG"


class Printed:
    """Turns blocks into values, with the pictures of one form at hand."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self.pictures = pictures

    def blocks(self, read: Blocks) -> list[dict[str, Any]]:
        """The blocks, lines that follow each other gathered in one."""
        made: list[dict[str, Any]] = []
        for block in read:
            if isinstance(block, Paragraph) and made and "lines" in made[-1]:
                made[-1]["lines"].append(self._runs(block.runs))
            else:
                made.append(self._block(block))
        return made

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph(runs):
                return {"lines": [self._runs(runs)]}
            case Table(rows):
                width = max(len(cells) for cells in rows)
                return {
                    "rows": [[self._runs(cell) for cell in (*cells, *[()] * (width - len(cells)))] for cells in rows]
                }
            case Figure(token, caption):
                picture = self._picture(token, wording.FIGURE_MM)
                return {"picture": picture} if picture else {"lines": [[f"{PICTURE}{caption}"]]}

    def _runs(self, runs: tuple[Run, ...]) -> list[Any]:
        return [self._run(run) for run in runs]

    def _run(self, run: Run) -> Any:
        match run:
            case Text(text, mark):
                return text if mark is Mark.PLAIN else {"text": text, "mark": mark.value}
            case Blank(width):
                return "_" * width
            case Formula(body):
                return {"formula": typeset(latex.parse(body))}
            case Image(token, caption):
                picture = self._picture(token, wording.IMAGE_MM)
                return {"picture": picture} if picture else f"{PICTURE}{caption}"

    def _picture(self, token: str, most: tuple[float, float]) -> dict[str, Any] | None:
        """The picture inside a drawing of its size: a text, as everything else that goes into the template."""
        data = self.pictures.get(token)
        if not data:
            return None
        width, height = wording.size(data, most)
        kind = "png" if data.startswith(_PNG) else "jpeg"
        link = f"data:image/{kind};base64,{b64encode(data).decode()}"
        box = f'width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}"'
        image = f'<image width="{width}" height="{height}" preserveAspectRatio="none" href="{link}"/>'
        return {"svg": f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{image}</svg>', "width": width, "height": height}
