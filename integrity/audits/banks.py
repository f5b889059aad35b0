"""Bank audit: padding with copies, contradictory keys, the same items at rival bodies (Articles 6(5), 14(6)).

Counts go by cluster. Text of items is compared inside and shown to nobody here.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.ground.policy import Policy
from bank.institutions import Bank
from bank.items import Item, ItemStatus, Origin, current_versions, open_versions
from bank.quality.wording import bare
from integrity.similarity.verdict import Verdict, judge_pairs


@dataclass(frozen=True, slots=True)
class BankPadding:
    """One bank's rows against its distinct items; `padded` where copies reach the policy's share."""

    bank: Bank
    rows: int
    distinct_items: int
    padded: bool

    @property
    def share(self) -> float:
        """Copies as a part of one of all rows."""
        return 1 - self.distinct_items / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class BankAudit:
    """Clusters of more than one item, pairs that are the same question with another key, padding by bank."""

    banks: tuple[BankPadding, ...]
    clusters: tuple[tuple[int, tuple[Item, ...]], ...]
    conflicts: tuple[tuple[Item, Item], ...]


def audit_banks(session: Session, institution_ids: Collection[int], policy: Policy) -> BankAudit:
    """Look at every own item of these institutions that is not retired."""
    mine = sa.select(Bank.id).where(Bank.institution_id.in_(institution_ids))
    found = current_versions(Item.bank_id.in_(mine), Item.origin == Origin.BANK, Item.status != ItemStatus.RETIRED)
    versions = {version.item_id: version for version in session.scalars(found)}
    groups: dict[int, list[Item]] = defaultdict(list)
    for version in versions.values():
        groups[version.item.cluster_id or -version.item_id].append(version.item)
    clusters = {cluster: items for cluster, items in groups.items() if len(items) > 1}
    contents = open_versions(session, [versions[item.id] for items in clusters.values() for item in items])
    answers = {item.id: _answer(contents[versions[item.id].id]) for items in clusters.values() for item in items}
    # Who pads a bank makes hundreds of copies of one question: only those that are answered differently are compared.
    pairs = [(a, b) for items in clusters.values() for a, b in combinations(items, 2) if answers[a.id] != answers[b.id]]
    judged = judge_pairs([(contents[versions[a.id].id], contents[versions[b.id].id]) for a, b in pairs])
    conflicts = [pair for pair, how in zip(pairs, judged, strict=True) if how.verdict is Verdict.CONFLICT]
    ordered = sorted(clusters.items(), key=lambda one: (-len(one[1]), one[0]))
    return BankAudit(
        _padding(groups, policy), tuple((cluster, tuple(items)) for cluster, items in ordered), tuple(conflicts)
    )


def _answer(content: ItemContent) -> tuple[str, ...]:
    """What is right, in words, so that reordered options compare; equal ones cannot contradict each other."""
    right = content.plain().right_options() or (content.key,)
    return tuple(sorted(bare(one) or one for one in right))


def _padding(groups: dict[int, list[Item]], policy: Policy) -> tuple[BankPadding, ...]:
    banks = {item.bank_id: item.bank for items in groups.values() for item in items}
    rows = Counter(item.bank_id for items in groups.values() for item in items)
    distinct = Counter(bank for items in groups.values() for bank in {item.bank_id for item in items})
    found = []
    for bank_id, bank in banks.items():
        copies = 1 - distinct[bank_id] / rows[bank_id]
        found.append(BankPadding(bank, rows[bank_id], distinct[bank_id], copies >= policy.padding_share))
    return tuple(sorted(found, key=lambda one: (-one.share, one.bank.id)))


def bank_audit_row(found: BankAudit) -> dict[str, Any]:
    """The JSON of a bank audit: ids and counts, no text."""
    return {
        "clusters": [
            {"cluster": cluster, "items": [_item(item) for item in items]} for cluster, items in found.clusters
        ],
        "conflicts": [{"a": _item(a), "b": _item(b)} for a, b in found.conflicts],
        "padding": [
            {
                "bank": one.bank.id,
                "institution": one.bank.institution_id,
                "rows": one.rows,
                "distinct_items": one.distinct_items,
                "share": round(one.share, 4),
                "padded": one.padded,
            }
            for one in found.banks
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    return {"item": item.id, "external_id": item.external_id, "bank": item.bank_id}


def bank_audit_lines(found: BankAudit) -> list[str]:
    """What a person reads of a bank audit."""
    lines = [f"同一道题出现多次的有 {len(found.clusters)} 组，答案互相矛盾的有 {len(found.conflicts)} 对"]
    for one in found.banks:
        mark = "，疑似凑数" if one.padded else ""
        head = f"  {one.bank.institution.name} · {one.bank.title}"
        lines.append(f"{head}：{one.rows} 行中有 {one.distinct_items} 道不同的题，重复 {one.share:.0%}{mark}")
    return lines
