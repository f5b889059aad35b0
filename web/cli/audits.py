"""Commands for audits: pairs of items, pairs of files, used papers, whole banks, suspicious documents."""

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.content import ItemContent
from bank.exchange.intake import MAX_UPLOAD_BYTES, read_items
from bank.exchange.reading import Reading
from bank.ground.actors import OPERATOR
from bank.ground.clock import add_months, parse_day, today
from bank.ground.errors import BadInput
from bank.ground.policy import Policy, policy_on
from bank.institutions import Institution, find_institution
from bank.ledger.log import append
from integrity.audits.banks import audit_banks, bank_audit_lines, bank_audit_row
from integrity.audits.comparing import compare
from integrity.audits.reading import read_document
from integrity.audits.reuse import (
    ARTICLE,
    PAPER_VERDICT_NAMES,
    PaperVerdict,
    ReuseAudit,
    UsePair,
    audit_papers,
    judge_pair,
)
from integrity.audits.scanning import LEAK_VERDICT_NAMES, LeakVerdict, ScanReport, scan_documents
from integrity.similarity.verdict import VERDICT_NAMES, Judgement, judge_pairs
from web.cli.chinese import Group
from web.cli.frame import Answer, command, progress, read_file
from web.house import House

audit = Group("audit")
leak = Group("leak")
FAIL_ON = click.option(
    "--fail-on", type=click.Choice(["alike", "partial", "leak"]), help="有此类发现时退出码为 1 (fail on)"
)


def join(cli: Group) -> None:
    """Hang this subject's groups under `tidun`."""
    cli.add_command(audit)
    cli.add_command(leak)


def judgement_row(found: Judgement) -> dict[str, Any]:
    """The JSON of one item verdict."""
    return {"verdict": found.verdict.value, "score": round(found.score, 4), "changes": list(found.changes)}


@command(audit, "pairs", home="none")
@click.argument("file", metavar="FILE.jsonl")
def audit_pairs(file: str) -> Answer:
    """逐行判定 {"a":题,"b":题} (item pairs)"""
    pairs = _pairs_in(file, read_file(file, MAX_UPLOAD_BYTES))
    found = judge_pairs(pairs)
    rows = [judgement_row(one) for one in found]
    lines = [
        f"{n}  {VERDICT_NAMES[one.verdict]} {one.score:.2f}  {'；'.join(one.changes)}" for n, one in enumerate(found, 1)
    ]
    return Answer({"pairs": rows}, lines)


def _pairs_in(file: str, data: bytes) -> list[tuple[ItemContent, ItemContent]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}：不是 UTF-8 文字，请另存为 UTF-8 编码") from error
    pairs = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            pairs.append((ItemContent.from_row(row["a"]), ItemContent.from_row(row["b"])))
        except BadInput as error:
            raise BadInput(f"{file} 第 {number} 行：{error.message}") from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(f'{file} 第 {number} 行：每行应为 {{"a":题,"b":题}} 的 JSON，请改正') from error
    return pairs


@command(audit, "compare", home="none")
@click.argument("file_a", metavar="FILE_A")
@click.argument("file_b", metavar="FILE_B")
@FAIL_ON
def audit_compare(file_a: str, file_b: str, fail_on: str | None) -> Answer:
    """比对两份文件里的试题，不需要数据库 (compare two documents)"""
    first, second = (_questions(file) for file in (file_a, file_b))
    found = compare([one.content for one in first.items], [one.content for one in second.items], policy_on(today()))
    pairs = [
        {
            "a": first.items[pair.a].row,
            "b": second.items[pair.b].row,
            "place_a": first.items[pair.a].place,
            "place_b": second.items[pair.b].place,
            **judgement_row(pair.judgement),
        }
        for pair in found.pairs
    ]
    data = {
        "a": {"file": first.file, "items": len(first.items), "rejected": len(first.rejected)},
        "b": {"file": second.file, "items": len(second.items), "rejected": len(second.rejected)},
        "alike_share_a": round(found.alike_share_a, 4),
        "alike_share_b": round(found.alike_share_b, 4),
        "verdict": found.verdict.value,
        "pairs": pairs,
    }
    head = (
        f"{PAPER_VERDICT_NAMES[found.verdict]}：{first.file} 的 {len(first.items)} 题中有 {found.alike_share_a:.0%}、"
        f"{second.file} 的 {len(second.items)} 题中有 {found.alike_share_b:.0%} 是同一道题"
    )
    lines = [
        head,
        *(f"  {pair['place_a']} ↔ {pair['place_b']}：{'；'.join(pair['changes']) or '相同'}" for pair in pairs),
    ]
    return Answer(data, lines, _status(fail_on, {found.verdict}))


