"""Consultations over the API: shapes to the letter, drafts hidden, every wrong field named."""

from __future__ import annotations

import pytest

from app.core.vocabulary import Role
from tests import make

URL = "/api/v1/consultations"
NEW = {"slug": "open-talks", "title": "Open Talks", "timezone": "Europe/Zurich"}


def shape(**fields):
    """The whole answer about `NEW`, but for what a test names."""
    return {
        "slug": "open-talks",
        "title": "Open Talks",
        "summary": None,
        "timezone": "Europe/Zurich",
        "languages": ["en"],
        "guiding_questions": [],
        "receiving_body": None,
        "scope_note": None,
        "convenor": None,
        "document_deadline": None,
        "contact_email": None,
        "hashtag": None,
        "controller": None,
        "purpose": None,
        "prefix": "OT",
        "status": "draft",
        "published_at": None,
        "changed_at": "2028-09-01T08:00:00Z",
        "revision": 1,
    } | fields


def codes(response):
    """Status and (field, code) of a refusal."""
    assert response.mimetype == "application/problem+json"
    return response.status_code, [(e["field"], e["code"]) for e in response.json["errors"]]


def test_only_three_fields_are_required(client, clock):
    answer = client.post(URL, json=NEW, headers=make.bearer(Role.ADMIN))

    assert (answer.status_code, answer.json) == (201, shape())


def test_everything_that_can_be_said(client, clock):
    sent = NEW | {
        "title": {"en": "Open Talks", "fr": "Paroles ouvertes"},
        "summary": "Line one\r\nline two",
        "languages": ["en", "fr"],
        "guiding_questions": [{"text": "Why?"}, {"text": {"en": "How?", "fr": "Comment ?"}}],
        "receiving_body": "CWG-Internet",
        "scope_note": "Informal.",
        "convenor": "The Secretary-General",
        "document_deadline": "2028-11-11",
        "contact_email": " Talks@Example.org ",
        "controller": "Office",
        "purpose": {"fr": "Entendre"},
        "prefix": "OT28",
        "status": "published",
    }

    answer = client.post(URL, json=sent, headers=make.bearer(Role.ADMIN))

    assert (answer.status_code, answer.json) == (
        201,
        shape(
            **sent
            | {
                "summary": "Line one\nline two",
                "contact_email": "talks@example.org",
                "published_at": "2028-09-01T08:00:00Z",
                "changed_at": "2028-09-01T08:00:01Z",
                "revision": 2,
            }
        ),
    )


def test_every_wrong_field_is_named_and_the_first_gives_the_code(client, clock):
    sent = {
        "slug": "Nö",
        "title": "",
        "timezone": "localtime",
        "languages": ["en", "en"],
        "contact_email": "ana@",
        "document_deadline": "2028-02-30",
        "colour": "red",
    }

    answer = client.post(URL, json=sent, headers=make.bearer(Role.ADMIN))

    assert codes(answer) == (
        422,
        [
            ("slug", "invalid_slug"),
            ("title", "missing_field"),
            ("timezone", "unknown_timezone"),
            ("languages", "invalid_language"),
            ("document_deadline", "invalid_date"),
            ("contact_email", "email_invalid"),
            ("colour", "unknown_field"),
        ],
    )
    assert answer.json["code"] == "invalid_slug"
    assert client.get(URL).json == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"slug": "manage"}, ("slug", "reserved_slug")),
        ({"slug": "x"}, ("slug", "invalid_slug")),
        ({"slug": 5}, ("slug", "invalid_slug")),
        ({"title": 2013}, ("title", "invalid_value")),
        ({"title": "x" * 301}, ("title", "too_long")),
        ({"title": {}}, ("title", "missing_field")),
        ({"title": {"english": "x"}}, ("title", "invalid_language")),
        ({"summary": "x" * 10_001}, ("summary", "too_long")),
        ({"languages": []}, ("languages", "invalid_language")),
        ({"guiding_questions": [{"text": "?"}] * 21}, ("guiding_questions", "too_many")),
        (
            {"guiding_questions": [{"text": "?", "n": 1}]},
            ("guiding_questions.0.n", "unknown_field"),
        ),
        ({"status": "closed"}, ("status", "invalid_status")),
        ({"prefix": "no"}, ("prefix", "invalid_prefix")),
        ({"slug": "probe"}, ("slug", "duplicate_slug")),
    ],
)
def test_what_a_consultation_cannot_be(client, clock, fields, error):
    make.consultation()

    answer = client.post(URL, json=NEW | fields, headers=make.bearer(Role.ADMIN))

    assert codes(answer) == (422, [error])


def test_a_text_of_the_limit_counts_line_ends_once(client, clock):
    sent = NEW | {"summary": "\r\n".join(["x"] * 5_000) + "y"}

    answer = client.post(URL, json=sent, headers=make.bearer(Role.ADMIN))

    assert answer.status_code == 201


