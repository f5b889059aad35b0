"""The doctor: checks that what the house promises still holds, and names what does not."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from bank.ground.errors import TidunError
from bank.items import open_versions
from bank.ledger.proofs import verify
from integrity.similarity.watch import every_version, index_sentence, verify_index
from papers.papers import Form, form_items, paper_facts
from papers.sittings import AskedItem, Sitting
from web.house import House
from web.migrations.head import newest, standing


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` is a Chinese clause."""

    name: str
    ok: bool
    detail: str


def examine(house: House) -> list[Check]:
    """Look at schema, ledger, every sealed record and the index. Shows no content."""
    checks = [Check("schema", standing(house.settings.database_url).version == newest(), "数据库结构与程序一致")]
    with house.unit_of_work() as session:
        checks.append(_storage(session))
        found = verify(session)
        checks.append(Check("ledger", found.ok, found.fault or f"台账 {found.size} 条，逐条核对无误"))
        records = _records(session)
        checks += [records, _forms(session), _index(session, records)]
    return checks


def _storage(session: Session) -> Check:
    if session.get_bind().dialect.name != "sqlite":
        return Check("storage", ok=True, detail="由 PostgreSQL 保证存储完整")
    answer = session.execute(sa.text("PRAGMA integrity_check")).scalar()
    broken = session.execute(sa.text("PRAGMA foreign_key_check")).first()
    ok = answer == "ok" and broken is None
    return Check("storage", ok, "数据库文件完整" if ok else "数据库文件有损坏，请从备份恢复")


def _records(session: Session) -> Check:
    """Open every version; name the first item that does not open."""
    total = 0
    for versions in every_version(session):
        for version in versions:
            try:
                open_versions(session, [version])
            except TidunError:
                return Check("records", ok=False, detail=f"试题 {version.item_id} 的记录无法解密，请从备份恢复该记录")
        total += len(versions)
    return Check("records", ok=True, detail=f"{total} 条试题记录均可解密")


def _forms(session: Session) -> Check:
    """Open every paper and form, and hold what sittings say was asked against the sealed list."""
    forms = session.scalars(sa.select(Form).options(joinedload(Form.paper))).all()
    for form in forms:
        try:
            paper_facts(session, form.paper)
            listed = form_items(session, form)
        except TidunError:
            return Check("papers", ok=False, detail=f"试卷 {form.title} 的记录无法解密，请从备份恢复")
        wanted = [(one.item, one.version, one.marks) for one in listed]
        for sitting, asked in _asked(session, form).items():
            if asked != wanted:
                fault = f"批次 {sitting} 所记的试题与试卷 {form.title} 不符，可能被改动，请从备份恢复"
                return Check("papers", ok=False, detail=fault)
    return Check("papers", ok=True, detail=f"{len(forms)} 份试卷均可解密，批次与试卷相符")


def _asked(session: Session, form: Form) -> dict[int, list[tuple[int, int, int]]]:
    """Item, version and marks of what was asked, in order, by sitting."""
    sittings = session.scalars(sa.select(Sitting.id).where(Sitting.form_id == form.id))
    found: dict[int, list[tuple[int, int, int]]] = {sitting: [] for sitting in sittings}
    rows = sa.select(AskedItem).where(AskedItem.sitting_id.in_(found)).order_by(AskedItem.position)
    for row in session.scalars(rows):
        found[row.sitting_id].append((row.item_id, row.version_id, row.marks))
    return found


def _index(session: Session, records: Check) -> Check:
    if not records.ok:
        return Check("index", ok=False, detail="有试题记录无法解密，相似索引未能核对；请先恢复该记录")
    state = verify_index(session)
    return Check("index", state.ok, index_sentence(state))