def _questions(file: str) -> Reading:
    reading = read_items(Path(file).name, read_file(file, MAX_UPLOAD_BYTES), need_key=False)
    if not reading.items:
        raise BadInput(f"{reading.file}：没有读到试题，无法比对")
    return reading


def _status(fail_on: str | None, verdicts: set[PaperVerdict]) -> int:
    failing = {"alike": {PaperVerdict.ALIKE}, "partial": {PaperVerdict.ALIKE, PaperVerdict.PARTIAL}}.get(
        fail_on or "", set()
    )
    return 1 if verdicts & failing else 0


@command(audit, "papers")
@click.option("--institution", "owner", metavar="ID", help="只审这家机构；不写则全部 (institution)")
@click.option("--since", metavar="D", help="起始日期，默认一年窗口加一年 (since)")
@click.option("--until", metavar="D", help="截止日期，默认今天 (until)")
@FAIL_ON
def audit_used_papers(
    house: House, owner: str | None, since: str | None, until: str | None, fail_on: str | None
) -> Answer:
    """用过的试卷两两比对，第十四条第四项 (reuse of papers)"""
    last = parse_day(until, "截止日期") if until else today()
    policy = house.policy(last)
    first = parse_day(since, "起始日期") if since else add_months(last, -2 * policy.reuse_window_months)
    if first > last:
        raise BadInput(f"起始日期 {first} 晚于截止日期 {last}，请对调")
    with house.unit_of_work() as session:
        found = audit_papers(session, _institutions(session, owner), first, last, policy)
        data = reuse_row(session, found, policy)
        facts = {"since": first.isoformat(), "until": last.isoformat(), "uses": len(found.uses)}
        append(session, OPERATOR, "audit.papers", {**facts, "alike": len(found.of(PaperVerdict.ALIKE))})
    lines = reuse_lines(found, policy.alike_share, policy.partial_share)
    status = _status(fail_on, {pair.verdict for pair in found.pairs})
    return Answer({**data, "since": first.isoformat(), "until": last.isoformat()}, lines, status)


def reuse_row(session: Session, found: ReuseAudit, policy: Policy) -> dict[str, Any]:
    """The JSON of a reuse audit; item verdicts come from plaintext that stays inside."""
    return {
        "papers": len(found.uses),
        "compared": found.compared,
        "window_months": policy.reuse_window_months,
        "thresholds": {"alike": policy.alike_share, "partial": policy.partial_share, "set_by": "local"},
        "pairs": [_pair_row(pair, judge_pair(session, pair)) for pair in found.pairs],
    }


def _institutions(session: Session, owner: str | None) -> list[int]:
    if owner is not None:
        return [find_institution(session, owner).id]
    return list(session.scalars(sa.select(Institution.id)))


def _pair_row(pair: UsePair, judged: list[Judgement]) -> dict[str, Any]:
    return {
        "a": pair.earlier.label,
        "b": pair.later.label,
        "a_used_on": pair.earlier.day.isoformat(),
        "b_used_on": pair.later.day.isoformat(),
        "a_institution": pair.earlier.institution_name,
        "b_institution": pair.later.institution_name,
        "days_apart": pair.days_apart,
        "alike_share": round(pair.alike_share, 4),
        "verdict": pair.verdict.value,
        "article": ARTICLE if pair.verdict is not PaperVerdict.UNLIKE else None,
        "items": [
            {
                "a_position": one.earlier.position,
                "b_position": one.later.position,
                "a_item": one.earlier.item,
                "b_item": one.later.item,
                "marks": one.later.marks / 2,
                **judgement_row(how),
            }
            for one, how in zip(pair.items, judged, strict=True)
        ],
    }


