"""Pages beside the console: tables put up without a script, hosts' links, lists to print."""

from __future__ import annotations

import re

import pytest

from app.core.vocabulary import Role
from app.tables import operations, queries
from tests import make
from tests.tables.hall import TABLES, crowd, facilitator, host_page, seated, text_of


@pytest.fixture
def session(app, clock):
    clock.set("2028-10-10T16:10:00Z")
    make.consultation(guiding_questions=[{"en": "Question one?"}, {"en": "Question two?"}])
    return make.cafe(capacity={"on_site": 50, "online": 20})


@pytest.fixture
def organiser(app, session):
    return facilitator(app, Role.ORGANISER)


def add(browser, **fields):
    sent = {"act": "add", "room": "2", "online": "1", "least": "3", "most": "6"} | fields
    return make.send(browser, TABLES, sent)


def typed(browser, **changes):
    """What the page's own form would send, with ``changes`` ("t0-host")."""
    page = browser.get(TABLES).text
    sent = {}
    for tag in re.findall(r'<input[^>]*name="t\d+-[^>]*>', page):
        name, value = re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag:
            sent[name] = value[1] if value else ""
    for name, body in re.findall(
        r'<select[^>]*name="(t\d+-[^"]+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    return sent | changes


# --- Tables put up ----------------------------------------------------------------------------


def test_so_many_tables_are_put_up_at_once_with_twins_in_turn(organiser, session):
    assert add(organiser).headers["Location"] == f"{TABLES}?said=added"
    assert add(organiser, room="1", online="0", most="8").status_code == 303

    found = [(t.number, t.mode, t.least, t.most, t.twin) for t in queries.tables(session)]
    assert found == [
        (1, "on_site", 3, 6, 3), (2, "on_site", 3, 6, None), (3, "online", 3, 6, 1),
        (4, "on_site", 3, 8, None),
    ]  # fmt: skip


def test_each_table_is_changed_in_the_same_form_and_keeps_its_hosts_link(organiser, session):
    ana = make.registration(session, name="Ana Lindqvist").participant
    add(organiser)
    link = host_page(session, 1)
    answer = make.send(
        organiser, TABLES,
        typed(organiser) | {
            "t0-host": " ana lindqvist", "t0-guiding_question": "2", "t0-language": "fr",
            "t0-spot": "by the window", "t0-most": "7", "t1-gone": "1",
            "t2-join_url": "https://meet.example.org/three",
        },
    )  # fmt: skip

    assert answer.headers["Location"] == f"{TABLES}?said=saved"
    one, three = queries.tables(session)
    assert (one.host_id, one.guiding_question, one.language, one.place, one.most) == (
        ana.id, 2, "fr", "by the window", 7,
    )  # fmt: skip
    assert (three.number, three.join_url) == (3, "https://meet.example.org/three")
    assert host_page(session, 1) == link
    assert typed(organiser)["t0-host"] == "Ana Lindqvist"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("t0-number", "", "Enter a number"),
        ("t0-number", "2", "There is another table with this number"),
        ("t0-host", "Nobody Here", "Nobody here is called so"),
        ("t0-least", "9", "This must be at least 1 and not more than “max”"),
        ("t0-twin", "77", "There is no table with this number"),
        ("t0-twin", "2", "The twin of a room table is online, and the reverse"),
        ("t0-join_url", "meet.example.org", "Give a whole address"),
        ("t0-spot", "x" * 101, "Use 100 characters or fewer"),
    ],
)
def test_a_wrong_table_comes_back_at_its_field_with_everything_typed(
    organiser, session, field, value, words
):
    add(organiser)
    sent = typed(organiser) | {"t1-spot": "typed before", field: value}
    answer = make.send(organiser, TABLES, sent)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert "There is a problem" in answer.text
    assert "typed before" in answer.text
    assert "<title>Error:" in answer.text
    assert {each.place for each in queries.tables(session)} == {""}


def test_a_number_that_is_none_is_refused_where_tables_are_added(organiser, session):
    answer = add(organiser, room="many")

    assert (answer.status_code, "Give a whole number" in answer.text) == (422, True)
    assert re.search(r'name="room"[^>]*value="many"', answer.text)
    assert queries.tables(session) == []


