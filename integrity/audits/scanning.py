"""Article 16(2): which bank items stand in a suspicious document, whose they are, and which papers asked them.

The bank is opened inside for the comparison and shown to nobody: a report quotes the document's own words. The scan
itself stands in the ledger with the digest-free facts: file name, how many items were found, in which banks.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_bytes

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.ground.actors import Actor
from bank.institutions import Bank
from bank.items import Item, ItemVersion, Origin, Secrecy, current_versions, open_versions
from bank.ledger.log import append
from integrity.audits.leaks import LeakHit, LeakIndex
from integrity.audits.reading import Document
from papers.papers import Form, Paper, form_items

WORTH_NAMING = 0.05
"""A form is named when at least this share of its marks stands in the document."""


class LeakVerdict(StrEnum):
    """What a document holds as a whole."""

    NONE = "none"
    PRACTICE = "practice"
    LEAK = "leak"


LEAK_VERDICT_NAMES = {
    LeakVerdict.NONE: "未发现库内试题",
    LeakVerdict.PRACTICE: "只有已公开的试题",
    LeakVerdict.LEAK: "含保密试题",
}


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One bank item that stands in the document; the excerpt is the document's own text."""

    hit: LeakHit
    item: Item


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form of which a part stands in the document; `share` is a part of one of its marks."""

    form: Form
    share: float


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one document holds. `alike` are look-alike questions (another value or term): shown, never counted."""

    document: Document
    items: tuple[FoundItem, ...]
    alike: tuple[FoundItem, ...]
    papers: tuple[FoundForm, ...]
    verdict: LeakVerdict


def scan_documents(
    session: Session, actor: Actor, institution_ids: Collection[int], documents: Sequence[Document]
) -> list[ScanReport]:
    """Scan documents against every own item of these institutions."""
    versions = session.scalars(_bank_versions(institution_ids)).all()
    contents = open_versions(session, versions)
    items = {version.item_id: version.item for version in versions}
    index = LeakIndex([(version.item_id, contents[version.id]) for version in versions], token_bytes(32))
    forms = _forms(session, institution_ids)
    reports = [_report(session, document, index, items, forms) for document in documents]
    for report in reports:
        banks = Counter(str(one.item.bank_id) for one in report.items)
        facts = {"file": report.document.name, "verdict": report.verdict.value, "items_by_bank": dict(banks)}
        append(session, actor, "leak.scan", facts)
    return reports


def _bank_versions(institution_ids: Collection[int]) -> sa.Select[ItemVersion]:
    mine = sa.select(Bank.id).where(Bank.institution_id.in_(institution_ids))
    statement: sa.Select[ItemVersion] = current_versions(Item.bank_id.in_(mine), Item.origin == Origin.BANK)
    return statement


def _forms(session: Session, institution_ids: Collection[int]) -> list[Form]:
    statement = (
        sa.select(Form)
        .join(Form.paper)
        .join(Paper.bank)
        .where(Bank.institution_id.in_(institution_ids))
        .options(joinedload(Form.paper).joinedload(Paper.bank))
    )
    return list(session.scalars(statement))


def _report(
    session: Session, document: Document, index: LeakIndex, items: dict[int, Item], forms: Sequence[Form]
) -> ScanReport:
    found = [FoundItem(hit, items[hit.item]) for hit in index.scan(document.text)]
    counted = tuple(one for one in found if one.hit.is_leak)
    secret = any(one.item.secrecy is Secrecy.SECRET for one in counted)
    verdict = LeakVerdict.LEAK if secret else LeakVerdict.PRACTICE if counted else LeakVerdict.NONE
    alike = tuple(one for one in found if not one.hit.is_leak)
    return ScanReport(document, counted, alike, _papers(session, counted, forms), verdict)


def _papers(session: Session, counted: Sequence[FoundItem], forms: Sequence[Form]) -> tuple[FoundForm, ...]:
    """Forms in order of the share of their marks that stands in the document, by cluster."""
    if not counted:
        return ()
    leaked = {one.item.cluster_id for one in counted}
    versions = set(session.scalars(sa.select(ItemVersion.id).where(ItemVersion.cluster_id.in_(leaked))))
    shares = []
    for form in forms:
        marks: dict[bool, int] = defaultdict(int)
        for one in form_items(session, form):
            marks[one.version in versions] += one.marks
        share = marks[True] / (marks[True] + marks[False]) if marks else 0.0
        if share >= WORTH_NAMING:
            shares.append(FoundForm(form, share))
    return tuple(sorted(shares, key=lambda one: -one.share))
