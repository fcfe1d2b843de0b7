"""The front door: answers conditional and warm requests before Flask wakes up.

It stands in front of the application as WSGI middleware and knows one table of rules: which
address is which document, and which single look-up says that the kept copy is still the newest.
It makes nothing itself. Bodies come from `documents.shelf`; headers are those the view behind it
sent with the same document, learned from its first answer of each kind (200, 200 with gzip, 304).
So an answer is the same with and without it, to the byte. Whatever is unusual goes through to
Flask: other methods, parameters a rule does not know or that come twice, nothing kept, a look-up
without a row, any exception.

A feature adds its rules in its `front.py`:

    def register(app):
        front.add(app, front.Rule(
            pattern=re.compile(r"/(?P<consultation>[a-z0-9-]{2,60})/calendar\\.ics"),
            parameters=frozenset({"lang"}),          # of the query; any other: Flask answers
            statement=select(C.id, C.revision).where(C.slug == bindparam("slug")),
            values=lambda named: {"slug": named["consultation"]},
            key=lambda named, query: ("feed", named["consultation"], query.get("lang", "")),
            state=lambda row, named, query: (row.id, row.revision),
        ))

``key`` and ``state`` must be what the view hands to `documents.respond` (a page whose state is its
ETag makes it by `documents.etag_of` from the row). ``state`` runs without application context and
returns ``None`` where Flask should answer. The columns of ``statement`` need distinct names.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus
from sqlalchemy import Select, event
from sqlalchemy.dialects.postgresql import asyncpg

from app import clock
from app.extensions import db
from app.web import documents

log = logging.getLogger("app.front")
METHODS = ("GET", "HEAD")
SLUG = "[a-z0-9-]{2,60}"  # of a consultation or a session, for patterns
KEPT_OPEN = 16
Named = Mapping[str, str]
Answer = tuple[str, list[tuple[str, str]], bytes]


@dataclass(frozen=True)
class Rule:
    """One kind of document; see the top of this file. ``seen`` hears of every answer given."""

    pattern: re.Pattern[str]
    parameters: frozenset[str]
    statement: Select
    values: Callable[[Named], dict[str, Any]]
    key: Callable[[Named, Named], Hashable]
    state: Callable[[Any, Named, Named], Hashable | None]
    seen: Callable[[Named, dict[str, Any]], None] | None = None
    stamped: bool = False  # with the time on the server, which is never a kept one


class LookUp:
    """One statement, compiled once for the driver: its text, its values, its typed columns."""

    def __init__(self, statement: Select, name: str, dialect: Any) -> None:
        self.name = name.encode()
        speaks = dialect if dialect.name == "sqlite" else asyncpg.dialect()  # numbered: $1, $2
        compiled = statement.compile(dialect=speaks)
        self.sql = str(compiled)
        self._compiled = compiled
        columns = list(statement.selected_columns)
        self._names = [str(column.key) for column in columns]
        self._readers = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]

    def bound(self, values: dict[str, Any]) -> list[Any]:
        """Return ``values`` (texts and whole numbers) in the order of the statement's places."""
        raw = self._compiled.construct_params(values)
        return [raw[name] for name in self._compiled.positiontup or ()]

    def read(self, row: Iterable[Any]) -> Any:
        """Return one of the driver's rows with its columns' names and types."""
        values = (
            reader(value) if reader else value
            for reader, value in zip(self._readers, row, strict=True)
        )
        return SimpleNamespace(**dict(zip(self._names, values, strict=True)))


class SqliteLine:
    """One open SQLite file."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def ask(self, look_up: LookUp, values: list[Any]) -> list[Any]:
        """Return the rows of one look-up; the module keeps its statement prepared."""
        return self.driver.execute(look_up.sql, values).fetchall()


class PostgresLine:
    """One connection to PostgreSQL, each look-up a prepared statement: one round trip."""

    def __init__(self, driver: Any) -> None:
        driver.autocommit = True
        self.driver = driver
        self._prepared: set[bytes] = set()
        self._reader = Transformer(driver)

    def ask(self, look_up: LookUp, values: list[Any]) -> list[Any]:
        """Return the rows of one look-up."""
        wire = self.driver.pgconn
        if look_up.name not in self._prepared:
            checked(wire.prepare(look_up.name, look_up.sql.encode()))
            self._prepared.add(look_up.name)
        result = wire.exec_prepared(look_up.name, [str(value).encode() for value in values])
        self._reader.set_pgresult(checked(result))
        return self._reader.load_rows(0, result.ntuples, tuple)


def checked(result: Any) -> Any:
    """Return PostgreSQL's answer unless it is an error."""
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise OSError(result.error_message.decode(errors="replace"))
    return result


