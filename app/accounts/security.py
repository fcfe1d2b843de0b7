"""Flask-Security's machinery under our own pages: the session, password hashes, one-time codes.

Its pages, tokens, commands and hooks stay switched off (docs/decisions/006-sign-in.md).
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, session
from flask_security import SQLAlchemyUserDatastore, hash_password, login_user
from flask_security.totp import Totp
from flask_security.utils import verify_password

from app import clock
from app.accounts import queries
from app.accounts.models import Person, RoleGrant
from app.accounts.permissions import SINCE
from app.core.refusals import Invalid
from app.extensions import db, security

VIA = "signed_in_via"  # in the session cookie: "link" or "password"
CODE_WINDOW_SECONDS = 30
LEAST_PASSWORD = 12
MOST_PASSWORD = 200
HOOKS = ("before_request_funcs", "after_request_funcs", "template_context_processors")


class ReadOnlyDatastore(SQLAlchemyUserDatastore):
    """Lets Flask-Security find people; what a sign-in writes is written by our operations.

    Its own ``commit()`` would write in the transaction in which it read, which fails on SQLite
    whenever somebody else writes.
    """

    def commit(self) -> None:
        """Refuse: see app/accounts/operations.py."""
        raise RuntimeError("people are written by app.accounts.operations")


class OnceOnlyTotp(Totp):
    """One-time codes that work once: the counter of the last one is kept with the person."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the half minute of the last code that was used."""
        return user.totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep it; the operation around it writes."""
        user.totp_counter = tmatch.counter


def register(app: Flask) -> None:
    """Bind Flask-Security without its pages, and without what it would do in every request."""
    app.config.update(
        SECURITY_TRACKABLE=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  (the name of the algorithm)
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106  (the name of a Unicode form)
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TOTP_ISSUER=app.config["SITE_NAME"],
        SESSION_PROTECTION=None,
    )
    json = app.json
    before = {name: {k: list(v) for k, v in getattr(app, name).items()} for name in HOOKS}
    security._totp_cls = OnceOnlyTotp
    people = ReadOnlyDatastore(db, Person, RoleGrant)  # type: ignore[arg-type]  # roles are ours
    security.init_app(app, people, register_blueprint=False)
    # Flask-Login and Flask-Principal would read the session in every request, public ones too:
    # those would vary by cookie and cost a look-up. Who needs to know asks `permissions`.
    for name in HOOKS:
        hooks = getattr(app, name)
        hooks.clear()
        hooks.update(before[name])
    app.json = json
    # Nobody signs in by Flask-Security's own tokens, and its roles are not ours.
    security.login_manager.user_loader(queries.by_epoch)
    security.login_manager._request_callback = None


def begin_session(person: Person, via: str) -> None:
    """Sign ``person`` in on this browser; whatever its session held before is gone."""
    session.clear()
    login_user(person, remember=False)
    session[SINCE] = int(clock.now().timestamp())
    session[VIA] = via


def end_session() -> None:
    """Forget the session on this browser; the person's new epoch ends the copies elsewhere."""
    session.clear()


def hashed(password: str) -> str:
    """Return argon2's hash of ``password``; raises `Invalid` where it is too short or too long."""
    if len(password) > MOST_PASSWORD or len(normal(password)) < LEAST_PASSWORD:
        raise Invalid.field(
            "password",
            "password_length",
            "Choose a password of %(least)s to %(most)s characters; a few words are good",
            least=LEAST_PASSWORD,
            most=MOST_PASSWORD,
        )
    return hash_password(normal(password))


def normal(password: str) -> str:
    """Return ``password`` in one Unicode form, whichever keyboard typed it."""
    return security._password_util.normalize(password)


def is_password(password: str, person: Person | None) -> bool:
    """Say whether ``password`` is the person's; takes as long where there is none to compare."""
    stored = person.password if person is not None else None
    if len(password) > MOST_PASSWORD:
        password = ""
    matches = verify_password(normal(password), stored or nobodys_hash())
    return matches and stored is not None


def nobodys_hash() -> str:
    """Return the hash of a password that nobody has."""
    extensions = current_app.extensions
    if "nobodys_hash" not in extensions:
        extensions["nobodys_hash"] = hash_password("nobody has this password")
    return extensions["nobodys_hash"]


def new_totp_secret() -> str:
    """Return a new secret for one-time codes, sealed with the installation's key."""
    return security._totp_factory.generate_totp_secret()


def is_code(code: str, sealed: str, person: Person) -> bool:
    """Say whether ``code`` is now the right one, and mark it as used on ``person``."""
    digits = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    if len(digits) != 6:
        return False
    return security._totp_factory.verify_totp(
        token=digits, totp_secret=sealed, user=person, window=CODE_WINDOW_SECONDS
    )


def totp_key(sealed: str) -> str:
    """Return the secret as people type it into their app."""
    return security._totp_factory.get_totp_pretty_key(sealed)


def totp_uri(sealed: str, email: str) -> str:
    """Return the address the QR code holds."""
    return security._totp_factory.get_totp_uri(email, sealed)
