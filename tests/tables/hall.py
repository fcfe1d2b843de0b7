"""A café with people at its tables, and the hands of those who run it: over the pages alone."""

from __future__ import annotations

import re

from app.core.links import Purpose
from app.core.vocabulary import Role
from app.programme.models import Session
from app.registration import queries as registrations
from app.tables import operations, queries
from tests import make

PUBLIC = "/live/probe/cafe/"
CONSOLE = "/live/probe/cafe/console"
STAGE = "/live/probe/cafe/projector"
TABLES = "/manage/probe/cafe/tables"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜČŠŽĆĐŁÅØÆÑÇ"
ROOM, ONLINE = "on_site", "online"


def crowd(session: Session, number: int, mode: str = ROOM, name: str = "Zuleika") -> list:
    """So many people registered in a mode, called Zuleika A, B, C on a wall, online a, b, c."""
    letters = LETTERS if mode == ROOM else LETTERS.lower()
    return [
        make.registration(session, mode=mode, name=f"{name} {letters[n]}abbatini").participant
        for n in range(number)
    ]


def seated(session: Session, *, room: int = 8, online: int = 4, **wish) -> list:
    """People at two tables of the room (the first has a host) and one online, published."""
    people = crowd(session, room) + crowd(session, online, ONLINE)
    make.cafe_tables(session, room=2, online=1, hosts=people[:1])
    make.seats(session, **wish)
    return people


def my(who) -> str:
    """Somebody's own live page."""
    return f"/my/{registrations.token(who, Purpose.MANAGE)}/live/cafe/"


def host_page(session: Session, number: int) -> str:
    """The page of a table's host."""
    return f"/live/probe/cafe/table/{queries.host_token(queries.by_number(session, number))}"


def facilitator(app, *roles: Role):
    """A browser of somebody who runs the café."""
    return make.browser(app, *(roles or (Role.FACILITATOR,)))


def run(browser, act: str, **fields):
    """Send one of the forms of the console."""
    return make.send(browser, CONSOLE, {"act": f"tables-{act}"} | fields)


def text_of(answer) -> str:
    """The words of a page on one line, without its markup."""
    plain = re.sub(r"<[^>]+>", " ", answer.text)
    return re.sub(r"\s+", " ", plain)


def to_the_harvest(session: Session) -> None:
    """Let all rounds begin and end."""
    for number in range(queries.begun(session) + 1, queries.how_many(session) + 1):
        operations.start_round(session, number)
        operations.end_round(session, number)
