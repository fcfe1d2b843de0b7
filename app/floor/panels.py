"""The floor as pages show it: who speaks, who is next, the line, figures, questions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock
from app.contributions import panels as contributions
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.core import floor
from app.core.attribution import Attribution, Author
from app.core.floor import Countdown, Figures, Phase
from app.core.vocabulary import Mode
from app.floor import queries
from app.floor.queries import Board, Question
from app.live import kinds
from app.programme.models import Session
from app.web import choices, filters

NEXT = 3
HANDOVER = timedelta(seconds=40)
MOST_QUESTIONS = 200


@dataclass(frozen=True)
class Person:
    """Somebody in the line or at the microphone, as this reader may know them."""

    id: str
    name: str
    about: str
    icon: str
    where: str
    place: int | None
    turn: str
    asked_at: datetime
    waited: str
    is_late: bool
    paused: bool
    needs_time: bool
    text: str


@dataclass(frozen=True)
class Speaking:
    """Whoever has the floor, or had it last, with the clock of their turn or of the answer."""

    person: Person
    countdown: Countdown
    until_words: str
    phase_words: str
    total: str
    left: int
    is_answer: bool
    lasts: bool


@dataclass(frozen=True)
class Bar:
    """One line of the time so far: its words, per cent of the whole, and the time itself."""

    words: str
    percent: int
    time: str


# --- People -------------------------------------------------------------------------------------


def person(
    board: Board, row: Any, *, named: bool, at: datetime, starts_at: datetime, text: str = ""
) -> Person:
    """Return one request in words; in full where ``named``, else as attributed."""
    place = board.places.get(row.id)
    name, about = called(board, row, named=named)
    icon, where = way(row.mode, row.kind, row.hub)
    times = board.spoken.get(row.id, 0)
    request = board.requests[row.id]
    late = floor.waits_too_long(request, at=at) and at - starts_at > floor.PATIENCE
    return Person(
        id=row.public_id,
        name=name,
        about=about,
        icon=icon,
        where=where,
        place=place.number if place else None,
        turn=turn_words(times),
        asked_at=row.asked_at,
        waited=clock_words(max(at - row.asked_at, timedelta(0))),
        is_late=late,
        paused=row.paused,
        needs_time=row.needs_time,
        text=text,
    )


def called(board: Board, row: Any, *, named: bool) -> tuple[str, str]:
    """Return what somebody is called here, and what stands under it."""
    if named and row.name:
        country = filters.country(row.country) if row.country else ""
        group = choices.group_name(row.stakeholder_group)
        return row.name, filters.listed(
            each for each in (row.representation, country, group) if each
        )
    author = board.author(row)
    if author.attribution is not Attribution.NAMED:
        return contributions.author_words(author), ""
    return author.name, about_words(author)


def about_words(author: Author) -> str:
    """Return for whom somebody speaks: "Net Ghana, Ghana, Civil society"."""
    country = filters.country(author.country) if author.country else ""
    group = choices.group_name(author.stakeholder_group)
    return filters.listed(each for each in (author.organisation, country, group) if each)


def way(mode: str, kind: str, hub: str) -> tuple[str, str]:
    """Return the sign and the word of how somebody takes part."""
    if kind == "text":
        return "pen", _("in writing")
    if hub:
        return "hub", _("hub")
    return ("pin", _("room")) if mode == Mode.ON_SITE else ("screen", _("online"))


def turn_words(times: int) -> str:
    """Return whether it would be somebody's first turn."""
    if times == 0:
        return _("new")
    return _("second turn") if times == 1 else _("turn %(number)s", number=times + 1)


def clock_words(time: timedelta) -> str:
    """Return a length of time as "06:10"; from a day on in days."""
    whole = int(time.total_seconds())
    if time.days:
        return ngettext("%(num)s day", "%(num)s days", time.days)
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


# --- Whoever speaks ------------------------------------------------------------------------------


