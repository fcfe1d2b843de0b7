"""The steps in which a café is rehearsed: tables, seats, rounds with notes, cards, harvest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.contributions.operations import Point, Sent
from app.core import sample
from app.core.attribution import Attribution
from app.core.contributions import Decision, Kind, Status
from app.core.refusals import N_
from app.core.vocabulary import Mode
from app.live import operations as live
from app.live.kinds import LATE, Step
from app.programme.models import Session
from app.registration.models import Participant
from app.tables import queries
from app.tables.operations.notes import send_notes
from app.tables.operations.places import Place, place_tables
from app.tables.operations.rounds import end_round, start_round
from app.tables.operations.seating import Solved, Wish, keep_draft, patch, publish, solve

USUAL_SIZE = 5
POINTS = 2  # of each table in each round


def steps(session: Session) -> Sequence[Step]:
    """Return every step of rehearsing a café, in order; the rounds are the session's."""
    found = [
        Step(
            "tables-put-up",
            N_("Tables are put up, in the room and online"),
            partial(put_up, session),
        ),
        Step(
            "tables-seats",
            N_("Seats are made for everybody present"),
            partial(keep, session),
            partial(seats_of, session),
        ),
        Step("tables-publish", N_("The seats are published"), partial(publish_once, session)),
    ]
    for number in range(1, queries.how_many(session) + 1):
        found += round_steps(session, number)
    return [
        *found,
        Step("tables-cards", N_("Everybody writes a card"), partial(write_cards, session)),
        Step("tables-harvest", N_("A moderator publishes the cards"), partial(harvest, session)),
    ]


def round_steps(session: Session, number: int) -> list[Step]:
    """Return the steps of one round; in the first, latecomers come and a host leaves after it."""
    named = {
        1: (N_("Round 1 starts"), N_("Tables write notes in round 1"), N_("Round 1 ends")),
        2: (N_("Round 2 starts"), N_("Tables write notes in round 2"), N_("Round 2 ends")),
        3: (N_("Round 3 starts"), N_("Tables write notes in round 3"), N_("Round 3 ends")),
    }
    start, notes, end = named.get(
        number, (N_("The next round starts"), N_("Tables write notes"), N_("The round ends"))
    )
    found = [
        Step(f"round-{number}-start", start, partial(start_once, session, number)),
        Step(f"round-{number}-notes", notes, partial(take_notes, session, number)),
        Step(f"round-{number}-end", end, partial(end_once, session, number)),
    ]
    if number == 1:
        late = N_("Latecomers arrive; a few people never come")
        gone = N_("A host leaves; late and left people change the next seats")
        found.insert(1, Step(LATE, late, partial(live.be_late, session)))
        found.append(Step("tables-patch", gone, partial(change_seats, session)))
    return found


# --- Before the rounds ------------------------------------------------------------------------


def put_up(session: Session) -> None:
    """Put up as many tables as people need, hosted by the first of each mode; twins in turn."""
    if queries.tables(session):
        return
    size = session.kind.settings(session.settings).get("table_size", USUAL_SIZE)
    here = queries.present(session)
    room, online = (
        [each for each, (_who, where) in here.items() if where is mode]
        for mode in (Mode.ON_SITE, Mode.ONLINE)
    )
    in_room = -(-len(room) // size)
    hosts: list[tuple[Mode, str, int | None]] = [
        (Mode.ON_SITE, room[index], None) for index in range(in_room)
    ]
    for index in range(-(-len(online) // size)):
        hosts.append((Mode.ONLINE, online[index], index + 1 if index < in_room else None))
    place_tables(
        session,
        [
            Place(
                number=number,
                mode=mode.value,
                host=host,
                min=min(3, size),
                max=size + 1,
                twin=twin,
            )
            for number, (mode, host, twin) in enumerate(hosts, 1)
        ],
    )


def seats_of(session: Session) -> Solved | None:
    """Return seats for everybody present; ``None`` where somebody made some."""
    made = queries.in_force(session) is not None or queries.begun(session)
    return None if made or not queries.tables(session) else solve(session, Wish())


def keep(session: Session, solved: Solved | None) -> None:
    """Make the seats that were found the draft."""
    if solved is not None and queries.in_force(session) is None:
        keep_draft(session, solved)


def publish_once(session: Session) -> None:
    """Let everybody follow the draft, if there is one."""
    if queries.draft(session) is not None:
        publish(session)


# --- Rounds -----------------------------------------------------------------------------------


def start_once(session: Session, number: int) -> None:
    """Start a round that nobody started; the one before it ends with it."""
    if queries.begun(session) == number - 1:
        end_once(session, number - 1)
        start_round(session, number)


def end_once(session: Session, number: int) -> None:
    """End a round that runs."""
    running = queries.running(session)
    if running is not None and running.number == number:
        end_round(session, number)


def take_notes(session: Session, number: int) -> None:
    """Let every table that wrote nothing in a round write down what was said at some table."""
    if queries.begun(session) < number:
        return
    told = [note for note in sample.told().cafe.notes if note.round == min(number, 3)]
    counts = queries.note_counts(session)
    for index, table in enumerate(queries.tables(session)):
        if (table.number, number) in counts:
            continue
        points = (told[index % len(told)].points + told[(index + 1) % len(told)].points)[:POINTS]
        send_notes(
            session,
            [Point(point.text, point.tag) for point in points],
            table=table.number,
            round=number,
            language=told[index % len(told)].language,
            by_staff=True,
        )


def change_seats(session: Session) -> None:
    """Seat those who came late, and do without the host of a table, who had to go."""
    if queries.in_force(session) is None or queries.upcoming(session) is None:
        return
    hosts = [each.host for each in queries.tables(session) if each.host and not each.is_online]
    for host in hosts[-1:]:
        live.let_out(session, host)
    patch(
        session,
        after_round=queries.begun(session),
        absent=[host.public_id for host in hosts[-1:]],
        arrived=[each.participant.public_id for each in queries.latecomers(session)],
    )
    publish(session)


# --- After the rounds -------------------------------------------------------------------------


def write_cards(session: Session) -> None:
    """Let everybody who is there write one card, named as differently as people choose."""
    told, ways = sample.told().cafe.cards, list(Attribution)
    for index, (who, _mode) in enumerate(queries.present(session).values()):
        if contribution_queries.card_of(session, who) is None:
            card = told[index % len(told)]
            write_card(session, who, card, ways[index % len(ways)])


def write_card(
    session: Session, who: Participant, card: sample.Words, way: Attribution
) -> Contribution:
    """Send one card."""
    known = contribution_queries.has_question(session.consultation, card.question or 0)
    sent = Sent(
        text=card.text,
        guiding_question=card.question if known else None,
        attribution=way.value,
        language=card.language,
    )
    return contributions.submit(session, Kind.CARD, sent, participant=who)


def harvest(session: Session) -> None:
    """Publish what waits for a moderator."""
    while waiting := contribution_queries.queue(session, Status.SUBMITTED.value):
        for each in waiting:
            contributions.moderate(each, Decision.PUBLISH)
