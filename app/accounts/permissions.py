"""Who acts, and what they may do: persons by their session, tokens by their fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from flask import Flask, current_app, request, session, url_for
from flask_wtf.csrf import CSRFError
from limits import parse

from app import clock
from app.accounts import queries
from app.accounts.models import Person, RoleGrant
from app.core import links
from app.core.permissions import LIMITABLE_TO_SESSIONS, Permission, Scope, allowed
from app.core.refusals import N_, Refusal
from app.core.vocabulary import Role
from app.extensions import csrf, limiter
from app.web import public_forms, viewer
from app.web.access import Actor, Unauthenticated

STAFF_PATHS = ("/manage/", "/door/", "/live/")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
UNKNOWN_TOKENS = "60 per minute"
SINCE = "signed_in_at"  # in the session cookie: seconds since the epoch
SESSION_LASTS = timedelta(days=7)


class FormNotSigned(Refusal):
    """A staff form came without the token of this person's own session."""

    code = "form_not_signed"
    status = 403
    message = N_("This form was not sent from your own page here. Open the page and send it again.")


class TooManyUnknownTokens(Refusal):
    """Somebody is trying tokens; those that are valid are not held up by it."""

    code = "too_many_requests"
    status = 429
    message = N_("Too many unknown tokens. Wait a minute, then try again.")


@dataclass(frozen=True)
class Grant:
    """One role somewhere; ``consultation_id`` is ``None`` for the whole installation."""

    role: Role
    consultation_id: int | None
    session_ids: frozenset[int] | None

    @classmethod
    def of(cls, row: RoleGrant) -> Grant:
        """Return what ``row`` says, as a value that outlives its transaction."""
        limited = Role(row.role) in LIMITABLE_TO_SESSIONS and row.session_ids is not None
        sessions = frozenset(row.session_ids or ()) if limited else None
        return cls(Role(row.role), row.consultation_id, sessions)

    def holds(
        self, permission: Permission, consultation_id: int | None, session_id: int | None
    ) -> bool:
        """Say whether this role counts at this place.

        A role limited to sessions counts in those alone, but lets its holder find the way there:
        drafts of the consultation are not hidden from it.
        """
        if self.consultation_id is not None and self.consultation_id != consultation_id:
            return False
        if self.session_ids is None or session_id in self.session_ids:
            return True
        return session_id is None and permission is Permission.SEE_DRAFTS


@dataclass(frozen=True)
class Rights:
    """All roles of a person, and the scopes of the token that acts for them, if one does."""

    grants: tuple[Grant, ...]
    scopes: frozenset[Scope] | None = None

    def __call__(
        self, permission: Permission, consultation_id: int | None, session_id: int | None = None
    ) -> bool:
        """Say whether ``permission`` holds in this consultation (``None``: everywhere)."""
        roles = frozenset(
            grant.role
            for grant in self.grants
            if grant.holds(permission, consultation_id, session_id)
        )
        return permission in permissions_of(roles, self.scopes)


@lru_cache(maxsize=512)
def permissions_of(
    roles: frozenset[Role], scopes: frozenset[Scope] | None
) -> frozenset[Permission]:
    """Return `core.permissions.allowed`, worked out once for each combination."""
    return allowed(set(roles), None if scopes is None else set(scopes))


def rights_of(person: Person, scopes: list[str] | None = None) -> Rights:
    """Return what ``person`` may do, narrowed to ``scopes`` where a token has some."""
    known = None if scopes is None else frozenset(Scope(scope) for scope in scopes)
    return Rights(tuple(Grant.of(row) for row in person.grants), known)


def identify(api: bool) -> Actor | None:
    """Return who acts: under ``/api/`` whoever the bearer token stands for, else the session's."""
    return by_token() if api else by_session()


def by_token() -> Actor | None:
    """Return the actor of the ``Authorization`` header; ``None`` without one.

    A token that is unknown or revoked is refused, also where nobody would have had to say who
    they are: whoever sends one wants to be that person.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, secret = header.partition(" ")
    secret = secret.strip()
    found = None
    if kind.lower() == "bearer" and 0 < len(secret) <= 200:
        found = queries.token(links.fingerprint(secret))
    if found is None or not found.person.active:
        refuse_guessing()
        raise Unauthenticated
    person = found.person
    return Actor(
        key=f"token:{found.id}",
        person_id=person.id,
        language=person.language,
        may=rights_of(person, found.scopes),
        token_id=found.id,
    )


def refuse_guessing() -> None:
    """Count an unknown token against its sender's address; valid ones never come here."""
    if not hit(UNKNOWN_TOKENS, "unknown-token", request.remote_addr or "unknown"):
        raise TooManyUnknownTokens(retry_after=60)


def hit(rate: str, *key: str) -> bool:
    """Count one attempt under ``key``; say whether ``rate`` still allows it.

    Where the store of counts is out of reach nobody is held up.
    """
    if not limiter.enabled:
        return True
    try:
        return limiter.limiter.hit(parse(rate), *key)
    except Exception:
        current_app.logger.warning("rate limits cannot be counted", exc_info=True)
        return True


def by_session() -> Actor | None:
    """Return the actor whose sign-in the session cookie holds, as long as it was not ended."""
    person = signed_in_person()
    if person is None:
        return None
    viewer.speak(person.language)
    return Actor(
        key=f"person:{person.id}",
        person_id=person.id,
        language=person.language,
        may=rights_of(person),
        name=person.name or person.email,
    )


def signed_in_person() -> Person | None:
    """Return the person of the session cookie: Flask-Login keeps their epoch in it."""
    epoch = session.get("_user_id")
    person = queries.by_epoch(epoch) if isinstance(epoch, str) else None
    since = session.get(SINCE)
    if person is None or not person.active or not isinstance(since, int):
        return None
    age = clock.now() - datetime.fromtimestamp(since, UTC)
    return person if age < SESSION_LASTS else None


def sign_in_url(target: str) -> str:
    """Return the address of the sign-in page that leads on to ``target``."""
    return url_for("accounts.sign_in", next=target)


def protect_staff_forms(app: Flask) -> None:
    """Ask every unsafe request to a staff page for the token of its own session."""

    @app.before_request
    def protect() -> None:
        if request.method not in UNSAFE or not request.path.startswith(STAFF_PATHS):
            return
        view = app.view_functions.get(request.endpoint or "")
        if getattr(view, "permission", "") in ("public", "link"):
            return  # forms without a session guard themselves: app/web/public_forms.py
        if "_user_id" not in session:
            return  # nobody's authority to borrow: the view asks to sign in
        public_forms.refuse_other_sites()
        try:
            csrf.protect()
        except CSRFError as fault:
            raise FormNotSigned from fault


def register(app: Flask) -> None:
    """Set the hooks of `app/web/access.py` and guard the staff's forms."""
    app.extensions["identify"] = identify
    app.extensions["sign_in_url"] = sign_in_url
    # The token lives as long as its session: a form may be open over lunch. Where a form comes
    # from is asked of Sec-Fetch-Site and Origin, which proxies pass on, rather than of Referer.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    protect_staff_forms(app)
