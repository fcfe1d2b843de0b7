"""`flask seed` and `flask programme rezone`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.consultations import queries as consultations
from app.core import timing
from app.core.vocabulary import Mode
from app.programme import imports, queries
from tests import make


def instants(slug):
    """When the sessions of a consultation are, by slug."""
    return {
        s.slug: (timing.isoformat_z(s.starts_at), timing.isoformat_z(s.ends_at))
        for s in queries.all_of(consultations.by_slug(slug))
    }


def test_seed_fills_an_empty_database_with_the_archive_of_2013(app, clock):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert [c.slug for c in consultations.published()] == ["open-talks", "open-talks-2013"]
    assert instants("open-talks-2013") == {
        "world-cafe": ("2013-10-08T16:15:00Z", "2013-10-08T18:15:00Z"),
        "online-round": ("2013-10-14T07:00:00Z", "2013-11-01T22:59:00Z"),
        "town-hall": ("2013-10-25T01:00:00Z", "2013-10-25T02:30:00Z"),
    }


@pytest.mark.parametrize(
    "now", ["2026-01-01T00:00:00+00:00", "2027-02-28T23:59:00+00:00", "2028-09-01T08:00:00+00:00"]
)
def test_the_coming_edition_keeps_weekdays_wall_clocks_and_zones(app, clock, now):
    today = clock.set(now)
    imports.seed()

    sessions = {s.slug: s for s in queries.all_of(consultations.by_slug("open-talks"))}
    archive = {s.slug: s for s in queries.all_of(consultations.by_slug("open-talks-2013"))}
    first = sessions["world-cafe"].starts_at
    assert today + timedelta(days=14) <= first < today + timedelta(days=21, hours=2)
    for slug, session in sessions.items():
        then = archive[slug]
        assert (session.starts - then.starts) == (
            sessions["world-cafe"].starts - archive["world-cafe"].starts
        )
        assert (session.starts - then.starts) % timedelta(weeks=1) == timedelta(0)
        assert (session.starts.time(), session.timezone) == (then.starts.time(), then.timezone)
        assert all(session.takes_registrations(mode, at=today) for mode in session.modes)
    assert set(sessions["world-cafe"].modes) == {Mode.ON_SITE, Mode.ONLINE}


def test_everything_shown_exists_in_english_french_and_arabic(app, clock):
    imports.seed()

    for consultation in consultations.every():
        texts = [consultation.title, consultation.summary, consultation.purpose]
        texts += [question.text for question in consultation.guiding_questions]
        for session in queries.all_of(consultation):
            texts += [session.title, session.description]
        assert [set(text) for text in texts] == [{"en", "fr", "ar"}] * len(texts)
        questions = [question.text["en"] for question in consultation.guiding_questions]
        assert len(questions) == 3
        assert all(text.startswith("Sample question: ") for text in questions)


def test_seed_never_touches_a_database_that_holds_something(app, clock):
    make.consultation()

    result = app.test_cli_runner().invoke(args=["seed"])

    assert (result.exit_code, result.output) == (0, "")
    assert [c.slug for c in consultations.every()] == ["probe"]


def test_an_interrupted_seed_leaves_nothing_half(app, clock, monkeypatch):
    class Interrupted(BaseException):
        pass

    def stop(_plan):
        raise Interrupted

    monkeypatch.setattr("app.programme.imports.examples.coming", stop)
    with pytest.raises(Interrupted):
        imports.seed()
    monkeypatch.undo()

    assert consultations.every() == []


def test_rezone_shows_what_new_rules_move_and_moves_it_when_told(app, clock, monkeypatch):
    cafe = make.cafe()
    make.session("past", starts="2028-08-01T18:15", ends="2028-08-01T20:15")
    runner = app.test_cli_runner()
    nothing = runner.invoke(args=["programme", "rezone"])

    real = timing.instant
    monkeypatch.setattr(
        "app.core.timing.instant", lambda *a, **k: real(*a, **k) + timedelta(hours=1)
    )
    shown = runner.invoke(args=["programme", "rezone"])
    sequence = (cafe.sequence, cafe.starts_at.hour)
    applied = runner.invoke(args=["programme", "rezone", "--apply"])
    after = runner.invoke(args=["programme", "rezone"])

    line = (
        "probe/cafe: Europe/Zurich, 2028-10-10T16:15:00Z to 2028-10-10T18:15:00Z, "
        "now 2028-10-10T17:15:00Z to 2028-10-10T19:15:00Z\n"
    )
    assert (nothing.stdout, shown.stdout, applied.stdout, after.stdout) == ("", line, line, "")
    assert sequence == (0, 16)
    moved = queries.by_slug(make.consultation(), "cafe")
    assert (moved.sequence, moved.starts_at.hour, moved.starts.hour) == (1, 17, 18)
