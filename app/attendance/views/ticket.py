"""The address in the ticket's QR: it shows nothing, but to staff of the right door."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.attendance import queries
from app.attendance.views.blueprint import bp, page, record
from app.core.permissions import Permission
from app.core.refusals import NotFound
from app.programme.models import Session
from app.registration import queries as registrations
from app.registration.models import Participant
from app.web import access
from app.web.access import private, public, signed_in


@bp.route("/t/<secret>", methods=["GET", "POST"])
@public
def ticket(secret: str) -> Response:
    """Say "Show this at the desk", the same for every ticket; nothing is looked up or recorded."""
    return private(page("ticket", secret=secret))


@bp.get("/door/t/<secret>")
@signed_in
def present(secret: str) -> ResponseReturnValue:
    """Show whose ticket this is to whoever works at one of their doors, with one big button."""
    participant, sessions = at_my_door(secret)
    return page("present", participant=participant, sessions=sessions, secret=secret)


@bp.post("/door/t/<secret>")
@signed_in
def let_in(secret: str) -> ResponseReturnValue:
    """Check the person in, at the door the button named; unnamed, at the first one shown."""
    _participant, sessions = at_my_door(secret)
    named = request.form.get("session", sessions[0].slug)
    wanted = next((each for each in sessions if each.slug == named), None)
    if wanted is None:
        raise NotFound
    key, _told = record(wanted, kind="in", ticket=secret)
    consultation = wanted.consultation.slug
    return redirect(
        url_for("attendance.door", consultation=consultation, session=wanted.slug, result=key), 303
    )


def at_my_door(secret: str) -> tuple[Participant, list[Session]]:
    """Return whose ticket this is and the doors of that consultation where the reader works.

    Their own sessions first. Raises `NotFound` for everybody else, and for tickets nobody has.
    """
    participant = registrations.participant_by_ticket_secret(secret)
    if participant is None:
        raise NotFound
    theirs = {each.session_id for each in registrations.of_participant(participant) if each.is_live}
    sessions = [
        session
        for session in queries.at_the_door()
        if session.consultation_id == participant.consultation_id
        and access.may(Permission.DOOR, session.consultation, session)
    ]
    if not sessions:
        raise NotFound
    return participant, sorted(sessions, key=lambda each: each.id not in theirs)[:5]
