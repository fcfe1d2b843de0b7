"""Notes: at most five points a table and round, sent by its host or typed in by staff."""

from __future__ import annotations

from collections.abc import Sequence

from app import clock
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.contributions.operations import ContributionsClosed, Point
from app.core.contributions import MOST_POINTS
from app.core.refusals import N_, Invalid, Refusal
from app.database import operation
from app.programme.models import Session
from app.tables import queries
from app.tables.operations.base import RoundState, begin


class NotesFull(Refusal):
    """A table keeps the points that matter most."""

    code = "notes_full"
    message = N_(
        "A table writes down at most %(most)s points a round; there are %(there)s already."
        " Change one of them instead."
    )


class UnknownTable(Invalid):
    """There is no such table here."""

    @classmethod
    def called(cls) -> Invalid:
        """Return the refusal."""
        return cls.field("table", "unknown_table", N_("There is no table with this number"))


class NotBegun(RoundState):
    """Nothing was said yet."""

    message = N_("Round %(number)s has not begun.")


@operation
def send_notes(
    session: Session,
    points: Sequence[Point],
    *,
    table: int,
    round: int,
    language: str | None = None,
    by_staff: bool = False,
) -> list[Contribution]:
    """Publish what a table wrote down in a round, beside what it sent before: five in all.

    Hosts write until 24 hours after the session's end, staff at any time. The language is the
    table's own where it has one, else ``language``, else the consultation's. Raises `Invalid`
    (`unknown_table`, `unknown_round`, a point's text), `RoundState`, `NotesFull`,
    `ContributionsClosed`.
    """
    begin(session)
    found = queries.by_number(session, table)
    if found is None:
        raise UnknownTable.called()
    check_round(session, round)
    if not by_staff and not queries.is_open_for_hosts(session, at=clock.now()):
        raise ContributionsClosed
    there = len(queries.notes_at(session, table, round))
    if there + len(points) > MOST_POINTS:
        raise NotesFull(most=MOST_POINTS, there=there)
    return contributions.add_notes(
        session,
        points,
        table=table,
        round=round,
        guiding_question=queries.question_of(found, round),
        language=found.language or language or session.consultation.language,
        by_staff=by_staff,
    )


def check_round(session: Session, number: int) -> None:
    """Refuse a round there is not, or that has not begun."""
    if not 1 <= number <= queries.how_many(session):
        raise Invalid.field("round", "unknown_round", N_("There is no such round"))
    if number > queries.begun(session):
        raise NotBegun(number=number)


@operation
def change_note(note: Contribution, point: Point, *, by_staff: bool = False) -> Contribution:
    """Replace what a table wrote down; hosts until 24 hours after the session's end.

    Raises `Invalid`, `ContributionsClosed`.
    """
    begin(note.session)
    if not by_staff and not queries.is_open_for_hosts(note.session, at=clock.now()):
        raise ContributionsClosed
    return contributions.change_note(note, point)


@operation
def withdraw_note(note: Contribution, *, by_staff: bool = False) -> Contribution:
    """Take a point back: its words go, and its place is free for another."""
    begin(note.session)
    return contributions.withdraw(note, by_staff=by_staff)
