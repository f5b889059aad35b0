from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bank.items import ItemVersion
from integrity.similarity.clusters import Known, assign, group
from integrity.similarity.verdict import SAME_FROM, STRICT_FROM, Judgement, Verdict

NEAR, SURE = Judgement(Verdict.NEAR, 0.7), Judgement(Verdict.NEAR, 0.97)
IDENTICAL, CONFLICT = Judgement(Verdict.IDENTICAL, 1.0), Judgement(Verdict.CONFLICT, 0.8)
TEMPLATE = Judgement(Verdict.TEMPLATE, 0.2)


def test_the_same_question_shares_the_smallest_id() -> None:
    assert group([(7, 3, NEAR), (9, 3, IDENTICAL), (12, 11, CONFLICT), (3, 11, TEMPLATE)]) == {
        3: 3,
        7: 3,
        9: 3,
        11: 11,
        12: 11,
    }


def test_a_chain_of_small_changes_is_no_cluster() -> None:
    chain = [(number, number + 1, NEAR) for number in range(1, 6)]
    assert group(chain) == {1: 1, 2: 1, 3: 3, 4: 3, 5: 5, 6: 5}


def test_the_same_text_joins_without_its_first_item() -> None:
    assert group([(1, 2, NEAR), (2, 3, IDENTICAL), (1, 3, TEMPLATE)]) == {1: 1, 2: 1, 3: 1}


def test_a_strict_policy_asks_a_person_first() -> None:
    assert group([(1, 2, NEAR), (1, 3, SURE)], STRICT_FROM) == {1: 1, 2: 2, 3: 1}


_judgements = st.sampled_from([NEAR, SURE, IDENTICAL, CONFLICT, TEMPLATE])
_pairs = st.dictionaries(
    st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1]), _judgements, max_size=14
)


@given(_pairs, st.randoms(use_true_random=False))
def test_order_of_the_pairs_changes_nothing(pairs: dict[tuple[int, int], Judgement], draw: st.DrawFn) -> None:
    rows = [(a, b, how) for (a, b), how in pairs.items()]
    shuffled = [(b, a, how) for a, b, how in rows]
    draw.shuffle(shuffled)
    assert group(rows) == group(shuffled)


@given(_pairs)
def test_every_member_is_the_first_one_or_a_copy_of_a_member(pairs: dict[tuple[int, int], Judgement]) -> None:
    clusters = group([(a, b, how) for (a, b), how in pairs.items()])
    same_text = {pair for pair, how in pairs.items() if how.verdict in {Verdict.IDENTICAL, Verdict.CONFLICT}}
    for member, cluster in clusters.items():
        assert clusters[cluster] == cluster <= member
        head = pairs.get((cluster, member))
        copies = any(clusters[a] == clusters[b] == cluster and member in {a, b} for a, b in same_text)
        assert member == cluster or copies or (head is not None and head.same)


@given(_pairs)
def test_one_at_a_time_agrees_with_all_at_once(pairs: dict[tuple[int, int], Judgement]) -> None:
    ids = sorted({one for pair in pairs for one in pair})
    versions = {number: ItemVersion(id=number) for number in ids}
    for number in ids:
        known = [Known(versions[a], how) for (a, b), how in pairs.items() if b == number]
        versions[number].cluster_id = assign(versions[number], known, SAME_FROM)
    assert {number: version.cluster_id for number, version in versions.items()} == group(
        [(a, b, how) for (a, b), how in pairs.items()]
    )


def test_the_nearest_first_item_wins_whatever_the_order() -> None:
    heads = [Known(ItemVersion(id=1, cluster_id=1), NEAR), Known(ItemVersion(id=2, cluster_id=2), SURE)]
    assert {assign(ItemVersion(id=5), list(order)) for order in permutations(heads)} == {2}
