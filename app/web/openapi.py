"""The API described: OpenAPI 3.1 and a page to read, made of the routes and their shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, render_template, request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from app.core import languages
from app.version import VERSION
from app.web import documents
from app.web.access import public

BASE = "/api/"
HEADERS = {"Content-Type": "application/json", "Cache-Control": documents.PUBLIC_PAGE}
REF = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; the first wrong field's, if any"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
SETTINGS = ("SITE_NAME", "SITE_URL")
LIST_QUERY = (("after", "The “next” of the page before"), ("limit", "Items a page, at most 200"))
bp = Blueprint("api", __name__)


@dataclass(frozen=True)
class Doc:
    """What a route takes and gives."""

    summary: str
    takes: type[BaseModel] | None = None
    gives: type[BaseModel] | None = None
    lists: type[BaseModel] | None = None
    made: bool = False
    query: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()

    @property
    def models(self) -> Iterator[tuple[type[BaseModel], Any]]:
        """The models it names, each with the direction of its schema."""
        if self.takes:
            yield self.takes, "validation"
        for model in (self.gives, self.lists):
            if model:
                yield model, "serialization"


def documented(summary: str, **parts: Any) -> Callable[[Callable], Callable]:
    """Describe the API view below: ``takes``, ``gives`` or ``lists`` (models), ``made`` (201),
    ``query`` (names and what they mean), ``also`` (other types it can answer in)."""

    def decorate(view: Callable) -> Callable:
        view.doc = Doc(summary, **parts)  # type: ignore[attr-defined]
        return view

    return decorate


def register(app: Flask) -> None:
    """Add the description and its page."""
    app.register_blueprint(bp)


@bp.get("/api/v1/openapi.json")
@public
def openapi() -> Response:
    """The description for programs."""
    etag = documents.etag_of("openapi", *(current_app.config[name] for name in SETTINGS))

    def render() -> documents.Document:
        text = json.dumps(document(current_app), ensure_ascii=False)
        return documents.make(etag, text, HEADERS)

    return documents.respond("openapi", etag, render)


@bp.get("/api/docs")
@public
def docs() -> Response:
    """The description for people: one document a language, whatever else the address says."""
    spoken = languages.known(request.args.get("lang"))
    g.query = {"lang": spoken.code} if spoken else {}
    key = ("api-docs", *g.query.values())
    etag = documents.etag_of(*key, *(current_app.config[name] for name in SETTINGS))

    def render() -> documents.Document:
        spec = document(current_app)
        paths, shapes = readable_paths(spec), readable_shapes(spec)
        html = render_template("web/docs.html", paths=paths, shapes=shapes)
        return documents.make(etag, html, HEADERS | {"Content-Type": "text/html; charset=utf-8"})

    return documents.respond(key, etag, render)


def readable_paths(spec: dict[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    """Return each address with its methods: what they do, and the shape they take, if any."""
    found = []
    for path, operations in spec["paths"].items():
        lines = []
        for method, operation in operations.items():
            body = operation.get("requestBody", {"content": {}})["content"]
            taken = [each["schema"]["$ref"].rsplit("/", 1)[1] for each in body.values()]
            line = {"method": method.upper(), "summary": operation["summary"]}
            lines.append(line | {"takes": taken[0] if taken else ""})
        found.append((path, lines))
    return found


def readable_shapes(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each shape: name, description, and its fields as (name, whether required, schema)."""
    return [
        {
            "name": name,
            "description": schema.get("description", ""),
            "fields": [
                (field, field in schema.get("required", ()), json.dumps(shape, ensure_ascii=False))
                for field, shape in schema.get("properties", {}).items()
            ],
        }
        for name, schema in spec["components"]["schemas"].items()
    ]


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of ``app``."""
    found = list(routes(app))
    models = {pair for _, doc, _ in found for pair in doc.models}
    refs, schemas = models_json_schema(
        sorted(models, key=lambda pair: (pair[0].__name__, pair[1])), ref_template=REF
    )
    paths: dict[str, dict[str, Any]] = {}
    for rule, doc, view in found:
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            paths.setdefault(template(rule), {})[method.lower()] = described(
                rule, method, doc, view, refs
            )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{app.config['SITE_NAME']} API",
            "version": VERSION,
            "description": "Consultations, sessions, registrations, scans and attendance.",
        },
        "servers": [{"url": app.config["SITE_URL"]}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **without_empty_defaults(schemas.get("$defs", {}))},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def routes(app: Flask) -> Iterator[tuple[Rule, Doc, Callable]]:
    """Yield every documented route, in order of address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith(BASE) and hasattr(view, "doc"):
            yield rule, view.doc, view


def template(rule: Rule) -> str:
    """Return the address with its parts in braces."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def described(
    rule: Rule, method: str, doc: Doc, view: Callable, refs: dict[Any, Any]
) -> dict[str, Any]:
    """Return one operation of the document."""
    open_to_all = view.permission == "public_or_token"  # type: ignore[attr-defined]
    queries = (LIST_QUERY if doc.lists else ()) + doc.query
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace("_api.", "_").replace(".", "_"),
        "summary": doc.summary,
        "parameters": [
            *(parameter("path", name, "", required=True) for name in sorted(rule.arguments)),
            *(parameter("query", name, text) for name, text in queries),
        ],
        "security": [{}, {"token": []}] if open_to_all else [{"token": []}],
        "responses": {
            "201" if doc.made else "200": answered(doc, refs),
            "default": {
                "description": "Refused",
                "content": {
                    "application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}
                },
            },
        },
    }
    if method == "POST":
        text = "The same key, path and body within 24 h is done once"
        operation["parameters"].append(parameter("header", "Idempotency-Key", text))
    if doc.takes:
        schema = refs[doc.takes, "validation"]
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return operation


def parameter(where: str, name: str, text: str, *, required: bool = False) -> dict[str, Any]:
    """Return one parameter, a string."""
    found = {"name": name, "in": where, "required": required, "schema": {"type": "string"}}
    return found | ({"description": text} if text else {})


def answered(doc: Doc, refs: dict[Any, Any]) -> dict[str, Any]:
    """Return the answer where all went well."""
    schema: dict[str, Any] = {"type": "object"}
    if doc.gives:
        schema = refs[doc.gives, "serialization"]
    elif doc.lists:
        items = {"type": "array", "items": refs[doc.lists, "serialization"]}
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": items, "next": {"type": ["string", "null"]}},
        }
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    content |= {kind: {"schema": {"type": "string"}} for kind in doc.also}
    return {"description": "Made" if doc.made else "As it is now", "content": content}


def without_empty_defaults(schema: Any) -> Any:
    """Return ``schema`` without ``default: null``: left out is not the same as null."""
    if isinstance(schema, dict):
        return {
            name: without_empty_defaults(value)
            for name, value in schema.items()
            if not (name == "default" and value is None)
        }
    return [without_empty_defaults(each) for each in schema] if isinstance(schema, list) else schema