class Lines:
    """Open lines to the database, by the driver alone: no session, no transaction."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self._kind = SqliteLine if engine.dialect.name == "sqlite" else PostgresLine
        self._free: list[Any] = []
        event.listen(engine, "engine_disposed", lambda _engine: self.close())
        os.register_at_fork(after_in_child=self._free.clear)

    def ask(self, look_up: LookUp, values: list[Any]) -> list[Any]:
        """Return the rows of one look-up. A line that failed is closed, never used again."""
        try:
            line = self._free.pop()
        except IndexError:
            line = self._open()
        try:
            rows = line.ask(look_up, values)
        except BaseException:
            line.driver.close()
            raise
        if len(self._free) < KEPT_OPEN:
            self._free.append(line)
        else:
            line.driver.close()
        return rows

    def _open(self) -> Any:
        pooled = self.engine.raw_connection()
        driver = pooled.driver_connection
        pooled.rollback()
        pooled.detach()
        return self._kind(driver)

    def close(self) -> None:
        """Hang up."""
        while self._free:
            self._free.pop().driver.close()


class Door:
    """The middleware: answers what it can, hands on the rest."""

    def __init__(self, app: Flask, behind: Callable) -> None:
        self._app = app
        self._behind = behind
        self.rules: list[Rule] = []
        self.is_open = True  # tests compare with it shut
        self._lines: Lines | None = None
        self._look_ups: dict[int, LookUp] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in METHODS or not self.is_open:
            return self._behind(environ, start_response)
        found = self._rule(environ.get("PATH_INFO", ""))
        if found is None:
            return self._behind(environ, start_response)
        try:
            answer = self._answer(*found, environ)
        except Exception:  # whatever it was, the view behind deals with it, or says so
            log.debug("the front door passes on %s", environ.get("PATH_INFO"), exc_info=True)
            answer = None
        if answer is None:
            return self._behind(environ, learning(environ, start_response))
        status, headers, body = answer
        start_response(status, headers.copy())
        return [body]

    def _rule(self, path: str) -> tuple[Rule, dict[str, str]] | None:
        for rule in self.rules:
            if match := rule.pattern.fullmatch(path):
                return rule, match.groupdict()
        return None

    def _answer(self, rule: Rule, named: Named, environ: dict[str, Any]) -> Answer | None:
        query = read_query(environ.get("QUERY_STRING", ""), rule.parameters)
        if query is None:
            return None
        document = documents.shelf.newest(rule.key(named, query))
        if document is None or not document.answers:
            return None
        row = self._look_up(rule, rule.values(named))
        state = None if row is None else rule.state(row, named, query)
        now = clock.now()
        if state is None or not document.is_current(state, now):
            return None
        unchanged = documents.is_unchanged(
            document, environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        )
        zipped = documents.wants_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        learned = document.answers.get((unchanged, zipped and not unchanged))
        if learned is None:
            return None
        document.checked_at = now
        if rule.seen:
            rule.seen(named, environ)
        if rule.stamped:
            learned = learned[0], documents.stamped(learned[1], now)
        if unchanged or environ["REQUEST_METHOD"] == "HEAD":
            return *learned, b""
        return *learned, document.gzipped if zipped else document.body

    def _look_up(self, rule: Rule, values: dict[str, Any]) -> Any:
        if self._lines is None:
            with self._app.app_context():
                self._lines = Lines(db.engine)
        look_up = self._look_ups.get(id(rule))
        if look_up is None:
            name = f"front_{self.rules.index(rule)}"
            look_up = LookUp(rule.statement, name, self._lines.engine.dialect)
            self._look_ups[id(rule)] = look_up
        rows = self._lines.ask(look_up, look_up.bound(values))
        return look_up.read(rows[0]) if len(rows) == 1 else None


def read_query(text: str, known: frozenset[str]) -> dict[str, str] | None:
    """Return the query's parameters; ``None`` where one is not ``known``, or comes twice."""
    if not text:
        return {}
    pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    query = dict(pairs)
    return query if len(query) == len(pairs) and query.keys() <= known else None


def learning(environ: dict[str, Any], start_response: Callable) -> Callable:
    """Return ``start_response`` that also remembers which headers went with a kept document."""

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable:
        document = environ.get(documents.ANSWERED)
        names = {name.lower() for name, _ in headers}
        if (
            isinstance(document, documents.Document)
            and exc_info is None
            and environ["REQUEST_METHOD"] == "GET"
            and status[:3] in ("200", "304")
            and "set-cookie" not in names
        ):
            kind = (status[:3] == "304", "content-encoding" in names)
            document.answers[kind] = (status, list(headers))
        return start_response(status, headers, exc_info)

    return start


def add(app: Flask, rule: Rule) -> None:
    """Add ``rule`` to the table of ``app``."""
    app.extensions["front_door"].rules.append(rule)


def register(app: Flask) -> None:
    """Put the door in front of ``app``."""
    door = Door(app, app.wsgi_app)
    app.extensions["front_door"] = door
    app.wsgi_app = door  # type: ignore[method-assign]
