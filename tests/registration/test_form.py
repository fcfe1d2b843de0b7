"""The form: the same for known and unknown addresses, all or nothing, nothing done to the known."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from app.core.capacity import SessionFull
from app.core.links import Purpose
from app.core.refusals import Invalid
from app.core.vocabulary import Mode
from app.database import db
from app.programme import operations as programme
from app.registration import operations, queries
from app.registration.models import Hold, Participant, Receipt, Registration, Submission
from app.registration.operations import RegistrationClosed, Wish
from tests import make

ROOM, ONLINE = Mode.ON_SITE, Mode.ONLINE
ADA = "ada@example.org"


def number(model) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model))


def person(email=ADA):
    """The participant with this address."""
    return queries.by_email(make.consultation(), email)


def left(session, mode=ROOM):
    """Places as everybody sees them."""
    return queries.places(session)[mode].left


def test_an_unknown_address_is_registered_at_once_and_asked_to_open(app, clock, new_mails):
    cafe = make.cafe()

    make.submission(cafe, email="Ada@Example.org", name="Ada", organisation="Probe")

    ada = person()
    registration = queries.find(cafe, ada)
    assert (registration.status, ada.is_opened, ada.source) == ("confirmed", False, "form")
    assert ada.lapses_at == clock.time.replace(day=3)  # 48 hours after 1 September
    assert new_mails() == [("registration_confirmed", ADA)]


def test_a_known_address_changes_nothing_and_gets_one_mail(app, clock, new_mails):
    cafe, hall = make.cafe(), make.town_hall("hall")
    ada = make.registration(cafe, email=ADA, name="Ada").participant
    before = (ada.revision, ada.name)
    new_mails()

    receipt = make.submission(hall, email=ADA, name="Impostor")

    assert new_mails() == [("submission_received", ADA)]
    assert queries.find(hall, ada) is None
    assert (ada.revision, ada.name) == before
    assert receipt.typed["name"] == "Impostor"


def test_the_receipt_holds_the_same_for_known_and_unknown(app, clock):
    cafe = make.cafe()
    make.registration(cafe, email=ADA)
    known = make.submission(cafe, email=ADA, name="X")
    unknown = make.submission(cafe, email="new@example.org", name="X")

    assert known.typed | {"email": ""} == unknown.typed | {"email": ""}
    assert known.expires_at == unknown.expires_at


@pytest.mark.parametrize("known", [True, False])
def test_what_everybody_sees_is_the_same_for_known_and_unknown(app, clock, known):
    cafe = make.cafe(capacity={"on_site": 5, "online": None})
    full = make.session("full", capacity={"on_site": 1, "online": None})
    make.registration(full)
    if known:
        make.registration(make.session("other"), email=ADA)

    make.submission(cafe, full, email=ADA)

    shown = [queries.places(session)[ROOM].shown for session in (cafe, full)]
    assert shown == [(5, 4, 0), (1, 0, 1)]


def test_asking_again_is_displayed_but_keeps_no_place_from_others(app, clock):
    cafe = make.cafe(capacity={"on_site": 2})
    make.registration(cafe, email=ADA)

    make.submission(cafe, email=ADA)

    assert left(cafe) == 0
    assert make.registration(cafe).status == "confirmed"


def test_a_held_place_is_nobody_elses(app, clock):
    cafe, hall = make.cafe(capacity={"on_site": 1}), make.session("hall")
    make.registration(hall, email=ADA)
    make.submission(cafe, email=ADA)

    assert make.registration(cafe).status == "waiting"
    assert queries.places(cafe)[ROOM].held == 1


def test_at_most_three_places_are_held_for_one_address_and_session(app, clock):
    cafe, hall = make.cafe(capacity={"on_site": 9}), make.session("hall")
    make.registration(hall, email=ADA)

    for _ in range(5):
        make.submission(cafe, email=ADA)
        clock.go_on(minutes=11)

    assert (left(cafe), number(Hold), number(Submission)) == (6, 3, 5)


def test_the_unopened_registration_counts_among_the_three(app, clock):
    cafe = make.cafe(capacity={"on_site": 9})

    for _ in range(5):
        make.submission(cafe, email=ADA)

    assert (left(cafe), number(Hold)) == (6, 2)


def test_a_mail_goes_at_most_once_in_ten_minutes(app, clock, new_mails):
    cafe, hall = make.cafe(), make.session("hall")
    make.registration(hall, email=ADA)
    new_mails()

    make.submission(cafe, email=ADA)
    clock.go_on(minutes=9)
    make.submission(cafe, email=ADA)
    assert len(new_mails()) == 1

    clock.go_on(minutes=2)
    make.submission(cafe, email=ADA)
    assert len(new_mails()) == 1


def test_the_same_form_sent_twice_is_one_registration_and_one_mail(app, clock, new_mails):
    cafe = make.cafe()
    for _ in range(3):
        make.submission(cafe, email=ADA)

    assert number(Registration) == 1
    assert new_mails() == [("registration_confirmed", ADA)]


def test_several_sessions_are_all_or_nothing_and_say_which_filled(app, clock):
    cafe = make.cafe()
    full = make.session("full", capacity={"on_site": 1}, waiting_list=False)
    make.registration(full)
    rows = number(Participant)

    with pytest.raises(SessionFull) as refusal:
        make.submission(cafe, full, email=ADA)

    assert [(e.field, e.code) for e in refusal.value.errors] == [("mode-full", "session_full")]
    assert (number(Participant), number(Receipt)) == (rows, 0)


@pytest.mark.parametrize("email", [ADA, "new@example.org"])
def test_refusals_do_not_depend_on_the_address(app, clock, email):
    closed = make.session("closed", registration_closes=datetime(2028, 8, 1, 10))
    full = make.session("full", capacity={"on_site": 1}, waiting_list=False)
    make.registration(full, email=ADA)

    for session, expected in ((closed, RegistrationClosed), (full, SessionFull)):
        with pytest.raises(expected) as refusal:
            make.submission(session, email=email)
        assert [e.field for e in refusal.value.errors] == [f"mode-{session.slug}"]


def test_a_mode_not_offered_is_refused_beside_its_session(app, clock):
    cafe = make.cafe(capacity={"on_site": 5})

    with pytest.raises(Invalid) as refusal:
        make.submission(cafe, mode=ONLINE)

    assert [(e.field, e.code) for e in refusal.value.errors] == [("mode-cafe", "mode_not_offered")]


def test_every_wrong_field_is_named_and_nothing_is_kept(app, clock):
    with pytest.raises(Invalid) as refusal:
        make.submission(make.cafe(), name=" ", email="ana@", consent=False)

    assert [(e.field, e.code) for e in refusal.value.errors] == [
        ("name", "name_missing"), ("email", "email_invalid"), ("consent", "consent_missing"),
    ]  # fmt: skip
    assert number(Participant) == 0


def test_no_session_chosen_is_refused(app, clock):
    with pytest.raises(Invalid) as refusal:
        operations.submit(make.consultation(), details={}, wishes=[])

    assert refusal.value.errors[0].code == "nothing_chosen"


# --- The button -----------------------------------------------------------------------------------


def test_the_button_makes_true_what_was_asked(app, clock, new_mails):
    cafe, hall = make.cafe(capacity={"on_site": 1}), make.session("hall")
    ada = make.registration(hall, email=ADA, name="Ada").participant
    make.submission(cafe, email=ADA, name="Ada L.")
    late = make.registration(cafe)  # waits: the place is held
    new_mails()

    applied = operations.apply(queries.open_submissions(ada)[0])

    assert [(r.session.slug, r.status) for r in applied.registrations] == [("cafe", "confirmed")]
    assert (late.status, ada.name, number(Hold)) == ("waiting", "Ada L.", 0)
    assert new_mails() == [("registration_confirmed", ADA)]


def test_the_button_opens_and_pressing_twice_is_pressing_once(app, clock, new_mails):
    cafe, hall = make.cafe(), make.session("hall")
    make.submission(cafe, email=ADA)
    clock.go_on(minutes=11)
    make.submission(hall, email=ADA)
    submission = queries.open_submissions(person())[0]

    operations.apply(submission)
    new_mails()
    again = operations.apply(submission)

    assert (person().is_opened, person().lapses_at) == (True, None)
    assert (len(again.registrations), new_mails()) == (1, [])


def test_the_button_moves_whoever_stood_elsewhere(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 1, "online": 1})
    online = make.registration(cafe, mode=ONLINE, email=ADA)
    waiting = make.registration(cafe, mode=ONLINE)
    make.submission(cafe, mode=ROOM, email=ADA)

    operations.apply(queries.open_submissions(online.participant)[0])

    assert (online.mode, online.status, waiting.status) == ("on_site", "confirmed", "confirmed")


def test_beyond_three_the_button_is_judged_by_what_is_free_when_pressed(app, clock):
    cafe, hall = make.cafe(capacity={"on_site": 3}), make.session("hall")
    make.registration(hall, email=ADA)
    for _ in range(4):
        make.submission(cafe, email=ADA)
    waiting = make.registration(cafe)
    fourth = queries.open_submissions(person())[3]

    applied = operations.apply(fourth)

    assert [r.status for r in applied.registrations] == ["waiting"]
    assert waiting.status == "waiting"


def test_what_can_no_longer_be_given_is_said_and_the_rest_is_done(app, clock):
    cafe, hall, other = make.cafe(), make.session("hall"), make.session("other")
    ada = make.registration(other, email=ADA).participant
    make.submission(cafe, hall, email=ADA)
    programme.cancel(hall)

    applied = operations.apply(queries.open_submissions(ada)[0])

    assert [r.session.slug for r in applied.registrations] == ["cafe"]
    assert [(s.slug, r.code) for s, r in applied.refused] == [("hall", "registration_closed")]


def test_a_place_held_in_time_is_given_though_registration_has_closed_since(app, clock):
    cafe, hall = (
        make.cafe(),
        make.session("hall", starts="2028-10-20T10:00", ends="2028-10-20T11:00"),
    )
    ada = make.registration(hall, email=ADA).participant
    clock.set("2028-10-10T16:14:00Z")
    make.submission(cafe, email=ADA)
    clock.set("2028-10-10T16:16:00Z")

    applied = operations.apply(queries.open_submissions(ada)[0])

    assert [r.status for r in applied.registrations] == ["confirmed"]


# --- A mistyped address ---------------------------------------------------------------------------


def test_correcting_keeps_the_place_in_line_and_renews_ticket_and_links(app, clock, new_mails):
    cafe = make.cafe(capacity={"on_site": 0})
    receipt = make.submission(cafe, email="adaa@example.org")
    ada = person("adaa@example.org")
    old_ticket, old_link = ada.ticket_code, queries.token(ada, Purpose.MANAGE)
    later = make.registration(cafe)
    clock.go_on(minutes=5)
    new_mails()

    operations.correct_address(receipt, ADA)

    registration = queries.find(cafe, ada)
    assert queries.positions([registration, later]) == {registration.id: 1, later.id: 2}
    assert (ada.email, ada.ticket_code != old_ticket) == (ADA, True)
    with pytest.raises(queries.Gone):
        queries.by_secret(old_link, Purpose.MANAGE)
    assert queries.by_secret(queries.token(ada, Purpose.MANAGE), Purpose.MANAGE)
    assert new_mails() == [
        ("address_corrected", "adaa@example.org"), ("registration_waiting", ADA),
    ]  # fmt: skip


def test_correcting_happens_once_and_never_after_opening(app, clock):
    cafe = make.cafe()
    once = make.submission(cafe, email="a@example.org")
    operations.correct_address(once, "b@example.org")
    opened = make.submission(cafe, email="c@example.org")
    operations.open(person("c@example.org"))

    for receipt in (once, opened):
        with pytest.raises(operations.AlreadyCorrected):
            operations.correct_address(receipt, "d@example.org")


def test_correcting_to_a_known_address_holds_the_place_for_its_owner(app, clock, new_mails):
    cafe, hall = make.cafe(capacity={"on_site": 1}), make.session("hall")
    make.registration(hall, email=ADA)
    receipt = make.submission(cafe, email="adaa@example.org")
    waiting = make.registration(cafe)
    new_mails()

    operations.correct_address(receipt, ADA)

    assert (queries.places(cafe)[ROOM].held, waiting.status) == (1, "waiting")
    assert new_mails() == [
        ("address_corrected", "adaa@example.org"), ("submission_received", ADA),
    ]  # fmt: skip
    applied = operations.apply(queries.open_submissions(person())[0])
    assert [r.status for r in applied.registrations] == ["confirmed"]


@pytest.mark.parametrize("new_is_known", [True, False])
def test_correcting_from_a_known_address_takes_its_mail_and_place_along(
    app, clock, new_mails, new_is_known
):
    cafe, hall = make.cafe(capacity={"on_site": 1}), make.session("hall")
    make.registration(hall, email="other@example.org")
    if new_is_known:
        make.registration(hall, email=ADA)
    receipt = make.submission(cafe, email="other@example.org")
    waiting = make.registration(cafe)
    new_mails()

    operations.correct_address(receipt, ADA)

    assert queries.open_submissions(person("other@example.org")) == []
    places = queries.places(cafe)[ROOM]
    assert (places.confirmed + places.held, waiting.status) == (1, "waiting")
    kind = "submission_received" if new_is_known else "registration_confirmed"
    assert new_mails() == [(kind, ADA)]


def test_a_receipt_ends_after_two_hours(app, clock):
    receipt = make.submission(make.cafe())
    consultation = make.consultation()
    assert queries.receipt(receipt.id, consultation=consultation) == receipt

    clock.go_on(hours=2)

    assert queries.receipt(receipt.id, consultation=consultation) is None
    with pytest.raises(queries.Gone):
        operations.correct_address(receipt, ADA)


def test_a_wish_may_be_given_in_words(app, clock):
    cafe = make.cafe()

    receipt = operations.submit(
        make.consultation(),
        details={"name": "Ada", "email": ADA, "consent": True},
        wishes=[Wish(cafe, "online", "on_site")],
    )

    assert receipt.typed["wishes"] == [
        {"session": cafe.id, "mode": "online", "waits_for": "on_site"}
    ]
