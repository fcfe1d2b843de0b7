"""The steps in which a town hall is rehearsed: requests, turns, a lost connection, an override."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.contributions import operations as contributions
from app.contributions import queries as contribution_queries
from app.contributions.operations import Sent
from app.core import sample
from app.core.attribution import Attribution
from app.core.contributions import Decision, Status
from app.core.contributions import Kind as ContributionKind
from app.core.floor import Because, Kind
from app.core.refusals import N_
from app.core.vocabulary import Mode
from app.floor import queries
from app.floor.models import FloorRequest
from app.floor.operations.line import Wish, ask, close_list, open_list
from app.floor.operations.questions import mark_question
from app.floor.operations.turns import done, give, lost, start_answer, stop_answer
from app.live import operations as live
from app.live.kinds import Step
from app.programme.models import Session

ASKING = 10
QUESTIONS = 4
MOST_TURNS = 40


def steps(session: Session) -> Sequence[Step]:
    """Return every step of rehearsing a town hall, in order."""
    played = (
        ("ask", N_("People ask for the floor, in the room and online"), line_up),
        ("questions", N_("Questions come in writing and are published"), send_questions),
        ("first", N_("The suggested person speaks and is answered"), partial(hear, answered=True)),
        ("lost", N_("The next speaker online loses the connection"), lose),
        ("again", N_("The floor goes on; who was cut off comes back"), partial(hear, turns=3)),
        ("override", N_("Somebody else speaks first, with one word why"), override),
        ("written", N_("A turn sent in writing is read aloud"), read_aloud),
        ("rest", N_("Everybody else has their turn"), partial(hear, turns=MOST_TURNS)),
        ("close", N_("The list is closed; a question is read out"), close),
    )
    return [Step(f"floor-{key}", label, partial(act, session)) for key, label, act in played]


# --- Asking -----------------------------------------------------------------------------------


def line_up(session: Session) -> None:
    """Let ten people ask, at least four of them online; the last of these in writing."""
    open_list(session)
    known = queries.board(session).of_people
    held = [each for each in live.here(session) if each.participant_id not in known]
    room = [each for each in held if each.mode == Mode.ON_SITE]
    online = [each for each in held if each.mode == Mode.ONLINE]
    share = min(len(online), max(4, ASKING - len(room)))
    chosen = sorted([*room[: ASKING - share], *online[:share]], key=lambda each: each.id)
    told, ways = sample.told().floor.turns, list(Attribution)
    for index, each in enumerate(chosen):
        in_writing = bool(online) and each is online[share - 1]
        wish = Wish(
            mode=Mode(each.mode),
            kind=Kind.TEXT if in_writing else Kind.VOICE,
            text=told[index % len(told)].text if in_writing else "",
            attribution=ways[index % len(ways)].value,
        )
        ask(session, wish, participant=each.participant)


def send_questions(session: Session) -> None:
    """Let people who did not ask for the floor send questions; a moderator publishes them."""
    told = sample.told().floor.questions
    for index, each in enumerate(live.here(session)[-QUESTIONS:]):
        said = told[index % len(told)]
        known = contribution_queries.has_question(session.consultation, said.question or 0)
        sent = Sent(
            text=said.text,
            guiding_question=said.question if known else None,
            attribution=said.attribution,
            language=said.language,
        )
        contributions.submit(session, ContributionKind.QUESTION, sent, participant=each.participant)
    for waiting in contribution_queries.queue(session, Status.SUBMITTED.value):
        contributions.moderate(waiting, Decision.PUBLISH)


# --- Speaking ---------------------------------------------------------------------------------


def hear(session: Session, *, turns: int = 1, answered: bool = False) -> None:
    """Give the floor to whoever is suggested, ``turns`` times or until nobody waits."""
    finish(session)
    for _turn in range(turns):
        request = suggested(session)
        if request is None:
            return
        give(request)
        if answered:
            start_answer(request)
            stop_answer(request)
        else:
            done(request)


def lose(session: Session) -> None:
    """Cut off the next speaker online."""
    finish(session)
    request = first(session, Mode.ONLINE)
    if request is not None:
        give(request, because=Because.OTHER.value)
        lost(request)


def override(session: Session) -> None:
    """Let the last of the line speak before the suggested person, with the word for it."""
    finish(session)
    board = queries.board(session)
    others = [
        row for row in board.in_order if not board.suggestion or row.id != board.suggestion.id
    ]
    if others:
        request = queries.by_public_id(others[-1].public_id)
        if request is not None:
            give(request, because=Because.TOPIC.value)
            done(request)


def read_aloud(session: Session) -> None:
    """Have a written turn read aloud, whoever is suggested."""
    finish(session)
    request = first(session, kind=Kind.TEXT)
    if request is not None:
        give(request, because=Because.ACCESSIBILITY.value)
        done(request)


def close(session: Session) -> None:
    """Close the list; one question is read out and answered."""
    finish(session)
    close_list(session)
    for question in queries.questions(session)[:1]:
        mark_question(question.contribution, read=True, answered=True)


def finish(session: Session) -> None:
    """End the turn that somebody began by hand."""
    lasting = queries.board(session).lasting
    if lasting is not None:
        done(named(session, lasting.request_id))


def suggested(session: Session) -> FloorRequest | None:
    """Return who should speak next."""
    suggestion = queries.board(session).suggestion
    return None if suggestion is None else named(session, suggestion.id)


def first(
    session: Session, mode: Mode | None = None, kind: Kind | None = None
) -> FloorRequest | None:
    """Return the first of the line who asked in this mode, or in this kind."""
    for row in queries.board(session).in_order:
        if (mode is None or row.mode == mode) and (kind is None or row.kind == kind):
            return named(session, row.id)
    return None


def named(session: Session, number: int) -> FloorRequest:
    """Return a request of the board as a row."""
    found = queries.by_public_id(queries.board(session).rows[number].public_id)
    if found is None:
        raise LookupError(number)
    return found
