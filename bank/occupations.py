"""Occupations, levels and the outline (鉴定要素细目表) that a bank is built against (Article 6(1), 6(5)).

An outline belongs to one bank: scopes in up to three grades with weights in percent, points with X/Y/Z importance.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.clock import now
from bank.ground.db import Base

OCCUPATION_CODE = r"[1-8]-\d{2}-\d{2}-\d{2}"
LEVEL_NAMES = {5: "五级/初级工", 4: "四级/中级工", 3: "三级/高级工", 2: "二级/技师", 1: "一级/高级技师"}


class Importance(StrEnum):
    """X core, Y general, Z auxiliary."""

    X = "X"
    Y = "Y"
    Z = "Z"


IMPORTANCE_NAMES = {Importance.X: "X 核心", Importance.Y: "Y 一般", Importance.Z: "Z 辅助"}


@cache
def _names() -> dict[str, str]:
    source = files("bank") / "occupations.json"
    names: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return names


def occupation_name(code: str) -> str:
    """The occupation's name, or its code where the shipped list does not hold it."""
    return _names().get(code, code)


class Outline(Base):
    """One version of a bank's outline."""

    __tablename__ = "outline"

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(sa.ForeignKey("bank.id", use_alter=True), index=True)
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    scopes: Mapped[list["Scope"]] = relationship(order_by="Scope.position")
    points: Mapped[list["Point"]] = relationship(order_by="Point.position")


class Scope(Base):
    """A 鉴定范围 of grade 1, 2 or 3; weight in hundredths of a percent of the paper's marks."""

    __tablename__ = "scope"
    __table_args__ = (sa.UniqueConstraint("outline_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outline_id: Mapped[int] = mapped_column(sa.ForeignKey("outline.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(32))
    name: Mapped[str] = mapped_column(sa.String(128))
    grade: Mapped[int]
    weight: Mapped[int | None]


class Point(Base):
    """A 鉴定点, the smallest thing that can be asked; `scope` is the code of its innermost scope."""

    __tablename__ = "point"
    __table_args__ = (sa.UniqueConstraint("outline_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outline_id: Mapped[int] = mapped_column(sa.ForeignKey("outline.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(32), index=True)
    name: Mapped[str] = mapped_column(sa.String(128))
    scope: Mapped[str] = mapped_column(sa.String(32))
    importance: Mapped[Importance]


@dataclass(frozen=True, slots=True)
class OutlineView:
    """An outline as plain values: scopes by code, points by code, the scope chain of each point."""

    scopes: dict[str, Scope]
    points: dict[str, Point]

    def chain(self, point: str) -> tuple[str, ...]:
        """Codes of the scopes above a point, outermost first; codes nest by prefix: A, A-B, A-B-C."""
        inner = self.points[point].scope
        return tuple(code for code in self.scopes if inner == code or inner.startswith(f"{code}-"))


def outline_view(session: Session, outline_id: int | None) -> OutlineView | None:
    """The outline with this id as plain values, None for None."""
    outline = session.get(Outline, outline_id) if outline_id is not None else None
    if outline is None:
        return None
    return OutlineView({s.code: s for s in outline.scopes}, {p.code: p for p in outline.points})
