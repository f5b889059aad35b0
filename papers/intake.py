"""Papers made elsewhere: taken in with the day they were used, so that no reused paper enters by a side door.

Their questions are kept as items of origin `paper`: sketched and clustered like all others, never asked again and
never counted as the bank's own.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bank.exchange.reading import Reading
from bank.ground.actors import Actor
from bank.ground.errors import BadInput
from bank.institutions import Bank
from bank.items import ItemStatus, NewItem, Origin, add_items
from bank.ledger.log import append
from papers.papers import (
    Form,
    FormItem,
    Paper,
    PaperOrigin,
    next_number,
    queue_for,
    seal_form_body,
    seal_paper_body,
)
from papers.sittings import record_sitting

ONE_MARK = 2
ONLY_FORM = "A"


def take_in(session: Session, actor: Actor, bank: Bank, reading: Reading, *, used_on: date, place: str) -> Paper:
    """Store a paper made elsewhere and the day it was used; raises BadInput when it is empty or known."""
    if not reading.items:
        raise BadInput(f"{reading.file}：没有读到试题，请对照模板检查题干、选项、答案的写法")
    name = reading.file[:128]
    queue_for(session, bank)
    same = (Paper.bank_id == bank.id, Paper.held_on == used_on, Paper.blueprint == name)
    known = session.scalar(sa.select(Paper.number).where(Paper.origin == PaperOrigin.IMPORTED, *same))
    if known is not None:
        raise BadInput(f"{name} 在 {used_on} 的使用已登记过（试卷 {known}）；如是另一份试卷，请改文件名后再登记")
    news = [NewItem(row.content, external_id=row.external_id) for row in reading.items]
    saved = add_items(session, actor, bank, news, status=ItemStatus.RETIRED, origin=Origin.PAPER)
    paper = Paper(
        number=next_number(session, bank, used_on),
        bank_id=bank.id,
        bank=bank,
        origin=PaperOrigin.IMPORTED,
        blueprint=name,
        minutes=0,
        held_on=used_on,
        made_by=actor.name,
        draws=0,
    )
    paper.body = seal_paper_body(session, paper, {"file": reading.file, "read": reading.read})
    listed = [FormItem(one.item.id, one.version.id, ONE_MARK, ()) for one in saved]
    form = Form(paper=paper, label=ONLY_FORM, body=seal_form_body(session, paper, ONLY_FORM, listed))
    session.add_all([paper, form])
    session.flush()
    append(session, actor, "paper.import", {"paper": paper.number, "bank": bank.id, "items": len(listed)})
    record_sitting(session, actor, form, held_on=used_on, place=place)
    return paper
