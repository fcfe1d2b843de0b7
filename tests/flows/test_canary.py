"""Marked names and words that nobody may hear, and a walk over everything anybody can read.

Driven by the addresses themselves: a new public view is covered as soon as it exists. A new kind
of part in an address is named in `PARTS`; until then this test says which one it does not know.
"""

from __future__ import annotations

import itertools

import pytest

from app.audit.models import AuditEntry
from app.board import operations as board
from app.contributions import operations
from app.contributions.models import Contribution
from app.contributions.operations import Sent
from app.core.contributions import Decision, Kind, Source
from app.core.links import Purpose
from app.database import db
from app.feeds.exports import draft
from app.floor import operations as floor
from app.mail.models import OutboxMail
from app.programme import queries as programme
from app.registration import queries
from app.tables import operations as tables
from app.web.documents import shelf
from tests import make
from tests.board.crawl import everything

# Quokka: names and organisations of who chose less, or sits in a session that says less.
# Numbat: words that were withdrawn. Bilby: words that nobody may read yet, or never.
MARKS = ("quokka", "numbat", "bilby")
ADDRESS = "quokka@example.org"
OPEN = ("public", "public_or_token")
SESSIONS = ("round", "cafe", "hall", "quiet")
PARTS: dict[str, tuple[str, ...]] = {
    "consultation": ("probe",),
    "session": SESSIONS,
    "reference": (),  # of every contribution there is
    "number": ("1", "2"),
    "secret": ("0" * 22,),
    "token": ("0" * 32,),
    "edition": ("1",),
    "form": ("json", "md", "docx", "pdf"),
}
BY_NOW = ("2028-10-10T17:00:00Z", "2028-10-10T18:20:00Z")  # while all run; after the close


def said(session, kind, text="Words", *, who, **more) -> Contribution:
    return operations.submit(
        session, kind, Sent(text=text, **({"attribution": "anonymous"} | more)), participant=who
    )


@pytest.fixture
def world(app, clock):
    """Everything that must not be heard, in every format; return the marked person."""
    runs = {
        "starts": "2028-10-10T18:15", "ends": "2028-10-10T20:15",
        "settings": {"moderation": "after"},
    }  # fmt: skip
    round_ = make.online_round("round", **runs | {"starts": "2028-09-25T09:00"})
    quiet = make.online_round(
        "quiet",
        **runs | {"settings": {"moderation": "after", "attribution": "anonymous"}},
    )
    whispered = runs | {"settings": {"attribution": "anonymous"}}
    cafe, hall = make.cafe(**whispered), make.town_hall("hall", **whispered)
    who = make.registration(
        round_, mode="online", name="Quokka", email=ADDRESS, organisation="Quokka Trust",
        country="KE", stakeholder_group="civil_society",
    ).participant  # fmt: skip
    for session in (cafe, hall, quiet):
        make.registration(session, who=who, mode="online")
        make.registration(session, mode="online", name="Other", email="other@example.org")
    third = make.registration(
        hall, name="Quokka Three", organisation="Quokka Inc", email="quokka3@example.org"
    ).participant
    clock.set("2028-10-10T16:20:00Z")
    ideas_of(round_, who)
    named = operations.submit(
        quiet, Kind.IDEA, Sent(text="Said", attribution="named"), participant=who
    )
    operations.support(named, who)
    evening_of(cafe, who)
    floor_of(hall, who, third)
    return who


def ideas_of(session, who) -> None:
    """Anonymous, by group, withdrawn, held, rejected, drafted, kept unopened, from a post."""
    first = said(session, Kind.IDEA, who=who)
    said(session, Kind.IDEA, who=who, attribution="group_country")
    said(session, Kind.WRITTEN, who=who)
    operations.submit(
        session, Kind.COMMENT, Sent(text="Yes"), participant=who, answers=first, stance="for"
    )
    operations.support(first, who)
    gone = said(session, Kind.IDEA, "Numbat", who=who, attribution="named", title="Numbat")
    operations.change(gone, Sent(text="Numbat 2", title="Numbat", attribution="named"), who)
    operations.withdraw(gone)
    for decision in (Decision.HOLD, Decision.REJECT):
        bad = said(session, Kind.IDEA, "Bilby", who=who, attribution="named", title="Bilby")
        operations.moderate(bad, decision, rule=2, reason="Bilby")
    operations.report(first, "Bilby")
    board.save(session, who, Sent(text="Bilby", title="Bilby"))
    details = {"name": "Quokka Two", "email": ADDRESS.replace("@", "2@")}
    board.keep(session, details=details, sent=Sent(text="Bilby", title="Bilby"))
    by_office = make.participant(
        session, name="Quokka Four", email="quokka4@example.org", organisation="Open Society"
    )
    said(session, Kind.IDEA, who=by_office, attribution="organisation")
    operations.submit(
        session, Kind.WRITTEN, Sent(text="Posted", attribution="group_country"),
        source=Source.POST, source_url="https://social.example.org/@quokka/1",
        author={"name": "Quokka", "country": "KE"},
    )  # fmt: skip


