"""Pages of organisers about sessions and running orders."""

from __future__ import annotations

import re

import pytest

from app.core.vocabulary import Role
from app.programme import operations, queries
from tests import make
from tests.consultations.test_staff_views import typed

EDIT = "/manage/probe/sessions/cafe/"


@pytest.fixture
def organiser(app, clock):
    """A browser of an organiser of `probe`, where the session `cafe` is."""
    make.cafe()
    return make.browser(app, Role.ORGANISER)


def cafe():
    """Return the session as it now is."""
    return queries.by_slug(make.consultation(), "cafe")


def form(client, **changes) -> dict:
    """Return the session's form as it stands, with ``changes``."""
    page = client.get(EDIT)
    assert page.status_code == 200, page.text
    return typed(page.text) | {"languages": ["en"], "waiting_list": "y"} | changes


def new(**changes) -> dict:
    """Return a form of a new session."""
    return {
        "format": "world_cafe", "title__en": "Second café", "slug": "second",
        "starts": "2028-10-11T18:15", "ends": "2028-10-11T20:15", "timezone": "Europe/Zurich",
    } | changes  # fmt: skip


def test_a_format_fills_in_what_it_knows(organiser):
    answer = make.send(organiser, "/manage/probe/sessions/new", new())

    made = queries.by_slug(make.consultation(), "second")
    assert (answer.status_code, answer.headers["Location"]) == (
        303, "/manage/probe/sessions/second/",
    )  # fmt: skip
    assert (made.status, made.capacity, len(made.agenda)) == (
        "draft",
        {"on_site": 50, "online": 20},
        5,
    )
    assert made.uid.endswith("@talks.example.org")


def test_a_time_that_does_not_exist_is_refused_with_a_suggestion(organiser):
    answer = make.send(
        organiser,
        "/manage/probe/sessions/new",
        new(starts="2028-03-26T02:30", ends="2028-03-26T05:00", title__en="Nächtliche Runde"),
    )

    assert answer.status_code == 422
    assert "<title>Error: Add a session" in answer.text
    error = re.search(r'id="starts-error">.*?</p>', answer.text, re.S)[0]
    assert ("01:59" in error, "03:00" in error) == (True, True)
    assert 'value="Nächtliche Runde"' in answer.text
    assert 'value="2028-03-26T02:30"' in answer.text


def test_a_time_that_comes_twice_is_asked_and_the_answer_is_kept(organiser):
    twice = new(starts="2028-10-29T02:30", ends="2028-10-29T05:00")
    asked = make.send(organiser, "/manage/probe/sessions/new", twice)
    assert (asked.status_code, 'name="fold"' in asked.text) == (422, True)

    make.send(organiser, "/manage/probe/sessions/new", twice | {"fold": "1"})

    made = queries.by_slug(make.consultation(), "second")
    assert (made.fold, made.starts_at.isoformat()) == (1, "2028-10-29T01:30:00+00:00")


def test_saving_what_is_shown_changes_nothing(organiser):
    before = operations.picture(cafe())
    sequence = cafe().sequence

    answer = organiser.post(EDIT, data=form(organiser))

    assert answer.status_code == 303, answer.text
    assert (operations.picture(cafe()), cafe().sequence) == (before, sequence)


def test_everything_of_a_session_can_be_changed(organiser):
    answer = organiser.post(
        EDIT,
        data=form(
            organiser, title__en="Café of the evening", description__en="One\r\ntwo",
            ends="2028-10-10T20:45", venue_name="Museum", venue_city="Geneva", venue_country="CH",
            venue_latitude="46.2", venue_longitude="6,14", offer_online="no",
            offer_on_site="unlimited", join_url="https://meet.example.org/x",
            registration_opens="2028-09-02T09:00", to_be_announced=["place"],
            **{"settings-rounds": "4"},
        ),
    )  # fmt: skip

    assert answer.status_code == 303, answer.text
    session = cafe()
    assert session.title == {"en": "Café of the evening"}
    assert session.description == {"en": "One\ntwo"}
    assert session.venue == {
        "name": "Museum", "city": "Geneva", "country": "CH", "latitude": 46.2, "longitude": 6.14,
    }  # fmt: skip
    assert (session.capacity, session.to_be_announced) == ({"on_site": None}, ["place"])
    assert session.ends_at.isoformat() == "2028-10-10T18:45:00+00:00"
    assert session.registration_opens_at.isoformat() == "2028-09-02T07:00:00+00:00"
    assert session.kind.settings(session.settings)["rounds"] == 4


def test_what_does_not_fit_comes_back_whole(organiser):
    answer = organiser.post(
        EDIT,
        data=form(
            organiser, title__en="", capacity_on_site="many", join_url="javascript:x",
            venue_name="Kept <i>", **{"settings-rounds": "99"},
        ),
    )  # fmt: skip

    assert answer.status_code == 422
    for wrong in ("title__en", "capacity_on_site", "join_url", "settings-rounds"):
        assert f'href="#{wrong}"' in answer.text
    assert 'value="Kept &lt;i&gt;"' in answer.text
    assert 'value="many"' in answer.text
    assert cafe().venue["name"] == "ICT Discovery"


