"""Every view says who may use it: `@public`, `@personal`, `@signed_in` or `@requires(…)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

from flask import Response, current_app, g, make_response, redirect, request

from app.core.permissions import Permission
from app.core.refusals import N_, Refusal
from app.web import loading


class Unauthenticated(Refusal):
    """Nobody said who they are."""

    code = "unauthenticated"
    status = 401
    message = N_("Sign in first, or send a valid token.")


class Forbidden(Refusal):
    """This person may not do this here."""

    code = "forbidden"
    status = 403
    message = N_("You are not allowed to do this.")


class May(Protocol):
    """How an actor answers whether it may do something somewhere."""

    def __call__(
        self, permission: Permission, consultation_id: int | None, session_id: int | None = None
    ) -> bool:
        """Answer for one permission, in a consultation and perhaps a session of it."""
        ...


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in person or a token. ``key`` is what audit rows keep."""

    key: str
    person_id: int
    language: str
    may: May
    token_id: int | None = None
    name: str = ""


def actor() -> Actor | None:
    """Return who acts in this request; ``None`` on public pages, whoever looks at them."""
    return g.get("actor")


def actor_key() -> str:
    """Return the key of whoever acts, for the audit."""
    who = actor()
    return who.key if who else g.get("participant_key", "anonymous")


def is_api() -> bool:
    """Whether the request came through the API's door."""
    return request.path.startswith("/api/")


def identify() -> Actor | None:
    """Ask the hook set in `create_app` who this is: a token under ``/api/``, else a session."""
    return current_app.extensions["identify"](is_api())


def mark(view: Callable, run: Callable, permission: str) -> Callable:
    """Return ``run`` dressed as ``view``, saying who may use it."""
    wrapped = wraps(view)(run)
    wrapped.permission = permission  # type: ignore[attr-defined]
    return wrapped


def public(view: Callable) -> Callable:
    """Anybody, and the same for everybody: no session, no cookie, no person is looked at."""

    def run(**kwargs: Any):
        g.public = True
        return view(**loading.load(kwargs, sees_drafts=lambda _: False))

    return mark(view, run, "public")


def public_document(view: Callable) -> Callable:
    """Anybody, and the same for everybody; the parts of the address stay names.

    The view looks up whether its document changed before any row is loaded.
    """

    def run(**kwargs: Any):
        g.public = True
        return view(**kwargs)

    return mark(view, run, "public")


def personal_document(view: Callable) -> Callable:
    """Whoever holds the secret in the address; the view's own headers keep it private."""

    def run(**kwargs: Any):
        return view(**kwargs)

    return mark(view, run, "link")


def public_or_token(view: Callable) -> Callable:
    """Anybody may read what is published; a token that may see drafts sees them too (API)."""

    def run(**kwargs: Any):
        g.actor = identify()
        return view(**loading.load(kwargs, sees_drafts=sees_drafts))

    return mark(view, run, "public_or_token")


def personal(view: Callable) -> Callable:
    """Whoever holds the link: answers are private, stored nowhere and found by no search engine."""

    def run(**kwargs: Any):
        response = make_response(view(**loading.load(kwargs, sees_drafts=lambda _: True)))
        return private(response)

    return mark(view, run, "link")


def signed_in(view: Callable) -> Callable:
    """Any person who works here."""

    def run(**kwargs: Any):
        g.actor = identify()
        if g.actor is None:
            return ask_to_sign_in()
        return private(make_response(view(**loading.load(kwargs, sees_drafts=sees_drafts))))

    return mark(view, run, "signed_in")


def requires(permission: Permission) -> Callable[[Callable], Callable]:
    """Only who may do ``permission`` in the consultation (and session) of the address.

    Nobody: sign-in page, or 401 before any id is looked at. Not here: 404. Not this: 403.
    """

    def decorate(view: Callable) -> Callable:
        def run(**kwargs: Any):
            g.actor = identify()
            if g.actor is None:
                return ask_to_sign_in()
            loaded = loading.load(kwargs, sees_drafts=sees_drafts)
            require(permission, loaded)
            return private(make_response(view(**loaded)))

        return mark(view, run, permission.value)

    return decorate


def require(permission: Permission, loaded: dict[str, Any] | None = None, **named: Any) -> None:
    """Refuse unless the actor may do ``permission`` with what was loaded."""
    loaded = (loaded or {}) | named
    session = loaded.get("session")
    consultation = loaded.get("consultation")
    for thing in loaded.values():  # a registration of the address carries its own consultation
        session = session or getattr(thing, "session", None)
    if consultation is None and session is not None:
        consultation = session.consultation
    who = actor()
    if who is None:
        raise Unauthenticated
    if not who.may(
        permission,
        consultation.id if consultation is not None else None,
        session.id if session is not None else None,
    ):
        raise Forbidden


def may(permission: Permission, consultation: Any = None, session: Any = None) -> bool:
    """Say whether the actor may; for what a page offers, never instead of `requires`."""
    who = actor()
    return who is not None and who.may(
        permission, consultation.id if consultation else None, session.id if session else None
    )


def sees_drafts(consultation_id: int) -> bool:
    """Whether the actor may see drafts of this consultation."""
    who = actor()
    return who is not None and who.may(Permission.SEE_DRAFTS, consultation_id)


def ask_to_sign_in():
    """Answer somebody unknown: the API says 401, a page leads to the sign-in and back."""
    if is_api():
        raise Unauthenticated
    target = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else "/manage/"
    return redirect(current_app.extensions["sign_in_url"](target))


def private(response: Response) -> Response:
    """Mark an answer as one person's: no cache, no search engine keeps it."""
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    response.headers.setdefault("X-Robots-Tag", "noindex")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
