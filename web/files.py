"""Files between a person and a page: the one that was chosen, and those that are handed out."""

from dataclasses import dataclass
from io import BytesIO

from flask import Response, request, send_file

from bank.exchange.intake import MAX_UPLOAD_BYTES
from bank.ground.errors import BadInput


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes


def is_chosen(field: str) -> bool:
    """Whether a file was chosen at all; reads nothing of it."""
    return any(one.filename for one in request.files.getlist(field))


def chosen_files(field: str = "file", most: int = MAX_UPLOAD_BYTES) -> list[Upload]:
    """All files that were chosen, each read to one byte past the limit, so that its reader refuses it by name."""
    return [Upload(one.filename, one.stream.read(most + 1)) for one in request.files.getlist(field) if one.filename]


def chosen_file(missing: str, field: str = "file", most: int = MAX_UPLOAD_BYTES) -> Upload:
    """The one file of a form; raises BadInput with the sentence given when none was chosen."""
    found = chosen_files(field, most)
    if not found:
        raise BadInput(missing)
    return found[0]


def hand_out(data: bytes, kind: str, name: str) -> Response:
    """A file to be saved under a name, never shown in place."""
    return send_file(BytesIO(data), kind, as_attachment=True, download_name=name)
