"""Every mapped table of the house, imported once so that the metadata is whole."""

from bank import (
    approvals,
    assignments,
    batches,
    comments,
    exports,
    institutions,
    items,
    outlines,
    pictures,
    process,
    sets,
)
from bank.ground import actors
from bank.ground.db import Base
from bank.ledger import heads, log
from bank.vault import keyring
from integrity.similarity.index import sql
from papers import blueprints, papers, results, sittings
from web import alike_quota, auth, import_drafts, lockout, outline_drafts, result_drafts, writing_drafts

MODULES = (
    actors,
    batches,
    institutions,
    items,
    outlines,
    pictures,
    sets,
    approvals,
    comments,
    exports,
    process,
    assignments,
    log,
    heads,
    keyring,
    sql,
    blueprints,
    papers,
    sittings,
    results,
    auth,
    import_drafts,
    result_drafts,
    lockout,
    outline_drafts,
    alike_quota,
    writing_drafts,
)
metadata = Base.metadata
