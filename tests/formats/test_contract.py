"""What every session format promises, whichever it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app import formats
from app.core.refusals import Invalid

ROOT = Path(__file__).resolve().parents[2]
EVERY = [pytest.param(each, id=key) for key, each in formats.every().items()]


@pytest.mark.parametrize("kind", EVERY)
def test_it_says_what_it_is(kind):
    assert re.fullmatch(r"[a-z_]{2,60}", kind.key)
    assert kind.name
    assert kind.modes
    assert set(kind.default_capacity) == set(kind.modes)
    assert f'id="{kind.glyph}"' in (ROOT / "static" / "icons.svg").read_text()


@pytest.mark.parametrize("kind", EVERY)
def test_its_defaults_are_valid_settings(kind):
    assert kind.checked_settings(kind.defaults()) == kind.defaults()
    assert kind.settings(None) == kind.defaults()
    assert kind.settings({"of another day": 1}) == kind.defaults()


@pytest.mark.parametrize("kind", EVERY)
def test_it_refuses_settings_it_does_not_know(kind):
    with pytest.raises(Invalid) as refusal:
        kind.checked_settings({"fireworks": True})

    assert [(e.field, e.code) for e in refusal.value.errors] == [
        ("settings.fireworks", "unknown_field")
    ]


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("minutes", [1, 30, 90, 120, 24 * 60])
def test_its_agenda_fills_the_session_or_is_empty(kind, minutes):
    parts = kind.agenda(minutes, kind.defaults())

    assert sum(part.minutes for part in parts) in (0, minutes)
    assert all(part.minutes > 0 and part.title for part in parts)


def test_a_wrong_setting_is_named():
    with pytest.raises(Invalid) as refusal:
        formats.of("town_hall").checked_settings({"turn_seconds": 5})

    assert [(e.field, e.code) for e in refusal.value.errors] == [
        ("settings.turn_seconds", "invalid_setting")
    ]


@pytest.mark.parametrize("key", ["", "karaoke", None, 7])
def test_an_unknown_format_is_refused(key):
    with pytest.raises(Invalid) as refusal:
        formats.of(key)

    assert refusal.value.errors[0].code == "unknown_format"
