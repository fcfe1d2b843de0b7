"""Contributions: their kinds, references, texts, rules of moderation, and when they are taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.core import texts
from app.core.refusals import N_, FieldError, Invalid


class Kind(StrEnum):
    """What somebody said, and where."""

    NOTE = "note"
    CARD = "card"
    TURN = "turn"
    QUESTION = "question"
    IDEA = "idea"
    COMMENT = "comment"
    WRITTEN = "written"


class Status(StrEnum):
    """Where a contribution stands; only published ones are read, withdrawn ones remembered."""

    SUBMITTED = "submitted"
    HELD = "held"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    """How a comment stands to what it answers."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Tag(StrEnum):
    """What a table says of a point it writes down."""

    AGREEMENT = "agreement"
    DIFFERENCE = "difference"
    QUESTION = "question"


class Source(StrEnum):
    """How it came to us; see `ON_BEHALF`. A sample was invented: nobody said it."""

    PARTICIPANT = "participant"
    PAPER = "paper"
    MAIL = "mail"
    POST = "post"
    SAMPLE = "sample"


ON_BEHALF = (Source.PAPER, Source.MAIL, Source.POST)  # entered by staff for somebody


class Decision(StrEnum):
    """What a moderator decides."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"


BECOMES = {
    Decision.PUBLISH: Status.PUBLISHED,
    Decision.HOLD: Status.HELD,
    Decision.REJECT: Status.REJECTED,
}
# The public rules; their numbers are said to authors and never change their meaning.
RULES = (
    N_("It answers a guiding question of the consultation."),
    N_("It attacks nobody, neither persons nor groups."),
    N_("It gives away nothing private about anybody else."),
    N_("It advertises nothing."),
    N_("It breaks no law."),
    N_("It was not sent before by the same person."),
)
LETTERS = {
    Kind.CARD: "C",
    Kind.TURN: "TH",
    Kind.QUESTION: "Q",
    Kind.IDEA: "I",
    Kind.COMMENT: "K",
    Kind.WRITTEN: "W",
}
FOUR_DIGITS = (Kind.CARD, Kind.IDEA, Kind.COMMENT)
TOOLS = {Kind.IDEA: "board", Kind.CARD: "tables", Kind.NOTE: "tables", Kind.QUESTION: "floor"}
TITLE, TEXT, REASON = 90, 4_000, 1_000
POINT, MOST_POINTS = 400, 5  # of the notes of one table in one round
CARDS_UNTIL = timedelta(hours=24)


def series(kind: Kind, *, table: int | None = None, round: int | None = None) -> str:
    """Return what a contribution is counted in: ``I``, or for a note ``T4-R2``."""
    if kind is Kind.NOTE:
        if table is None or round is None:
            raise ValueError("a note is counted at its table and round")
        return f"T{table}-R{round}"
    return LETTERS[kind]


def series_of_note(series: str) -> tuple[int, int]:
    """Return the table and the round of a note counted in ``series``, such as ``T4-R2``."""
    table, _sep, number = series.partition("-")
    return int(table.removeprefix("T")), int(number.removeprefix("R"))


def reference(prefix: str, kind: Kind, series: str, number: int) -> str:
    """Return what is said aloud: ``OT13-I-0042``, ``OT13-T4-R2-3``, ``OT13-TH-7``."""
    return (
        f"{prefix}-{series}-{number:04}" if kind in FOUR_DIGITS else f"{prefix}-{series}-{number}"
    )


def is_open(kind: Kind, starts_at: datetime, ends_at: datetime, *, at: datetime) -> bool:
    """Say whether people may send it at instant ``at``: the opening instant is open, the closing
    one closed.

    Questions and written contributions are taken from publication on, a card until a day after.
    """
    if kind is Kind.CARD:
        return starts_at <= at < ends_at + CARDS_UNTIL
    if kind in (Kind.QUESTION, Kind.WRITTEN):
        return at < ends_at
    return starts_at <= at < ends_at


def words(title: str | None, text: str | None, *, needs_text: bool = True) -> tuple[str, str]:
    """Return title and text cleaned. Raises `Invalid` naming what is missing or too long.

    Line ends count as one character; lengths are looked at before anything is normalised.
    """
    errors: list[FieldError] = []
    found = []
    for name, value, limit, lines in (("title", title, TITLE, False), ("text", text, TEXT, True)):
        value = (value or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(value) > limit:
            errors.append(FieldError(name, "too_long", TOO_LONG, {"limit": limit}))
            value = ""
        elif not (value := texts.clean(value, lines=lines)) and name == "text" and needs_text:
            errors.append(FieldError(name, "missing_field", N_("Write what you want to say")))
        found.append(value)
    if errors:
        raise Invalid(errors=errors)
    return found[0], found[1]


def point(text: str | None, index: int | None = None) -> str:
    """Return one point of a table's notes cleaned; ``index`` is its place among those sent.

    Raises `Invalid` where it is empty or over 400 characters.
    """
    field = "text" if index is None else f"points.{index}.text"
    value = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    if len(value) > POINT:
        raise Invalid.field(field, "too_long", TOO_LONG, limit=POINT)
    if not (value := texts.clean(value, lines=True)):
        raise Invalid.field(field, "missing_field", N_("Write what you want to say"))
    return value


def rule(number: int | None, decision: Decision) -> int | None:
    """Return the number of a public rule; a rejection names one. Raises `Invalid`."""
    if number is None:
        if decision is Decision.REJECT:
            raise Invalid.field(
                "rule", "rule_needed", N_("Name the rule for which it is not published")
            )
        return None
    if not 1 <= number <= len(RULES):
        raise Invalid.field(
            "rule", "unknown_rule", N_("The rules have numbers from 1 to %(last)s"), last=len(RULES)
        )
    return number


TOO_LONG = N_("Use %(limit)s characters or fewer")
