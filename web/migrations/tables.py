"""Every mapped table of the house, imported once so that the metadata is whole."""

from bank import institutions, items, occupations
from bank.ground import actors
from bank.ground.db import Base
from bank.ledger import heads, log
from bank.vault import keyring
from integrity.similarity.index import sql
from papers import blueprints, papers, sittings
from web import auth, drafts, lockout

MODULES = (
    actors,
    institutions,
    items,
    occupations,
    log,
    heads,
    keyring,
    sql,
    blueprints,
    papers,
    sittings,
    auth,
    drafts,
    lockout,
)
metadata = Base.metadata
