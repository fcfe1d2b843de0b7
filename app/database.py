"""Transactions: one verb is one transaction, and nothing read before it decides."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, event, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError

from app.core.refusals import N_, NotFound, Refusal
from app.extensions import db
from app.orm import Base, Instant, JsonList, JsonObject, Localized, WallClock, words

__all__ = [
    "Base", "Instant", "JsonList", "JsonObject", "Localized", "WallClock",
    "after_commit", "db", "lock", "one_moment", "operation", "words",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")
PASSING_POSTGRES = {"40001", "40P01", "55P03", "57P01", "08006"}


class Busy(Refusal):
    """The database could not take the change in time; nothing happened."""

    code = "busy"
    status = 503
    message = N_("The service is very busy. Nothing was saved; send it again in a few seconds.")


class FairLock:
    """A lock given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._line: deque[threading.Event] = deque()

    def acquire(self) -> None:
        """Wait for the turn."""
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._line.append(turn)
        turn.wait()

    def release(self) -> None:
        """Hand the turn to whoever has waited longest."""
        with self._guard:
            if self._line:
                self._line.popleft().set()
            else:
                self._held = False


_writers = FairLock()


@contextmanager
def writers_turn():
    """Let the writers of one SQLite file in one by one; PostgreSQL needs no such line."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    _writers.acquire()
    try:
        yield
    finally:
        _writers.release()


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` as one transaction, up to three times; a nested call joins the outer one.

    The reading transaction ends first, so nothing read before it can decide: rows handed in are
    loaded again. A passing fault (serialization failure, deadlock, busy file, two identical
    requests in the same instant) is tried again, then refused as `Busy`. A row that somebody has
    deleted since it was read is `NotFound`.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("operation"):
            return function(*args, **kwargs)
        for last in (False, False, True):
            end_reading(session)
            session.info["operation"] = True
            session.info["after_commit"] = []
            try:
                with writers_turn():
                    session.connection(execution_options={"writing": True})
                    result = function(*args, **kwargs)
                    session.commit()
            except (DBAPIError, ObjectDeletedError) as fault:
                session.rollback()
                give_up(fault, last=last)
                continue
            except BaseException:
                session.rollback()
                raise
            finally:
                session.info.pop("operation")
            for call in session.info.pop("after_commit"):
                call()
            return result
        raise AssertionError("unreachable")

    return run


def give_up(fault: DBAPIError | ObjectDeletedError, *, last: bool) -> None:
    """Raise what a fault comes to, unless it passes and this was not the ``last`` try."""
    if isinstance(fault, ObjectDeletedError):  # a row handed in is gone since it was read
        raise NotFound from fault
    if not is_passing(fault) or (last and isinstance(fault, IntegrityError)):
        raise fault
    if last:
        raise Busy from fault


def end_reading(session) -> None:
    """End the reading transaction; refuse where something unsaved would be lost."""
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside an operation")
    session.rollback()


@contextmanager
def one_moment():
    """Read as of one moment, whatever is committed meanwhile, and hold nobody up.

    Ends the reading transaction before and after. Inside an operation its transaction is the
    moment: what is read is one moment as far as it holds the rows.
    """
    session = db.session()
    if session.info.get("operation"):
        yield
        return
    end_reading(session)
    whole = {"isolation_level": "REPEATABLE READ"} if db.engine.name == "postgresql" else {}
    session.connection(execution_options=whole)
    try:
        yield
    finally:
        end_reading(session)


def after_commit(call: Callable[[], Any]) -> None:
    """Run ``call`` once the current operation has been committed (never if it was not).

    The same call asked for twice runs once.
    """
    calls = db.session().info["after_commit"]
    if call not in calls:
        calls.append(call)


def is_passing(fault: DBAPIError) -> bool:
    """Say whether trying again can help."""
    if isinstance(fault, IntegrityError):
        return True  # a twin insert: the second run finds the first one's row
    state = getattr(fault.orig, "sqlstate", None)
    if state in PASSING_POSTGRES:
        return True
    text = str(fault.orig)
    return isinstance(fault, OperationalError) and ("locked" in text or "busy" in text)


def lock(row: Base) -> None:
    """Hold ``row`` until the transaction ends, and reload its latest values. Raises `NotFound`.

    PostgreSQL locks this row (not those it is joined with, and so that others may still refer to
    it by foreign key: both would deadlock); on SQLite BEGIN IMMEDIATE already holds the file.
    """
    db.session.flush()  # refresh would drop what is not yet written
    mapper = inspect(type(row))
    db.session.expire(row, [each.key for each in mapper.relationships])  # loaded if needed
    try:
        db.session.refresh(
            row,
            [each.key for each in mapper.column_attrs],
            with_for_update={"of": type(row), "key_share": True},
        )
    except InvalidRequestError as fault:  # deleted since it was read
        raise NotFound from fault


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection, _record) -> None:
    """Let SQLAlchemy own BEGIN, keep what was acknowledged, and wait instead of failing."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin(connection) -> None:
    """Begin for writing where the operation said so: readers never upgrade their snapshot."""
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def without_nul(connection, _cursor, statement, parameters, _context, _executemany):
    """Ask PostgreSQL for U+FFFD where somebody sent a NUL: it takes none, and nothing kept has one.

    So an address or a form with a NUL in it finds nothing, as on SQLite, instead of failing.
    """
    if connection.dialect.name != "postgresql" or not isinstance(parameters, dict):
        return statement, parameters
    wrong = {k: v for k, v in parameters.items() if isinstance(v, str) and "\x00" in v}
    return statement, parameters | {k: v.replace("\x00", "\ufffd") for k, v in wrong.items()}
