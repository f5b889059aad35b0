"""Alembic's entry: runs the versions on the connection that `run` hands over."""

from typing import Any, Literal

from alembic import context

from bank.ground.db import UtcDateTime
from web.migrations.tables import metadata


def _rendered(kind: str, thing: Any, _autogenerate: Any) -> str | Literal[False]:
    """Versions name plain column types, so that an old one never depends on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_rendered,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
