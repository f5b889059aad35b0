"""How values read on a page: days, moments, shares, and the Chinese names of the glossary."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Flask, url_for

from bank.answers import CREDIT_NAMES
from bank.approvals import REVIEW_VERDICT_NAMES
from bank.assignments import described
from bank.content import CHOICE_TYPES, LETTERS, TYPE_NAMES
from bank.ground.actors import GRADE_NAMES, ROLE_NAMES
from bank.ground.clock import local, today
from bank.ground.terms import point_label
from bank.institutions import KIND_NAMES
from bank.items import COGNITION_NAMES, STATUS_NAMES, Secrecy
from bank.occupations import LEVEL_NAMES, occupation_name
from bank.outlines import IMPORTANCE_NAMES
from bank.quality.checks import SEVERITY_NAMES, Severity
from bank.readiness import STATE_NAMES
from bank.workorders import DIFFICULTY_NAMES
from integrity.audits.reuse import PAPER_VERDICT_NAMES, PaperVerdict, UsePair
from integrity.audits.scanning import LEAK_VERDICT_NAMES, LeakVerdict
from integrity.similarity.verdict import VERDICT_NAMES, Verdict
from web.diffs import compare


def teach(app: Flask) -> None:
    """Give the templates their filters and names."""
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        share=share,
        marks=marks,
        shorten=shorten,
        facts=facts,
        form_name=form_name,
        by=by,
        day_of=day_of,
        task=described,
    )
    app.jinja_env.globals.update(
        TYPE_NAMES=TYPE_NAMES,
        STATUS_NAMES=STATUS_NAMES,
        STATE_NAMES=STATE_NAMES,
        SEVERITY_NAMES=SEVERITY_NAMES,
        DIFFICULTY_NAMES=DIFFICULTY_NAMES,
        SEVERITY_TONES={Severity.BAD: "bad", Severity.WARN: "warn", Severity.INFO: "brand"},
        ROLE_NAMES=ROLE_NAMES,
        GRADE_NAMES=GRADE_NAMES,
        KIND_NAMES=KIND_NAMES,
        LEVEL_NAMES=LEVEL_NAMES,
        IMPORTANCE_NAMES=IMPORTANCE_NAMES,
        COGNITION_NAMES=COGNITION_NAMES,
        CREDIT_NAMES=CREDIT_NAMES,
        SECRECY_NAMES=SECRECY_NAMES,
        CHOICE_TYPES=CHOICE_TYPES,
        LETTERS=LETTERS,
        occupation_name=occupation_name,
        point_label=point_label,
        VERDICT_NAMES=VERDICT_NAMES,
        VERDICT_TONES=VERDICT_TONES,
        REVIEW_VERDICT_NAMES=REVIEW_VERDICT_NAMES,
        PAPER_VERDICT_NAMES=PAPER_VERDICT_NAMES,
        PAPER_VERDICT_TONES={PaperVerdict.ALIKE: "bad", PaperVerdict.PARTIAL: "warn", PaperVerdict.UNLIKE: "brand"},
        LEAK_VERDICT_NAMES=LEAK_VERDICT_NAMES,
        LEAK_VERDICT_TONES={LeakVerdict.LEAK: "bad", LeakVerdict.PRACTICE: "warn", LeakVerdict.NONE: "ok"},
        compare=compare,
        pair_link=pair_link,
        today=today,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


FACT_WORDS = {
    "address": "地址",
    "bank": "题库",
    "blueprint": "方案",
    "endpoint": "页面",
    "file": "文件",
    "form": "卷别",
    "format": "格式",
    "held_on": "考试日",
    "imported": "导入",
    "institution": "机构",
    "item": "试题",
    "items": "试题",
    "items_by_bank": "各题库题数",
    "kind": "类别",
    "level": "等级",
    "name": "名称",
    "occupation": "职业",
    "outline": "细目表",
    "points": "点数",
    "scopes": "范围数",
    "pairs": "比较对数",
    "paper": "试卷",
    "purpose": "用途",
    "count": "题数",
    "read": "读到",
    "registration": "备案",
    "rejected": "未读入",
    "replaced": "替换",
    "roles": "角色",
    "since": "从",
    "sitting": "批次",
    "size": "条数",
    "status": "状态",
    "user": "用户",
    "uses": "试卷数",
    "until": "到",
    "verdict": "判定",
    "version": "稿次",
    "writers_see": "命题人可见",
    "versions": "稿次",
    "trial_first": "先试测",
    "steps": "环节",
    "step": "环节",
    "settle_first": "先了结意见",
    "plan": "分派",
    "grade_rule": "等级不符时",
    "grade": "等级",
    "entered": "入库",
    "comment": "意见",
    "assignments": "任务",
    "assignment": "任务",
    "approvals": "须通过人数",
    "checks": "比对次数",
    "reason": "原因",
    "secrecy": "保密类别",
    "slot": "位置",
    "stimulus": "题组",
}
SECRECY_NAMES = {
    Secrecy.SECRET: "保密（用于考试）",
    Secrecy.PRACTICE: "练习（公开供复习）",
    Secrecy.RELEASED: "已公开（考过并公布）",
}
VERDICT_TONES = {
    Verdict.IDENTICAL: "bad",
    Verdict.NEAR: "warn",
    Verdict.TEMPLATE: "brand",
    Verdict.CONFLICT: "bad",
    Verdict.UNRELATED: "",
}


def pair_link(pair: UsePair) -> str:
    """The page of two used papers."""
    return url_for(
        "audits.pair",
        earlier=pair.earlier.form,
        earlier_day=pair.earlier.day,
        later=pair.later.form,
        later_day=pair.later.day,
    )


def facts(body: Mapping[str, object]) -> str:
    """The facts of a ledger entry in one line."""
    return "，".join(f"{FACT_WORDS.get(name, name)} {_brief(value)}" for name, value in body.items())


def _brief(value: object) -> str:
    if isinstance(value, list) and len(value) > 6:
        return f"{'、'.join(str(one) for one in value[:6])} 等 {len(value)} 个"
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


def day(value: date | None) -> str:
    """2026-03-14."""
    return value.isoformat() if value else "—"


def day_of(value: datetime | None) -> str:
    """The day of a moment, as the office counts it."""
    return day(local(value).date()) if value else "—"


def moment(value: datetime | None) -> str:
    """2026-03-14 09:05, as the office reads it."""
    return f"{local(value):%Y-%m-%d %H:%M}" if value else "—"


def share(value: float, digits: int = 0) -> str:
    """A part of one as percent; what is above zero never reads 0%."""
    percent = value * 100
    if 0 < percent < 0.5 and digits == 0:
        return "<1%"
    return f"{percent:.{digits}f}%"


def form_name(label: str) -> str:
    """A 卷, B 卷, 备用卷, 备用卷 2."""
    if label.isascii():
        return f"{label} 卷"
    stem = label.rstrip("0123456789")
    return f"{stem}卷 {label.removeprefix(stem)}".rstrip()


def by(actor: str) -> str:
    """Who acted: a login, or the two who have none."""
    return {"operator": "命令行", "stranger": "未登录者"}.get(actor, actor)


def marks(half_marks: int) -> str:
    """Marks are kept in half-mark units: 3 reads 1.5."""
    return f"{half_marks / 2:g}"


def shorten(text: str, length: int = 60) -> str:
    """The first line's beginning, for lists."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
