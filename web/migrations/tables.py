"""Every mapped table of the house, imported once so that the metadata is whole."""

import bank.ground.actors
import bank.institutions
import bank.items
import bank.ledger.log
import bank.occupations
import bank.vault.keyring
import integrity.similarity.index.sql
import papers.blueprints
import papers.papers
import papers.sittings
import web.auth  # noqa: F401 - imported for its tables
from bank.ground.db import Base

metadata = Base.metadata
