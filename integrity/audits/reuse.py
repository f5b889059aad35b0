"""Article 14(4): were look-alike papers used within twelve months? Reused question papers, not candidates' answers.

Reusing an item is lawful; reusing a paper is not. So the measure is the share of the later paper's marks that comes
from item clusters of the earlier one (`papers.assembly.overlap`), held against the policy's own thresholds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.content import ItemContent
from bank.ground.actors import Actor
from bank.ground.clock import add_months
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item, ItemVersion, open_versions, read_versions
from integrity.similarity.verdict import Judgement, judge
from papers.papers import Form, Paper
from papers.sittings import AskedItem, Sitting

ARTICLE = "第十四条第四项"


class PaperVerdict(StrEnum):
    """At or over the policy's alike share; at or over its review share; below both."""

    ALIKE = "alike"
    PARTIAL = "partial"
    UNLIKE = "unlike"


PAPER_VERDICT_NAMES = {
    PaperVerdict.ALIKE: "雷同",
    PaperVerdict.PARTIAL: "需要复核",
    PaperVerdict.UNLIKE: "不雷同",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a used form: position, item, version, cluster, marks in half-mark units."""

    position: int
    item: int
    version: int
    cluster: int
    marks: int


@dataclass(slots=True)
class Use:
    """A form on a day it was asked."""

    form: int
    label: str
    institution: int
    institution_name: str
    occupation: str
    level: int
    day: date
    asked: list[Asked] = field(default_factory=list)

    @property
    def marks(self) -> int:
        """All marks of the form, in half-mark units."""
        return sum(one.marks for one in self.asked)


@dataclass(frozen=True, slots=True)
class SharedItem:
    """A question of the later paper whose cluster the earlier one had asked."""

    earlier: Asked
    later: Asked


@dataclass(frozen=True, slots=True)
class UsePair:
    """Two uses, the earlier first; `alike_share` is a part of one of the later paper's marks."""

    earlier: Use
    later: Use
    days_apart: int
    alike_share: float
    verdict: PaperVerdict
    items: tuple[SharedItem, ...]


@dataclass(frozen=True, slots=True)
class ReuseAudit:
    """Every pair of uses inside the window that shares anything, the most alike first; `compared` counts all pairs."""

    uses: tuple[Use, ...]
    compared: int
    pairs: tuple[UsePair, ...]

    def of(self, verdict: PaperVerdict) -> list[UsePair]:
        """The pairs with this verdict."""
        return [pair for pair in self.pairs if pair.verdict is verdict]


def audit_papers(
    session: Session, institution_ids: Collection[int], since: date, until: date, policy: Policy
) -> ReuseAudit:
    """Compare all uses of these institutions between two days, occupation by occupation. Reads no text."""
    uses = _uses(session, institution_ids, since, until)
    compared, pairs = 0, []
    for earlier, later in _in_window(uses, policy.reuse_window_months):
        compared += 1
        pair = compare_uses(earlier, later, policy)
        if pair.items:
            pairs.append(pair)
    pairs.sort(key=lambda pair: (-pair.alike_share, pair.later.day, pair.later.label, pair.earlier.label))
    return ReuseAudit(tuple(uses), compared, tuple(pairs))


def compare_uses(earlier: Use, later: Use, policy: Policy) -> UsePair:
    """The share of the later use's marks that comes from clusters of the earlier one."""
    before = {one.cluster: one for one in reversed(earlier.asked)}
    shared = tuple(SharedItem(before[one.cluster], one) for one in later.asked if one.cluster in before)
    share = sum(one.later.marks for one in shared) / later.marks if later.marks else 0.0
    apart = (later.day - earlier.day).days
    return UsePair(earlier, later, apart, share, share_verdict(share, policy), shared)


def share_verdict(share: float, policy: Policy) -> PaperVerdict:
    """The policy's verdict on a share; the thresholds are the supervisor's own, no law names a figure."""
    if share >= policy.alike_share:
        return PaperVerdict.ALIKE
    return PaperVerdict.PARTIAL if share >= policy.partial_share else PaperVerdict.UNLIKE


def _in_window(uses: list[Use], months: int) -> Iterator[tuple[Use, Use]]:
    by_occupation: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        by_occupation[use.occupation].append(use)
    for group in by_occupation.values():
        for index, later in enumerate(group):
            for earlier in group[:index]:
                if later.day <= add_months(earlier.day, months):
                    yield earlier, later


def _uses(session: Session, institution_ids: Collection[int], since: date, until: date) -> list[Use]:
    """Uses in order of day; several rooms with the same form on one day are one use."""
    cluster = ItemVersion.cluster_id
    rows = session.execute(
        sa.select(Form.id, Paper.number, Form.label, Bank, Sitting.held_on, Sitting.id, AskedItem, cluster)
        .select_from(AskedItem)
        .join(Sitting, Sitting.id == AskedItem.sitting_id)
        .join(Form, Form.id == Sitting.form_id)
        .join(Paper, Paper.id == Form.paper_id)
        .join(Bank, Bank.id == Paper.bank_id)
        .join(ItemVersion, ItemVersion.id == AskedItem.version_id)
        .where(Bank.institution_id.in_(institution_ids), Sitting.held_on.between(since, until))
        .order_by(Sitting.held_on, Form.id, Sitting.id, AskedItem.position)
    )
    found: dict[tuple[int, date], tuple[int, Use]] = {}
    for form_id, number, label, bank, day, sitting_id, asked, known in rows:
        key = (form_id, day)
        if key not in found:
            place = (bank.institution_id, bank.institution.name, bank.occupation, bank.level)
            found[key] = (sitting_id, Use(form_id, f"{number}-{label}", *place, day))
        first_sitting, use = found[key]
        if sitting_id == first_sitting:
            use.asked.append(
                Asked(asked.position, asked.item_id, asked.version_id, known or -asked.version_id, asked.marks)
            )
    return [use for _, use in found.values()]


def judge_pair(session: Session, pair: UsePair) -> list[Judgement]:
    """The item verdict of every shared question, from plaintext that stays inside."""
    contents = open_versions(session, _versions(session, pair))
    return [judge(contents[one.earlier.version], contents[one.later.version]) for one in pair.items]


def pair_evidence(
    session: Session, actor: Actor, pair: UsePair
) -> list[tuple[SharedItem, ItemContent, ItemContent, Judgement]]:
    """Both wordings of every shared question, for a person; the reading is in the ledger under its purpose."""
    purpose = f"雷同比对：{pair.earlier.label} 与 {pair.later.label}"
    contents = read_versions(session, actor, _versions(session, pair), purpose)
    evidence = []
    for one in pair.items:
        before, after = contents[one.earlier.version], contents[one.later.version]
        evidence.append((one, before, after, judge(before, after)))
    return evidence


def _versions(session: Session, pair: UsePair) -> list[ItemVersion]:
    wanted = {version for one in pair.items for version in (one.earlier.version, one.later.version)}
    statement = sa.select(ItemVersion).where(ItemVersion.id.in_(wanted))
    return list(session.scalars(statement.options(joinedload(ItemVersion.item).joinedload(Item.bank))))