def test_drafts_are_there_only_for_those_who_may_see_them(client, clock):
    make.consultation()
    draft = make.consultation("secret-draft", status="draft")
    reader, stranger = make.bearer("viewer", inside=draft), make.bearer("owner")

    def seen(headers):
        names = [c["slug"] for c in client.get(URL, headers=headers).json["items"]]
        return names, client.get(f"{URL}/secret-draft", headers=headers).status_code

    assert seen({}) == (["probe"], 404)
    assert seen(reader) == (["probe", "secret-draft"], 200)
    assert seen(stranger) == (["probe"], 404)


def test_a_change_replaces_the_named_fields_whole_and_counts_up(client, clock):
    consultation = make.consultation()
    owner = make.bearer(Role.OWNER)
    revision = consultation.revision
    clock.go_on(hours=1)

    answer = client.patch(
        f"{URL}/probe", json={"title": "New", "summary": None, "revision": revision}, headers=owner
    )
    late = client.patch(f"{URL}/probe", json={"title": "X", "revision": revision}, headers=owner)

    assert answer.status_code == 200
    assert (answer.json["title"], answer.json["summary"]) == ("New", None)
    assert answer.json["revision"] == revision + 1
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")
    assert client.get(f"{URL}/probe").json == answer.json


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"title": None}, 422, "invalid_value"),
        ({"slug": "other"}, 409, "slug_frozen"),
        ({"status": "draft"}, 409, "already_public"),
        ({"id": 1}, 422, "unknown_field"),
    ],
)
def test_what_cannot_be_changed(client, clock, fields, status, code):
    make.consultation()

    answer = client.patch(f"{URL}/probe", json=fields, headers=make.bearer(Role.OWNER))

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_who_may(client, clock):
    make.consultation()
    other = make.consultation("other")

    def make_and_change(headers):
        return (
            client.post(URL, json=NEW, headers=headers).status_code,
            client.patch(f"{URL}/probe", json={"title": "T"}, headers=headers).status_code,
        )

    assert make_and_change({}) == (401, 401)
    assert make_and_change({"Authorization": "Bearer nonsense"}) == (401, 401)
    assert make_and_change(make.bearer(Role.REGISTRAR)) == (403, 403)
    assert make_and_change(make.bearer(Role.OWNER, inside=other)) == (403, 403)
    assert make_and_change(make.bearer(Role.ORGANISER)) == (403, 200)
    assert make_and_change(make.bearer(Role.ADMIN, scopes=["read"])) == (403, 403)
    assert make_and_change(make.bearer(Role.ADMIN)) == (201, 200)


def test_the_same_key_does_it_once_for_24_hours(client, clock):
    headers = make.bearer(Role.ADMIN) | {"Idempotency-Key": "k-1"}

    first = client.post(URL, json=NEW, headers=headers)
    again = client.post(URL, json=NEW, headers=headers)
    other_body = client.post(URL, json=NEW | {"slug": "another"}, headers=headers)
    other_token = client.post(
        URL, json=NEW, headers=make.bearer(Role.ADMIN) | {"Idempotency-Key": "k-1"}
    )
    clock.go_on(hours=24)
    next_day = client.post(URL, json=NEW, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert (other_body.status_code, other_body.json["code"]) == (422, "idempotency_mismatch")
    assert (other_token.status_code, other_token.json["code"]) == (422, "duplicate_slug")
    assert (next_day.status_code, next_day.json["code"]) == (422, "duplicate_slug")


def test_a_refused_act_leaves_no_key(client, clock):
    headers = make.bearer(Role.ADMIN) | {"Idempotency-Key": "k-1"}
    make.consultation("open-talks")

    refused = client.post(URL, json=NEW, headers=headers)
    other = client.post(URL, json=NEW | {"slug": "free"}, headers=headers)

    assert (refused.status_code, other.status_code) == (422, 201)


def test_pages_of_a_list(client, clock):
    for number in range(5):
        make.consultation(f"c-{number}")

    first = client.get(f"{URL}?limit=2").json
    second = client.get(f"{URL}?limit=2&after={first['next']}").json
    third = client.get(f"{URL}?limit=2&after={second['next']}").json

    pages = [[c["slug"] for c in page["items"]] for page in (first, second, third)]
    assert pages == [["c-0", "c-1"], ["c-2", "c-3"], ["c-4"]]
    assert third["next"] is None
    assert codes(client.get(f"{URL}?limit=0")) == (422, [("limit", "invalid_limit")])
    assert codes(client.get(f"{URL}?after=rubbish")) == (422, [("after", "invalid_cursor")])
    assert len(client.get(f"{URL}?limit=999").json["items"]) == 5


def test_a_hashtag_is_kept_without_its_sign(client, clock):
    head = make.bearer(Role.ADMIN)

    made = client.post(URL, json=NEW | {"hashtag": "#OpenTalks"}, headers=head)
    bad = client.patch(f"{URL}/open-talks", json={"hashtag": "two words"}, headers=head)
    number = client.patch(f"{URL}/open-talks", json={"hashtag": 5}, headers=head)

    assert (made.status_code, made.json["hashtag"]) == (201, "OpenTalks")
    assert codes(bad) == codes(number) == (422, [("hashtag", "invalid_hashtag")])
