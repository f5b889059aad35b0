"""The outline (鉴定要素细目表) that a bank is built against (Article 6(1), 6(5)): scopes, points, versions.

An outline serves every bank of its occupation and level, or one institution alone, whose own goes before the shared
one. It is never changed: a revision is a new version, the old one stays, so that one can say which held when.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.policy import Policy

LONGEST_CODE = 32
# An item may carry the name of a point that no outline holds yet.
LONGEST_POINT = 128
MOST_GRADES = 6


class Importance(StrEnum):
    """X core, Y general, Z auxiliary."""

    X = "X"
    Y = "Y"
    Z = "Z"


IMPORTANCE_NAMES = {Importance.X: "X 核心", Importance.Y: "Y 一般", Importance.Z: "Z 辅助"}


class Outline(Base):
    """One version of the outline of an occupation and level; the newest one holds."""

    __tablename__ = "outline"
    __table_args__ = (sa.Index("ix_outline_occupation_level", "occupation", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occupation: Mapped[str] = mapped_column(sa.String(16))
    level: Mapped[int]
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institution.id"))
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(sa.String(200))
    made_by: Mapped[str] = mapped_column(sa.String(64), default="operator")
    created_at: Mapped[datetime] = mapped_column(default=now)
    scopes: Mapped[list["Scope"]] = relationship(order_by="Scope.position")
    points: Mapped[list["Point"]] = relationship(order_by="Point.position")


class Scope(Base):
    """A 鉴定范围 of grade 1 to 6; weight in hundredths of a percent of the paper's marks."""

    __tablename__ = "scope"
    __table_args__ = (sa.UniqueConstraint("outline_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outline_id: Mapped[int] = mapped_column(sa.ForeignKey("outline.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_POINT))
    grade: Mapped[int]
    weight: Mapped[int | None]


class Point(Base):
    """A 鉴定点, the smallest thing that can be asked; `scope` is the code of its innermost scope."""

    __tablename__ = "point"
    __table_args__ = (sa.UniqueConstraint("outline_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outline_id: Mapped[int] = mapped_column(sa.ForeignKey("outline.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE), index=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_POINT))
    scope: Mapped[str] = mapped_column(sa.String(LONGEST_CODE))
    importance: Mapped[Importance]


@dataclass(frozen=True, slots=True)
class OutlineView:
    """An outline as plain values: scopes by code, points by code, the scope chain of each point."""

    outline: Outline
    scopes: dict[str, Scope]
    points: dict[str, Point]

    @property
    def shares(self) -> dict[Importance, float]:
        """The part of the points that each importance has."""
        return importance_shares([point.importance for point in self.points.values()])

    def chain(self, point: str) -> tuple[str, ...]:
        """Codes of the scopes above a point, outermost first; codes nest by prefix: A, A-B, A-B-C.

        Empty for a point that is not in this outline.
        """
        if point not in self.points:
            return ()
        inner = self.points[point].scope
        return tuple(code for code in self.scopes if inner == code or inner.startswith(f"{code}-"))


def outline_view(session: Session, occupation: str, level: int, institution_id: int | None) -> OutlineView | None:
    """The newest outline for a bank, the institution's own before the shared one; None when there is none.

    Without an institution: the newest shared one.
    """
    outline = session.scalar(
        _versions(occupation, level, institution_id)
        .order_by(Outline.institution_id.is_(None), Outline.id.desc())
        .limit(1)
    )
    return view_of(outline) if outline is not None else None


def view_of(outline: Outline) -> OutlineView:
    """Any version as plain values."""
    return OutlineView(outline, {s.code: s for s in outline.scopes}, {p.code: p for p in outline.points})


@dataclass(frozen=True, slots=True)
class Held:
    """A version and the time in which a bank was built against it; `until` is None for the one that holds."""

    outline: Outline
    since: datetime
    until: datetime | None


def outline_history(session: Session, occupation: str, level: int, institution_id: int | None) -> list[Held]:
    """Which version held when, the newest first: once an institution has its own, shared ones no longer hold for it."""
    versions = list(session.scalars(_versions(occupation, level, institution_id).order_by(Outline.id)))
    own = [one for one in versions if one.institution_id is not None]
    held = [one for one in versions if one in own or not own or one.id < own[0].id]
    ends = [one.created_at for one in held[1:]]
    return [Held(one, one.created_at, end) for one, end in zip(held, [*ends, None], strict=False)][::-1]


def next_version(session: Session, occupation: str, level: int, institution_id: int | None) -> int:
    """The number of the next version of this outline, counted apart for the shared one and for each institution."""
    owner = Outline.institution_id == institution_id if institution_id else Outline.institution_id.is_(None)
    last = sa.select(sa.func.max(Outline.version)).where(
        Outline.occupation == occupation, Outline.level == level, owner
    )
    return (session.scalar(last) or 0) + 1


def importance_shares(letters: Sequence[Importance]) -> dict[Importance, float]:
    """The part of one that each letter has; nothing has no shares."""
    counts = Counter(letters)
    return {letter: counts[letter] / max(len(letters), 1) for letter in Importance}


def share_warnings(letters: Sequence[Importance], policy: Policy) -> list[str]:
    """Where the mix of X, Y and Z leaves what the rule says; sentences that name the rule and both figures."""
    if not letters:
        return []
    shares = importance_shares(letters)
    told = {letter: IMPORTANCE_NAMES[letter].partition(" ")[2] for letter in Importance}
    found = []
    if shares[Importance.X] < policy.core_share:
        found.append((Importance.X, "不低于", policy.core_share))
    found += [
        (letter, "不超过", most)
        for letter, most in ((Importance.Y, policy.general_share), (Importance.Z, policy.auxiliary_share))
        if shares[letter] > most
    ]
    return [
        f"{told[letter]}要素 {letter.value} 占 {shares[letter]:.1%}，{policy.outline_rule}：一般{word} {limit:.0%}"
        for letter, word, limit in found
    ]


def _versions(occupation: str, level: int, institution_id: int | None) -> sa.Select[Outline]:
    """Statement for the versions that may hold for a bank: the shared ones and its institution's own."""
    return sa.select(Outline).where(
        Outline.occupation == occupation,
        Outline.level == level,
        sa.or_(Outline.institution_id.is_(None), Outline.institution_id == institution_id),
    )
