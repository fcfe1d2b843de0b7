"""The archive's invented sample: complete, at its own times, marked, and told to nobody."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.attendance import queries as attendance
from app.consultations import queries as consultations
from app.contributions.models import Contribution, Support
from app.core import sample
from app.core.vocabulary import StakeholderGroup
from app.database import db
from app.floor import queries as floor
from app.floor.models import FloorRequest
from app.mail.models import OutboxMail
from app.orm import Base
from app.programme import imports
from app.programme import queries as programme
from app.registration import operations as registrations
from app.registration.models import Participant, Registration
from app.tables import queries as tables
from app.tables.models import Round
from tests import make


@pytest.fixture
def archive(furnished):
    """The archive of 2013 in a newly filled database."""
    furnished(imports.seed)
    return consultations.by_slug("open-talks-2013")


def sessions(archive):
    """Return the archive's café, town hall and online round."""
    return [programme.by_slug(archive, n) for n in ("world-cafe", "town-hall", "online-round")]


def rows() -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_everything_said_in_the_archive_is_marked_as_invented_and_of_its_time(archive):
    found = db.session.execute(select(Contribution.kind, Contribution.source)).all()

    assert Counter(kind for kind, _source in found) == {
        "note": 24, "card": 8, "turn": 10, "question": 4, "idea": 20, "comment": 25,
    }  # fmt: skip
    assert {source for _kind, source in found} == {"sample"}
    outside = [
        (each.reference, each.sent_at)
        for each in db.session.scalars(select(Contribution))
        if not each.session.starts_at <= each.sent_at < each.session.ends_at
    ]

    assert outside == []


def test_its_people_are_of_all_groups_and_many_regions_and_nobody_is_written_to(archive):
    people = db.session.scalars(select(Participant)).all()

    assert {each.stakeholder_group for each in people} == set(StakeholderGroup)
    assert len({each.country for each in people}) > 20
    assert {(each.email, each.source) for each in people} == {(None, "sample")}
    languages = set(db.session.scalars(select(Contribution.language)))
    assert languages == {"en", "fr", "es", "ar", "ru", "zh-Hans"}
    attributions = set(db.session.scalars(select(Contribution.attribution)))
    assert attributions == {"named", "organisation", "group_country", "anonymous"}
    assert db.session.scalars(select(OutboxMail)).all() == []


def test_filling_again_changes_nothing(archive):
    before = rows()

    assert imports.seed() == []
    assert rows() == before


def test_the_figures_of_the_floor_are_those_of_the_file(archive):
    town_hall = sessions(archive)[1]
    told = sample.told().floor.turns
    board = floor.board(town_hall)
    length = {
        mode: sum(turn.seconds + turn.goes_on_seconds for turn in told if turn.mode == mode)
        for mode in ("on_site", "online")
    }

    assert board.seconds.by_mode == length
    assert len(board.held) == 11  # one went on after a lost connection
    assert not board.is_open
    assert board.waiting == []


def test_the_rounds_of_the_cafe_are_over_and_its_harvest_is_whole(archive):
    cafe = sessions(archive)[0]
    rounds = db.session.scalars(select(Round).order_by(Round.number)).all()
    harvest = tables.harvest(cafe)

    assert [each.started_at for each in rounds] == [
        datetime(2013, 10, 8, 16, 30, tzinfo=UTC),
        datetime(2013, 10, 8, 16, 54, tzinfo=UTC),
        datetime(2013, 10, 8, 17, 18, tzinfo=UTC),
    ]
    assert all(each.ended_at is not None for each in rounds)
    assert [each.table.number for each in harvest.tables] == [1, 6, 2, 3, 4, 5]
    assert sum(len(each.notes) for each in harvest.tables) == 24
    assert len(harvest.cards) == 8


def test_the_board_is_closed_and_shows_its_supports_and_the_tag(archive, client):
    supports = db.session.execute(select(Support.contribution_id, Support.participant_id)).all()
    page = client.get("/open-talks-2013/online-round/ideas")

    assert page.status_code == 200
    assert page.text.count("Invented sample") == 20
    assert "11 supports" in page.text
    assert len(supports) == len(set(supports)) == 126 + 10


def test_every_contribution_page_carries_the_tag(archive, client):
    untagged = [
        reference
        for reference in db.session.scalars(select(Contribution.reference)).all()
        if "Invented sample" not in client.get(f"/open-talks-2013/contributions/{reference}").text
    ]

    assert untagged == []


def test_answers_and_files_say_where_it_comes_from(archive, client):
    answer = client.get("/api/v1/consultations/open-talks-2013/contributions?limit=200").json
    text = client.get(
        "/api/v1/consultations/open-talks-2013/contributions", headers={"Accept": "text/csv"}
    ).text
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert {each["source"] for each in answer["items"]} == {"sample"}
    assert (len(lines), {line["source"] for line in lines}) == (91, {"sample"})


def test_staff_cannot_enter_a_sample(archive, client):
    body = {
        "text": "Made up.", "source": "sample", "attribution": "anonymous",
        "author": {"name": "Nobody"},
    }  # fmt: skip
    owner = make.person("owner", inside=archive)
    answer = client.post(
        "/api/v1/consultations/open-talks-2013/sessions/online-round/ideas",
        json=body,
        headers=make.bearer(who=owner),
    )

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_source")


def test_invented_people_are_not_erased_when_their_time_is_over(archive):
    """Their session ended fifteen years ago; whoever was real would be forgotten by now."""
    assert registrations.erase_after_retention() == 0
    assert db.session.scalars(select(Participant.erased_at)).all() == [None] * 28


def test_the_live_pages_of_what_is_over_show_it_with_the_tag(archive, client):
    cafe, town_hall, board = (
        client.get(f"/live/open-talks-2013/{session.slug}/").text for session in sessions(archive)
    )

    assert cafe.count("Invented sample") == 24 + 8
    assert town_hall.count("Invented sample") == 10 + 4
    assert "The floor in figures" in town_hall
    assert board.count("Invented sample") == 5


def test_whoever_says_something_was_registered_there_and_came(archive):
    held = {
        (each.session_id, each.participant_id): each.mode
        for each in db.session.scalars(select(Registration))
    }
    said = db.session.scalars(select(Contribution).where(Contribution.kind != "note")).all()
    spoke = db.session.scalars(select(FloorRequest)).all()
    sums = attendance.sums(sessions(archive))

    assert [each.reference for each in said if place_of(each) not in held] == []
    assert [each.name for each in spoke if held[place_of(each)] != each.mode] == []
    assert Counter(held.values()) == {"on_site": 19, "online": 41}
    assert [sums[each.id].registered for each in sessions(archive)] == [18, 14, 28]
    assert [sums[each.id].checked_in for each in sessions(archive)] == [14, 5, 0]
    assert sums[sessions(archive)[2].id].attended == 28
    assert db.session.scalars(select(OutboxMail)).all() == []


def place_of(row) -> tuple[int, int]:
    """Return in which session, and of whom, something is."""
    return row.session_id, row.participant_id
