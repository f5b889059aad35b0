"""The tree against the definition in RFC 9162 written out, and against the vectors of the RFC 6962 reference code."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank.ledger import merkle

SIZES = range(1, 40)
VECTOR = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


@cache
def naive_root(start: int, end: int) -> bytes:
    """MTH(D[start:end]) by the letter."""
    if end - start == 1:
        return merkle.leaf_hash(str(start).encode())
    half = 1
    while half * 2 < end - start:
        half *= 2
    return merkle.node_hash(naive_root(start, start + half), naive_root(start + half, end))


def node(position: merkle.Position) -> bytes:
    level, index = position
    return naive_root(index << level, (index + 1) << level)


def grown(hashes: list[bytes]) -> list[bytes]:
    frontier: list[bytes] = []
    for size, leaf in enumerate(hashes):
        frontier, _ = merkle.grow(frontier, size, leaf)
    return frontier


def test_the_empty_tree() -> None:
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_reference_roots(size: int) -> None:
    assert merkle.root_of(grown([merkle.leaf_hash(entry) for entry in VECTOR[:size]])).hex() == VECTOR_ROOTS[size - 1]


def reference_node(position: merkle.Position) -> bytes:
    level, index = position
    return merkle.root_of(grown([merkle.leaf_hash(e) for e in VECTOR[index << level : (index + 1) << level]]))


def test_reference_inclusion_proof() -> None:
    assert [step.hex() for step in merkle.inclusion_proof(0, 8, reference_node)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_reference_consistency_proof() -> None:
    assert [step.hex() for step in merkle.consistency_proof(6, 8, reference_node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_growing_gives_the_root_and_every_complete_subtree() -> None:
    frontier: list[bytes] = []
    stored: dict[merkle.Position, bytes] = {}
    for size, leaf in enumerate(leaves(70)):
        frontier, finished = merkle.grow(frontier, size, leaf)
        stored |= dict(finished)
        assert merkle.root_of(frontier) == naive_root(0, size + 1)
        assert len(stored) == sum((size + 1) >> level for level in range(8))
    assert all(node(position) == found for position, found in stored.items())
    assert merkle.split_hashes(b"".join(frontier)) == frontier


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_of_every_leaf(size: int) -> None:
    root = naive_root(0, size)
    for index, leaf in enumerate(leaves(size)):
        proof = merkle.inclusion_proof(index, size, node)
        assert len(proof) <= (size - 1).bit_length()
        assert merkle.verify_inclusion(leaf, index, size, proof, root)


@pytest.mark.parametrize("new", SIZES)
def test_consistency_with_every_earlier_size(new: int) -> None:
    for old in range(new + 1):
        proof = merkle.consistency_proof(old, new, node)
        old_root = naive_root(0, old) if old else merkle.EMPTY_ROOT
        assert merkle.verify_consistency(old, new, old_root, naive_root(0, new), proof)


@given(st.integers(1, 5000), st.data())
def test_roots_and_proofs_of_larger_trees(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root = merkle.root_at(size, node)
    assert root == naive_root(0, size)
    leaf = naive_root(index, index + 1)
    assert merkle.verify_inclusion(leaf, index, size, merkle.inclusion_proof(index, size, node), root)
    proof = merkle.consistency_proof(old, size, node)
    assert merkle.verify_consistency(old, size, naive_root(0, old), root, proof)
    needed = merkle.positions_needed([*merkle.inclusion_ranges(index, size), (0, size)])
    assert all((position[1] + 1) << position[0] <= size for position in needed)


def forgeries(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with a bit changed, a step left out, doubled, added or two exchanged."""
    changed = [[*proof[:i], bytes([step[0] ^ 1]) + step[1:], *proof[i + 1 :]] for i, step in enumerate(proof)]
    shorter = [proof[:i] + proof[i + 1 :] for i in range(len(proof))]
    doubled = [[*proof[: i + 1], *proof[i:]] for i in range(len(proof))]
    exchanged = [[*proof[:i], proof[i + 1], proof[i], *proof[i + 2 :]] for i in range(len(proof) - 1)]
    return [*changed, *shorter, *doubled, *exchanged, [*proof, bytes(32)], [bytes(32), *proof]]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 11, 16, 21])
def test_forged_inclusion_is_refused(size: int) -> None:
    root = naive_root(0, size)
    for index, leaf in enumerate(leaves(size)):
        proof = merkle.inclusion_proof(index, size, node)
        for forged in forgeries(proof):
            assert not merkle.verify_inclusion(leaf, index, size, forged, root)
        for other in {*range(-1, size + 2)} - {index}:
            assert not merkle.verify_inclusion(leaf, other, size, proof, root)
        assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged"), index, size, proof, root)
        assert not merkle.verify_inclusion(leaf, index, size, proof, merkle.leaf_hash(b"forged"))


@pytest.mark.parametrize("new", [1, 2, 3, 5, 7, 8, 11, 16, 21])
def test_forged_consistency_is_refused(new: int) -> None:
    new_root, other_root = naive_root(0, new), merkle.leaf_hash(b"forged")
    for old in range(1, new + 1):
        old_root, proof = naive_root(0, old), merkle.consistency_proof(old, new, node)
        for forged in forgeries(proof):
            assert not merkle.verify_consistency(old, new, old_root, new_root, forged)
        assert not merkle.verify_consistency(old, new, other_root, new_root, proof)
        assert not merkle.verify_consistency(old, new, old_root, other_root, proof)
        assert not merkle.verify_consistency(new, old, new_root, old_root, proof) or old == new
        assert not merkle.verify_consistency(old, 2 * new, old_root, new_root, proof)
    assert not merkle.verify_consistency(0, new, other_root, new_root, [])
    assert not merkle.verify_consistency(-1, new, other_root, new_root, [])


def test_an_inner_node_is_no_entry() -> None:
    """Without the prefixes, two leaves could pass as one entry of a smaller tree."""
    pair = naive_root(0, 1) + naive_root(1, 2)
    assert merkle.leaf_hash(pair) != naive_root(0, 2)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(index, size, node)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_proof_that_a_tree_shrank(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="only grows"):
        merkle.consistency_proof(old, new, node)
