"""Addresses: inside a page with its zone and language carried on, outside from SITE_URL."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, current_app, g, request

CARRIED = ("tz", "lang")


def register(app: Flask) -> None:
    """Let links of public pages carry the reader's zone and language."""

    @app.url_defaults
    def carry_on(endpoint: str, values: dict) -> None:
        view = app.view_functions.get(endpoint)
        if getattr(view, "permission", "") != "public" or not g.get("public"):
            return
        if endpoint.startswith(("feeds.", "api.")):
            return
        query = carried()
        for name in CARRIED:
            if query.get(name):
                values.setdefault(name, query[name])


def carried() -> dict[str, str]:
    """Return the query of this page: as a cached document spells it, else as it was sent."""
    return g.query if "query" in g else request.args.to_dict()


def here(**changes: str | None) -> str:
    """Return this page's address with some of its query changed (``None`` removes)."""
    query = {**carried(), **changes}
    text = urlencode({name: value for name, value in query.items() if value})
    return f"{request.path}?{text}" if text else request.path


def external(endpoint: str, **values: object) -> str:
    """Return the public address of ``endpoint``: SITE_URL decides, never the Host header."""
    adapter = current_app.url_map.bind(current_app.config["SITE_HOST"])
    path = adapter.build(endpoint, {k: v for k, v in values.items() if v is not None})
    return current_app.config["SITE_URL"] + path


def is_local_path(target: str) -> bool:
    """Whether ``target`` leads to a page of ours: a plain absolute path, nothing cleverer."""
    return (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and not any(ord(letter) < 33 or letter == "\\" for letter in target)
        and "//" not in target.split("?")[0]
    )
