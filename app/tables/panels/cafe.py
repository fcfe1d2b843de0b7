"""A café at one moment, read once for everything a page shows of it: tables, plan, rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask_babel import gettext as _

from app import clock
from app.core.contributions import Kind, is_open
from app.core.vocabulary import SessionStatus
from app.live import kinds
from app.live.kinds import Button, Head
from app.orm import words
from app.programme.models import Session
from app.tables import queries
from app.tables.models import CafeTable, Round, Seating
from app.tables.queries import Turn
from app.tables.queries.order import USUAL_ROUNDS
from app.web import filters, viewer

BEFORE, RUNNING, BETWEEN, AFTER = "before", "running", "between", "after"


@dataclass(frozen=True)
class Question:
    """A guiding question as a page shows it: its number and its text in the reader's language."""

    number: int
    text: str


@dataclass(frozen=True)
class Cafe:
    """A café as one reader may know it: ``plan`` is the published one, or ``inside`` the draft.

    ``looked_at`` is the round a facilitator wants to see, 0 for the one of interest now.
    """

    session: Session
    tables: list[CafeTable]
    plan: Seating | None
    rounds: list[Round]
    is_draft: bool
    looked_at: int = 0

    @cached_property
    def known(self) -> dict[int, CafeTable]:
        """The tables by number."""
        return {table.number: table for table in self.tables}

    @cached_property
    def total(self) -> int:
        """How many rounds there are: the plan's, else the session's."""
        if self.plan is not None:
            return max(len(self.plan.document["rounds"]), self.begun)
        settings = self.session.kind.settings(self.session.settings)
        return max(settings.get("rounds", USUAL_ROUNDS), self.begun)

    @property
    def begun(self) -> int:
        """How many rounds began."""
        return len(self.rounds)

    @property
    def running(self) -> Round | None:
        """The round that runs."""
        return next((each for each in self.rounds if each.is_running), None)

    @property
    def upcoming(self) -> int | None:
        """The number of the next round to start."""
        return self.begun + 1 if self.begun < self.total else None

    @property
    def stands(self) -> str:
        """Where it stands: before the rounds, in one, between two, or after the last."""
        if self.running is not None:
            return RUNNING
        if not self.begun:
            return BEFORE
        return BETWEEN if self.upcoming else AFTER

    @property
    def shown(self) -> int:
        """The round whose seats are of interest: the running one, else the next, else the last."""
        if 1 <= self.looked_at <= self.total:
            return self.looked_at
        running = self.running
        return running.number if running is not None else (self.upcoming or self.total)

    @property
    def seats(self) -> list[dict]:
        """Who sits where in the round that is shown, as the plan's document has it."""
        return self.seats_in(self.shown)

    def seats_in(self, number: int) -> list[dict]:
        """Return who sits where in a round; nothing where the plan does not go so far."""
        rounds = self.plan.document["rounds"] if self.plan is not None else []
        return rounds[number - 1] if 1 <= number <= len(rounds) else []

    @cached_property
    def turns(self) -> list[Turn]:
        """Every round in order, begun or to come."""
        rows = {each.number: each for each in self.rounds}
        asked = {table.guiding_question for table in self.tables} or {None}
        one = next(iter(asked)) if len(asked) == 1 else None
        return [
            Turn(
                number,
                self.with_default(one, number) if len(asked) == 1 else None,
                rows.get(number),
            )
            for number in range(1, self.total + 1)
        ]

    @property
    def question(self) -> Question | None:
        """The question all tables work on in the round that is shown, if it is the same."""
        return self.asked(self.turns[self.shown - 1].guiding_question)

    def asked(self, number: int | None) -> Question | None:
        """Return the guiding question called ``number``."""
        consultation = self.session.consultation
        for each in consultation.guiding_questions:
            if each.number == number:
                text = words(each.text, viewer.language(), consultation.language)
                return Question(each.number, text)
        return None

    def asked_at(self, table: CafeTable, number: int | None = None) -> Question | None:
        """Return the question of a table in a round, by default the one that is shown."""
        return self.asked(self.number_at(table, number))

    def number_at(self, table: CafeTable, number: int | None = None) -> int | None:
        """Return its number: the table's own, else the round's."""
        return self.with_default(table.guiding_question, number or self.shown)

    def with_default(self, question: int | None, number: int) -> int | None:
        """Return ``question``; without one, round 1 works on question 1, and so on."""
        if question is not None:
            return question
        known = {each.number for each in self.session.consultation.guiding_questions}
        return number if number in known else None

    @property
    def takes_cards(self) -> bool:
        """Whether everybody is asked for a card: after the last round, until a day after the end;
        where nobody kept the clock, after the end alone."""
        now, session = clock.now(), self.session
        running = session.status == SessionStatus.PUBLISHED
        if not running or not is_open(Kind.CARD, session.starts_at, session.ends_at, at=now):
            return False
        return self.stands == AFTER or now >= session.ends_at


def cafe(session: Session, *, inside: bool = False, looked_at: int = 0) -> Cafe:
    """Read the café; ``inside``, for those who run it, with the draft."""
    plan = queries.in_force(session) if inside else queries.published(session)
    return Cafe(
        session=session,
        tables=queries.tables(session),
        plan=plan,
        rounds=queries.rounds(session),
        is_draft=plan is not None and plan.is_draft,
        looked_at=looked_at,
    )


# --- In words ---------------------------------------------------------------------------------


def table_name(table: CafeTable) -> str:
    """Return what a table is called: "Table 7", "Online 9"."""
    if table.is_online:
        return _("Online %(number)s", number=table.number)
    return _("Table %(number)s", number=table.number)


def numbered(numbers: list[int]) -> str:
    """Return "table 4", "tables 3, 4"."""
    if len(numbers) == 1:
        return _("table %(number)s", number=numbers[0])
    return _("tables %(numbers)s", numbers=filters.listed(sorted(numbers)))


def round_words(now: Cafe) -> str:
    """Return where the café stands: "Round 2 of 3", "Round 2 of 3 is over"."""
    facts = {"number": now.begun, "total": now.total}
    if now.stands == RUNNING:
        return _("Round %(number)s of %(total)s", **facts)
    if now.stands == BETWEEN:
        return _("Round %(number)s of %(total)s is over", **facts)
    return _("Harvest") if now.stands == AFTER else _("Before round 1")


def until_words(now: Cafe) -> str:
    """Return until when the round runs, for those without a script."""
    if now.running is None:
        return ""
    at = kinds.words_at(now.session, now.running.ends_at)
    return _("this round ends at %(time)s", time=at)


def head(now: Cafe) -> Head:
    """Return what the live head says to those who follow."""
    running = now.running
    return Head(round_words(now), running.ends_at if running else None, until_words(now))


def desk_head(now: Cafe, facts: list[str]) -> Head:
    """Return what it says on the console, with the buttons of the clock."""
    top = head(now)
    buttons: list[Button] = []
    if now.running is not None:
        fields = {"round": str(now.running.number)}
        more = Button("tables-extend", _("+2 minutes"), fields=fields)
        buttons = [more, Button("tables-end", _("End round"), primary=True, fields=fields)]
    elif now.upcoming is not None:
        words = _("Start round %(number)s", number=now.upcoming)
        fields = {"round": str(now.upcoming)}
        buttons = [Button("tables-start", words, primary=True, fields=fields)]
    return Head(top.label, top.until, top.until_words, buttons, facts)


def time_at(session: Session, at: datetime) -> str:
    """Return the time the clock at the session's place shows: "18:57 Geneva (CEST)"."""
    return kinds.words_at(session, at)
