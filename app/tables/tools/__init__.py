"""The café as a live tool: what everybody, one person, the console and the stage see and do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response

from app.live import kinds
from app.live.kinds import Desk, Part, Seat, Step
from app.programme.models import Session
from app.tables import forms, operations, panels
from app.tables.operations import HARVEST
from app.tables.panels import parts
from app.tables.tools.console import around
from app.tables.tools.desk import DESK, Facilitating
from app.tables.tools.personal import PERSONAL, act

__all__ = ["Tables", "register"]
MANY = 4  # names beside a table, from which on the question makes room for them


def register(app: Flask) -> None:
    """Add the tool to the table."""
    kinds.register(Tables())


class Tables(kinds.Tool):
    """Tables in the room and online, rounds, seats, what is written down."""

    name = "tables"
    acts = PERSONAL
    desk_acts = tuple(f"tables-{each}" for each in DESK)

    def public(self, session: Session) -> Part:
        """Everybody: the round and its question, tables by number, the harvest."""
        now = panels.cafe(session)
        shown = parts.common(now) | {
            "rows": panels.plain_rows(now),
            "wall": panels.wall(session),
        }
        return Part("tables/public.html", parts.state(now), shown, head=panels.head(now))

    def stage(self, session: Session, *, named: bool) -> Part:
        """The projector: the clock, the question, six tables a screen; or the harvest."""
        now = panels.cafe(session)
        shows, wanted = parts.stage_of(now)
        rows = panels.plain_rows(now)
        if named and shows != HARVEST:
            people = panels.seated(now)
            rows = panels.named_rows(now, panels.short_names(people.values()))
        screens = parts.screens_of(now, shows, rows)
        screen, on_it = parts.turned(screens, wanted)
        running = now.running
        shown = {
            "now": now,
            "stands": now.stands,
            "shows": shows,
            "screen": screen,
            "screens": len(screens),
            "on_it": on_it,
            "question": now.question,
            "words": panels.round_words(now),
            "until": running.ends_at if running else None,
            "ends": panels.time_at(session, running.ends_at) if running else "",
            "is_full": shows != HARVEST and any(len(row.people) > MANY for row in on_it),
        }
        state = parts.state(now) | {"shows": shows, "screen": screen}
        return Part("tables/stage.html", state, shown)

    def personal(self, seat: Seat, **shown: Any) -> Part:
        """One person: their table, what was said there, their card."""
        now = panels.cafe(seat.session)
        found, card = parts.mine(now, seat), parts.own_card(now, seat)
        more = {
            "seat": seat,
            "said": parts.said(),
            "refused": "",
            "standing": parts.standing(seat),
            "mine": found,
            "way_in": parts.way_in(seat),
            "room_state": parts.room_state(now, found["here"]),
            "room_opens": parts.opens_at(now),
            "room": "",
            "own_card": card,
            "card": forms.CardForm.of(now, card),
            "takes_cards": now.takes_cards and parts.standing(seat) == "in",
        }
        state = parts.state(now) | {"mine": parts.own_state(now, found, card)}
        more |= {"points": len(state["harvest"]), "wall_url": parts.public_url(seat.session)}
        return Part(
            "tables/personal.html", state, parts.common(now) | more | shown, head=panels.head(now)
        )

    def act(self, seat: Seat, name: str) -> Response | Part:
        """Do what a person's form asks for."""
        return act(self, seat, name)

    def console(self, desk: Desk, **shown: Any) -> Part:
        """The facilitator: clock, tables, seats, who is late or missing, the projector."""
        return around(desk, shown)

    def run(self, desk: Desk, name: str) -> Response | Part:
        """Do what a console's form asks for."""
        return Facilitating(self, desk).do(name)

    def steps(self, session: Session) -> Sequence[Step]:
        """Return how a café is rehearsed."""
        return operations.steps(session)
