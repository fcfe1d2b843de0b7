"""What a moderator's forms do: the list, the floor, answers, people without a device, questions."""

from __future__ import annotations

from typing import Any, Protocol

from flask import Response, request

from app.core.refusals import NotFound
from app.floor import forms, operations, queries
from app.floor.models import FloorRequest
from app.floor.tools.answers import came_back, done, question_of, tried
from app.live.kinds import Desk, Part

DESK = (
    "open", "close", "give", "done", "extend", "follow", "lost", "answer", "answered", "add",
    "remove", "note", "read", "replied",
)  # fmt: skip


class Shows(Protocol):
    """Whatever renders the console's part again."""

    def console(self, desk: Desk, **forms_of: Any) -> Part:
        """Return the part, with forms that came back."""
        ...


class Moderating:
    """A moderator's form at work."""

    def __init__(self, tool: Shows, desk: Desk) -> None:
        self.tool, self.desk, self.session = tool, desk, desk.session

    def do(self, name: str) -> Response | Part:
        """Do the act called ``name``; what the house refuses comes back on the page."""
        return done(
            self, name, home=self.desk.home,
            again=lambda words: self.tool.console(self.desk, refused=words),
        )  # fmt: skip

    def request(self) -> FloorRequest:
        """Return the request the form names, of this session."""
        found = queries.by_public_id(request.form.get("request", ""))
        if found is None or found.session_id != self.session.id:
            raise NotFound
        return found

    def open(self) -> str:
        """Open the list."""
        operations.open_list(self.session)
        return ""

    def close(self) -> str:
        """Close it."""
        operations.close_list(self.session)
        return ""

    def give(self) -> str:
        """Give somebody the floor."""
        operations.give(self.request(), because=request.form.get("because") or None)
        return ""

    def done(self) -> str:
        """End the turn."""
        operations.done(self.request())
        return ""

    def extend(self) -> str:
        """Half a minute more."""
        operations.extend(self.request())
        return ""

    def follow(self) -> str:
        """A second stretch for the same speaker."""
        operations.follow_up(self.request())
        return ""

    def lost(self) -> str:
        """The speaker's connection broke."""
        operations.lost(self.request())
        return ""

    def answer(self) -> str:
        """Start the clock of the answer."""
        operations.start_answer(self.request())
        return ""

    def answered(self) -> str:
        """Stop it."""
        operations.stop_answer(self.request())
        return ""

    def add(self) -> str | Part:
        """Put somebody without a device into the line."""
        form = forms.AddForm(request.form, session=self.session)

        def call() -> None:
            operations.ask(
                self.session,
                form.wish(),
                name=form.name.data or "",
                representation=form.representation.data or "",
                stakeholder_group=form.stakeholder_group.data or None,
            )

        if tried(form, call):
            return "added"
        shown = self.tool.console(self.desk, add=form, refused=form.refused)
        return came_back(shown, form.status)

    def remove(self) -> str:
        """Take somebody out of the line, who asked for it."""
        operations.withdraw(self.request())
        return ""

    def note(self) -> str | Part:
        """Note what was said in a turn."""
        form = forms.NoteForm(request.form)
        found = self.request()
        if tried(form, lambda: operations.write(found, form.text.data or "", by_staff=True)):
            return "noted"
        shown = self.tool.console(self.desk, note=form, noted=found.public_id, refused=form.refused)
        return came_back(shown, form.status)

    def read(self) -> str:
        """Mark a question as read out."""
        operations.mark_question(question_of(self.session), read=True)
        return ""

    def replied(self) -> str:
        """Mark a question as answered."""
        operations.mark_question(question_of(self.session), answered=True)
        return ""
