"""Whatever JSON is sent to the API, it is stored or refused in its own words: never a fault."""

from __future__ import annotations

import json
import random

import pytest

from app.core.vocabulary import Role
from tests import make

BASE = "/api/v1/consultations"
WORDS = [
    None, True, False, 0, 1, -1, 2, 50, 10**18, 10**40, 0.5, -0.0, 1e308, "", " ", "x", "\x00",
    "\x07a\n\r\nb", "é" * 400, "x" * 20_000, "e\u0301" * 500, "\u0301" * 5_000, "\u202etxt", "’",
    "%s %(x)s {0}", "<b>&amp;", "en", "zh-Hans", "no", "EN_us", "Europe/Zurich",
    "US/Eastern", "Etc/GMT+12", "Europe", "../etc", "on_site", "online", "draft", "published",
    "cancelled", "closed", "world_cafe", "town_hall", "online_round", "2028-10-10T18:15",
    "2028-10-10T20:15", "2028-03-26T02:30", "2028-10-29T02:30", "0000-00-00T00:00",
    "9999-12-31T23:59", "2028-10-10T18:15:61", "1969-12-31T23:59", "2028-10-10",
    "https://example.org/x", "https://[::1", "http://x:99999", "javascript:1", "ana@example.org",
    "ANA@EXAMPLE.ORG", "a@b", "a@xn--", "@", "cafe", "probe", "new-slug", "CH", "wall_clock",
    "instant", "date", "place", [], {}, [None], ["en"], ["en", "fr"], ["date"], [[]], {"en": "x"},
    {"en": None}, {"en": {}}, {"on_site": 1}, {"on_site": None, "online": 0}, {"rounds": 3},
    {"rounds": "x"}, {"rounds": [1]}, {"round_minutes": None}, {"follow_up": "no"}, {"moderation":
    "after"}, {"latitude": 0, "longitude": 0}, {"latitude": 1e308}, {"name": "Hall"}, {"": ""},
    [{"title": "x", "minutes": 5}], [{"title": {"en": "x"}, "minutes": 1.5}], [{"text": "?"}],
    [{"text": {"fr": "?"}}],
]  # fmt: skip
FIELDS = [
    "slug", "title", "summary", "description", "timezone", "languages", "guiding_questions",
    "receiving_body", "scope_note", "document_deadline", "contact_email", "controller", "purpose",
    "prefix", "status", "format", "starts", "ends", "fold", "ends_fold", "venue", "join_url",
    "recording_url", "capacity", "waiting_list", "registration_opens", "registration_closes",
    "to_be_announced", "agenda", "settings", "keep", "revision", "reason", "name", "email",
    "mode", "waits_for", "language", "organisation", "country", "stakeholder_group", "answers",
    "convenor",
]  # fmt: skip
GOOD = {
    "consultation": {"slug": "made", "title": "Made", "timezone": "Europe/Zurich"},
    "session": {
        "slug": "made", "title": "Made", "format": "world_cafe", "starts": "2028-10-10T18:15",
        "ends": "2028-10-10T20:15", "timezone": "Europe/Zurich",
    },
    "registration": {"name": "Bo", "email": "bo@example.org", "mode": "online"},
    "change": {},
}  # fmt: skip


def bodies(chance):
    """Endless bodies: a good one, spoilt in one to three fields."""
    while True:
        kind = chance.choice(list(GOOD))
        body = dict(GOOD[kind])
        for _ in range(chance.randint(1, 3)):
            known = list(GOOD[kind]) if chance.random() < 0.4 and GOOD[kind] else FIELDS
            body[chance.choice(known)] = chance.choice(WORDS)
        yield kind, body


def shoot(client, app, number, seed):
    """Send ``number`` bodies; return what was answered with neither success nor a clear refusal."""
    chance = random.Random(seed)
    headers = make.bearer(Role.ADMIN)
    made = client.post(
        f"{BASE}/probe/sessions/cafe/registrations",
        json={"name": "Ana", "email": "ana@example.org", "mode": "online"},
        headers=headers,
    ).json["id"]
    targets = {
        "consultation": [("POST", BASE)],
        "session": [("POST", f"{BASE}/probe/sessions")],
        "registration": [("POST", f"{BASE}/probe/sessions/cafe/registrations")],
        "change": [
            ("PATCH", f"{BASE}/probe"),
            ("PATCH", f"{BASE}/probe/sessions/cafe"),
            ("PATCH", f"/api/v1/registrations/{made}"),
            ("POST", f"{BASE}/probe/sessions/cafe/cancel"),
            ("POST", f"{BASE}/probe/sessions/cafe/restore"),
        ],
    }
    odd, statuses = [], set()
    for _, (kind, body) in zip(range(number), bodies(chance), strict=False):
        method, path = chance.choice(targets[kind])
        answer = client.open(path, method=method, json=body, headers=headers)
        statuses.add(answer.status_code)
        clear = answer.status_code in (200, 201) or (
            answer.status_code in (403, 404, 409, 422)
            and answer.mimetype == "application/problem+json"
            and "{said}" not in answer.json["detail"] + json.dumps(answer.json["errors"])
        )
        if not clear:
            odd.append((method, path, body, answer.status_code, answer.data[:200]))
        if answer.status_code in (200, 201) and chance.random() < 0.5:
            read = client.get(f"{BASE}/probe/sessions?limit=200", headers=headers)
            if read.status_code != 200:
                odd.append(("GET", path, body, read.status_code))
    return odd, statuses


@pytest.mark.parametrize("seed", range(2))
def test_no_body_is_a_fault(app, client, clock, seed):
    make.cafe()

    odd, statuses = shoot(client, app, 150, seed)

    assert odd == []
    assert {201, 422} <= statuses


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(100, 110))
def test_no_body_of_thousands_is_a_fault(app, client, clock, seed):
    make.cafe()

    odd, _statuses = shoot(client, app, 2_000, seed)

    assert odd == []
