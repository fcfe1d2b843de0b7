"""What a facilitator's forms do: the clock, seats made and changed, the projector."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _

from app.core.refusals import FieldError, NotFound, Refusal
from app.core.seating import SeatingImpossible
from app.live.kinds import Desk, Part
from app.tables import forms, operations, panels, queries
from app.tables.panels import People
from app.tables.queries.people import confirmed

DESK = (
    "start", "extend", "end", "seats", "publish", "swap", "late", "absent", "close", "host",
    "show",
)  # fmt: skip
MORE_SECONDS = 120


class Shows(Protocol):
    """Whatever renders the console's part again."""

    def console(self, desk: Desk, **shown: Any) -> Part:
        """Return the part, with forms that came back."""
        ...


class Facilitating:
    """A facilitator's form at work."""

    def __init__(self, tool: Shows, desk: Desk) -> None:
        self.tool, self.desk, self.session = tool, desk, desk.session

    def do(self, name: str) -> Response | Part:
        """Do the act called ``name``; what the house refuses comes back on the page."""
        act: Callable[[], str | Part] = getattr(self, name.removeprefix("tables-"))
        try:
            done = act()
        except NotFound:
            raise
        except Refusal as refusal:
            return self.came_back(refusal, name)
        if isinstance(done, Part):
            return done
        home = f"{self.desk.home}?said={done}" if done else self.desk.home
        return make_response(redirect(home, 303))

    def came_back(self, refusal: Refusal, name: str) -> Part:
        """Return the console as it comes back, with the reason in words at the form it was."""
        told = in_words(refusal, self.people())
        words = [told.text(_)] if not told.errors or isinstance(told, SeatingImpossible) else []
        words += [error.text(_) for error in told.errors]
        shown = self.tool.console(
            self.desk, refused=words, refused_act=name.removeprefix("tables-"), typed=request.form
        )
        return replace(shown, status=refusal.status)

    def people(self) -> People:
        """Return who may be named here."""
        return panels.people_of(panels.cafe(self.session, inside=True), self.session)

    # --- The clock ----------------------------------------------------------------------------

    def start(self) -> str:
        """Start a round."""
        operations.start_round(self.session, number("round"))
        return "started"

    def extend(self) -> str:
        """Give everybody two minutes more."""
        operations.extend_round(self.session, number("round"), seconds=MORE_SECONDS)
        return "extended"

    def end(self) -> str:
        """End a round."""
        operations.end_round(self.session, number("round"))
        return "ended"

    # --- Seats --------------------------------------------------------------------------------

    def seats(self) -> str | Part:
        """Make seats, a draft."""
        people = self.people()
        counts = (len(people.here), len(confirmed(self.session)))
        form = forms.SeatsForm(request.form, people=people, counts=counts)

        def call() -> None:
            try:
                solved = operations.solve(self.session, form.wish())
                operations.keep_draft(self.session, solved)
            except SeatingImpossible as refusal:
                told = in_words(refusal, people)
                form.blocking = [error.text(_) for error in told.errors]
                raise type(refusal)(**refusal.values) from refusal
            except Refusal as refusal:
                raise in_words(refusal, people) from refusal

        if form.done(call):
            return "seats"
        return replace(self.tool.console(self.desk, make=form), status=form.status)

    def publish(self) -> str:
        """Let everybody follow the draft."""
        operations.publish(self.session)
        return "published"

    def swap(self) -> str:
        """Let two people trade seats."""
        pair = (request.form.get("one", ""), request.form.get("other", ""))
        operations.swap(self.session, round=number("round"), people=pair)
        return "swapped"

    def late(self) -> str:
        """Seat those who came late; where nobody works on a draft, they see it at once."""
        return self.patched(arrived=request.form.getlist("person"), at_once=True)

    def absent(self) -> str:
        """Do without those who are not there."""
        return self.patched(absent=request.form.getlist("person"))

    def close(self) -> str:
        """Close a table: its people go to others."""
        return self.patched(closed_tables=[number("table")])

    def host(self) -> str:
        """Let somebody else host a table, or nobody."""
        who = request.form.get("person") or None
        return self.patched(hosts={number("table"): who})

    def patched(self, *, at_once: bool = False, **changes: Any) -> str:
        """Change the seats of the rounds to come; ``at_once`` publishes where there is no draft."""
        had_draft = queries.draft(self.session) is not None
        operations.patch(self.session, after_round=queries.begun(self.session), **changes)
        if at_once and not had_draft:
            operations.publish(self.session)
            return "seated"
        return "patched"

    # --- The projector ------------------------------------------------------------------------

    def show(self) -> str:
        """Turn the projector."""
        operations.show(self.session, shows=request.form.get("shows", ""), screen=number("screen"))
        return ""


def number(name: str) -> int:
    """Return the number a form sends; 0 for anything else, which nothing has."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def in_words(refusal: Refusal, people: People) -> Refusal:
    """Return a refusal that names people as they are called, not by their ids."""
    return type(refusal)(errors=named(refusal.errors, people), **refusal.values)


def named(errors: Iterable[FieldError], people: People) -> list[FieldError]:
    """Return errors with names in them."""
    return [
        replace(error, values={**error.values, "person": people.called(error.values["person"])})
        if "person" in error.values
        else error
        for error in errors
    ]
