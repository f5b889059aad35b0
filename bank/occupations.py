"""Occupations, levels and the outline (鉴定要素细目表) that a bank is built against (Article 6(1), 6(5)).

An outline serves every bank of its occupation and level, or one institution alone: scopes in up to three grades with
weights in percent, points with X/Y/Z importance.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import BadInput

OCCUPATION_CODE = r"[1-8]-\d{2}-\d{2}-\d{2}"
LONGEST_CODE = 32
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


def check_occupation(code: str, level: int) -> None:
    """Raise BadInput for a code or level that the national classification cannot hold."""
    if not re.fullmatch(OCCUPATION_CODE, code):
        raise BadInput(f"职业编码“{code}”格式不对，应如 6-31-01-03（见《职业分类大典》）")
    if level not in LEVEL_NAMES:
        raise BadInput(f"等级 {level} 无效，请写 1 到 5（5 初级工 … 1 高级技师）")


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
    code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE))
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
    code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE), index=True)
    name: Mapped[str] = mapped_column(sa.String(128))
    scope: Mapped[str] = mapped_column(sa.String(LONGEST_CODE))
    importance: Mapped[Importance]


@dataclass(frozen=True, slots=True)
class OutlineView:
    """An outline as plain values: scopes by code, points by code, the scope chain of each point."""

    scopes: dict[str, Scope]
    points: dict[str, Point]

    def chain(self, point: str) -> tuple[str, ...]:
        """Codes of the scopes above a point, outermost first; codes nest by prefix: A, A-B, A-B-C.

        Empty for a point that is not in this outline.
        """
        if point not in self.points:
            return ()
        inner = self.points[point].scope
        return tuple(code for code in self.scopes if inner == code or inner.startswith(f"{code}-"))


def outline_view(session: Session, occupation: str, level: int, institution_id: int) -> OutlineView | None:
    """The newest outline for a bank, the institution's own before the shared one; None when there is none."""
    outline = session.scalar(
        sa.select(Outline)
        .where(
            Outline.occupation == occupation,
            Outline.level == level,
            sa.or_(Outline.institution_id.is_(None), Outline.institution_id == institution_id),
        )
        .order_by(Outline.institution_id.is_(None), Outline.id.desc())
        .limit(1)
    )
    if outline is None:
        return None
    return OutlineView({s.code: s for s in outline.scopes}, {p.code: p for p in outline.points})
