"""One contract for all of /api/: who is asked first, how refusals look, how it is described."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import jsonschema
import pytest
from openapi_spec_validator import validate

from app.core.vocabulary import Role
from app.floor import operations as floor
from app.reports import queries as reports
from tests import make

PARTS = {
    "consultation": "probe", "session": "cafe", "registration": "nobody", "reference": "nothing",
    "floor_request": "nobody", "round": "1", "theme": "1", "excerpt": "1", "statement": "1.1",
    "edition": "1",
}  # fmt: skip
BODIES = {"POST", "PATCH", "PUT"}
NESTED = b'{"title": ' + b"[" * 5_000 + b"]" * 5_000 + b"}"


def routes(app):
    """Every (endpoint, method, address) under /api/v1, with addresses of things that are there."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            adapter = app.url_map.bind("talks.example.org")
            path = adapter.build(rule.endpoint, {name: PARTS[name] for name in rule.arguments})
            found += [
                (rule.endpoint, method, path) for method in rule.methods - {"HEAD", "OPTIONS"}
            ]
    return sorted(found)


def is_open(app, endpoint):
    """Whether the route is for everybody."""
    return app.view_functions[endpoint].permission.startswith("public")


def refusal(response):
    """The status of an answer that must be problem details."""
    assert response.mimetype == "application/problem+json", response.data[:200]
    body = response.json
    assert set(body) == {"type", "title", "status", "code", "detail", "errors"}
    assert body["status"] == response.status_code
    assert all(set(error) == {"field", "code", "message"} for error in body["errors"])
    if body["errors"]:
        assert body["code"] == body["errors"][0]["code"]
    return response.status_code


@pytest.fixture
def owner(app, clock):
    make.cafe()
    return make.bearer(Role.ADMIN)


def test_without_a_token_nobody_learns_whether_an_id_exists(app, client, owner):
    guarded = [route for route in routes(app) if not is_open(app, route[0])]

    answers = {}
    for endpoint, method, path in guarded:
        there = client.open(path, method=method, json={})
        elsewhere = client.open(path.replace("probe", "none").replace("nobody", "x"), method=method)
        assert there.headers["WWW-Authenticate"] == "Bearer"
        answers[endpoint, method] = (refusal(there), refusal(elsewhere))

    assert len(answers) >= 10
    assert set(answers.values()) == {(401, 401)}


def test_a_wrong_token_is_refused_even_where_none_is_needed(app, client, owner):
    for endpoint, method, path in routes(app):
        if app.view_functions[endpoint].permission != "public":
            for header in ("Bearer nonsense", "Bearer", "Basic YTpi", "Bearer ä"):
                wrong = client.open(path, method=method, headers={"Authorization": header})
                assert refusal(wrong) == 401, (endpoint, header)


