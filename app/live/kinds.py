"""What a live tool answers, and the table of tools; a format names those it uses.

A tool is a class in its feature's `tools.py`, registered there:

    def register(app):
        kinds.register(Tables())

Every method returns a `Part` (its fragment of the page and its piece of the live document) or
``None`` where the tool has nothing to say. A form names what it does in the field ``act``; the
tool that lists the act answers it with a redirect, or with its part as it must come back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Response
from flask_babel import gettext as _

from app.core import clocks
from app.core.refusals import NotFound
from app.core.timing import isoformat_z
from app.programme.models import Session
from app.registration.models import Participant, Registration
from app.web import filters


@dataclass(frozen=True)
class Button:
    """A button of the console's live head: what it does, its words, further fields it sends."""

    act: str
    label: str
    primary: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """What the live head says: a line of words, and the instant it counts down to, if any.

    ``label`` is short ("Round 2 of 3"); ``until_words`` says the same without a script ("this
    round ends at 18:57 Geneva (CEST)"). ``buttons`` and ``facts`` ("47 in the room") are the
    console's.
    """

    label: str
    until: datetime | None = None
    until_words: str = ""
    buttons: Sequence[Button] = ()
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """One tool's piece of a page and of its live document.

    ``state`` is plain JSON: what `state.json` holds under the tool's name. ``shown`` is what the
    fragment ``template`` finds as ``part.shown`` beside it. ``status`` is 422 where a form came
    back.
    """

    template: str
    state: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    head: Head | None = None


@dataclass(frozen=True)
class Seat:
    """One person before one session's live page: by their manage link, or by a join link.

    ``home`` is the page's own address, where forms are sent; ``back`` is (address, words).
    """

    participant: Participant
    session: Session
    registration: Registration | None
    home: str
    back: tuple[str, str]


@dataclass(frozen=True)
class Desk:
    """Whoever looks at a session's console; ``may_run`` where they may also act."""

    session: Session
    home: str
    may_run: bool


@dataclass(frozen=True)
class Step:
    """One step of a rehearsal: ``label`` is marked for translation, ``act`` does it.

    What an organiser did by hand meanwhile stays as it is: ``act`` then does the rest. What takes
    long and writes nothing is made by ``prepare`` before the transaction and handed to ``act``.
    """

    key: str
    label: str
    act: Callable[..., Any]
    prepare: Callable[[], Any] | None = None


class Tool:
    """One live tool. Subclasses answer what they have.

    ``acts`` are what a person's form may ask for; one of them opens its person, but for those in
    ``acts_of_anybody``: whoever says that an address was not theirs has not opened its mail's page
    as the person it is about.
    """

    name: ClassVar[str]
    acts: ClassVar[Collection[str]] = ()
    acts_of_anybody: ClassVar[Collection[str]] = ()
    desk_acts: ClassVar[Collection[str]] = ()

    def public(self, session: Session) -> Part | None:
        """Return what everybody sees; no person's data beyond what attribution lets through."""
        return None

    def stage(self, session: Session, *, named: bool) -> Part | None:
        """Return what the projector shows; ``named``: opened with the console's key."""
        return None

    def personal(self, seat: Seat) -> Part | None:
        """Return what one person sees and may send."""
        return None

    def act(self, seat: Seat, name: str) -> Response | Part:
        """Do what a person's form asks for; asked only for what stands in ``acts``."""
        raise NotFound

    def console(self, desk: Desk) -> Part | None:
        """Return what those who run the session see."""
        return None

    def run(self, desk: Desk, name: str) -> Response | Part:
        """Do what a console's form asks for; asked only for what stands in ``desk_acts``."""
        raise NotFound

    def steps(self, session: Session) -> Sequence[Step]:
        """Return how a session is rehearsed with this tool, once its people are there.

        They name the step `LATE` where the latecomers come, if not at once.
        """
        return ()


LATE = "late"  # the key of the step in which those who are late arrive
_tools: dict[str, Tool] = {}


def register(tool: Tool) -> None:
    """Add ``tool`` to the table (once, however often it is listed)."""
    _tools[tool.name] = tool


def of(session: Session) -> list[Tool]:
    """Return the tools of a session's format, in the format's order."""
    return [_tools[name] for name in session.kind.tools if name in _tools]


def head_of(parts: Sequence[Part]) -> Head | None:
    """Return the head a page shows: the first that counts down, else the first there is."""
    heads = [part.head for part in parts if part.head is not None]
    return next((head for head in heads if head.until is not None), heads[0] if heads else None)


def instant(at: datetime | None) -> str | None:
    """Return an instant as live documents write it."""
    return None if at is None else isoformat_z(at)


def words_at(session: Session, at: datetime) -> str:
    """Return an instant as the clock at the session's place shows it: "18:57 Geneva (CEST)"."""
    clock = clocks.clocks(at, at + timedelta(minutes=1), session.timezone, session.city).venue
    words = {"time": filters.hhmm(clock.starts), "city": filters.place(clock), "zone": clock.label}
    return _("%(time)s %(city)s (%(zone)s)", **words)


def failed(part: Part) -> Part:
    """Return ``part`` as it comes back when something in its form was refused."""
    return replace(part, status=422)