def test_two_people_of_one_name_are_told_apart(organiser, session):
    make.registration(session, name="Ana Lind", organisation="Net")
    other = make.registration(session, name="Ana Lind", organisation="Hub").participant
    add(organiser)
    page = organiser.get(TABLES).text

    assert '<option value="Ana Lind (Net)">' in page
    assert '<option value="Ana Lind (Hub)">' in page
    make.send(organiser, TABLES, typed(organiser) | {"t0-host": "Ana Lind (Hub)"})
    assert queries.by_number(session, 1).host_id == other.id


def test_once_a_round_began_tables_stay_as_they_are(organiser, session):
    seated(session)
    operations.start_round(session, 1)

    page = organiser.get(TABLES).text
    assert "A round has begun" in page
    assert "Save the tables" not in page
    answer = add(organiser)
    assert (answer.status_code, "A round has begun" in answer.text) == (409, True)


def test_a_warning_stands_where_seats_would_be_lost(organiser, session):
    seated(session)

    assert "There are seats already." in organiser.get(TABLES).text


# --- Hosts' links -----------------------------------------------------------------------------


def test_hosts_links_are_shown_with_their_codes_and_made_anew(organiser, client, session):
    seated(session)
    old = host_page(session, 1)
    page = organiser.get(f"{TABLES}/links")
    assert f"https://talks.example.org{old}" in page.text
    assert page.text.count("<svg") >= 3
    assert "Zuleika Aabbatini" in page.text

    answer = make.send(organiser, f"{TABLES}/links", {"table": "1"})
    assert answer.headers["Location"] == f"{TABLES}/links?said=renewed"
    assert client.get(old).status_code == 404
    assert client.get(host_page(session, 1)).status_code == 200
    assert make.send(organiser, f"{TABLES}/links", {"table": "77"}).status_code == 303


# --- Lists to print ---------------------------------------------------------------------------


def test_a_list_by_name_says_where_everybody_sits_in_each_round(organiser, session):
    people = seated(session)
    text = text_of(organiser.get(f"{TABLES}/names"))

    names = [f"Zuleika {letter}" for letter in "ABCDEFGHabcd"]
    found = re.findall(r"(Zuleika \w)((?: (?:Table|Online) \d)+)", text)
    assert sorted(name for name, _at in found) == sorted(names)
    at = dict(found)["Zuleika B"]
    tables = [each.table.number for each in queries.seats_of(session, people[1])]
    assert re.findall(r"\d", at) == [str(number) for number in tables]


def test_a_card_for_each_table_names_who_sits_there(organiser, session):
    seated(session)
    page = organiser.get(f"{TABLES}/cards").text

    cards = page.split('class="table-card"')[1:]
    assert len(cards) == 3
    plan = queries.published(session)
    for card, number in zip(cards, (1, 2, 3), strict=True):
        sitting = next(
            each for each in queries.sitting(session, plan, 1) if each.table.number == number
        )
        first = card[card.index("Round 1") : card.index("Round 2")]
        assert re.findall(r"<bdi>([^<]+)</bdi>", first) == [
            f"Zuleika {each.name.split()[1][0]}" for each in sitting.people
        ]


def test_without_seats_there_is_nothing_to_print(organiser, session):
    for page in ("names", "cards"):
        assert "There are no seats yet" in organiser.get(f"{TABLES}/{page}").text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RAPPORTEUR, Role.DOOR, Role.REGISTRAR])
def test_who_does_not_run_the_session_comes_to_none_of_these_pages(app, session, role):
    crowd(session, 3)
    browser = facilitator(app, role)

    for page in ("", "/links", "/names", "/cards"):
        assert browser.get(f"{TABLES}{page}").status_code == 403


def test_where_there_are_no_tables_these_pages_are_not(organiser, session):
    make.town_hall("hall")

    for page in ("", "/links", "/names", "/cards"):
        assert organiser.get(f"/manage/probe/hall/tables{page}").status_code == 404
