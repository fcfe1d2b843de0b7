"""What can happen to sessions."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.core.refusals import ChangedMeanwhile, Invalid
from app.programme import operations, queries
from tests import make


def test_create_derives_the_instants_from_the_wall_clock(app, clock):
    cafe = make.cafe()

    assert cafe.starts_at.isoformat() == "2028-10-10T16:15:00+00:00"
    assert cafe.ends_at.isoformat() == "2028-10-10T18:15:00+00:00"


def test_create_fills_in_what_the_format_knows(app, clock):
    cafe = make.cafe(languages=None)

    assert [(item.title["en"], item.minutes) for item in cafe.agenda] == [
        ("Welcome", 15), ("Round 1", 20), ("Round 2", 20), ("Round 3", 20), ("Harvest", 45),
    ]  # fmt: skip
    assert cafe.languages == ["en"]


def test_create_refuses_a_wall_clock_that_does_not_exist(app, clock):
    with pytest.raises(Invalid) as refusal:
        make.session("gap", starts="2028-03-26T02:30", ends="2028-03-26T04:00")

    assert [(e.field, e.code) for e in refusal.value.errors] == [("starts", "no_such_time")]
    assert queries.by_slug(make.consultation(), "gap") is None


def test_moving_raises_the_sequence_and_a_typo_does_not(app, clock):
    cafe = make.cafe()

    operations.change(cafe, {"title": {"en": "Café"}})
    after_typo = cafe.sequence
    operations.change(
        cafe,
        {"starts": datetime(2028, 10, 10, 19, 15), "ends": datetime(2028, 10, 10, 21, 15)},
    )

    assert (after_typo, cafe.sequence) == (0, 1)


def test_two_organisers_never_overwrite_each_other(app, clock):
    cafe = make.cafe()
    seen = cafe.revision
    operations.change(cafe, {"title": {"en": "First"}}, revision=seen)

    with pytest.raises(ChangedMeanwhile):
        operations.change(cafe, {"title": {"en": "Second"}}, revision=seen)

    assert cafe.title == {"en": "First"}


def test_a_change_of_zone_asks_what_stays(app, clock):
    cafe = make.cafe()

    with pytest.raises(Invalid) as refusal:
        operations.change(cafe, {"timezone": "Africa/Lagos"})
    assert refusal.value.errors[0].code == "keep_missing"

    operations.change(cafe, {"timezone": "Africa/Lagos"}, keep="instant")
    assert (cafe.starts.isoformat(), cafe.starts_at.hour) == ("2028-10-10T17:15:00", 16)


def test_cancel_and_restore_keep_the_uid_and_count_up(app, clock):
    cafe = make.cafe()
    uid = cafe.uid

    operations.cancel(cafe, reason={"en": "Storm"})
    cancelled = (cafe.status, cafe.sequence)
    operations.restore(cafe)

    assert cancelled == ("cancelled", 1)
    assert (cafe.status, cafe.sequence, cafe.uid) == ("published", 2, uid)


def test_only_an_unseen_draft_can_be_deleted(app, clock):
    draft = make.session("draft", status="draft")
    seen = make.session("seen")

    operations.delete(draft)
    with pytest.raises(operations.NotADraft):
        operations.delete(seen)

    assert [s.slug for s in queries.all_of(make.consultation())] == ["seen"]


def test_a_default_agenda_speaks_every_language_of_the_consultation(app, clock):
    make.consultation(languages=["en", "fr"])
    cafe = make.cafe()

    assert cafe.agenda[0].title == {"en": "Welcome", "fr": "Accueil"}
    assert [item.title["en"] for item in cafe.agenda][1:4] == ["Round 1", "Round 2", "Round 3"]
