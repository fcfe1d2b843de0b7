"""Registrations under `/api/v1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, request

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.refusals import Invalid
from app.core.vocabulary import Mode, RegistrationStatus, Source
from app.programme.models import Session
from app.registration import operations, queries
from app.registration.models import Registration
from app.registration.schemas import (
    RegistrationChange,
    RegistrationNew,
    RegistrationOut,
    details,
    shown,
)
from app.web import api
from app.web.access import requires
from app.web.openapi import documented

bp = Blueprint("registration_api", __name__, url_prefix="/api/v1")
OF_SESSION = "/consultations/<consultation>/sessions/<session>/registrations"
ONE = "/registrations/<registration>"
FILTERS = (
    ("status", "Only those with this status"),
    ("mode", "Only those in this mode"),
)


def register(app: Flask) -> None:
    """Set the hook that tells the programme how many places are taken."""
    app.extensions["places_of"] = queries.places_of


@bp.get(OF_SESSION)
@documented("List who is registered", lists=RegistrationOut, query=FILTERS)
@requires(Permission.SEE_ADDRESSES)
def registrations(consultation: Consultation, session: Session):
    """Answer with a page of registrations, the oldest first."""
    start = api.after(int)
    rows = queries.listed(
        session,
        status=one_of(RegistrationStatus, "status"),
        mode=one_of(Mode, "mode"),
        after=start[0] if start else 0,
        limit=api.limit() + 1,
    )
    return api.page(rows, lambda row: (row.id,), described)


@bp.post(OF_SESSION)
@documented("Register somebody", takes=RegistrationNew, gives=RegistrationOut, made=True)
@requires(Permission.CHANGE_REGISTRATIONS)
def create(consultation: Consultation, session: Session):
    """Register somebody: 201, or 200 with the record as it is where they are registered."""
    body = api.read(RegistrationNew)

    def act() -> tuple[int, api.Ids]:
        registration, is_new = operations.register(
            session,
            mode=body.mode,
            waits_for=body.waits_for,
            details=details(body, language=consultation.language),
            source=Source.API,
        )
        return 201 if is_new else 200, {"registration": registration.public_id}

    return api.perform(act, by_name)


@bp.get(ONE)
@documented("Read a registration", gives=RegistrationOut)
@requires(Permission.SEE_ADDRESSES)
def read(registration: Registration):
    """Answer with one registration."""
    return api.answer(described([registration])[0])


@bp.patch(ONE)
@documented("Change mode or line", takes=RegistrationChange, gives=RegistrationOut)
@requires(Permission.CHANGE_REGISTRATIONS)
def change(registration: Registration):
    """Move somebody to another mode, or into or out of a line."""
    wishes: dict[str, Any] = {"waits_for": operations.KEEP} | api.read(RegistrationChange).named()
    return api.answer(described([operations.change(registration, by="staff", **wishes)])[0])


@bp.post(f"{ONE}/cancel")
@documented("Cancel a registration; the place is passed on", gives=RegistrationOut)
@requires(Permission.CHANGE_REGISTRATIONS)
def cancel(registration: Registration):
    """Give the place back."""

    def act() -> tuple[int, api.Ids]:
        done = operations.cancel(registration, by="staff")
        return 200, {"registration": done.public_id}

    return api.perform(act, by_name)


def by_name(registration: str) -> dict[str, Any]:
    """Return the answer about the registration with this opaque id."""
    found = queries.by_public_id(registration)
    assert found is not None
    return described([found])[0]


def described(rows: Sequence[Registration]) -> list[dict[str, Any]]:
    """Return the answers about ``rows``, their places in line counted at once."""
    positions = queries.positions(rows)
    return [shown(row, positions.get(row.id)) for row in rows]


def one_of(words: Any, name: str) -> str | None:
    """Return the filter called ``name``, one of ``words``, or nothing."""
    value = request.args.get(name) or None
    if value is not None and value not in list(words):
        raise Invalid.field(
            name, f"invalid_{name}", "This must be one of: %(words)s", words=", ".join(words)
        )
    return value
