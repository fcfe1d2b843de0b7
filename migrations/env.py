"""How migrations run: whole or not at all, on SQLite and PostgreSQL."""

from alembic import context
from flask import current_app
from sqlalchemy import JSON, text

from app.orm import Base, InstantType

database = current_app.extensions["migrate"].db


def render_item(kind, thing, autogen_context):
    """Name our own column types, so that both engines get what the models say."""
    if kind == "type" and isinstance(thing, InstantType):
        autogen_context.imports.add("from app.orm import InstantType")
        return "InstantType()"
    if kind == "type" and isinstance(thing, JSON):
        autogen_context.imports.add("from app.orm import Json")
        return "Json"
    return False


def leave_empty_revisions_out(_context, _revision, directives):
    """Make no file for a change that is none."""
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []


def run() -> None:
    """Run in one transaction.

    Batch mode on SQLite rebuilds tables; with foreign keys on that would silently delete child
    rows, and inside a transaction the pragma does nothing: so it goes to the driver first.
    """
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            assert driver.execute("PRAGMA foreign_keys").fetchone()[0] == 0
        connection = connection.execution_options(writing=True)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=is_sqlite,
            transaction_per_migration=False,
            process_revision_directives=leave_empty_revisions_out,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if is_sqlite:
                broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
                if broken:
                    raise RuntimeError(f"the migration would leave orphans: {broken[:5]}")
        connection.commit()
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations look at the data; they run on a database, not into a file.")
run()
