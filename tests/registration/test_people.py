"""Participants: their secrets, details, and what is left of them when they are erased."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from app.announcements import _listeners, listen
from app.core.links import Purpose
from app.core.refusals import Invalid, NotFound
from app.core.vocabulary import Mode
from app.database import db
from app.mail.models import OutboxMail
from app.registration import operations, privacy, queries
from app.registration.announcements import ParticipantErased
from app.registration.models import Secret
from app.registration.operations import secrets
from app.registration.tasks import hourly
from tests import make

ADA = "ada@example.org"
PURPOSES = (Purpose.MANAGE, Purpose.FEED, Purpose.UNSUBSCRIBE)


def test_each_secret_opens_one_thing(app, clock):
    ada = make.participant()
    tokens = {purpose: queries.token(ada, purpose) for purpose in PURPOSES}

    for purpose, token in tokens.items():
        assert queries.by_secret(token, purpose).participant_id == ada.id
        for other in set(PURPOSES) - {purpose}:
            with pytest.raises(NotFound):
                queries.by_secret(token, other)


def test_secrets_are_not_stored(app, clock):
    registration = make.registration(make.cafe())
    tokens = [queries.token(registration.participant, purpose) for purpose in PURPOSES]
    tokens.append(queries.join_token(registration))

    stored = [
        str(db.session.execute(text(f"SELECT * FROM {table}")).all())
        for table in ("secret", "participant", "registration", "outbox_mail")
    ]
    assert [token for token in tokens if any(token in rows for rows in stored)] == []


def test_a_join_link_belongs_to_one_registration(app, clock):
    registration = make.registration(make.cafe(), mode=Mode.ONLINE)

    assert queries.by_join(queries.join_token(registration)) == registration


def test_a_renewed_feed_leaves_the_other_links_alone(app, clock):
    ada = make.participant()
    before = {purpose: queries.token(ada, purpose) for purpose in PURPOSES}

    operations.renew_feed(ada)

    with pytest.raises(queries.Gone) as refusal:
        queries.by_secret(before[Purpose.FEED], Purpose.FEED)
    assert (refusal.value.code, refusal.value.status) == ("gone", 410)
    assert queries.token(ada, Purpose.FEED) != before[Purpose.FEED]
    assert queries.token(ada, Purpose.MANAGE) == before[Purpose.MANAGE]


def test_find_mails_the_link_and_revokes_nothing(app, clock, new_mails):
    ada = make.participant(email=ADA)
    token = queries.token(ada, Purpose.MANAGE)
    new_mails()

    operations.send_link(make.consultation(), " ADA@example.org")
    operations.send_link(make.consultation(), "nobody@example.org")

    assert new_mails() == [("link_requested", ADA)]
    assert queries.by_secret(token, Purpose.MANAGE)


def test_long_after_the_last_session_find_mails_a_link_for_seven_days(app, clock, new_mails):
    ada = make.participant(make.cafe(), email=ADA)  # ends on 10 October, 18:15Z
    old = queries.token(ada, Purpose.MANAGE)
    clock.set("2029-01-08T18:14:59Z")
    assert queries.by_secret(old, Purpose.MANAGE)
    clock.set("2029-01-08T18:15:00Z")
    with pytest.raises(queries.LinkExpired):
        queries.by_secret(old, Purpose.MANAGE)

    operations.send_link(make.consultation(), ADA)
    new = queries.token(ada, Purpose.MANAGE)
    operations.send_link(make.consultation(), ADA)

    assert (queries.token(ada, Purpose.MANAGE), new != old) == (new, True)
    clock.go_on(days=6, hours=23)
    assert queries.by_secret(new, Purpose.MANAGE)
    clock.go_on(hours=1)
    for token in (old, new):
        with pytest.raises(queries.LinkExpired):
            queries.by_secret(token, Purpose.MANAGE)


def test_use_is_noted_once_a_minute_and_not_with_every_poll(app, clock):
    ada = make.participant()
    token = queries.token(ada, Purpose.FEED)
    secrets.write_uses()
    first = clock.time
    for _ in range(5):
        operations.note_use(token, "Thunderbird")
    assert queries.secret_of(ada, Purpose.FEED).first_used_at is None

    clock.go_on(minutes=1)
    operations.note_use(token, "Apple")

    secret = queries.secret_of(ada, Purpose.FEED)
    assert (secret.first_used_at, secret.last_used_at, secret.user_agent) == (
        first,
        clock.time,
        "Apple",
    )


def test_details_change_what_the_person_sees(app, clock):
    ada = make.participant(name="Ada")
    revision = ada.revision

    operations.update_details(ada, name="Ünal", language="fr")
    operations.update_details(ada, name="Ünal")

    assert (ada.name, ada.search_name, ada.language) == ("Ünal", "unal", "fr")
    assert ada.revision == revision + 1
    with pytest.raises(Invalid):
        operations.update_details(ada, email="x@example.org")


def test_a_person_is_found_whatever_the_keyboard(app, clock):
    cafe = make.cafe()
    unal = make.registration(cafe, name="Zoë Ünal")
    make.registration(cafe, name="Bo")

    assert queries.listed(cafe, search="unal") == [unal]
    assert queries.listed(cafe, search="ＺＯＥ") == [unal]  # noqa: RUF001
    assert queries.listed(cafe, search="％") == []  # noqa: RUF001


def test_lists_go_on_where_they_stopped(app, clock):
    cafe = make.cafe(capacity={"on_site": 1, "online": None})
    room, waiting = make.registration(cafe), make.registration(cafe)
    online = make.registration(cafe, mode=Mode.ONLINE)

    assert queries.listed(cafe, limit=2) == [room, waiting]
    assert queries.listed(cafe, after=waiting.id) == [online]
    assert queries.listed(cafe, status="waiting", mode="on_site") == [waiting]
    assert queries.tally(cafe) == {
        ("on_site", "confirmed"): 1, ("on_site", "waiting"): 1, ("online", "confirmed"): 1,
    }  # fmt: skip


def test_the_export_holds_what_we_know_and_no_secret(app, clock):
    cafe = make.cafe()
    registration = make.registration(cafe, email=ADA, name="Ada", organisation="Probe")
    exported = json.dumps(privacy.export(registration.participant))

    assert '"name": "Ada"' in exported
    assert '"organisation": "Probe"' in exported
    assert '"kind": "registration_confirmed"' in exported
    assert queries.token(registration.participant, Purpose.MANAGE) not in exported


def test_erasing_leaves_no_trace_and_keeps_the_statistics(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1})
    quokka = {
        "email": "quokka@example.org", "name": "Quokka Canary", "organisation": "Quokka Ltd",
        "country": "AU",
    }  # fmt: skip
    registration = make.registration(cafe, **quokka)
    waiting = make.registration(cafe)
    make.submission(cafe, email="quokka@example.org", name="Quokka Canary")
    person = registration.participant
    token = queries.token(person, Purpose.MANAGE)
    new_mails()
    told = []
    listen(ParticipantErased, told.append)
    try:
        operations.erase(person)
    finally:
        _listeners[ParticipantErased].remove(told.append)

    rows = [
        str(db.session.execute(text(f'SELECT * FROM "{table}"')).all())
        for table in db.metadata.tables
    ]
    assert [row for row in rows if "uokka" in row] == []
    assert (person.country, registration.status, waiting.status) == (
        "AU",
        "cancelled",
        "confirmed",
    )
    assert [kind for kind, _ in new_mails()] == ["registration_promoted"]
    assert len(told) == 1
    with pytest.raises(queries.Gone):
        queries.by_secret(token, Purpose.MANAGE)


def test_what_was_not_sent_yet_is_not_sent_to_the_erased(app, clock):
    person = make.participant(email=ADA)

    operations.erase(person)

    statuses = db.session.scalars(
        select(OutboxMail.status).where(OutboxMail.person == person.person)
    ).all()
    assert statuses == ["dropped"]


def test_people_are_erased_twelve_months_after_the_last_session(app, clock):
    person = make.participant(make.cafe(), email=ADA)
    clock.set("2029-10-10T18:14:59Z")
    hourly()
    assert person.email == ADA

    clock.set("2029-10-10T18:15:00Z")
    hourly()

    assert (person.email, person.name, person.erased_at) == (None, "", clock.time)


def test_an_erased_address_can_come_back_as_somebody_new(app, clock):
    first = make.registration(make.cafe(), email=ADA).participant
    operations.erase(first)

    assert make.registration(make.session("hall"), email=ADA).participant.id != first.id


def test_every_registration_has_its_own_way_in_and_every_person_three_secrets(app, clock):
    make.participant()

    purposes = db.session.scalars(select(Secret.purpose).order_by(Secret.purpose)).all()
    assert purposes == ["feed", "join", "manage", "unsubscribe"]