@pytest.mark.parametrize(
    ("data", "content_type", "status", "code"),
    [
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{", "application/json", 422, "invalid_json"),
        (b"{}{}", "application/json", 422, "invalid_json"),
        (b'{"x": NaN}', "application/json", 422, "invalid_json"),
        (b'{"x": -Infinity}', "application/json", 422, "invalid_json"),
        (b'{"x": 1e999}', "application/json", 422, "invalid_json"),
        (b'{"x": ' + b"9" * 5_000 + b"}", "application/json", 422, "invalid_json"),
        (b'{"\\udfff": 1}', "application/json", 422, "invalid_json"),
        (b'{"x": "\xff"}', "application/json", 422, "invalid_json"),
        (NESTED, "application/json", 422, "invalid_json"),
        (b"[]", "application/json", 422, "invalid_value"),
        (b"null", "application/json", 422, "invalid_value"),
        (b'{"nobody_knows_this": 1}', "application/json", 422, None),
        (b'{"x": "' + b"a" * 1_100_000 + b'"}', "application/json", 413, "too_large"),
    ],
    ids=["text", "form", "open", "two", "nan", "infinity", "1e999", "huge", "half-a-character",
         "latin-1", "deep", "list", "null", "unknown", "1-mb"],
)  # fmt: skip
def test_a_body_that_cannot_be_used_is_refused_alike_everywhere(
    app, client, owner, data, content_type, status, code
):
    person = {"name": "Ana", "email": "ana@example.org", "mode": "online"}
    url = "/api/v1/consultations/probe/sessions/cafe/registrations"
    made = client.post(url, json=person, headers=owner).json["id"]
    make.edition()
    excerpt = reports.excerpts(make.consultation())[0].id
    idea = make.idea().reference
    asked = floor.ask(make.town_hall("hall"), floor.Wish(), name="Ana").public_id
    tried = 0
    for endpoint, method, path in routes(app):
        doc = getattr(app.view_functions[endpoint], "doc", None)
        if method not in BODIES or doc is None or doc.takes is None:
            continue
        if "/floor/" in path:
            path = path.replace("cafe", "hall").replace("nobody", asked)
        path = path.replace("nobody", made).replace("nothing", idea)
        path = path.replace("/excerpts/1", f"/excerpts/{excerpt}")
        answer = client.open(
            path, method=method, data=data, content_type=content_type, headers=owner
        )
        assert refusal(answer) == status, (endpoint, answer.data[:200])
        assert code in (None, answer.json["code"]), endpoint
        # A batch of scans is refused only for who sends it, or its size.
        if code is None and endpoint != "attendance_api.scans":
            found = {(e["field"], e["code"]) for e in answer.json["errors"]}
            assert ("nobody_knows_this", "unknown_field") in found, endpoint
        tried += 1

    assert tried >= 7


def test_what_is_not_there_and_what_is_not_done_are_problems_too(app, client, owner):
    missing = client.get("/api/v1/nothing")
    elsewhere = client.get("/api/v1/consultations/none/sessions", headers=owner)
    method = client.put("/api/v1/consultations", json={}, headers=owner)

    assert [refusal(r) for r in (missing, elsewhere, method)] == [404, 404, 405]
    assert [r.json["code"] for r in (missing, elsewhere, method)] == [
        "not_found", "not_found", "method_not_allowed",
    ]  # fmt: skip
    assert set(method.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_answer_of_the_api_sets_a_cookie_or_is_kept_by_shared_caches(app, client, owner):
    for endpoint, method, path in routes(app):
        for headers in ({}, owner):
            answer = client.open(path, method=method, headers=headers, json={})
            assert "Set-Cookie" not in answer.headers
            if app.view_functions[endpoint].permission != "public":
                kept = answer.headers["Cache-Control"]
                assert "no-store" in kept or kept == "no-cache", (endpoint, kept)


def test_the_description_is_valid_and_names_every_route(app, client):
    document = client.get("/api/v1/openapi.json").json

    validate(document)
    assert document["openapi"] == "3.1.0"
    described = {
        (method.upper(), path.replace("{", "<").replace("}", ">"))
        for path, operations in document["paths"].items()
        for method in operations
    }
    silent = [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api.openapi"
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if (method, rule.rule) not in described
    ]
    assert silent == []


def test_answers_are_what_the_description_says(app, client, owner):
    document = client.get("/api/v1/openapi.json").json
    base = "/api/v1/consultations"
    person = {"name": "Ana", "email": "ana@example.org", "mode": "online"}
    made = client.post(f"{base}/probe/sessions/cafe/registrations", json=person, headers=owner)
    examples = {
        f"{base}": f"{base}",
        f"{base}/{{consultation}}": f"{base}/probe",
        f"{base}/{{consultation}}/sessions": f"{base}/probe/sessions",
        f"{base}/{{consultation}}/sessions/{{session}}": f"{base}/probe/sessions/cafe",
        f"{base}/{{consultation}}/sessions/{{session}}/registrations": (
            f"{base}/probe/sessions/cafe/registrations"
        ),
        "/api/v1/registrations/{registration}": f"/api/v1/registrations/{made.json['id']}",
    }
    for template, path in examples.items():
        answer = client.get(path, headers=owner)
        content = document["paths"][template]["get"]["responses"]["200"]["content"]
        schema = content["application/json"]["schema"] | {"components": document["components"]}
        validator = jsonschema.Draft202012Validator(schema)
        assert (answer.status_code, list(validator.iter_errors(answer.json))) == (200, []), path
        described = schema.get("$ref", "").rsplit("/", 1)[-1]
        if described:
            known = document["components"]["schemas"][described]["properties"]
            assert set(answer.json) == set(known), path


def test_the_page_for_people_names_every_route_and_shape(app, client):
    page = client.get("/api/docs")
    document = client.get("/api/v1/openapi.json").json

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    missing = [path for path in document["paths"] if f"<code>{path}</code>" not in page.text]
    missing += [n for n in document["components"]["schemas"] if f'id="{n}"' not in page.text]
    assert missing == []
    assert "<script" not in page.text
    for address, first in (
        ("/api/docs", page),
        ("/api/v1/openapi.json", client.get("/api/v1/openapi.json")),
    ):
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_eight_identical_requests_in_the_same_instant_are_one_act(app, client, owner):
    headers = owner | {"Idempotency-Key": "twins"}
    url = "/api/v1/consultations/probe/sessions/cafe/registrations"
    person = {"name": "Ana", "email": "ana@example.org", "mode": "online"}
    start = threading.Barrier(8)

    def send(_number):
        with app.app_context():
            start.wait()
            answer = app.test_client().post(url, json=person, headers=headers)
            return answer.status_code, answer.json["id"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(8)))

    listed = client.get(url, headers=owner).json["items"]
    assert answers == {(201, listed[0]["id"])}
    assert len(listed) == 1
