"""The rows of a test database: deleted all at once, or kept beside it and put back."""

from __future__ import annotations

import itertools

from sqlalchemy import Engine

from app.orm import Base

_numbers = itertools.count(1)
BESIDE = {"sqlite": "ATTACH ':memory:' AS {}", "postgresql": "CREATE SCHEMA {}"}


def tables() -> list[str]:
    """Return the names of all tables, parents first, as SQL writes them."""
    return [f'"{table.name}"' for table in Base.metadata.sorted_tables]


def at_once(raw, statements: list[str]) -> None:
    """Run ``statements`` as one transaction on the driver's connection ``raw``, in one go."""
    script = ";\n".join(statements)
    if hasattr(raw, "executescript"):
        raw.executescript(f"BEGIN IMMEDIATE;\n{script};\nCOMMIT")
    else:
        raw.execute(script)
        raw.commit()


def deleting() -> list[str]:
    """Return the statements that delete every row, children first."""
    return [f"DELETE FROM {name}" for name in reversed(tables())]


def empty(engine: Engine) -> None:
    """Delete every row."""
    connection = engine.raw_connection()
    try:
        at_once(connection.driver_connection, deleting())
    finally:
        connection.close()


class Kept:
    """All rows of one moment. They stay beside the database until ``close``."""

    def __init__(self, engine: Engine) -> None:
        connection = engine.raw_connection()
        connection.detach()  # SQLite keeps them in the memory of this one connection
        self._connection = connection
        self._raw = connection.dbapi_connection
        beside = f"kept_{next(_numbers)}"
        self._raw.execute(BESIDE[engine.dialect.name].format(beside))
        copies = [(name, f"{beside}.{name}") for name in tables()]
        at_once(
            self._raw, [f"CREATE TABLE {copy} AS SELECT * FROM {name}" for name, copy in copies]
        )
        self._putting = [
            f"INSERT INTO {name} SELECT * FROM {copy}"
            for name, copy in copies
            if self._raw.execute(f"SELECT 1 FROM {copy} LIMIT 1").fetchone()
        ]
        self._raw.rollback()

    def put_back(self) -> None:
        """Make the database hold these rows and no others."""
        at_once(self._raw, [*deleting(), *self._putting])

    def close(self) -> None:
        """Let them go."""
        self._connection.close()
