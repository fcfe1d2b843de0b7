"""What one person's forms do: leave a card, enter their table's room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _

from app.attendance import operations as attendance
from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.core.contributions import Kind
from app.core.vocabulary import Mode
from app.live.kinds import Part, Seat
from app.tables import forms, panels
from app.tables.panels import parts

PERSONAL = ("tables-card", "tables-room")


class Shows(Protocol):
    """Whatever renders a person's part again."""

    def personal(self, seat: Seat, **shown: Any) -> Part:
        """Return the part, with forms that came back."""
        ...


def act(tool: Shows, seat: Seat, name: str) -> Response | Part:
    """Do the act called ``name``."""
    return leave_card(tool, seat) if name == "tables-card" else enter(tool, seat)


def leave_card(tool: Shows, seat: Seat) -> Response | Part:
    """Send the card, or change the one that is there."""
    form = forms.CardForm(request.form, now=panels.cafe(seat.session))

    def call() -> None:
        card = contribution_queries.card_of(seat.session, seat.participant)
        if card is None:
            contributions.submit(seat.session, Kind.CARD, form.sent(), participant=seat.participant)
        else:
            contributions.change(card, form.sent(), seat.participant)

    if form.done(call):
        return make_response(redirect(f"{seat.home}?said=card#card", 303))
    return replace(tool.personal(seat, card=form), status=form.status)


def enter(tool: Shows, seat: Seat) -> Response | Part:
    """Show the way into the room of the table they sit at, inside the window alone."""
    now = panels.cafe(seat.session)
    here = parts.mine(now, seat)["here"]
    state = parts.room_state(now, here)
    if state == "open":
        note_entry(seat)
        return tool.personal(seat, room=here.room)
    words = _("You have no table online now.")
    if state == "early":
        words = _("The room opens at %(time)s.", time=parts.opens_at(now))
    return replace(tool.personal(seat, refused=words), status=409)


def note_entry(seat: Seat) -> None:
    """Remember that they went into the room: it is the session's room for them."""
    held = seat.registration
    if held is not None and held.mode == Mode.ONLINE:
        attendance.note_join(held)
