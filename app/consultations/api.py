"""Consultations under `/api/v1`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.consultations import operations, queries
from app.consultations.models import Consultation
from app.consultations.schemas import (
    ConsultationChange,
    ConsultationNew,
    ConsultationOut,
    columns,
    shown,
)
from app.core.permissions import Permission
from app.web import access, api
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint("consultations_api", __name__, url_prefix="/api/v1/consultations")


@bp.get("")
@documented(
    "List consultations: published ones, and the drafts a token may see", lists=ConsultationOut
)
@public_or_token
def consultations():
    """Answer with a page of consultations, the oldest first."""
    seen = [c for c in queries.every() if c.is_public or access.sees_drafts(c.id)]
    seen.sort(key=place)
    return api.listing(seen, place, lambda rows: [shown(row) for row in rows], int)


@bp.post("")
@documented("Make a consultation", takes=ConsultationNew, gives=ConsultationOut, made=True)
@requires(Permission.CHANGE_PROGRAMME)
def create():
    """Make a consultation."""
    body = api.read(ConsultationNew)

    def act() -> tuple[int, api.Ids]:
        consultation = operations.create(**columns(body, body.languages[0]))
        return 201, {"consultation": consultation.id}

    return api.perform(act, by_number)


@bp.get("/<consultation>")
@documented("Read a consultation", gives=ConsultationOut)
@public_or_token
def read(consultation: Consultation):
    """Answer with one consultation."""
    return api.answer(shown(consultation))


@bp.patch("/<consultation>")
@documented("Change a consultation", takes=ConsultationChange, gives=ConsultationOut)
@requires(Permission.CHANGE_PROGRAMME)
def change(consultation: Consultation):
    """Replace the named fields whole."""
    body = api.read(ConsultationChange)
    language = (body.named().get("languages") or consultation.languages)[0]
    changes = columns(body, language)
    revision = changes.pop("revision", None)
    return api.answer(shown(operations.change(consultation, changes, revision=revision)))


def place(consultation: Consultation) -> tuple[int]:
    """Return where it stands in the list."""
    return (consultation.id,)


def by_number(consultation: int) -> dict[str, Any]:
    """Return the answer about the consultation numbered so."""
    found = queries.by_id(consultation)
    assert found is not None
    return shown(found)