def reuse_lines(found: ReuseAudit, alike: float, partial: float) -> list[str]:
    """What a head of office reads of a reuse audit."""
    counts = {verdict: len(found.of(verdict)) for verdict in PaperVerdict}
    head = f"发现 {counts[PaperVerdict.ALIKE]} 对雷同试卷，{counts[PaperVerdict.PARTIAL]} 对需要复核"
    ground = (
        f"  用过的试卷 {len(found.uses)} 份，窗口内两两比较 {found.compared} 对；阈值由本局设定：重复分值达 "
        f"{alike:.0%} 为雷同、{partial:.0%} 为复核（{ARTICLE}，指试题试卷重复使用，区别于考生答卷雷同）"
    )
    pairs = [
        f"  {PAPER_VERDICT_NAMES[pair.verdict]} {pair.alike_share:.0%}：{pair.earlier.label}（{pair.earlier.day}）↔ "
        f"{pair.later.label}（{pair.later.day}），相隔 {pair.days_apart} 天，{len(pair.items)} 题相同或近似"
        for pair in found.pairs
        if pair.verdict is not PaperVerdict.UNLIKE
    ]
    return [head, ground, *pairs]


@command(audit, "bank")
@click.option("--institution", "owner", metavar="ID", help="只审这家机构；不写则全部 (institution)")
def audit_whole_banks(house: House, owner: str | None) -> Answer:
    """题库内部与题库之间的重复、凑数、答案矛盾 (bank audit)"""
    with house.unit_of_work() as session:
        found = audit_banks(session, _institutions(session, owner), house.policy())
        append(session, OPERATOR, "audit.bank", {"banks": len(found.banks), "conflicts": len(found.conflicts)})
    return Answer(bank_audit_row(found), bank_audit_lines(found))


@command(leak, "scan")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--institution", "owner", metavar="ID", help="只对照这家机构的题库；不写则全部 (institution)")
@FAIL_ON
def leak_scan(house: House, files: tuple[str, ...], owner: str | None, fail_on: str | None) -> Answer:
    """在任意文档里找库内试题，第十六条第二项 (leak scan)"""
    with progress(files, "读取") as todo:
        documents = [read_document(Path(file).name, read_file(file, MAX_UPLOAD_BYTES)) for file in todo]
    with house.unit_of_work() as session:
        reports = scan_documents(session, OPERATOR, _institutions(session, owner), documents)
        rows = [report_row(report) for report in reports]
        lines = [line for report in reports for line in report_lines(report)]
    leaked = any(report.verdict is LeakVerdict.LEAK for report in reports)
    return Answer({"files": rows}, lines, 1 if leaked and fail_on == "leak" else 0)


def report_row(report: ScanReport) -> dict[str, Any]:
    """The JSON of one scanned document."""
    return {
        "file": report.document.name,
        "format": report.document.format,
        "verdict": report.verdict.value,
        "items": [_found_row(one) for one in report.items],
        "alike": [_found_row(one) for one in report.alike],
        "papers": [
            {"paper": one.form.paper.number, "form": one.form.label, "share": round(one.share, 4)}
            for one in report.papers
        ],
        "notes": list(report.document.notes),
    }


def _found_row(one: Any) -> dict[str, Any]:
    item = one.item
    return {
        "item": item.id,
        "external_id": item.external_id,
        "institution": item.bank.institution_id,
        "occupation": item.bank.occupation,
        "level": item.bank.level,
        "secrecy": item.secrecy.value,
        "verdict": one.hit.verdict,
        "score": round(one.hit.score, 4),
        "excerpt": one.hit.excerpt,
    }


def report_lines(report: ScanReport) -> list[str]:
    """What a person reads of one scanned document."""
    counted = f"{len(report.items)} 题（另有同型异题 {len(report.alike)} 题，不计）"
    head = f"{report.document.name}：{LEAK_VERDICT_NAMES[report.verdict]}，{counted}"
    items = [
        f"  试题 {one.item.id}（{one.item.bank.institution.name} {one.item.bank.title}）：{one.hit.excerpt[:60]}"
        for one in report.items
    ]
    papers = [f"  占试卷 {one.form.title} 分值的 {one.share:.0%}" for one in report.papers]
    return [head, *items, *papers]