def evening_of(cafe, who) -> None:
    """Seats, a round, notes of which one is withdrawn, a card."""
    make.cafe_tables(cafe, room=1, online=1)
    make.seats(cafe, rounds=3)
    tables.start_round(cafe, 1)
    points = [operations.Point(text=text) for text in ("A point", "Numbat")]
    _kept, gone = tables.send_notes(cafe, points, table=1, round=1)
    tables.withdraw_note(gone)
    said(cafe, Kind.CARD, who=who, attribution="named")


def floor_of(hall, who, third) -> None:
    """Somebody waits, spoke, and asked in writing, where nobody is named."""
    spoke = floor.ask(hall, floor.Wish(), participant=who)
    floor.give(spoke)
    floor.done(spoke)
    floor.ask(hall, floor.Wish(), participant=third)
    said(hall, Kind.QUESTION, who=who, attribution="named")
    operations.withdraw(said(hall, Kind.QUESTION, "Numbat", who=who))


def open_addresses(app) -> list[str]:
    """Return an address for every public view and every combination of its parts."""
    parts = PARTS | {"reference": tuple(db.session.scalars(db.select(Contribution.reference)))}
    adapter, found = app.url_map.bind("talks.example.org"), []
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if "GET" not in (rule.methods or ()) or permission not in OPEN:
            continue
        unknown = rule.arguments - set(parts)
        assert not unknown, f"say in PARTS what {sorted(unknown)} of {rule.rule} is"
        names = sorted(rule.arguments)
        for values in itertools.product(*(parts[name] for name in names)):
            found.append(adapter.build(rule.endpoint, dict(zip(names, values, strict=True))))
    return found


def heard(said: dict[str, str]) -> list[tuple[str, str]]:
    """Return where which mark is heard."""
    return [(where, mark) for where, text in said.items() for mark in MARKS if mark in text.lower()]


def of_somebody_else(app, session) -> dict[str, str]:
    """Return what the personal pages of somebody unmarked say, documents and own data too."""
    who = queries.by_email(session.consultation, "other@example.org")
    manage = queries.token(who, Purpose.MANAGE)
    references = db.session.scalars(
        db.select(Contribution.reference).where(Contribution.session_id == session.id)
    )
    mine = f"/my/{manage}/live/{session.slug}/"
    addresses = [f"/my/{manage}/", mine, f"{mine}state.json", f"/my/{manage}/data.json"]
    client = app.test_client()
    return {
        each: client.get(each).text for each in [*addresses, *(mine + name for name in references)]
    }


@pytest.mark.parametrize("moment", BY_NOW)
def test_a_canary_is_heard_nowhere(app, client, clock, caplog, world, moment):
    caplog.set_level("DEBUG")
    clock.set(moment)
    shelf.clear()
    draft.entries.clear()
    addresses = open_addresses(app)
    found = everything(client, *addresses, limit=3_000)
    for address in [each for each in addresses if each.endswith("/contributions")]:
        found[f"{address} as csv"] = client.get(address, headers={"Accept": "text/csv"}).text
    for slug in SESSIONS:
        found |= of_somebody_else(app, programme.by_slug(world.consultation, slug))

    assert heard(found) == []
    assert heard({"mails": mails_to_others()}) == []
    audit = " ".join(str(entry.details) for entry in db.session.query(AuditEntry))
    assert heard({"audit": audit}) == []
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("sqlalchemy")]
    assert heard({"log": " ".join(ours)}) == []
    for address in (
        "/probe/contributions/PRO-I-0001", "/probe/contributions/PRO-Q-1", "/live/probe/cafe/",
        "/live/probe/hall/projector", "/api/v1/consultations/probe/sessions/hall/floor",
        "/live/probe/hall/state.json", "/probe/round/ideas.csv",
    ):  # fmt: skip
        assert address in found
    assert "Words" in found["/probe/round/ideas"]
    assert "Open Society" in found["/probe/round/ideas"]  # a name kept, its organisation shown
    assert "[withdrawn]" in found["/probe/contributions/PRO-I-0003"]


def mails_to_others() -> str:
    """Return what the outbox keeps of mails to anybody whose own name is not marked."""
    own = [
        address
        for address in db.session.scalars(db.select(OutboxMail.to_address).distinct())
        if "quokka" in address
    ]
    rows = db.session.scalars(db.select(OutboxMail).where(OutboxMail.to_address.not_in(own)))
    return "\n".join(f"{m.facts} {m.subject} {m.body!r} {m.to_name}" for m in rows)
