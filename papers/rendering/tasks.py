"""What a practical item brings to paper beside its question: 准备通知单 before the day, 评分记录表 for the assessor."""

from bank.answers import PracticalTask, Preparation
from bank.content import ItemContent
from bank.notation import Paragraph, Table, Text
from papers.rendering.wording import Blocks, printable

_PREPARED = ("序号", "名称", "规格", "数量", "备注")
_SCORED = ("序号", "考核内容", "考核要求", "配分", "评分标准", "扣分", "得分")
_SIGNED = "考评员签名：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"


def scoring(content: ItemContent) -> Blocks:
    """The 评分记录表 with room for the marks; nothing for an item without one."""
    task = content.task
    if task is None or not task.steps:
        return ()
    rows = [
        (str(at), step.name, step.requirement, f"{step.marks / 2:g}", step.standard, step.deduction, "")
        for at, step in enumerate(task.steps, 1)
    ]
    whole = ("合计", "", "", f"{sum(step.marks for step in task.steps) / 2:g}", "", "", "")
    time = f"（考核时间 {task.minutes} 分钟）" if task.minutes else ""
    return (
        _line(f"评分记录表{time}"),
        _table(_SCORED, *rows, whole),
        _line("考评员签名：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"),
    )


def preparations(content: ItemContent) -> Blocks:
    """The 准备通知单: what the site provides and what the candidate brings."""
    task = content.task
    if task is None:
        return ()
    site, candidate = _prepared("考场准备", task.site), _prepared("考生准备", task.candidate)
    return (*_times(task), *site, *candidate) if site or candidate else ()


def _times(task: PracticalTask) -> Blocks:
    times = [
        f"{name} {minutes} 分钟"
        for name, minutes in (("准备时间", task.preparation_minutes), ("考核时间", task.minutes))
        if minutes
    ]
    return (_line("，".join(times)),) if times else ()


def _prepared(title: str, rows: tuple[Preparation, ...]) -> Blocks:
    if not rows:
        return ()
    cells = [(str(at), row.name, row.specification, row.quantity, row.note) for at, row in enumerate(rows, 1)]
    return (_line(title), _table(_PREPARED, *cells))


def _line(text: str) -> Paragraph:
    return Paragraph((Text(printable(text)),))


def _table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple((Text(printable(cell)),) for cell in row) for row in rows))
