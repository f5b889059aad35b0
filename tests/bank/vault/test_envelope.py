import hmac
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import example, given
from hypothesis import strategies as st

from bank.vault import envelope
from bank.vault.envelope import (
    BLOCK,
    OVERHEAD,
    Suite,
    VaultError,
    derive,
    frame,
    open_record,
    read_header,
    seal,
    unframe,
)

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
CONTEXT = frame(b"7", b"item", b"12", b"1", b"question")
TEXT = "触电急救时应首先切断电源".encode()
suites = pytest.mark.parametrize("suite", list(Suite))


@suites
@given(plaintext=st.binary(max_size=3 * BLOCK), context=st.binary(max_size=60), version=st.integers(0, 2**32 - 1))
@example(plaintext=b"", context=b"", version=0)
@example(plaintext=bytes(BLOCK - 4), context=b"", version=1)
@example(plaintext=bytes(BLOCK - 3), context=b"", version=1)
def test_opens_what_was_sealed(suite: Suite, plaintext: bytes, context: bytes, version: int) -> None:
    record = seal(KEY, version, suite, context, plaintext)
    assert open_record(KEY, version, suite, context, record) == plaintext
    assert read_header(record) == (version, suite)


@suites
def test_length_shows_only_the_block(suite: Suite) -> None:
    lengths = {len(seal(KEY, 1, suite, CONTEXT, bytes(size))) for size in range(BLOCK - 3)}
    assert lengths == {OVERHEAD + BLOCK}
    assert len(seal(KEY, 1, suite, CONTEXT, bytes(BLOCK - 3))) == OVERHEAD + 2 * BLOCK


@suites
def test_every_flipped_bit_is_refused(suite: Suite) -> None:
    record = seal(KEY, 1, suite, CONTEXT, TEXT)
    for place in range(len(record)):
        for bit in range(8):
            forged = bytearray(record)
            forged[place] ^= 1 << bit
            with pytest.raises(VaultError):
                open_record(KEY, 1, suite, CONTEXT, bytes(forged))


@suites
def test_every_other_length_is_refused(suite: Suite) -> None:
    record = seal(KEY, 1, suite, CONTEXT, bytes(200))
    longer = [record + bytes(count) for count in (1, 16, BLOCK)]
    for forged in [record[:length] for length in range(len(record))] + longer:
        with pytest.raises(VaultError):
            open_record(KEY, 1, suite, CONTEXT, forged)


@suites
@pytest.mark.parametrize(
    ("key", "version", "context"),
    [
        (OTHER_KEY, 1, CONTEXT),
        (KEY, 2, CONTEXT),
        (KEY, 1, CONTEXT + b"\x00"),
        (KEY, 1, b""),
        (KEY[:16], 1, CONTEXT),
        (KEY + b"\x00", 1, CONTEXT),
    ],
    ids=["other key", "other version", "longer context", "no context", "short key", "long key"],
)
def test_opens_nowhere_else(suite: Suite, key: bytes, version: int, context: bytes) -> None:
    record = seal(KEY, 1, suite, CONTEXT, TEXT)
    with pytest.raises(VaultError):
        open_record(key, version, suite, context, record)


@pytest.mark.parametrize("sealed", list(Suite))
@pytest.mark.parametrize("claimed", list(Suite))
def test_suite_cannot_be_exchanged(sealed: Suite, claimed: Suite) -> None:
    record = bytearray(seal(KEY, 1, sealed, CONTEXT, TEXT))
    record[2] = seal(KEY, 1, claimed, CONTEXT, TEXT)[2]
    if sealed is claimed:
        assert open_record(KEY, 1, claimed, CONTEXT, bytes(record)) == TEXT
        return
    for expected in (sealed, claimed):
        with pytest.raises(VaultError):
            open_record(KEY, 1, expected, CONTEXT, bytes(record))


@pytest.mark.parametrize("code", [0, 4, 255])
def test_unknown_suite_is_refused(code: int) -> None:
    record = bytearray(seal(KEY, 1, Suite.AES_256_GCM, CONTEXT, TEXT))
    record[2] = code
    with pytest.raises(VaultError):
        read_header(bytes(record))


