"""Writing a QTI 3.0 content package: manifest with metadata, one file an item, pictures beside them."""

import html
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from uuid import NAMESPACE_URL, uuid5

from bank.exchange.formats.qtipackage import CATALOG, DIFFICULTIES, MANIFEST
from bank.exchange.formats.tags import write_tags
from bank.exchange.glyphs import clean
from bank.exchange.writing.items import ENDINGS, LeftOut, Sheet, Written, WrittenItem, sheets, told
from bank.exchange.writing.qtiitem import Drawn, item_identifier, write_item
from bank.pictures import PictureFile

_PACKAGING = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_SCHEMA = f"{_PACKAGING} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
# One moment for all members, so that the same items give the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def write(items: Sequence[WrittenItem], pictures: Mapping[str, PictureFile], title: str) -> Written:
    """The items as one content package."""
    resources: list[str] = []
    used: dict[str, PictureFile] = {}
    left_out: list[LeftOut] = []
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets(items, pictures):
            document, drawn = write_item(sheet, partial(_address, sheet))
            path = f"items/{item_identifier(sheet)}.xml"
            _put(archive, path, document.encode())
            resources.append(_resource(sheet, drawn, path))
            used |= sheet.used
            left_out += sheet.left_out
        for token, file in used.items():
            _put(archive, f"images/{token}{ENDINGS[file.media_type]}", file.data)
        _put(archive, MANIFEST, _manifest(title, resources, used).encode())
    return Written(stream.getvalue(), told(left_out))


def _put(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    member = zipfile.ZipInfo(path, _MOMENT)
    member.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(member, data)


def _address(sheet: Sheet, token: str) -> str:
    """Where a picture lies, seen from an item."""
    file = sheet.picture(token)
    return f"../images/{token}{ENDINGS[file.media_type]}" if file else ""


def _manifest(title: str, resources: Iterable[str], used: Mapping[str, PictureFile]) -> str:
    pictures = (_picture_resource(token, file) for token, file in used.items())
    listed = "\n".join((*resources, *pictures))
    identifier = uuid5(NAMESPACE_URL, listed)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{_PACKAGING}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_SCHEMA}" identifier="manifest-{identifier}">'
        "<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion>"
        f'<lom xmlns="{_LOM}"><general><title>{_string(title)}</title></general></lom></metadata>'
        f"<organizations/>\n<resources>\n{listed}\n</resources></manifest>\n"
    )


def _picture_resource(token: str, file: PictureFile) -> str:
    path = f"images/{token}{ENDINGS[file.media_type]}"
    kind = "associatedcontent/learning-application-resource"
    return f'<resource identifier="picture-{token}" type="{kind}" href="{path}"><file href="{path}"/></resource>'


def _resource(sheet: Sheet, drawn: Drawn, path: str) -> str:
    held = sheet.tags(implied=drawn.implied)
    identifier = item_identifier(sheet)
    files = (f'<file href="images/{token}{ENDINGS[file.media_type]}"/>' for token, file in sheet.used.items())
    needs = (f'<dependency identifierref="picture-{token}"/>' for token in sheet.used)
    return (
        f'<resource identifier="resource-{identifier}" type="imsqti_item_xmlv3p0" href="{path}">'
        f"<metadata>{_metadata(sheet, held)}</metadata>"
        f'<file href="{path}"/>{"".join(files)}{"".join(needs)}</resource>'
    )


def _metadata(sheet: Sheet, held: Mapping[str, str]) -> str:
    """LOM of one item: its id, tags, difficulty and point in the places that the standard has for them."""
    name = f"<identifier><catalog>{CATALOG}</catalog><entry>{html.escape(clean(sheet.item.name))}</entry></identifier>"
    words = "".join(f"<keyword>{_string(tag)}</keyword>" for tag in write_tags(held))
    grade = sheet.item.difficulty
    difficulty = (
        f"<educational><difficulty>{_term(DIFFICULTIES[grade - 1])}</difficulty></educational>" if grade else ""
    )
    point = held.get("point", "")
    taxon = f"<source>{_string('鉴定点')}</source><taxon><id>{html.escape(clean(point))}</id></taxon>"
    placed = (
        f"<classification><purpose>{_term('educational objective')}</purpose><taxonPath>{taxon}</taxonPath>"
        "</classification>"
    )
    return f'<lom xmlns="{_LOM}"><general>{name}{words}</general>{difficulty}{placed if point else ""}</lom>'


def _string(text: str) -> str:
    return f'<string language="zh">{html.escape(clean(text))}</string>'


def _term(value: str) -> str:
    return f"<source>LOMv1.0</source><value>{value}</value>"
