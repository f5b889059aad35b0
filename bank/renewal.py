"""Renewal of a bank: the share of its questions that are new or revised within the last year (Article 14(6)).

Pure. The measures ask for renewal and name no share: the share is the supervisor's own setting. A copy of an old
question is not a new one, so the figures go by cluster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from bank.ground.clock import add_months
from bank.ground.policy import Policy


@dataclass(frozen=True, slots=True)
class Renewal:
    """How much of a bank is fresh. `due` is the last day on which it still is if nothing more is written."""

    total: int
    renewed: int
    wanted: int
    since: date
    due: date | None
    share: float
    wanted_share: float

    @property
    def lacking(self) -> int:
        """How many more must be written or revised now."""
        return max(self.wanted - self.renewed, 0)


def renewal(days: Sequence[date], on: date, policy: Policy) -> Renewal:
    """Of questions last new or revised on these days."""
    since = add_months(on, -policy.renewal_months)
    renewed = sum(day >= since for day in days)
    # Rounded first, for a tenth of 70 must be 7 though the product lies a hair above.
    wanted = ceil(round(len(days) * policy.renewal_share, 6))
    newest = sorted(days, reverse=True)[:wanted]
    due = add_months(newest[-1], policy.renewal_months) if newest else None
    share = renewed / len(days) if days else 0.0
    return Renewal(len(days), renewed, wanted, since, due, share, policy.renewal_share)
