"""Feeds behind a secret: one person's sessions, and those an organiser works on."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.accounts.models import Person
from app.accounts.permissions import rights_of
from app.core.ical.entry import Entry
from app.core.permissions import Permission
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.feeds import queries
from app.feeds.exports.draft import Draft, finish, named, site
from app.programme import entries
from app.programme.models import Session
from app.registration import entries as own_entries
from app.registration import queries as registrations
from app.registration.models import Participant, Registration
from app.web.documents import Document

SECRET = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
DRAFT_MARK = "[draft] %(title)s"


def of_participant(participant: Participant, lang: str, state: Hashable) -> Document:
    """Return a person's own feed: places, waiting lists, and what was taken from them."""
    language = lang or participant.language
    draft = Draft(clock.now(), language, changed=[participant.changed_at])
    consultation = participant.consultation
    moves = queries.moves(consultation.id)
    for registration in registrations.of_participant(participant):
        draft.changed.append(registration.changed_at)  # a withdrawal is a change as well
        if is_theirs(registration, draft):
            add_own(draft, registration, moves)
    with entries.speaking(language):
        title = consultation.words("title", language)
        name = _("%(title)s: my sessions", title=title)
        about = _("Your own sessions of %(title)s. Keep the address of this calendar to yourself.",
                  title=title)  # fmt: skip
    return finish(
        draft,
        state,
        ("personal", participant.public_id, language, participant.revision, consultation.revision),
        name=name,
        about=about,
        page=f"{site()}/{consultation.slug}/",
        source=None,
        zone=consultation.timezone,
        headers=SECRET | named("my-sessions"),
    )


def is_theirs(registration: Registration, draft: Draft) -> bool:
    """Whether the personal feed holds a registration.

    Own withdrawal: no, the person knows. Removed by staff or lapsed: cancelled, for fourteen
    days. Session cancelled or withdrawn: cancelled, for sixty days after its old end.
    """
    session = registration.session
    gone = entries.is_gone(session)
    until = []
    if not registration.is_live and registration.ended_by != "session":
        if registration.ended_by == "self":
            return False
        until.append((registration.ended_at or registration.changed_at) + queries.REMOVED_FOR)
    elif gone or not registration.is_live:
        poster = entries.poster_of(session, draft.language)
        until.append(poster.ends_at + queries.WITHDRAWN_FOR)
    elif not session.is_public:
        return False  # a draft nobody has seen
    draft.turns += until
    return all(draft.now < end for end in until)


def add_own(draft: Draft, registration: Registration, moves: dict[int, Any]) -> None:
    """Add one registration; its join link belongs to it alone, so it is kept under its own name."""
    session, participant = registration.session, registration.participant
    kept = ("own", registration.public_id, draft.language)
    version = (
        session.revision, session.consultation.language, registration.status, registration.mode,
        registration.waits_for, registration.sequence, registration.changed_at,
        participant.link_version, site(),
    )  # fmt: skip
    draft.changed.append(entries.poster_of(session, draft.language).changed_at)
    if registration.is_live and not entries.is_gone(session):
        draft.note_end(session)
    draft.add(
        session,
        kept,
        version,
        lambda: own_entries.entry_for(
            registration, draft.language, site=site(), moved_from=moves.get(session.id)
        ),
    )


def of_staff(person: Person, lang: str, state: Hashable) -> Document:
    """Return the sessions ``person`` may see drafts of, with how many registered and no names.

    What they may see is asked at every fetch.
    """
    language = lang or person.language
    may = rights_of(person)
    sessions = [
        session
        for session in queries.every_session()
        if may(Permission.SEE_DRAFTS, session.consultation_id, session.id)
    ]
    ids = [session.id for session in sessions]
    counts, newest = queries.counts(ids), queries.newest_registrations(ids)
    draft = Draft(clock.now(), language, changed=[person.create_datetime])
    for session in sessions:
        changed_at = max(session.changed_at, newest.get(session.id, session.changed_at))
        draft.changed.append(changed_at)
        if session.status != SessionStatus.CANCELLED:
            draft.note_end(session)
        numbers = counts[session.id]
        draft.add(
            session,
            ("staff", session.uid, language),
            (session.revision, session.consultation.language, tuple(sorted(numbers.items())),
             changed_at, site()),
            partial(staff_entry, session, language, numbers, changed_at),
        )  # fmt: skip
    with entries.speaking(language):
        name = _("Sessions I work on")
        about = _("Sessions with their numbers of registrations. Keep this address to yourself.")
    return finish(
        draft,
        state,
        ("staff", person.id, language),
        name=name,
        about=about,
        page=f"{site()}/manage/",
        source=None,
        zone=person.timezone or "UTC",
        headers=SECRET | named("sessions"),
        dated=False,
    )


def staff_entry(
    session: Session, language: str, numbers: dict[tuple[str, str], int], changed_at: Any
) -> Entry:
    """Return what an organiser sees of ``session``: drafts too, and counts instead of names."""
    with entries.speaking(language):
        is_draft = session.status == SessionStatus.DRAFT
        share = entries.Share(
            site=site(),
            modes=session.modes,
            joining=(count_line(numbers),),
            notices=() if is_draft else entries.notices(session, language),
            mark=DRAFT_MARK if is_draft else "",
            gone=session.status == SessionStatus.CANCELLED,
            tentative=entries.is_tentative(session),
            busy=True,
            klass="PRIVATE",
            changed_at=changed_at,
            sees_drafts=True,
        )
        return entries.compose(session, language, share)


def count_line(numbers: dict[tuple[str, str], int]) -> str:
    """Return "On site: 12 · Online: 30 · Waiting: 4"."""
    confirmed = {
        mode: numbers.get((mode.value, RegistrationStatus.CONFIRMED.value), 0) for mode in Mode
    }
    waiting = sum(
        number
        for (_mode, status), number in numbers.items()
        if status == RegistrationStatus.WAITING.value
    )
    return _(
        "Confirmed on site: %(on_site)s · confirmed online: %(online)s · waiting: %(waiting)s",
        on_site=confirmed[Mode.ON_SITE],
        online=confirmed[Mode.ONLINE],
        waiting=waiting,
    )
