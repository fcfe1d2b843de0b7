"""Every format is rehearsed from the first step to the last, over HTTP, by an organiser."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask_babel import gettext
from sqlalchemy import select

from app.contributions.models import Contribution
from app.core.vocabulary import Role
from app.database import db, operation
from app.floor import queries as floor
from app.floor.models import FloorRequest, FloorTurn
from app.live import operations, panels, queries
from app.live.models import Rehearsal
from app.mail.models import OutboxMail
from app.programme.models import Session
from app.tables import queries as tables
from tests import make
from tests.live.test_rehearsals import rows

MADE = {
    "world_cafe": lambda: make.session("it", capacity={"on_site": 50, "online": 10}),
    "town_hall": lambda: make.town_hall("it", capacity={"on_site": 100, "online": None}),
    "online_round": lambda: make.online_round("it"),
}
PAGE = "/manage/probe/it/rehearsal"


def start(app, format: str):
    """Start the rehearsal of a session of ``format``; return a browser and the copy."""
    MADE[format]()
    organiser = make.browser(app, Role.ORGANISER)
    assert make.send(organiser, f"{PAGE}/start").status_code == 303
    return organiser, db.session.scalars(select(Rehearsal)).one().session


def keys_of(copy: Session) -> list[str]:
    """Return the keys of a copy's steps."""
    return [step.key for step in operations.steps(copy)]


def next_key(page: str) -> str | None:
    """Return the step that the page's main button plays."""
    found = re.search(r'<button class="btn" name="step" value="([a-z0-9-]+)"', page)
    return found[1] if found else None


def says_what_it_is(app, page: str) -> bool:
    """Whether a page says, in its own language, that it is a rehearsal."""
    language = re.search(r'<html lang="([\w-]+)"', page)[1]
    with app.test_request_context(f"/?lang={language}"):
        return gettext("Rehearsal: invented people, nothing is sent") in page


@pytest.mark.parametrize("format", list(MADE))
def test_every_step_is_played_by_its_button_and_every_screen_shows_it(app, clock, format):
    organiser, copy = start(app, format)
    visitor = app.test_client()
    played, broken = [], []
    while key := next_key(organiser.get(PAGE).text):
        clock.go_on(seconds=20)
        assert make.send(organiser, PAGE, {"step": key}).status_code == 303, key
        played.append(key)
        with app.test_request_context():
            links = [url for _words, url, _icon in panels.rehearsal_links(copy)]
        for url in links:
            browser = organiser if "/console" in url or "/manage/" in url else visitor
            answer = browser.get(url)
            if answer.status_code != 200 or not says_what_it_is(app, answer.text):
                broken.append((key, url, answer.status_code))

    assert broken == []
    assert played == keys_of(copy)
    assert len(played) > 5
    assert "Every step was played" in organiser.get(PAGE).text
    assert db.session.scalars(select(OutboxMail)).all() == []


def play_through(app, format: str) -> Session:
    """Play a rehearsal to its end with one button; return the copy as it is then."""
    organiser, copy = start(app, format)
    last = keys_of(copy)[-1]
    assert make.send(organiser, PAGE, {"step": last}).status_code == 303
    assert db.session.scalars(select(Rehearsal.done)).one() == len(keys_of(copy))
    return copy


@pytest.mark.parametrize("format", list(MADE))
def test_wiping_what_was_played_to_its_end_leaves_no_row(app, clock, format):
    MADE[format]()
    organiser = make.browser(app, Role.ORGANISER)
    make.form_token(organiser)
    before = rows()
    make.send(organiser, f"{PAGE}/start")
    copy = db.session.scalars(select(Rehearsal)).one().session
    make.send(organiser, PAGE, {"step": keys_of(copy)[-1]})

    make.send(organiser, f"{PAGE}/wipe")

    left = {name: count - before[name] for name, count in rows().items() if count != before[name]}
    assert left == {"audit_entry": 2}  # that it was started, and that it was wiped


def test_a_cafe_has_its_rounds_notes_and_cards(app, clock):
    copy = play_through(app, "world_cafe")
    placed = tables.tables(copy)
    rounds = tables.rounds(copy)
    cards = tables.cards(copy)

    assert [(each.number, each.is_running) for each in rounds] == [
        (1, False), (2, False), (3, False),
    ]  # fmt: skip
    assert {table.mode for table in placed} == {"on_site", "online"}
    assert tables.note_counts(copy) == {
        (table.number, number): 2 for table in placed for number in (1, 2, 3)
    }
    assert len(cards) == 43  # 44 came, a host left after the first round
    assert {each.attribution for each in cards} == {
        "named", "organisation", "group_country", "anonymous",
    }  # fmt: skip
    assert tables.latecomers(copy) == []


def test_a_town_hall_has_a_lost_connection_an_override_and_a_written_turn(app, clock):
    copy = play_through(app, "town_hall")
    requests = db.session.scalars(select(FloorRequest)).all()
    words = Counter(db.session.scalars(select(FloorTurn.because)))

    assert {each.state for each in requests} == {"done"}
    assert Counter(each.losses for each in requests) == {0: 9, 1: 1}
    assert words["topic"] == 1
    assert [each.kind for each in requests].count("text") == 1
    assert {each.mode for each in requests} == {"on_site", "online"}
    assert not floor.is_open(copy)
    assert [each.is_reached for each in floor.questions(copy)] == [True, False, False, False]


def test_an_online_round_is_moderated_answered_supported_and_closed(app, clock):
    copy = play_through(app, "online_round")
    statuses = Counter(
        db.session.scalars(select(Contribution.status).where(Contribution.kind == "idea"))
    )
    page = app.test_client().get(f"/{copy.consultation.slug}/it/ideas").text

    assert copy.ends_at <= clock.time
    assert statuses == {"published": 9, "held": 1, "rejected": 1, "withdrawn": 1}
    assert "supports" in page
    assert "Support counts are hidden" not in page


@pytest.mark.parametrize("format", list(MADE))
def test_what_was_done_by_hand_stays_and_the_steps_go_on(app, clock, format):
    """Whoever presses a step on a page from before, or acted on the console, breaks nothing."""
    _organiser, copy = start(app, format)
    steps = operations.steps(copy)
    rehearsal = queries.rehearsal_of(db.session.get_one(Session, copy.consultation.rehearsal_of))
    for step in steps[:-1]:  # as if somebody had done all of it by hand
        made = [step.prepare()] if step.prepare else []
        by_hand(step, made)

    operations.play(rehearsal, steps, len(steps) - 1)

    assert rehearsal.done == len(steps)


def by_hand(step, made: list) -> None:
    """Do what a step does, uncounted."""
    operation(step.act)(*made)
