"""A person's own calendar entries: the session's, with their status, their place, their way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.core.ical.entry import Conference, Entry
from app.core.refusals import N_
from app.core.vocabulary import Mode, RegistrationStatus
from app.programme import entries as programme
from app.programme.models import Session
from app.registration import queries
from app.registration.models import Registration


@dataclass(frozen=True)
class Standing:
    """How a registration that is not confirmed shows: round the title, and in words."""

    mark: str
    words: str


NOT_YET = {
    RegistrationStatus.WAITING: Standing(
        N_("Waiting list: %(title)s"),
        N_("You are on the waiting list. You will get a mail as soon as you have a place."),
    ),
    RegistrationStatus.OFFERED: Standing(
        N_("Place offered: %(title)s"),
        N_("A place is offered to you. Your mail says until when you can take it."),
    ),
    RegistrationStatus.PENDING: Standing(
        N_("To be approved: %(title)s"),
        N_("The organisers have not confirmed your registration yet."),
    ),
}


def entry_for(
    registration: Registration,
    language: str,
    *,
    site: str | None = None,
    moved_from: Mapping[str, Any] | None = None,
    join_link: str | None = None,
) -> Entry:
    """Return what this person's calendar is told, in feed and mail alike: same UID and SEQUENCE.

    It carries their join link (or what ``join_link`` says instead: a mark that a mail fills in at
    sending), never the room's own address. A registration that ended is a cancelled entry;
    whether it is shown at all is for the caller.
    """
    session = registration.session
    site = site or current_app.config["SITE_URL"]
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    mode = Mode(registration.mode)
    way_in = None
    if confirmed and mode is Mode.ONLINE:
        way_in = join_link or queries.join_link(registration)
    standing = NOT_YET.get(RegistrationStatus(registration.status))
    with programme.speaking(language):
        share = programme.Share(
            site=site,
            modes=(mode,),
            joining=how_to_join(registration, mode, way_in),
            notices=notices(registration, language, standing, moved_from),
            mark=_(standing.mark, title="%(title)s") if standing else "",
            gone=programme.is_gone(session) or not registration.is_live,
            tentative=not confirmed or programme.is_tentative(session),
            busy=confirmed,
            location=way_in or "",
            klass="PRIVATE",
            conferences=conferences(way_in),
            sequence=registration.sequence,
            changed_at=registration.changed_at,
        )
        return programme.compose(session, language, share)


def conferences(way_in: str | None) -> tuple[Conference, ...]:
    """Return the way in as CONFERENCE."""
    return (Conference(way_in, _("Join online")),) if way_in else ()


def notices(
    registration: Registration,
    language: str,
    standing: Standing | None,
    moved_from: Mapping[str, Any] | None,
) -> tuple[str, ...]:
    """Return the lines on top: how the session stands, then how the person does."""
    session: Session = registration.session
    lines = list(programme.notices(session, language, moved_from))
    if programme.is_gone(session):
        return tuple(lines)
    if not registration.is_live:
        return (_("Your registration for this session has ended."),)
    if standing:
        lines.append(_(standing.words))
    elif registration.waits_for == Mode.ON_SITE:
        lines.append(_("You also wait for a place in the room."))
    elif registration.waits_for == Mode.ONLINE:
        lines.append(_("You also wait for a place online."))
    return tuple(lines)


def how_to_join(registration: Registration, mode: Mode, way_in: str | None) -> tuple[str, ...]:
    """Return how this person takes part, in the mode that is theirs."""
    if way_in:
        if registration.session.kind.written:
            return (_("Your way to the round: %(address)s", address=way_in),)
        return (_("Join online, from 30 minutes before the start: %(address)s", address=way_in),)
    if mode is Mode.ONLINE:
        return ()
    where = programme.address(registration.session)
    return (
        _("On site: %(place)s", place=where) if where else "",
        _("Bring your ticket: it is in your mail and on your page."),
    )
