"""Results that were read and wait for a yes: counts alone, sealed, the reader's own, gone after a day.

The file itself is not kept for that day, so no candidate's answer rests anywhere.
"""

import json
import secrets
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bank.ground.actors import Actor
from bank.ground.clock import now
from bank.ground.db import Base
from bank.ground.errors import NotFound
from bank.vault.keyring import Purpose
from bank.vault.vault import Context, vault_of
from papers.responses import Rejected
from papers.results import Results
from papers.sittings import Sitting
from papers.statistics.items import ItemCount, OptionCount
from papers.statistics.reliability import Reliability

KEPT_FOR = timedelta(hours=24)


class ResultDraft(Base):
    """One file of answers that was read for a sitting and not yet taken in."""

    __tablename__ = "result_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    sitting_id: Mapped[int] = mapped_column(sa.ForeignKey("sitting.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[bytes]
    sitting: Mapped[Sitting] = relationship()


def keep_results(session: Session, actor: Actor, sitting: Sitting, results: Results) -> str:
    """Store what would be taken in and return its token; drafts whose day is over are deleted."""
    session.execute(sa.delete(ResultDraft).where(ResultDraft.expires_at < now()))
    token = secrets.token_urlsafe(18)
    body = json.dumps(asdict(results), ensure_ascii=False).encode()
    sealed = vault_of(session).seal(session, Purpose.KEY, _context(sitting, token), body)
    session.add(
        ResultDraft(token=token, user_id=actor.user_id, sitting_id=sitting.id, expires_at=now() + KEPT_FOR, body=sealed)
    )
    session.flush()
    return token


def find_results(session: Session, actor: Actor, token: str) -> tuple[ResultDraft, Results]:
    """The reader's own draft; raises NotFound for another's and for one whose day is over."""
    draft = session.scalar(sa.select(ResultDraft).where(ResultDraft.token == token))
    if draft is None or draft.user_id != actor.user_id or draft.expires_at < now():
        raise NotFound("这份成绩预览已失效（保留 24 小时，存入后即删除），请重新上传文件")
    if draft.sitting.form.paper.bank.institution_id != actor.institution_id:
        raise NotFound("没有这份成绩预览，请重新上传文件")
    body = vault_of(session).open(session, Purpose.KEY, _context(draft.sitting, token), draft.body)
    return draft, _results(json.loads(body))


def _context(sitting: Sitting, token: str) -> Context:
    return Context(sitting.form.paper.bank.institution_id, "results", token, 1, "draft")


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
