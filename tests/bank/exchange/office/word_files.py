"""Word files made paragraph by paragraph, with elements that python-docx does not write itself."""

from typing import Any

from docx.document import Document
from docx.oxml import parse_xml

from bank.exchange.intake import read_items
from bank.exchange.reading import Reading
from tests.bank.exchange.question_files import document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
PICTURE = (
    f'<w:drawing {W}><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rId1"/></w:drawing>'
)


def read(*paragraphs: str, shape: Any = None) -> Reading:
    return read_items("题库.docx", document(*paragraphs, shape=shape))


def put(made: Document, text: str, xml: str, after: str = "") -> None:
    """A paragraph with an element between its texts."""
    paragraph = made.add_paragraph(text)
    paragraph.add_run()._r.append(parse_xml(xml))
    paragraph.add_run(after)
