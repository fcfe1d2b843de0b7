"""What one person's forms do: ask, wait, write, question, support."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from flask import Response, request

from app.contributions import operations as contributions
from app.core import floor
from app.core.contributions import Kind as ContributionKind
from app.core.vocabulary import Mode
from app.floor import forms, operations, queries
from app.floor.models import FloorRequest
from app.floor.tools.answers import came_back, done, question_of, tried
from app.live.kinds import Part, Seat

PERSONAL = ("ask", "withdraw", "pause", "resume", "mode", "time", "write", "question", "support")


class Shows(Protocol):
    """Whatever renders a person's part again."""

    def personal(self, seat: Seat, **forms_of: Any) -> Part:
        """Return the part, with forms that came back."""
        ...


class Personal:
    """One person's form at work."""

    def __init__(self, tool: Shows, seat: Seat) -> None:
        self.tool, self.seat = tool, seat

    def do(self, name: str) -> Response | Part:
        """Do the act called ``name``; what the house refuses comes back on the page."""
        return done(
            self, name, home=self.seat.home,
            again=lambda words: self.tool.personal(self.seat, refused=words),
        )  # fmt: skip

    def mine(self) -> FloorRequest:
        """Return their own open request. Raises `NotWaiting`."""
        found = queries.open_of(self.seat.session, self.seat.participant)
        if found is None:
            raise floor.NotWaiting
        return found

    def form(self, name: str, form: forms.FloorForm, call: Callable[[], Any], said: str):
        """Check a form and do ``call``; a form that was refused comes back with what was typed."""
        if tried(form, call):
            return said
        return came_back(
            self.tool.personal(self.seat, **{name: form, "refused": form.refused}), form.status
        )

    def ask(self) -> str | Part:
        """Ask for the floor."""
        session = self.seat.session
        form = forms.AskForm(request.form, session=session, mode="")
        return self.form(
            "ask", form,
            lambda: operations.ask(session, form.wish(), participant=self.seat.participant),
            "asked",
        )  # fmt: skip

    def withdraw(self) -> str:
        """Leave the line."""
        operations.withdraw(self.mine())
        return "withdrawn"

    def pause(self) -> str:
        """Let others go first."""
        operations.pause(self.mine())
        return "paused"

    def resume(self) -> str:
        """Be ready again."""
        operations.resume(self.mine())
        return "resumed"

    def mode(self) -> str:
        """Speak from elsewhere."""
        asked = request.form.get("mode", "")
        known = {mode.value for mode in self.seat.session.modes}
        operations.change(self.mine(), mode=Mode(asked) if asked in known else None)
        return "moved"

    def time(self) -> str:
        """Say whether more time is needed."""
        operations.change(self.mine(), needs_time=request.form.get("needs_time") == "1")
        return "time"

    def write(self) -> str | Part:
        """Write one's turn."""
        form = forms.WriteForm(request.form, session=self.seat.session)
        mine = self.mine()
        return self.form(
            "write", form, lambda: operations.write(mine, form.text.data or ""), "written"
        )

    def question(self) -> str | Part:
        """Send a question in writing."""
        session = self.seat.session
        form = forms.QuestionForm(request.form, session=session)
        return self.form(
            "question", form,
            lambda: contributions.submit(
                session, ContributionKind.QUESTION, form.sent(),
                participant=self.seat.participant,
            ),
            "question",
        )  # fmt: skip

    def support(self) -> str:
        """Support a question of the list."""
        contributions.support(question_of(self.seat.session), self.seat.participant)
        return "supported"