def test_another_zone_asks_what_stays(organiser):
    asked = organiser.post(EDIT, data=form(organiser, timezone="Africa/Lagos"))
    assert (asked.status_code, 'name="keep"' in asked.text) == (422, True)

    organiser.post(EDIT, data=form(organiser, timezone="Africa/Lagos", keep="instant"))

    assert (cafe().starts.isoformat(), cafe().starts_at.hour) == ("2028-10-10T17:15:00", 16)


def test_two_organisers_never_overwrite_each_other(organiser):
    data = form(organiser, title__en="Mine")
    operations.change(cafe(), {"title": {"en": "Theirs"}})

    answer = organiser.post(EDIT, data=data)

    assert (answer.status_code, cafe().title) == (409, {"en": "Theirs"})
    assert re.search(r">Theirs</td>\s*<td dir=\"auto\"><b>Mine</b>", answer.text)
    again = organiser.post(EDIT, data=typed(answer.text) | {"languages": ["en"]})
    assert (again.status_code, cafe().title) == (303, {"en": "Mine"})


def test_a_session_is_cancelled_with_a_reason_and_restored(organiser):
    status = f"{EDIT}status"

    make.send(organiser, status, {"act": "cancel", "reason-en": "Storm\r\nwarning"})
    cancelled = (cafe().status, cafe().cancel_reason)
    make.send(organiser, status, {"act": "restore"})
    restored = cafe().status
    make.send(organiser, status, {"act": "postponed"})

    assert cancelled == ("cancelled", {"en": "Storm\nwarning"})
    assert (restored, cafe().status) == ("published", "postponed")


def test_only_an_unseen_draft_is_deleted(organiser):
    make.session("draft", status="draft")

    gone = make.send(organiser, "/manage/probe/sessions/draft/status", {"act": "delete"})
    kept = make.send(organiser, f"{EDIT}status", {"act": "delete"})

    assert (gone.status_code, kept.status_code) == (303, 409)
    assert [session.slug for session in queries.all_of(make.consultation())] == ["cafe"]


# --- The running order ------------------------------------------------------------------------


def lines(client, act: str, **changes):
    """Press a button of the agenda editor."""
    page = client.get(f"{EDIT}agenda")
    return client.post(f"{EDIT}agenda", data=typed(page.text) | changes | {"act": act})


def titles(page: str) -> list[str]:
    """Return the titles in the editor, in order."""
    return re.findall(r'name="title-\d+-en" type="text" value="([^"]*)"', page)


def starts(page: str) -> list[str]:
    """Return the starts in the editor, in order."""
    return re.findall(r'<time class="fig start">(\S+)</time>', page)


def test_the_editor_shows_starts_ends_a_second_zone_and_the_sum(organiser):
    page = organiser.get(f"{EDIT}agenda?also=Asia/Makassar").text

    assert titles(page) == ["Welcome", "Round 1", "Round 2", "Round 3", "Harvest"]
    assert starts(page) == ["18:15", "18:30", "18:50", "19:10", "19:30"]
    assert re.findall(r'<time class="fig muted">(\S+)</time>', page)[0] == "00:15"
    assert "120 of 120 minutes" in page
    assert re.search(r'id="up-0"[^>]* disabled', page)
    assert "Move Round 1 up" in page


def test_a_line_moves_by_a_button_and_the_starts_follow(organiser):
    page = lines(organiser, "down-0").text

    assert titles(page) == ["Round 1", "Welcome", "Round 2", "Round 3", "Harvest"]
    assert starts(page) == ["18:15", "18:35", "18:50", "19:10", "19:30"]
    assert re.search(r'id="down-1"[^>]* autofocus', page)
    assert "Not saved yet" in page
    assert cafe().agenda[0].title == {"en": "Welcome"}

    saved = organiser.post(f"{EDIT}agenda", data=typed(page) | {"act": "save"})
    assert (saved.status_code, cafe().agenda[0].title) == (303, {"en": "Round 1"})


def test_lines_come_and_go(organiser):
    page = lines(organiser, "add").text
    assert len(titles(page)) == 6

    page = lines(organiser, "delete-4", **{"minutes-0": "20"}).text
    assert titles(page) == ["Welcome", "Round 1", "Round 2", "Round 3"]
    assert "80 of 120 minutes" in page


def test_a_wrong_length_comes_back_with_everything_typed(organiser):
    answer = lines(organiser, "save", **{"minutes-1": "soon", "title-0-en": "Hello"})

    assert (answer.status_code, "<title>Error: Agenda" in answer.text) == (422, True)
    assert 'href="#minutes-1"' in answer.text
    assert (titles(answer.text)[0], 'value="soon"' in answer.text) == ("Hello", True)


def test_two_running_orders_never_overwrite_each_other(organiser):
    page = organiser.get(f"{EDIT}agenda").text
    operations.change(cafe(), {"agenda": [{"title": {"en": "Theirs"}, "minutes": 120}]})

    answer = organiser.post(
        f"{EDIT}agenda", data=typed(page) | {"act": "save", "title-0-en": "Mine"}
    )

    assert (answer.status_code, len(cafe().agenda)) == (409, 1)
    assert re.search(r">Theirs, 120 min</td>\s*<td dir=\"auto\"><b>Mine, 15 min</b>", answer.text)
    again = organiser.post(f"{EDIT}agenda", data=typed(answer.text) | {"act": "save"})
    assert (again.status_code, cafe().agenda[0].title) == (303, {"en": "Mine"})
