"""Long lists in pages, with the filters kept in the links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm import Session

SIZE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a longer list."""

    rows: Sequence[Any]
    count: int
    page: int
    size: int = SIZE

    @property
    def first(self) -> int:
        """Number of the first row shown."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return (self.page - 1) * self.size + len(self.rows)

    def link(self, page: int) -> str:
        """The address of another page under the same filters."""
        kept = {**request.view_args, **request.args.to_dict(), "page": page}  # type: ignore[dict-item]
        return url_for(request.endpoint or "", **kept)


def find_page(session: Session, statement: sa.Select[Any]) -> Found:
    """The page that the request asks for, the first when it asks for none."""
    page = max(request.args.get("page", 1, type=int), 1)
    count = session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    page = min(page, max(-(-count // SIZE), 1))
    rows = session.scalars(statement.offset((page - 1) * SIZE).limit(SIZE)).unique().all()
    return Found(rows, count, page)


def page_of(rows: Sequence[Any]) -> Found:
    """The page that the request asks for of a list that is already at hand."""
    page = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(rows) // SIZE), 1))
    return Found(rows[(page - 1) * SIZE : page * SIZE], len(rows), page)
