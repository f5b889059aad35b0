"""Every check over single items, the weighty ones first. Pure."""

from bank.quality.checks import Check, Severity
from bank.quality.judging import BESIDE_CHECKS, JUDGE_CHECKS
from bank.quality.keys import KEY_CHECKS
from bank.quality.options import OPTION_CHECKS
from bank.quality.stems import STEM_CHECKS

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (*STEM_CHECKS, *OPTION_CHECKS, *KEY_CHECKS, *JUDGE_CHECKS, *BESIDE_CHECKS),
        key=lambda check: list(Severity).index(check.severity),
    )
)
