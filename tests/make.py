"""Builders: a test names only what it is about, the rest is plausible."""

from __future__ import annotations

import itertools
import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.accounts import operations as accounts
from app.accounts.models import ApiToken, Person, RoleGrant
from app.consultations import operations as consultations
from app.consultations import queries as consultation_queries
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions.models import Contribution
from app.core import links
from app.core.contributions import Decision, Kind
from app.core.vocabulary import Mode, Role, Source
from app.database import db, operation
from app.programme import operations as programme
from app.programme import queries as session_queries
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration.models import Participant, Receipt, Registration
from app.reports import operations as reports
from app.reports import queries as report_queries
from app.tables import operations as tables
from app.tables.models import CafeTable

_numbers = itertools.count(1)


def consultation(slug: str = "probe", **fields: Any) -> Consultation:
    """A published consultation in Zurich; the one called ``slug`` is made once."""
    found = consultation_queries.by_slug(slug)
    if found is not None:
        return found
    fields = {
        "title": {"en": "Probe"},
        "timezone": "Europe/Zurich",
        "languages": ["en"],
        "guiding_questions": [{"en": "What should governments do?"}],
        "contact_email": "talks@example.org",
        "controller": "Probe Office",
        "purpose": {"en": "To hear what people say."},
        "status": "published",
    } | fields
    return consultations.create(slug=slug, **fields)


def session(
    slug: str | None = None,
    *,
    format: str = "world_cafe",
    starts: str = "2028-10-10T18:15",
    ends: str = "2028-10-10T20:15",
    timezone: str = "Europe/Zurich",
    capacity: dict[str, int | None] | None = None,
    inside: Consultation | None = None,
    **fields: Any,
) -> Session:
    """A published session: the World Café of 10 October 2028, 18:15 in Zurich (16:15Z)."""
    fields = {
        "title": {"en": slug.title() if slug else "Session"},
        "status": "published",
        "venue": {"name": "ICT Discovery", "city": "Geneva", "country": "CH"},
        "join_url": "https://meet.example.org/room-secret",
    } | fields
    return programme.create(
        inside or consultation(),
        slug=slug or f"session-{next(_numbers)}",
        format=format,
        starts=datetime.fromisoformat(starts),
        ends=datetime.fromisoformat(ends),
        timezone=timezone,
        capacity={"on_site": 50, "online": None} if capacity is None else capacity,
        **fields,
    )


def cafe(**fields: Any) -> Session:
    """The session `cafe` of the cases from the field."""
    return session("cafe", **fields)


def town_hall(slug: str | None = None, **fields: Any) -> Session:
    """A town hall."""
    return session(slug, format="town_hall", **fields)


@operation
def person(
    *roles: Role | str, inside: Consultation | None = None, email: str | None = None, **fields: Any
) -> Person:
    """Somebody who works here with ``roles`` in ``inside`` (by default `probe`)."""
    from app import clock

    now = clock.now()
    number = next(_numbers)
    fields = {"name": f"Person {number}", "language": "en", "active": True} | fields
    someone = Person(
        email=email or f"person{number}@example.org",
        fs_uniquifier=links.new_id(),
        create_datetime=now,
        update_datetime=now,
        **fields,
    )
    for role in map(Role, roles):
        where = None if role is Role.ADMIN else (inside or consultation()).id
        someone.grants.append(RoleGrant(consultation_id=where, role=role.value, granted_at=now))
    db.session.add(someone)
    db.session.flush()
    return someone


@operation
def token(*roles: Role | str, who: Person | None = None, scopes=None, inside=None) -> str:
    """A bearer token of ``who``, or of a new person with ``roles``."""
    from app import clock

    who = who or person(*(roles or (Role.OWNER,)), inside=inside)
    secret = f"token-{links.new_id()}"
    db.session.add(
        ApiToken(
            person=who,
            name="test",
            fingerprint=links.fingerprint(secret),
            scopes=scopes,
            created_at=clock.now(),
        )
    )
    return secret


def bearer(*roles: Role | str, **options: Any) -> dict[str, str]:
    """The header of a token with ``roles``."""
    return {"Authorization": f"Bearer {token(*roles, **options)}"}


def registration(
    session: Session,
    *,
    mode: Mode | str = Mode.ON_SITE,
    waits_for: Mode | str | None = None,
    who: Participant | None = None,
    source: Source = Source.STAFF,
    **details: Any,
) -> Registration:
    """Somebody registered in ``session`` by staff: ``who``, or a new person with ``details``."""
    number = next(_numbers)
    if who is None:
        details = {
            "name": f"Participant {number}",
            "email": f"participant{number}@example.org",
        } | details
    return registrations.register(
        session,
        mode=mode,
        waits_for=waits_for,
        participant=who,
        details=details,
        source=source,
    )[0]


def participant(inside: Session | None = None, **details: Any) -> Participant:
    """An opened participant, registered online in the session ``inside`` (by default a new one)."""
    return registration(inside or session(), mode=Mode.ONLINE, **details).participant


