"""The command line `tidun`: one file a subject, one frame for all."""

import sys

from web.cli import audits, banks, items, operation, papers, registers
from web.cli.frame import Group, run

cli = Group("tidun", help="题盾：职业技能等级认定的题库与试卷安全服务 (question bank and paper integrity)")
for subject in (operation, registers, items, banks, papers, audits):
    subject.join(cli)


def main() -> None:
    """Entry of the console script."""
    sys.exit(run(cli))