def speaking(board: Board, session: Session, *, named: bool, text: str = "") -> Speaking | None:
    """Return who speaks, or whose answer runs; ``None`` while nobody does."""
    turn = board.last
    if turn is None:
        return None
    held = board.turns[-1]
    answers = turn.answer_started_at is not None and turn.answer_ended_at is None
    if turn.ended_at is not None and not answers:
        return None
    countdown = floor.answer_countdown(held) if answers else floor.turn_countdown(held)
    assert countdown is not None
    row = board.rows[turn.request_id]
    now = clock.now()
    return Speaking(
        person=person(board, row, named=named, at=now, starts_at=session.starts_at, text=text),
        countdown=countdown,
        until_words=kinds.words_at(session, countdown.ends_at),
        phase_words=countdown.phase(now).text(_),
        total=length(countdown.seconds),
        left=share(countdown, now),
        is_answer=answers,
        lasts=turn.ended_at is None,
    )


def length(seconds: int) -> str:
    """Return a length as "2:00"."""
    return f"{seconds // 60}:{seconds % 60:02}"


def share(countdown: Countdown, at: datetime) -> int:
    """Return how much of the time is left, in per cent."""
    return min(max(countdown.left(at) * 100 // countdown.seconds, 0), 100)


def phases() -> dict[str, str]:
    """Return the words of a countdown's phases, for the script."""
    return {phase.value: phase.text(_) for phase in Phase}


# --- The line ------------------------------------------------------------------------------------


def line(
    board: Board,
    session: Session,
    *,
    named: bool,
    most: int | None = None,
    texts: Mapping[int, str] | None = None,
) -> list[Person]:
    """Return who waits, in order of the places; at most ``most`` of them."""
    now, words = clock.now(), texts or {}
    return [
        person(
            board, row, named=named, at=now, starts_at=session.starts_at,
            text=words.get(row.id, ""),
        )
        for row in board.in_order[:most]
    ]  # fmt: skip


def choices_of(board: Board, rows: list[Any], *, named: bool) -> list[tuple[str, str]]:
    """Return (id, words) of people far down the line, to choose one of them."""
    found = []
    for row in rows:
        name = row.name if named else contributions.author_words(board.author(row))
        place = board.places.get(row.id)
        found.append((row.public_id, f"{place.number}. {name}" if place else name))
    return found


def next_ones(board: Board, session: Session, *, named: bool) -> list[Person]:
    """Return the next three who may be called."""
    found = line(board, session, named=named, most=NEXT)
    return [each for each in found if not each.paused]


def counts(board: Board) -> list[str]:
    """Return how many wait where: "7 in the room", "2 online", "1 in writing"."""
    ways = [way(row.mode, row.kind, row.hub)[0] for row in board.in_order]
    words = {
        "pin": lambda n: ngettext("%(num)s in the room", "%(num)s in the room", n),
        "screen": lambda n: ngettext("%(num)s online", "%(num)s online", n),
        "hub": lambda n: ngettext("%(num)s hub", "%(num)s hubs", n),
        "pen": lambda n: ngettext("%(num)s in writing", "%(num)s in writing", n),
    }
    return [say(ways.count(icon)) for icon, say in words.items() if icon in ways]


def rules() -> list[str]:
    """Return the rules of the line, as they are printed."""
    return [_(rule) for rule in floor.RULES.values()]


def minutes_before(board: Board, row: Any, *, at: datetime) -> int:
    """Return in about how many minutes somebody's turn comes, if all speak as long as they may."""
    place = board.places[row.id]
    running = 0
    if board.lasting is not None:
        running = max(floor.turn_countdown(board.turns[-1]).left(at), 0)
    return -(-(place.seconds + running) // 60)


def turns_left(session: Session, board: Board, *, at: datetime) -> int:
    """Return about how many turns fit into the rest of the session, handing over included."""
    each = timedelta(seconds=board.turn_seconds) + HANDOVER
    return max((session.ends_at - at) // each, 0)


# --- Figures ----------------------------------------------------------------------------------


def bars(board: Board) -> list[Bar]:
    """Return the time so far by stakeholder group, the most first."""
    found = board.seconds.by_group
    total = sum(found.values())
    return [
        Bar(
            choices.group_name(group) if group else _("Not stated"),
            round(100 * time / total) if total else 0,
            length(int(time)),
        )
        for group, time in sorted(found.items(), key=lambda item: (-item[1], str(item[0])))
    ]


def by_mode(board: Board) -> str:
    """Return the time so far by mode: "Room 62 %, online 38 %"."""
    found = board.seconds.by_mode
    total = sum(found.values())
    if not total:
        return ""
    room = round(100 * found.get(Mode.ON_SITE, 0) / total)
    return _("Room %(room)s %%, online %(online)s %%", room=room, online=100 - room)


def figures(board: Board) -> list[tuple[str, Figures]]:
    """Return the figures as rows: the whole, then groups, then modes."""
    found = board.figures
    groups = [
        (choices.group_name(group) if group else _("Not stated"), row)
        for group, row in sorted(found.by_group.items(), key=lambda item: -item[1].seconds)
    ]
    modes = [(way(mode, "voice", "")[1], row) for mode, row in sorted(found.by_mode.items())]
    return [(_("All"), found.total), *groups, *modes]


def overrides(board: Board, session: Session, *, named: bool) -> list[tuple[str, str, str]]:
    """Return who spoke out of turn, the newest first: when, who, and the word."""
    found = []
    for turn in reversed(board.held):
        if turn.because and not turn.is_follow_up:
            name, _about = called(board, board.rows[turn.request_id], named=named)
            because = _(floor.BECAUSE[floor.Because(turn.because)])
            found.append((kinds.words_at(session, turn.started_at), name, because))
    return found


# --- Turns and questions ------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A turn as it is cited: its request, and the contribution it became."""

    request: str
    row: contributions.Shown


def turns(board: Board, session: Session, *, most: int = 50) -> list[Held]:
    """Return the turns that were held, the newest first."""
    known = queries.references(session)
    newest = sorted(known.items(), key=lambda item: -item[1].number)[:most]
    return [
        Held(board.rows[number].public_id, contributions.shown(contribution))
        for number, contribution in newest
        if number in board.rows
    ]


@dataclass(frozen=True)
class Asked:
    """A question in writing, and what became of it."""

    row: contributions.Shown
    state: str
    state_words: str
    is_supported: bool


def asked(
    questions: list[Question], counts: Mapping[int, int] | None, supported: set[int] | None = None
) -> list[Asked]:
    """Return questions in words; ``counts`` where the reader may see supports."""
    return [
        Asked(
            contributions.shown(
                each.contribution,
                counts.get(each.contribution.id, 0) if counts is not None else None,
            ),
            *became(each),
            is_supported=each.contribution.id in (supported or set()),
        )
        for each in questions[:MOST_QUESTIONS]
    ]


def became(question: Question) -> tuple[str, str]:
    """Return what became of a question: a status of the house's tags, and its word."""
    if question.answered_at is not None:
        return "done", _("Answered")
    if question.read_at is not None:
        return "sent", _("Read out")
    return "queued", _("Not reached yet")


def counts_for(session: Session, questions: list[Question]) -> Mapping[int, int] | None:
    """Return the supports of questions for everybody: nothing before the session ends."""
    if not contribution_queries.supports_are_shown(session, at=clock.now()):
        return None
    return queries.supports(questions)


@dataclass(frozen=True)
class Own:
    """A question somebody sent: as it is, and why it was not published, if so."""

    row: contributions.Shown
    reason: str


def own_questions(sent: list[Contribution]) -> list[Own]:
    """Return what somebody asked, each with the moderator's reason where there is one."""
    found = []
    for each in sent:
        rulings = contribution_queries.rulings_of(each) if not each.is_published else []
        reason = ""
        if rulings:
            numbered = contributions.rules()
            rule = numbered[rulings[0].rule - 1] if rulings[0].rule else ""
            reason = " ".join(text for text in (rule, rulings[0].reason) if text)
        found.append(Own(contributions.shown(each), reason))
    return found
