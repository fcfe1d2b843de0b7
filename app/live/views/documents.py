"""The live documents: `state.json` beside each live page, answered by its validator first."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Response, request

from app.core import links
from app.core.refusals import NotFound
from app.live import queries
from app.live.panels import FOR_ALL, FOR_ONE, Parts, document
from app.live.views import personal, public
from app.live.views.blueprint import bp
from app.programme.models import Session
from app.registration.models import Participant, Registration
from app.web import access, loading

# --- For everybody ----------------------------------------------------------------------------


def public_key(consultation: str, session: str, page: str = "now") -> Hashable:
    """Return under which key a public live document is kept."""
    return "live", page, consultation, session


@bp.get("/live/<consultation>/<session>/state.json")
@access.public_document
def now_state(consultation: str, session: str) -> Response:
    """Answer with what goes on now."""
    return document(
        public_key(consultation, session),
        known(queries.public(consultation, session)),
        lambda: with_parts(consultation, session, public.public_parts),
        FOR_ALL,
    )


@bp.get("/live/<consultation>/<session>/projector/state.json")
@access.public_document
def projector_state(consultation: str, session: str) -> Response:
    """Answer with what the stage shows; with the console's key it may hold names."""
    row = known(queries.public(consultation, session))
    if request.args.get("key"):
        loaded = load(consultation, session)
        if public.has_key(loaded):
            return document(
                ("live", "stage", loaded.id, queries.stage_key(loaded)),
                queries.of_session(loaded),
                lambda: (loaded, public.stage_parts(loaded, named=True)),
                FOR_ONE,
                inner=True,
            )
    return document(
        public_key(consultation, session, "projector"),
        row,
        lambda: with_parts(
            consultation, session, lambda found: public.stage_parts(found, named=False)
        ),
        FOR_ALL,
    )


def with_parts(
    consultation: str, session: str, parts: Callable[[Session], Parts]
) -> tuple[Session, Parts]:
    """Return a session named in an address and what its tools say of it."""
    found = load(consultation, session)
    return found, parts(found)


def load(consultation: str, session: str) -> Session:
    """Return the public session of these names; raises `NotFound`."""
    named = {"consultation": consultation, "session": session}
    return loading.load(named, sees_drafts=lambda _: False)["session"]


def known(row: Any | None) -> Any:
    """Return ``row``; raises `NotFound` where nothing was found."""
    if row is None:
        raise NotFound
    return row


# --- For one person ---------------------------------------------------------------------------


def personal_key(page: str, token: str, slug: str = "") -> Hashable:
    """Return under which key one person's live document is kept: never under the secret."""
    return "live", page, links.fingerprint(token), slug


@bp.get("/my/<manage>/live/<slug>/state.json")
@access.personal_document
def my_state(manage: str, slug: str) -> Response:
    """Answer with what goes on for the person behind a manage link."""
    participant: Participant = by_link(manage=manage)["participant"]
    seat = personal.seat_of(participant, slug)
    return document(
        personal_key("my", manage, slug),
        known(queries.by_link(queries.BY_MANAGE, manage, slug=slug)),
        lambda: (seat.session, personal.parts_of(seat)),
        FOR_ONE,
        inner=True,
    )


@bp.get("/join/<join>/live/state.json")
@access.personal_document
def joined_state(join: str) -> Response:
    """Answer with what goes on for the person behind a join link."""
    registration: Registration = by_link(join=join)["registration"]
    seat = personal.seat_in(registration)
    return document(
        personal_key("join", join),
        known(queries.by_link(queries.BY_JOIN, join)),
        lambda: (seat.session, personal.parts_of(seat)),
        FOR_ONE,
        inner=True,
    )


def by_link(**token: str) -> dict[str, Any]:
    """Return whose link it is; raises `NotFound`, or 410 for a replaced one."""
    return loading.load(token, sees_drafts=lambda _: True)
