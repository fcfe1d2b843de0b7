"""What the forms of the floor share: checked, done, or given back as they were typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, make_response, redirect, request
from flask_babel import gettext as _

from app.contributions import queries as contributions
from app.contributions.models import Contribution
from app.core.refusals import NotFound, Refusal
from app.floor.forms import FloorForm
from app.live.kinds import Part
from app.programme.models import Session


def question_of(session: Session) -> Contribution:
    """Return the question the form names, of this session. Raises `NotFound`."""
    found = contributions.by_reference(request.form.get("reference", "").upper())
    if found is None or found.session_id != session.id:
        raise NotFound
    return found


def tried(form: FloorForm, call: Callable[[], Any]) -> bool:
    """Check ``form`` and do ``call``; say whether both went through."""
    if not form.validate():
        form.status = 422
        return False
    try:
        call()
    except Refusal as refusal:
        form.note(refusal)
        return False
    return True


def came_back(part: Part, status: int) -> Part:
    """Return ``part`` as it comes back when something was refused."""
    return replace(part, status=status)


def done(working: object, name: str, *, home: str, again: Callable[[str], Part]) -> Response | Part:
    """Do the act called ``name`` of ``working``; what the house refuses comes back by ``again``,
    which renders the part with the words of the refusal. Raises `NotFound`.
    """
    act: Callable[[], str | Part] = getattr(working, name.removeprefix("floor-"))
    try:
        said = act()
    except NotFound:
        raise
    except Refusal as refusal:
        words = " ".join(each.text(_) for each in refusal.errors) or refusal.text(_)
        return came_back(again(words), refusal.status)
    return said if isinstance(said, Part) else led_back(home, said)


def led_back(home: str, said: str) -> Response:
    """Return the answer to a form that went through: back to its page, which says what happened."""
    return make_response(redirect(f"{home}?said={said}" if said else home, 303))
