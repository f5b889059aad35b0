"""Schema versions of the database, run by Alembic."""