def submission(
    *sessions: Session,
    mode: Mode | str = Mode.ON_SITE,
    waits_for: Mode | str | None = None,
    inside: Consultation | None = None,
    **details: Any,
) -> Receipt:
    """What the form does with one person's wishes, the same mode in each of ``sessions``."""
    number = next(_numbers)
    details = {
        "name": f"Participant {number}",
        "email": f"participant{number}@example.org",
        "consent": True,
    } | details
    return registrations.submit(
        inside or sessions[0].consultation,
        details=details,
        wishes=[registrations.Wish(each, mode, waits_for) for each in sessions],
    )


def browser(app: Flask, *roles: Role | str, who: Person | None = None, **options: Any):
    """A browser in which ``who`` (or a new person with ``roles``) has signed in by a link."""
    who = who or person(*(roles or (Role.OWNER,)), **options)
    client = app.test_client()
    answer = client.post(f"/manage/sign-in/{accounts.make_link(who)}")
    assert answer.status_code == 303, answer.text
    client.person = who
    return client


def form_token(client: FlaskClient, path: str = "/manage/account") -> str:
    """The hidden token of the forms of this browser's session."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, path
    return found[1]


def send(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **options: Any):
    """Post a staff form as its page would, token included."""
    return client.post(path, data={"csrf_token": form_token(client)} | (data or {}), **options)


def online_round(slug: str = "round", **fields: Any) -> Session:
    """An online round that runs while the tests' clock stands: 25 August to 30 September 2028."""
    fields = {
        "format": "online_round",
        "starts": "2028-08-25T09:00",
        "ends": "2028-09-30T23:59",
        "capacity": {"online": None},
        "venue": None,
    } | fields
    found = session_queries.by_slug(fields.get("inside") or consultation(), slug)
    return found or session(slug, **fields)


def idea(
    inside: Session | None = None,
    *,
    who: Participant | None = None,
    title: str = "Publish who pays",
    text: str = "Every subsidy, in a form that anyone can check.",
    attribution: str = "anonymous",
    published: bool = True,
    **words: Any,
) -> Contribution:
    """An idea on the board of ``inside`` (by default `round`), published by a moderator."""
    inside = inside or online_round()
    sent = contributions.Sent(text=text, title=title, attribution=attribution, **words)
    made = contributions.submit(inside, Kind.IDEA, sent, participant=who or participant(inside))
    if published and not made.is_published:
        contributions.moderate(made, Decision.PUBLISH)
    return made


def cafe_tables(
    session: Session, *, room: int = 2, online: int = 0, hosts=(), **fields: Any
) -> list[CafeTable]:
    """So many tables in the room from number 1 on, then online ones; ``hosts`` in their order."""
    places = [
        tables.Place(
            number=number,
            mode="on_site" if number <= room else "online",
            host=hosts[number - 1].public_id if number <= len(hosts) else None,
            join_url=None if number <= room else f"https://meet.example.org/table-{number}",
            **fields,
        )
        for number in range(1, room + online + 1)
    ]
    return tables.place_tables(session, places)


def seats(session: Session, *, people: str = "confirmed", published: bool = True, **wish: Any):
    """A plan of who sits where in ``session``, published or a draft."""
    kept = tables.keep_draft(session, tables.solve(session, tables.Wish(people=people, **wish)))
    return tables.publish(session) if published else kept


SAID = (
    ("Publish every subsidy, and who receives it. We read them all.", "for"),
    ("Every subsidy should be public.", "for"),
    ("Prices in offers are commercial secrets.", "against"),
)


def coded(inside: Session | None = None, *, said=SAID) -> tuple[list[Contribution], list[Any]]:
    """Ideas on the first question and their excerpts, each whole text marked in theme 1."""
    inside = inside or online_round()
    ideas = [
        idea(inside, title="", text=text, guiding_question=1, who=participant(inside))
        for text, _stance in said
    ]
    theme = reports.add_theme(inside.consultation, title={"en": "Spending"}, guiding_question=1)
    excerpts = [
        reports.mark(one, start=0, end=len(one.text), theme=theme.number, stance=stance)[0]
        for one, (_text, stance) in zip(ideas, said, strict=True)
    ]
    return ideas, excerpts


def ready(inside: Session | None = None) -> tuple[list[Contribution], list[Any]]:
    """The same with two reviewed sentences, 1.1 and 1.2, and every idea answered."""
    ideas, excerpts = coded(inside)
    consultation = ideas[0].consultation
    for text, cites in (
        ("asked that subsidies be published.", {excerpts[0].id: None, excerpts[1].id: None}),
        ("warned of secrets.", {excerpts[2].id: "supports"}),
    ):
        statement = reports.write(consultation, theme=1, text={"en": text}, cites=cites)
        reports.review(statement)
    given = contributions.Given("reflected", "1.1", publish=True)
    contributions.answer_many(consultation, [(one.reference, given) for one in ideas])
    return ideas, excerpts


def edition(inside: Session | None = None, **options: Any):
    """The next edition of a consultation, made ready first where it has no themes."""
    inside = inside or online_round()
    if not report_queries.themes(inside.consultation):
        ready(inside)
    return reports.freeze(inside.consultation, **options)