@suites
def test_commitment_refuses_a_second_key_that_the_cipher_would_accept(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GCM lets a forger build one ciphertext that two keys accept; the commitment must stop the second."""
    record = seal(KEY, 1, suite, CONTEXT, TEXT)
    accepts_all = replace(envelope._ALGORITHMS[suite], decrypt=lambda *_: envelope._pad(b"forged"))
    monkeypatch.setitem(envelope._ALGORITHMS, suite, accepts_all)
    assert open_record(KEY, 1, suite, CONTEXT, record) == b"forged"
    with pytest.raises(VaultError):
        open_record(OTHER_KEY, 1, suite, CONTEXT, record)


@suites
@pytest.mark.parametrize(
    "padded",
    [
        (2**30).to_bytes(4, "big") + bytes(BLOCK - 4),
        (BLOCK - 3).to_bytes(4, "big") + bytes(BLOCK - 4),
        bytes(BLOCK - 1) + b"\x01",
        bytes(2 * BLOCK),
    ],
    ids=["a gigabyte", "one too long", "not zero", "a block too many"],
)
def test_wrong_padding_is_refused(suite: Suite, padded: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(envelope, "_pad", lambda _: padded)
        record = seal(KEY, 1, suite, CONTEXT, TEXT)
    with pytest.raises(VaultError):
        open_record(KEY, 1, suite, CONTEXT, record)


@suites
def test_salts_never_repeat(suite: Suite) -> None:
    salts = {seal(KEY, 1, suite, CONTEXT, TEXT)[7:31] for _ in range(5000)}
    assert len(salts) == 5000


def constant_random(count: int) -> bytes:
    return b"\x2a" * count


def ciphertext(record: bytes) -> bytes:
    return record[47:-16]


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


@suites
def test_a_repeating_random_generator_gives_no_key_stream_twice(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope.os, "urandom", constant_random)
    first, second = "答案是甲".encode(), "答案是乙".encode()
    one, two = (seal(KEY, 1, suite, CONTEXT, text) for text in (first, second))
    elsewhere = seal(KEY, 1, suite, CONTEXT + b"x", first)
    assert len({record[7:31] for record in (one, two, elsewhere)}) == 3
    assert xor(ciphertext(one), ciphertext(two)) != xor(envelope._pad(first), envelope._pad(second))
    assert ciphertext(one) != ciphertext(elsewhere)


def test_format_is_what_the_room_says() -> None:
    """Read a record by hand, from the description alone."""
    record = seal(KEY, 9, Suite.AES_256_GCM, CONTEXT, TEXT)
    header, salt, commitment, body = record[:7], record[7:31], record[31:47], record[47:]
    assert header == b"\xb7\x01\x01\x00\x00\x00\x09"
    info = b"tidun/record/v1" + salt
    first = hmac.digest(KEY, info + b"\x01", "sha256")
    second = hmac.digest(KEY, first + info + b"\x02", "sha256")
    assert commitment == second[:16]
    padded = AESGCM(first).decrypt(bytes(12), body, header + CONTEXT)
    assert padded == len(TEXT).to_bytes(4, "big") + TEXT + bytes(128 - 4 - len(TEXT))


@pytest.mark.parametrize(
    ("suite", "record"),
    [
        (
            Suite.AES_256_GCM,
            (
                "b70101000000030209d9705e1be663dc09048b0d504e0d2369404e714f8e47bf0963b592937c831feac4a255ef109f2a"
                "4da79be218fc3ea3fc5e9107a9252dcfb121cfb3476e2f7e9f504c85b0b41e30ca4e467e494992ceb8ce5542455a67c5"
                "bcea89e167e5ce80793353554cf6ea3c4ef4ce14ed7f7bb4881dbfaff0b481749ea4bd6e20950ccc531eba8f140134b7"
                "46eb300d0127ae094feaf67ab55e146c6ff60e4a338f8e4fe746a1f91643defa190a5c97f19a0e58a80ef997687e43"
            ),
        ),
        (
            Suite.SM4_GCM,
            (
                "b7010200000003ed32198e75ad95d1a4c3e223ba62565ba847f3ca66c36db3ca66e007f54ac6a4e8ed8479c7c8a8d184"
                "d8e1e361d96afb75ce3f75f452a9bd64afa005af82bc5c8ef7e0927352716740159f8550326e5c2d857334e01069c9d0"
                "c58d24fd1c1da823926d83a01cb5cbf5da98f4cbbb18ddfb3892ce7b96855e5b41088df35ff6cc8a474ddd312639d68e"
                "f1b6920ff159a8fdf1da839422522e7ceb311fab83f16a86f31590e0f3f182aee1821520770430740d2e18732843d5"
            ),
        ),
        (
            Suite.AES_256_GCM_SIV,
            (
                "b7010300000003e898828e7c405de8ff677c907aed1ba7b622349900d289cf8e844b3dc8a4b3067bbeb05f9b2a4447bc"
                "27b5bc1a48c844bac706d2ba01975f2bcaedb28add884232febef78f7413126790ba2dd6cddfd141213394ce8b177ea2"
                "07af789f951983e09e54f609c10cb5015d6c08c9294e9b5a60d7af4a225d50984d38c10e6bcbf231bf4428ad19a910fb"
                "7d8ecb4d1cb2827a3752221f66f375bbc055dda345d342c279025d24e5bfb7ddec44cf0ef53e11256e5d697c22a85d"
            ),
        ),
    ],
)
def test_records_of_earlier_releases_open(suite: Suite, record: str) -> None:
    assert open_record(KEY, 3, suite, CONTEXT, bytes.fromhex(record)) == "三相异步电动机".encode()


@suites
def test_derived_secrets_differ_by_key_and_label(suite: Suite) -> None:
    found = {derive(key, suite, label) for key in (KEY, OTHER_KEY) for label in ("minhash", "minhash2", "")}
    assert len(found) == 6
    assert {len(secret) for secret in found} == {32}


@given(st.lists(st.binary(max_size=20), max_size=6))
def test_frames_come_apart_as_they_were_put_together(parts: list[bytes]) -> None:
    assert unframe(frame(*parts)) == tuple(parts)


@given(st.binary(max_size=40))
@example(b"\xff\xff\xff\xff")
@example(b"\x00\x00")
def test_what_is_no_frame_is_refused_or_exact(framed: bytes) -> None:
    try:
        parts = unframe(framed)
    except VaultError:
        return
    assert frame(*parts) == framed


def test_every_failure_reads_the_same() -> None:
    record = seal(KEY, 1, Suite.AES_256_GCM, CONTEXT, TEXT)
    sentences = set()
    for key, context, given_record in ((OTHER_KEY, CONTEXT, record), (KEY, b"", record), (KEY, CONTEXT, b"")):
        with pytest.raises(VaultError) as raised:
            open_record(key, 1, Suite.AES_256_GCM, context, given_record)
        sentences.add(raised.value.message)
        assert raised.value.__cause__ is None
    assert len(sentences) == 1
