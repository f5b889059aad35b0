"""The command line `tidun`: one file a subject, loaded when one of its commands is asked for, one frame for all."""

import sys

from web.cli.chinese import Contents
from web.cli.frame import run

TABLE = {
    "init": ("operation", "建立数据文件夹 (init)"),
    "demo": ("serving", "用演示数据走完主流程 (demo)"),
    "serve": ("serving", "打开网页服务 (serve)"),
    "institution": ("registers", "评价机构 (institution)"),
    "registration": ("registers", "备案 (registration)"),
    "user": ("users", "用户 (user)"),
    "outline": ("outlines", "鉴定要素细目表 (outline)"),
    "item": ("items exports statistics review likeness", "试题 (item)"),
    "bank": ("banks", "题库 (bank)"),
    "process": ("process", "命题环节 (process)"),
    "assignment": ("assignments", "命题任务 (assignment)"),
    "blueprint": ("papers", "组卷方案 (blueprint)"),
    "paper": ("papers", "试卷 (paper)"),
    "sitting": ("papers statistics", "考试批次 (sitting)"),
    "audit": ("audits", "审计 (audit)"),
    "leak": ("audits", "泄题 (leak)"),
    "ledger": ("operation", "台账：只增不改的操作记录 (ledger)"),
    "key": ("operation", "密钥 (key)"),
    "index": ("operation", "相似索引 (similarity index)"),
    "doctor": ("operation", "检查数据库、台账、密文记录和相似索引 (doctor)"),
}

cli = Contents(
    "tidun", __name__, TABLE, help="题盾：职业技能等级认定的题库与试卷安全服务 (question bank and paper integrity)"
)


def main() -> None:
    """Entry of the console script."""
    sys.exit(run(cli))
