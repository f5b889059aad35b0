"""Pictures: cleaned, kept once, sealed, bound to the versions that name them, swept when nobody does."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from bank.content import ItemContent, ItemType
from bank.ground.clock import now
from bank.ground.errors import BadInput
from bank.pictures import (
    MAX_PICTURE_BYTES,
    WIDEST,
    Picture,
    PictureFile,
    cleaned,
    keep_pictures,
    open_pictures,
    replaced_tokens,
    sweep_pictures,
)
from tests.factories import add, make_bank
from web.house import House


def drawn(
    form: str = "PNG", size: tuple[int, int] = (40, 20), colour: str = "red", mode: str = "RGB", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def asking(token: str) -> ItemContent:
    return ItemContent(ItemType.JUDGE, f"图中货叉已离地。\n![货叉](pic:{token})", key="正确")


def test_a_picture_comes_back_and_is_kept_once(house: House) -> None:
    picture = cleaned("货叉.png", drawn())
    with house.unit_of_work() as session:
        institution = make_bank(session).institution_id
        kept = keep_pictures(session, institution, [picture])
        again = keep_pictures(session, institution, [picture])
    assert kept == again
    token = kept[picture.local_token]
    with house.unit_of_work() as session:
        assert open_pictures(session, institution, [token, "0" * 32]) == {token: picture}
        stored = session.scalars(sa.select(Picture)).one()
        assert picture.data not in stored.body
        assert picture.local_token != token, "the stored name must not be an unkeyed digest"


def test_another_institution_has_no_such_picture(house: House) -> None:
    picture = cleaned("货叉.png", drawn())
    with house.unit_of_work() as session:
        mine, other = make_bank(session), make_bank(session, "大冶市技工学校")
        token = keep_pictures(session, mine.institution_id, [picture])[picture.local_token]
        assert open_pictures(session, other.institution_id, [token]) == {}
        with pytest.raises(BadInput, match="图片已失效"):
            add(session, other, [asking(token)])


def test_metadata_and_trailing_bytes_do_not_pass() -> None:
    exif = Image.Exif()
    exif[0x010E] = "lens of the teacher"
    data = drawn("JPEG", exif=exif) + b"PK\x03\x04 hidden"
    file = cleaned("拍照.jpg", data)
    assert file.media_type == "image/jpeg"
    assert b"lens" not in file.data
    assert b"hidden" not in file.data


@pytest.mark.parametrize("form", ["GIF", "BMP", "WEBP", "TIFF", "PNG"])
def test_other_forms_become_png(form: str) -> None:
    file = cleaned(f"图.{form.lower()}", drawn(form))
    assert file.media_type == "image/png"
    with Image.open(io.BytesIO(file.data)) as image:
        assert (image.format, image.size) == ("PNG", (40, 20))


def test_a_wide_picture_is_made_narrower() -> None:
    with Image.open(io.BytesIO(cleaned("宽.png", drawn(size=(WIDEST * 2, 100))).data)) as image:
        assert image.size == (WIDEST, 50)


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", drawn()[:60], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xd7\xcd\xc6\x9a" * 9]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"图片 坏\.png 打不开"):
        cleaned("坏.png", data)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(BadInput, match="像素太多"):
        cleaned("炸弹.png", drawn(size=(9000, 9000), colour="white", mode="1"))
    with pytest.raises(BadInput, match="超过 8 MB"):
        cleaned("大.png", b"\x89PNG" + bytes(MAX_PICTURE_BYTES))


def test_what_nobody_names_is_swept_after_two_days(house: House) -> None:
    named, idle, fresh = (cleaned("图.png", drawn(colour=colour)) for colour in ("red", "green", "blue"))
    with house.unit_of_work() as session:
        bank = make_bank(session)
        kept = keep_pictures(session, bank.institution_id, [named, idle])
        add(session, bank, [asking(kept[named.local_token])])
        session.execute(sa.update(Picture).values(kept_at=now() - timedelta(hours=49)))
        kept |= keep_pictures(session, bank.institution_id, [fresh])
        assert sweep_pictures(session) == 1
        found = open_pictures(session, bank.institution_id, kept.values())
    assert found == {kept[named.local_token]: named, kept[fresh.local_token]: fresh}


def test_local_tokens_are_replaced_throughout() -> None:
    picture = PictureFile("image/png", b"x")
    content = asking(picture.local_token).mapped(replaced_tokens({picture.local_token: "f" * 32}))
    assert content.pictures() == ("f" * 32,)
