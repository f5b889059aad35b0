"""Time as the office counts it: Asia/Shanghai days, calendar months, the last day still counts.

Deadlines of the measures run in calendar months (Article 6(5): six months, Article 14(4): twelve months). A month
that has no such day ends on its last one, so six months after 08-31 is 02-28 or 02-29.
"""

from calendar import monthrange
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bank.ground.errors import BadInput

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC: the only form that is stored."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in the office's zone."""
    return now().astimezone(ZONE).date()


def local(moment: datetime) -> datetime:
    """A stored moment as the office reads it."""
    return moment.astimezone(ZONE)


def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months later (earlier if negative), or the last day of that month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def days_left(deadline: date, on: date) -> int:
    """Days until the deadline; 0 on its last day, which still counts, negative when it has passed."""
    return (deadline - on).days


def parse_day(text: str, what: str = "日期") -> date:
    """A day from `2026-03-14`; raises BadInput naming `what` otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"{what}“{text}”不是有效日期，请写成 2026-03-14 这样的格式") from error
