"""What the fragments of a café hold, and their pieces of the live document: instants only."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app import clock
from app.contributions import queries as contributions
from app.core import joining
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.database import db
from app.live import queries as live
from app.live.kinds import Seat
from app.live.panels import phase
from app.programme.models import Session
from app.registration import queries as registrations
from app.tables import panels, queries
from app.tables.models import CafeTable, Stage
from app.tables.operations import HARVEST, SEATS
from app.tables.panels import AFTER, BEFORE, Cafe
from app.tables.schemas import round_out

ON_A_SCREEN = 6  # tables


def state(now: Cafe) -> dict[str, Any]:
    """Return what everybody may know, for a live document: no names, and nobody's room."""
    counts = {each["table"]: len(each["people"]) for each in now.seats}
    harvest = queries.harvest(now.session)
    found = [note for told in harvest.tables for note in told.notes] + harvest.cards
    running = now.running
    return {
        "rounds": [round_out(turn) for turn in now.turns],
        "current": running.number if running is not None else None,
        "shown": now.shown,
        "seats": now.plan is not None,
        "tables": [
            {
                "number": table.number,
                "mode": table.mode,
                "guiding_question": now.number_at(table),
                "language": table.language,
                "twin": table.twin,
                "people": counts.get(table.number, 0),
            }
            for table in now.tables
        ],
        "harvest": [note.reference for note in found],
        "cards": now.takes_cards,
    }


def common(now: Cafe) -> dict[str, Any]:
    """Return what public and personal fragments both show."""
    return {
        "now": now,
        "stands": now.stands,
        "phase": phase(now.session),
        "question": now.question,
        "answering": answering(now),
    }


def answering(now: Cafe) -> list[tuple[str, str, str]]:
    """Return what happens with what is said: (state, title, when) step by step."""
    body = now.session.consultation.words("receiving_body", "") or _("The receiving body")
    return [
        ("past" if now.stands == AFTER else "now", _("Said"), _("at the tables, and on cards")),
        (
            "now" if now.stands == AFTER else "to_come",
            _("Published"),
            _("as points of a table, never under a name; cards as their authors choose"),
        ),
        ("to_come", _("Answered"), _("Every published contribution is answered.")),
        ("to_come", _("In the document"), _("%(body)s reads it", body=body)),
    ]


# --- For one person ---------------------------------------------------------------------------


def public_url(session: Session) -> str:
    """Return the public live page, at what the tables say."""
    names: dict[str, Any] = {"consultation": session.consultation.slug, "session": session.slug}
    return url_for("live.now", **names, _anchor="tables-wall")


def standing(seat: Seat) -> str:
    """Return how somebody stands in the session: ``in``, ``waiting`` or ``out``."""
    held = seat.registration
    if held is None or not held.is_live:
        return "out"
    return "in" if held.status == RegistrationStatus.CONFIRMED else "waiting"


def mine(now: Cafe, seat: Seat) -> dict[str, Any]:
    """Return somebody's own seats: the one that counts now, the next, the tables they host."""
    seats = queries.seats_of(now.session, seat.participant)
    here = None
    if now.stands != AFTER:
        here = next((each for each in seats if each.round == now.shown), None)
    later = [each for each in seats if each.round > now.shown]
    found: dict[str, Any] = {
        "here": here,
        "name": panels.table_name(here.table) if here else "",
        "host": panels.short_names([here.host])[here.host.public_id] if here and here.host else "",
        "next": later[0] if later else None,
        "next_name": panels.table_name(later[0].table) if later else "",
        "from": next_from(now),
        "dots": own_dots(now, here.table, seat) if here else [],
        "question": now.asked_at(here.table) if here else now.question,
        "before": [],
        "twin": [],
        "twin_name": "",
        "hosts": hosted(now, seat),
    }
    if here is not None:
        table = here.table
        found["before"] = panels.notes(queries.notes_before(now.session, table.number, here.round),
                                       table)  # fmt: skip
        if (twin := queries.twin_of(table)) is not None:
            found["twin"] = panels.notes(queries.notes_of_twin(table, here.round), twin)
            found["twin_name"] = panels.table_name(twin)
    return found


def next_from(now: Cafe) -> str:
    """Return from when on the next round's seats count, as far as the clock says."""
    running = now.running
    return panels.time_at(now.session, running.ends_at) if running is not None else ""


