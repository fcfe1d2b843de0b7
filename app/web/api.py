"""The JSON door: bodies in, answers and pages of lists out, each act once per Idempotency-Key."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import UnsupportedMediaType

from app.core.refusals import N_, Invalid, Refusal
from app.database import operation
from app.web import access, shapes

Row = TypeVar("Row")
Model = TypeVar("Model", bound=shapes.Input)
Ids = dict[str, Any]
DEEPEST = 30
MOST = 200
USUALLY = 50


class InvalidJson(Refusal):
    """The body is no JSON that can be kept: broken, too deep, with NaN or half a character."""

    code = "invalid_json"
    status = 422
    message = N_("The body must be valid JSON in UTF-8, nested at most 30 deep, of finite numbers.")


# --- What comes in ----------------------------------------------------------------------------


def read(model: type[Model]) -> Model:
    """Return the request's body as ``model``; raises `Invalid` with every wrong field."""
    return shapes.checked(model, json_body())


def json_body() -> Any:
    """Return the request's JSON; nothing sent is an empty object."""
    data = request.get_data()
    if not data:
        return {}
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        value = json.loads(data, parse_constant=no_number, parse_float=finite)
    except (ValueError, RecursionError) as fault:
        raise InvalidJson from fault
    inspect(value)
    return value


def no_number(name: str) -> Any:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)


def finite(text: str) -> float:
    """Return a number that is one: 1e999 is not."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def inspect(value: Any) -> None:
    """Refuse what could not be stored: halves of surrogate pairs, and depth for its own sake."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise InvalidJson
        below: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                below += [*each.keys(), *each.values()]
            elif isinstance(each, list):
                below += each
            elif isinstance(each, str):
                try:
                    each.encode()
                except UnicodeEncodeError as fault:
                    raise InvalidJson from fault
        level = below


# --- What goes out ----------------------------------------------------------------------------


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """Return ``body`` as JSON; what depends on the token is kept by no shared cache."""
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = (
        "no-cache" if access.actor() is None else "private, no-store"
    )
    response.headers["Vary"] = "Authorization"
    return response


def perform(act: Callable[[], tuple[int, Ids]], show: Callable[..., dict[str, Any]]) -> Response:
    """Do ``act``, which returns status and ids, and answer with what ``show(**ids)`` says now.

    With an ``Idempotency-Key`` it is done once in 24 h for this token, path and body, and the
    key is stored in the transaction of its effect (the hook ``once``, set by accounts).
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        once, digest = current_app.extensions["once"], hashlib.sha256(request.get_data()).digest()
        act = partial(once, key, request.path, digest, act)
    status, body = done_and_shown(act, show)
    return answer(body, status)


@operation
def done_and_shown(
    act: Callable[[], tuple[int, Ids]], show: Callable[..., dict[str, Any]]
) -> tuple[int, dict[str, Any]]:
    """Do ``act`` and say what became of it before the transaction ends: nothing is read twice."""
    status, ids = act()
    return status, show(**ids)


# --- Lists ------------------------------------------------------------------------------------


def limit() -> int:
    """Return how many items were asked for, at most 200."""
    text = request.args.get("limit")
    if text is None:
        return USUALLY
    if not (text.isascii() and text.isdecimal()) or len(text) > 6 or int(text) < 1:
        raise Invalid.field("limit", "invalid_limit", "Limit must be a number from 1 to 200")
    return min(int(text), MOST)


def after(*types: type) -> tuple[Any, ...] | None:
    """Return the place in the list after which to go on: values of ``types``."""
    text = request.args.get("after")
    if not text:
        return None
    try:
        place = tuple(json.loads(base64.urlsafe_b64decode(text.encode("ascii"))))
    except (ValueError, TypeError, RecursionError):
        place = ()
    if tuple(map(type, place)) != types:
        raise Invalid.field("after", "invalid_cursor", "Send the cursor as it was given in “next”")
    return place


def cursor(place: tuple[Any, ...]) -> str:
    """Return ``place`` as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode()


def listing(
    rows: Sequence[Row],
    place: Callable[[Row], tuple[Any, ...]],
    show: Callable[[Sequence[Row]], list[dict[str, Any]]],
    *types: type,
) -> Response:
    """Answer with one page of ``rows``, which are sorted by ``place``, a tuple of ``types``."""
    start = after(*types)
    rest = [row for row in rows if start is None or place(row) > start]
    return page(rest[: limit() + 1], place, show)


def page(
    rows: Sequence[Row],
    place: Callable[[Row], tuple[Any, ...]],
    show: Callable[[Sequence[Row]], list[dict[str, Any]]],
) -> Response:
    """Answer with ``rows``: as many as asked for, and one more where there is a next page."""
    shown = rows[: limit()]
    following = cursor(place(shown[-1])) if len(rows) > len(shown) else None
    return answer({"items": show(shown), "next": following})
