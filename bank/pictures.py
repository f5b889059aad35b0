"""Pictures of items: checked, cleaned of what a camera wrote into them, and sealed per institution (Article 6(4)).

An item's text names a picture by its token, a keyed tag of the bytes: the same picture is stored once, and the tag
tells nothing without the house's key. A picture that no version names is swept after two days, so an upload that
nobody confirmed leaves nothing behind.
"""

import hmac
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput
from bank.notation import retokened
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of

MAX_PICTURE_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 25_000_000
WIDEST = 2400
KEPT_UNUSED = timedelta(hours=48)
TOKEN_LENGTH = 32
_FORMS = {"PNG": "image/png", "JPEG": "image/jpeg"}
_TAKEN = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture's bytes with their media type, image/png or image/jpeg once cleaned."""

    media_type: str
    data: bytes

    @property
    def local_token(self) -> str:
        """What names these bytes within one file or upload, before they are kept."""
        return sha256(self.data).hexdigest()[:TOKEN_LENGTH]


class Picture(Base):
    """One sealed picture of an institution."""

    __tablename__ = "picture"
    __table_args__ = (sa.UniqueConstraint("institution_id", "token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institution.id"))
    token: Mapped[str] = mapped_column(sa.String(TOKEN_LENGTH))
    media_type: Mapped[str] = mapped_column(sa.String(16))
    body: Mapped[bytes]
    kept_at: Mapped[datetime] = mapped_column(default=now, index=True)


class PictureUse(Base):
    """An item version that names a picture."""

    __tablename__ = "picture_use"

    picture_id: Mapped[int] = mapped_column(sa.ForeignKey("picture.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("item_version.id"), primary_key=True, index=True)


def cleaned(name: str, data: bytes) -> PictureFile:
    """The picture decoded and written anew: no metadata, no trailing bytes, at most 2,400 pixels wide.

    Raises BadInput for a form that browsers and printers cannot show (WMF, EMF, SVG …), for damage and for bombs.
    """
    if len(data) > MAX_PICTURE_BYTES:
        raise BadInput(f"图片 {name} 超过 {MAX_PICTURE_BYTES // 1024 // 1024} MB，请压缩后再用")
    try:
        with Image.open(io.BytesIO(data), formats=_TAKEN) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(f"图片 {name} 的像素太多（{image.width}×{image.height}），请缩小后再用")
            form = "JPEG" if image.format == "JPEG" else "PNG"
            return PictureFile(_FORMS[form], _written(image, form))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput(f"图片 {name} 打不开或格式不支持，请另存为 PNG 或 JPG 再用") from error


def _written(image: Image.Image, form: str) -> bytes:
    wanted = "RGB" if form == "JPEG" else image.mode if image.mode in {"1", "L", "LA", "P", "RGB", "RGBA"} else "RGB"
    plain = image.convert(wanted)
    if plain.width > WIDEST:
        plain = plain.resize((WIDEST, max(1, plain.height * WIDEST // plain.width)))
    plain.info = {key: value for key, value in plain.info.items() if key == "transparency"}
    out = io.BytesIO()
    plain.save(out, form, **({"quality": 90} if form == "JPEG" else {}))
    return out.getvalue()


def keep_pictures(session: Session, institution_id: int, files: Iterable[PictureFile]) -> dict[str, str]:
    """Seal cleaned pictures of an institution; the kept token of each local one. Known pictures are not kept twice."""
    by_token = {_tag(session, file): file for file in files}
    known = _known(session, institution_id, list(by_token))
    vault = vault_of(session)
    for token, file in by_token.items():
        if token in known:
            known[token].kept_at = now()
            continue
        body = vault.seal(session, Purpose.BANK, _context(institution_id, token), file.data)
        session.add(Picture(institution_id=institution_id, token=token, media_type=file.media_type, body=body))
    session.flush()
    return {file.local_token: token for token, file in by_token.items()}


def _tag(session: Session, file: PictureFile) -> str:
    secret = vault_of(session).secret(session, Purpose.INDEX, "pictures")
    return hmac.digest(secret, file.data, sha256).hex()[:TOKEN_LENGTH]


def _context(institution_id: int, token: str) -> Context:
    return Context(institution_id, "picture", token, 1, "body")


def _known(session: Session, institution_id: int, tokens: Sequence[str]) -> dict[str, Picture]:
    found: dict[str, Picture] = {}
    for start in range(0, len(tokens), 500):
        mine = (Picture.institution_id == institution_id, Picture.token.in_(tokens[start : start + 500]))
        found |= {picture.token: picture for picture in session.scalars(sa.select(Picture).where(*mine))}
    return found


def open_pictures(session: Session, institution_id: int, tokens: Iterable[str]) -> dict[str, PictureFile]:
    """The pictures under these tokens; a token that the institution does not hold is left out.

    Whoever shows them has put the reading of their item into the ledger first.
    """
    vault = vault_of(session)
    found = _known(session, institution_id, list(dict.fromkeys(tokens)))
    return {
        token: PictureFile(
            picture.media_type, vault.open(session, Purpose.BANK, _context(institution_id, token), picture.body)
        )
        for token, picture in found.items()
    }


def use_pictures(session: Session, uses: Sequence[tuple[int, int, Sequence[str]]]) -> None:
    """Note which version (id, institution) names which pictures; raises BadInput for one that is not there."""
    by_institution: dict[int, dict[str, list[int]]] = {}
    for version_id, institution_id, tokens in uses:
        for token in tokens:
            by_institution.setdefault(institution_id, {}).setdefault(token, []).append(version_id)
    for institution_id, wanted in by_institution.items():
        known = _known(session, institution_id, list(wanted))
        if len(known) < len(wanted):
            raise BadInput("题中有图片已失效或不属于本机构，请重新插入图片后再保存")
        session.add_all(
            PictureUse(picture_id=known[token].id, version_id=version_id)
            for token, version_ids in wanted.items()
            for version_id in version_ids
        )


def forget_uses(session: Session, version_ids: Sequence[int]) -> None:
    """These versions are going: they name no picture any more."""
    session.execute(sa.delete(PictureUse).where(PictureUse.version_id.in_(version_ids)))


def sweep_pictures(session: Session) -> int:
    """Delete pictures that nothing names and that were kept two days ago or earlier; how many."""
    used = sa.select(PictureUse.picture_id)
    old = sa.delete(Picture).where(Picture.kept_at < now() - KEPT_UNUSED, Picture.id.not_in(used))
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def replaced_tokens(kept: Mapping[str, str]) -> Callable[[str], str]:
    """A change of texts from local to kept tokens, for `ItemContent.mapped`."""
    return lambda text: retokened(text, lambda token: kept.get(token, token))
