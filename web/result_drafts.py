"""Results that were read and wait for a yes: counts alone, sealed, the reader's own, gone after a day.

The file itself is not kept for that day, so no candidate's answer rests anywhere.
"""

import json
from dataclasses import asdict
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.db import Base
from bank.vault.keyring import Purpose
from papers.responses import Rejected
from papers.results import Results
from papers.sittings import Sitting
from papers.statistics.items import ItemCount, OptionCount
from papers.statistics.reliability import Reliability
from web.drafts import Draft, begin, own, seal, unseal


class ResultDraft(Draft, Base):
    """One file of answers that was read for a sitting and not yet taken in."""

    __tablename__ = "result_draft"
    record: ClassVar[str] = "results"
    called: ClassVar[str] = "成绩预览"
    purpose: ClassVar[Purpose] = Purpose.KEY

    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    body: Mapped[bytes]
    sitting: Mapped[Sitting] = relationship()

    @property
    def institution_id(self) -> int:
        """Whose sitting it was."""
        return self.sitting.form.paper.bank.institution_id


def keep_results(session: Session, actor: Actor, sitting: Sitting, results: Results) -> str:
    """Store what would be taken in and return its token."""
    draft = begin(session, actor, ResultDraft, sitting=sitting)
    draft.body = seal(session, draft, "draft", json.dumps(asdict(results), ensure_ascii=False).encode())
    session.add(draft)
    session.flush()
    return draft.token


def find_results(session: Session, actor: Actor, token: str) -> tuple[ResultDraft, Results]:
    """The reader's own draft; raises NotFound for another's and for one whose day is over."""
    draft = own(session, actor, ResultDraft, token)
    return draft, _results(json.loads(unseal(session, draft, "draft", draft.body)))


def _results(stored: dict[str, object]) -> Results:
    counts = tuple(
        ItemCount(**{**row, "options": {choice: OptionCount(**one) for choice, one in row["options"].items()}})
        for row in stored["counts"]  # type: ignore[attr-defined]
    )
    return Results(
        **{  # type: ignore[arg-type]
            **stored,
            "whole": Reliability(**stored["whole"]),  # type: ignore[arg-type]
            "counts": counts,
            "rejected": tuple(Rejected(**row) for row in stored["rejected"]),  # type: ignore[attr-defined]
            "notes": tuple(stored["notes"]),  # type: ignore[arg-type]
        }
    )
