import pytest

from integrity.similarity.lexicon import (
    CONTRASTS,
    FILLERS,
    MODALS,
    PARTICLES,
    SYNONYMS,
    fold_synonyms,
    without_frame,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("必须采用夹具", "应用夹具"),
        ("严禁超过12千米", "禁止大于12km"),
        ("fdm3d打印机", "fdm3d打印机"),
        ("面积为5平方米", "面积为5m2"),
    ],
)
def test_one_spelling_of_a_word(text: str, folded: str) -> None:
    assert fold_synonyms(text) == folded


def test_the_spelling_of_a_group_is_final() -> None:
    moved = {head: fold_synonyms(head) for head in SYNONYMS.values() if fold_synonyms(head) != head}
    assert moved == {}


def test_the_frame_goes_and_a_bare_frame_stays() -> None:
    assert without_frame("下列关于锅炉的说法") == "锅炉的"
    assert without_frame("下列说法") == "下列说法"


def test_kinds_of_characters_do_not_overlap() -> None:
    assert PARTICLES <= FILLERS
    assert not PARTICLES & MODALS
    assert not any(pair <= PARTICLES for pair in CONTRASTS)
    assert all(len(pair) == 2 for pair in CONTRASTS)