def own_dots(now: Cafe, table: CafeTable, seat: Seat) -> list[Any]:
    """Return somebody's table from above, their own place marked."""
    people: list[str] = next(
        (each["people"] for each in now.seats if each["table"] == table.number), []
    )
    assert now.plan is not None
    hosted_by = queries.hosts_in(now.plan, now.shown).get(table.number)
    who = seat.participant.public_id
    yours = people.index(who) if who in people else None
    chairs = panels.chairs_of(now, table)
    return panels.dots(len(people), chairs, hosted=hosted_by is not None, yours=yours)


def hosted(now: Cafe, seat: Seat) -> list[tuple[str, str]]:
    """Return (words, address) of the host's pages that are theirs."""
    return [
        (_("Write the notes of %(table)s", table=panels.table_name(table)), host_url(table))
        for table in queries.hosted_by(now.session, seat.participant)
    ]


def host_url(table: CafeTable, **more: Any) -> str:
    """Return the address of a host's page."""
    return url_for("tables.host", **host_names(table), **more)


def host_names(table: CafeTable) -> dict[str, Any]:
    """Return the parts of the address of a host's page."""
    session = table.session
    return {
        "consultation": session.consultation.slug,
        "session": session.slug,
        "table_key": queries.host_token(table),
    }


def room_state(now: Cafe, here: Any) -> str:
    """Return whether somebody may enter their table's room: ``open``, ``early``, or empty."""
    session = now.session
    if here is None or here.room is None or session.status != SessionStatus.PUBLISHED:
        return ""
    window, at = joining.window(session.starts_at, session.ends_at), clock.now()
    if at >= window.ends_at:
        return ""
    return "early" if at < window.starts_at else "open"


def opens_at(now: Cafe) -> str:
    """Return when rooms open, at the session's place."""
    session = now.session
    return panels.time_at(session, joining.window(session.starts_at, session.ends_at).starts_at)


def way_in(seat: Seat) -> str:
    """Return the address at which somebody online enters the session's room; "" for the room."""
    held = seat.registration
    if held is None or held.mode != Mode.ONLINE:
        return ""
    return url_for("registration.join", join=registrations.join_token(held))


def own_card(now: Cafe, seat: Seat) -> Any:
    """Return somebody's card of this session."""
    return contributions.card_of(now.session, seat.participant)


def own_state(now: Cafe, found: dict[str, Any], card: Any) -> dict[str, Any]:
    """Return somebody's own piece of their live document."""
    here, later = found["here"], found["next"]
    return {
        "round": here.round if here else None,
        "table": here.table.number if here else None,
        "next": later.table.number if later else None,
        "card": card.reference if card is not None else None,
    }


# --- On the stage -----------------------------------------------------------------------------


def stage_of(now: Cafe) -> tuple[str, int]:
    """Return what the projector shows and which screen of it, as it was turned.

    Once nobody polls any more, what was said is all there is to show.
    """
    stage = db.session.get(Stage, now.session.id)
    if stage is None and clock.now() >= now.session.ends_at + live.RUNS_ON:
        return HARVEST, 1
    return (stage.shows, stage.screen) if stage is not None else (SEATS, 1)


def screens_of(now: Cafe, shows: str, rows: list[Any]) -> list[list[Any]]:
    """Return everything the projector shows, screen by screen."""
    if shows == HARVEST:
        return panels.screens(panels.wall(now.session), with_clock=now.running is not None)
    return [rows[first : first + ON_A_SCREEN] for first in range(0, len(rows), ON_A_SCREEN)]


def turned(screens: list[list[Any]], screen: int) -> tuple[int, list[Any]]:
    """Return the number of the screen that is shown, the last at most, and what is on it."""
    number = min(max(screen, 1), max(len(screens), 1))
    return number, screens[number - 1] if screens else []


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "card": _("We have received your card"),
        "seats": _("Seats are made. Publish them when you are ready"),
        "published": _("The seats are published: everybody sees their table"),
        "swapped": _("They have traded seats. Publish the change when you are ready"),
        "patched": _("The seats are changed. Publish the change when you are ready"),
        "seated": _("They have a seat, and their page says where"),
        "started": _("The round has started"),
        "extended": _("Two minutes more for everybody"),
        "ended": _("The round has ended"),
    }.get(request.args.get("said", ""), "")


def begins(now: Cafe) -> bool:
    """Whether no round began yet: seats can still be made anew."""
    return now.stands == BEFORE
