"""A backup of everything in one file, and back from it.

A backup is one zip: `manifest.json`, the keys, and every table as JSON lines. It belongs to no
database engine, so it also moves an installation from SQLite to PostgreSQL.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import (
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection

from app import clock, privacy
from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.consultations.models import Consultation
from app.core.refusals import N_, Refusal
from app.database import db
from app.mail.models import OutboxMail
from app.orm import Base, InstantType
from app.version import VERSION

FORMAT = 1
ROWS_AT_ONCE = 500
CHARACTERS_AT_ONCE = 8 * 1024 * 1024  # files of editions are large rows
ERASED = "participant_erased"


class NotEmpty(Refusal):
    """A backup is not poured over people who are there."""

    code = "not_empty"
    message = N_(
        "This installation is not empty. With --replace a backup of the present one is made first."
    )


class NotABackup(Refusal):
    """The file cannot be restored here."""

    code = "not_a_backup"
    message = N_("%(reason)s")


def backup(file: Path) -> dict[str, int]:
    """Write everything into ``file`` (a zip, mode 0600); return the number of rows by table.

    One reading transaction sees one moment, however much is written meanwhile. The file appears
    whole or not at all.
    """
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    counts: dict[str, int] = {}
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive,
            one_moment() as connection,
        ):
            for table in Base.metadata.sorted_tables:
                with archive.open(f"tables/{table.name}.jsonl", "w") as out:
                    counts[table.name] = 0
                    for row in rows_of(connection, table):
                        out.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                        counts[table.name] += 1
            archive.writestr("keys.json", keys_file().read_text())
            archive.writestr("manifest.json", json.dumps(manifest(connection, counts), indent=1))
        with open(aside, "rb") as written:
            os.fsync(written.fileno())
        os.replace(aside, file)
    finally:
        aside.unlink(missing_ok=True)
    return counts


def restore(file: Path, *, replace: bool = False) -> tuple[dict[str, int], Path | None]:
    """Pour ``file`` into this installation; return rows by table and the backup made before.

    Only into an empty installation unless ``replace``, which writes a backup of the present one
    first. Mails that were not sent yet are held until staff release them; erasures recorded in
    the present installation since the backup are done again. All of it or nothing.
    """
    with zipfile.ZipFile(file) as archive:
        told = read_manifest(archive)
        saved = None
        if not is_empty():
            if not replace:
                raise NotEmpty
            stamp = clock.now().strftime("%Y%m%d-%H%M%S")
            saved = Path(current_app.config["DATA_DIR"]) / f"before-restore-{stamp}.zip"
            backup(saved)
        erased = erasures_since(told["created_at"])
        counts = pour(archive)
        write_keys(archive.read("keys.json"))
    privacy.erase_again(erased)
    return counts, saved


def pour(archive: zipfile.ZipFile) -> dict[str, int]:
    """Replace every row by the archive's, in one transaction."""
    counts = {}
    db.session.rollback()
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        names = set(archive.namelist())
        for table in Base.metadata.sorted_tables:
            name = f"tables/{table.name}.jsonl"
            counts[table.name] = 0
            if name not in names:
                continue
            with archive.open(name) as lines:
                for batch in batches(lines, table):
                    connection.execute(insert(table), batch)
                    counts[table.name] += len(batch)
            go_on_counting(connection, table)
        connection.execute(
            update(OutboxMail)
            .where(OutboxMail.status.in_(("queued", "sending")))
            .values(status="held", claimed_by=None, claimed_at=None)
        )
    return counts


def one_moment():
    """Return a connection that sees one moment: SQLite's reader, PostgreSQL's repeatable read."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def rows_of(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``table`` as JSON values, in the order of their keys."""
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(stream_results=True).execute(query)
    for row in result.mappings():
        yield {column.name: to_json(row[column.name]) for column in table.columns}


def to_json(value: Any) -> Any:
    """Return a value as JSON has it; its column says how it is read back."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def from_json(value: Any, kind: Any) -> Any:
    """Return a value of a backup as a column of type ``kind`` takes it."""
    if value is None:
        return None
    if isinstance(kind, InstantType | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


def batches(lines, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of one file, some hundred at a time, large ones fewer at a time.

    Unknown columns are refused.
    """
    kinds = {column.name: column.type for column in table.columns}
    batch = []
    size = 0
    for number, line in enumerate(io.TextIOWrapper(lines, "utf-8"), 1):
        row = json.loads(line)
        if unknown := set(row) - set(kinds):
            raise NotABackup(
                reason=f"{table.name}, line {number}: unknown column {sorted(unknown)[0]}"
            )
        batch.append({name: from_json(value, kinds[name]) for name, value in row.items()})
        size += len(line)
        if len(batch) == ROWS_AT_ONCE or size > CHARACTERS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def go_on_counting(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count ids on from the highest restored."""
    if connection.dialect.name != "postgresql" or "id" not in table.columns:
        return
    if not isinstance(table.c.id.type, Integer):
        return
    highest = connection.scalar(select(func.max(table.c.id)))
    if highest is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"),
            {"table": table.name, "highest": highest},
        )


def manifest(connection: Connection, counts: dict[str, int]) -> dict[str, Any]:
    """Return what a backup says of itself."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "schema": connection.scalar(text("SELECT version_num FROM alembic_version")),
        "created_at": clock.now().isoformat(),
        "rows": counts,
    }


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return the manifest, or say why this file cannot be restored here."""
    names = set(archive.namelist())
    if not {"manifest.json", "keys.json"} <= names:
        raise NotABackup(reason="This file is no backup of Open Talks.")
    told = json.loads(archive.read("manifest.json"))
    if told.get("format") != FORMAT:
        raise NotABackup(reason=f"This backup has format {told.get('format')}, not {FORMAT}.")
    here = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    if told["schema"] != here:
        raise NotABackup(
            reason=f"This backup has the tables of version {told['schema']}, this program those "
            f"of {here}: restore it with version {told['version']}, then upgrade."
        )
    return told


def is_empty() -> bool:
    """Whether nothing would be lost: no consultation and no person."""
    tables = (Consultation, Person)
    return all(db.session.scalar(select(func.count()).select_from(t)) == 0 for t in tables)


def erasures_since(moment: str) -> list[str]:
    """Return the keys of participants erased here after ``moment`` (ISO)."""
    return list(
        db.session.scalars(
            select(AuditEntry.object).where(
                AuditEntry.action == ERASED, AuditEntry.at > datetime.fromisoformat(moment)
            )
        )
    )


def keys_file() -> Path:
    """Return where the installation's keys are."""
    return Path(current_app.config["DATA_DIR"]) / "keys.json"


def write_keys(content: bytes) -> None:
    """Replace the keys; every running process must be started again to know them."""
    file = keys_file()
    aside = file.with_name(f".keys-{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(aside, file)
