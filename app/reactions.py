"""Who reacts to what: the whole table, one line each, inside the transaction of the news."""

from __future__ import annotations

from functools import partial

from app.announcements import listen
from app.attendance import imports as attendance_imports
from app.attendance import operations as attendance
from app.attendance import privacy as attendance_privacy
from app.attendance.announcements import SomebodyCame
from app.audit import operations as audit
from app.board import operations as board
from app.board import privacy as board_privacy
from app.consultations.announcements import ConsultationChanged, ConsultationClosing
from app.contributions import imports as contributions_imports
from app.contributions import privacy as contributions_privacy
from app.contributions.announcements import (
    AnswersGiven,
    ContributionMade,
    ContributionWithdrawn,
)
from app.core import sample
from app.database import db
from app.floor import imports as floor_imports
from app.floor import operations as floor
from app.floor import privacy as floor_privacy
from app.live import operations as live
from app.programme.announcements import (
    ArchiveMade,
    CapacityChanged,
    ModesRemoved,
    SessionCancelled,
    SessionDeleted,
    SessionMoved,
    SessionRestored,
)
from app.registration import imports as registration_imports
from app.registration import operations as registration
from app.registration import queries as registrations
from app.registration.announcements import OnlineJoined, ParticipantErased, RegistrationEnded
from app.registration.models import Participant
from app.reports import imports as reports_imports
from app.reports import operations as reports
from app.reports import privacy as reports_privacy
from app.tables import imports as tables_imports
from app.tables import privacy as tables_privacy


def register() -> None:
    """Connect every reaction."""
    listen(ConsultationChanged, audit_consultation)
    listen(ConsultationClosing, ask_what_came_of_it)
    listen(SessionMoved, tell_what_moved)
    listen(SessionCancelled, tell_everybody)
    listen(SessionRestored, tell_everybody)
    listen(CapacityChanged, promote_who_fits)
    listen(ModesRemoved, keep_modes_in_use)
    listen(SessionDeleted, keep_sessions_in_use)
    listen(ParticipantErased, forget_what_the_door_typed)
    listen(ParticipantErased, forget_who_the_document_names)
    listen(ParticipantErased, forget_who_said_it)
    listen(ParticipantErased, forget_who_sat_where)
    listen(ContributionMade, note_who_took_part)
    listen(ContributionWithdrawn, forget_what_it_was_made_of)
    listen(ContributionWithdrawn, take_it_out_of_the_document)
    listen(AnswersGiven, look_up_statements)
    listen(OnlineJoined, note_who_joined)
    listen(SomebodyCame, show_who_is_there)
    listen(RegistrationEnded, leave_the_line)
    listen(ArchiveMade, show_how_sessions_live)


def audit_consultation(news: ConsultationChanged) -> None:
    """Note what happened to a consultation."""
    audit.record(
        news.action,
        news.consultation,
        consultation_id=news.consultation.id,
        details={"fields": list(news.fields)} if news.fields else None,
    )


def tell_what_moved(news: SessionMoved) -> None:
    """Raise the SEQUENCE of those registered and tell whom it concerns."""
    registration.session_moved(news.session, at_once=news.at_once)


def tell_everybody(news: SessionCancelled | SessionRestored) -> None:
    """Tell everybody registered, at once."""
    registration.session_called_off_or_restored(news.session)


def promote_who_fits(news: CapacityChanged) -> None:
    """Give new places to the waiting list."""
    registration.capacity_changed(news.session)


def keep_modes_in_use(news: ModesRemoved) -> None:
    """Refuse to remove a mode in which people are."""
    registration.refuse_removal(news.session, news.modes)


def keep_sessions_in_use(news: SessionDeleted) -> None:
    """Refuse to delete a session in which people are."""
    registration.refuse_deletion(news.session)


def forget_what_the_door_typed(news: ParticipantErased) -> None:
    """Erase what attendance keeps of a person."""
    attendance_privacy.erase(news.participant)


def ask_what_came_of_it(news: ConsultationClosing) -> None:
    """Refuse to close a consultation of which nobody heard what came of it."""
    reports.refuse_closing(news.consultation)


def forget_who_the_document_names(news: ParticipantErased) -> None:
    """Take a person's name out of every edition; before it goes from what they said."""
    reports_privacy.erase(news.participant, keep_published=news.after_retention)


def take_it_out_of_the_document(news: ContributionWithdrawn) -> None:
    """Take what was withdrawn out of excerpts and every edition."""
    reports.forget_passages(news.contribution)


def look_up_statements(news: AnswersGiven) -> None:
    """Refuse answers that name unknown statements; tell those whose statement is out already."""
    reports.check_answers(news.consultation, news.answers)


def forget_who_said_it(news: ParticipantErased) -> None:
    """Take a person out of what they said; ideas nobody vouched for go altogether."""
    board_privacy.erase(news.participant)
    floor_privacy.erase(news.participant)
    contributions_privacy.erase(news.participant, keep_published=news.after_retention)


def forget_who_sat_where(news: ParticipantErased) -> None:
    """Take a person out of tables and seats; how many sat there stays."""
    tables_privacy.erase(news.participant)


def note_who_took_part(news: ContributionMade) -> None:
    """Count whoever writes in a long session as having been there."""
    contribution = news.contribution
    participant = db.session.get(Participant, contribution.participant_id or 0)
    found = registrations.find(contribution.session, participant) if participant else None
    if found is not None and found.is_live and contribution.session.is_long:
        attendance.note_join(found)


def forget_what_it_was_made_of(news: ContributionWithdrawn) -> None:
    """Remove the copies of a withdrawn idea that waited for its owner, and of a turn."""
    board.forget_kept(news.contribution)
    floor.forget_words(news.contribution)


def note_who_joined(news: OnlineJoined) -> None:
    """Remember that somebody entered the online room."""
    attendance.note_join(news.registration)


def show_who_is_there(news: SomebodyCame) -> None:
    """Let the console of a session know that somebody came or left."""
    if news.session.kind.tools:
        live.turn(news.session.id, inner_only=True)


def leave_the_line(news: RegistrationEnded) -> None:
    """Take whoever left a session out of the line for its floor."""
    floor.leave(news.registration)


def show_how_sessions_live(news: ArchiveMade) -> None:
    """Give the archive its invented sample."""
    told = sample.told()
    people = contributions_imports.fill(news.consultation, told)
    session = partial(contributions_imports.session_of, news.consultation)
    for slug, modes in told.took_part().items():
        held = [(people[who], mode) for who, mode in modes.items()]
        attendance_imports.fill(session(slug), registration_imports.fill(session(slug), held))
    tables_imports.fill(session(told.cafe.session), told.cafe, people)
    floor_imports.fill(session(told.floor.session), told.floor, people)
    reports_imports.fill(news.consultation, sample.document())
