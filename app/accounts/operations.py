"""What can happen to the people who work here. One verb, one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app import clock
from app.accounts import mails, queries, security
from app.accounts.models import ApiToken, Person, RoleGrant, SignInLink
from app.audit import operations as audit
from app.consultations.models import Consultation
from app.core import links, texts
from app.core.permissions import LIMITABLE_TO_SESSIONS, Scope
from app.core.refusals import N_, Invalid, Refusal
from app.core.vocabulary import Role
from app.database import db, lock, operation


class LinkGone(Refusal):
    """A sign-in link works once, and not for long."""

    code = "link_gone"
    status = 410
    message = N_("This sign-in link was used or is too old. Ask for a new one.")


class LastOwner(Refusal):
    """Somebody must be left who can let others in."""

    code = "last_owner"
    message = N_("This is the last owner. Make somebody else an owner first.")


@operation
def add(
    email: str,
    *,
    name: str = "",
    language: str = "en",
    password: str | None = None,
    timezone: str | None = None,
) -> Person:
    """Return the person with this address, made if there is none. Raises `Invalid`.

    A person who is there keeps name and language; a password given is set.
    """
    email = texts.address(email)
    person = queries.by_email(email)
    if person is None:
        now = clock.now()
        person = Person(
            email=email,
            name=texts.clean_name(name),
            language=language,
            timezone=timezone,
            active=True,
            fs_uniquifier=secrets.token_urlsafe(24),
            create_datetime=now,
            update_datetime=now,
        )
        db.session.add(person)
        db.session.flush()
        audit.record("person_added", person, consultation_id=None)
    elif name and not person.name:
        person.name = texts.clean_name(name)
    if password is not None:
        set_password(person, password)
    return person


@operation
def give(
    person: Person,
    role: Role,
    *,
    consultation: Consultation | None = None,
    session_ids: Sequence[int] | None = None,
) -> RoleGrant:
    """Give ``person`` a role; ``admin`` everywhere, every other one in ``consultation``.

    ``session_ids`` limit it to those sessions, where the role can be limited. Giving a role again
    replaces its limits. Raises `Invalid` (`consultation_missing`, `unlimited_role`).
    """
    if (role is Role.ADMIN) != (consultation is None):
        raise Invalid.field(
            "consultation", "consultation_missing",
            "Every role but “admin” belongs to one consultation: name it",
        )  # fmt: skip
    if session_ids is not None and role not in LIMITABLE_TO_SESSIONS:
        raise Invalid.field(
            "sessions", "unlimited_role", "This role cannot be limited to single sessions"
        )
    lock(person)
    where = consultation.id if consultation else None
    grant = queries.grant(person, role, where)
    if grant is None:
        grant = RoleGrant(
            person_id=person.id, consultation_id=where, role=role.value, granted_at=clock.now()
        )
        person.grants.append(grant)
    limits = None if session_ids is None else sorted(set(session_ids))
    narrowed = grant.id is not None and limits != grant.session_ids
    grant.session_ids = limits
    if narrowed:
        new_epoch(person)
    db.session.flush()
    audit.record(
        "role_given",
        person,
        consultation_id=where,
        details={"role": role.value, "sessions": limits},
    )
    return grant


@operation
def add_with_role(
    email: str,
    role: Role,
    *,
    name: str = "",
    consultation: Consultation | None = None,
    password: str | None = None,
) -> Person:
    """Add somebody with a role, or give it to whoever has this address. Raises `Invalid`."""
    person = add(email, name=name, password=password)
    give(person, role, consultation=consultation)
    return person


@operation
def take(person: Person, role: Role, *, consultation: Consultation | None) -> None:
    """Take a role away; whoever is signed in with it is signed out. Raises `LastOwner`."""
    if consultation is not None:
        lock(consultation)  # two owners must not remove each other at once
    lock(person)
    where = consultation.id if consultation else None
    grant = queries.grant(person, role, where)
    if grant is None:
        return
    if role is Role.OWNER and where is not None and queries.owners(where) == 1:
        raise LastOwner
    person.grants.remove(grant)
    new_epoch(person)
    audit.record("role_taken", person, consultation_id=where, details={"role": role.value})


@operation
def invite(
    consultation: Consultation,
    *,
    email: str,
    role: Role,
    name: str = "",
    session_ids: Sequence[int] | None = None,
    language: str = "en",
    invited_by: str = "",
) -> Person:
    """Give somebody a role here and tell them by mail, with a link that lets them in once."""
    person = add(email, name=name, language=language)
    give(person, role, consultation=consultation, session_ids=session_ids)
    nonce = make_nonce(person, timedelta(days=mails.INVITATION_DAYS))
    mails.invited_to_work(person, consultation, role=role, nonce=nonce, invited_by=invited_by)
    return person


@operation
def send_link(email: str) -> None:
    """Mail a sign-in link to the person with this address; say nothing where there is none."""
    person = queries.by_email(email)
    if person is None or not person.active:
        return
    mails.sign_in_link(person, nonce=make_nonce(person, timedelta(minutes=mails.LINK_MINUTES)))


@operation
def make_link(person: Person) -> str:
    """Return the secret of a new sign-in link, to be shown to an administrator once."""
    return mails.link_secret(make_nonce(person, timedelta(minutes=mails.LINK_MINUTES)))


def make_nonce(person: Person, good_for: timedelta) -> str:
    """Add a sign-in link; return what its secret is derived from (worthless without the key)."""
    nonce = links.new_id()
    now = clock.now()
    db.session.add(
        SignInLink(
            person_id=person.id,
            fingerprint=links.fingerprint(mails.link_secret(nonce)),
            created_at=now,
            expires_at=now + good_for,
        )
    )
    return nonce


@operation
def use_link(secret: str) -> Person:
    """Use up a sign-in link; return whose it is. Raises `LinkGone`."""
    link = queries.sign_in_link(links.fingerprint(secret))
    if link is None:
        raise LinkGone
    lock(link)
    person = queries.by_id(link.person_id)
    if not link.is_good(at=clock.now()) or person is None or not person.active:
        raise LinkGone
    link.used_at = clock.now()
    return person


@operation
def sign_in(person: Person, *, via: str) -> None:
    """Note that ``person`` came in ``via`` "link" or "password"."""
    lock(person)
    person.signed_in_at = clock.now()
    audit.record(
        "signed_in", person, consultation_id=None, actor=f"person:{person.id}",
        details={"via": via},
    )  # fmt: skip


@operation
def sign_out(person: Person) -> None:
    """End every session of ``person``, on every device: a copied cookie is worth nothing."""
    lock(person)
    new_epoch(person)
    audit.record("signed_out", person, consultation_id=None)


@operation
def check_code(person: Person, code: str) -> bool:
    """Say whether ``code`` of the person's app is right now; none is right twice."""
    lock(person)
    return person.tf_totp_secret is not None and security.is_code(
        code, person.tf_totp_secret, person
    )


@operation
def set_password(person: Person, password: str) -> None:
    """Set a new password and end every session. Raises `Invalid` where it is too short."""
    lock(person)
    person.password = security.hashed(password)
    new_epoch(person)
    audit.record("password_set", person, consultation_id=None)


@operation
def set_totp(person: Person, sealed: str | None, *, code: str = "") -> None:
    """Ask for one-time codes from now on (``sealed`` secret, and a first code as proof), or stop.

    Raises `Invalid` (`wrong_code`).
    """
    lock(person)
    person.totp_counter = None
    if sealed is not None and not security.is_code(code, sealed, person):
        raise Invalid.field(
            "code", "wrong_code", "That is not the code your app shows now. Type the newest one"
        )
    person.tf_totp_secret = sealed
    person.tf_primary_method = "authenticator" if sealed else None
    new_epoch(person)
    audit.record("codes_on" if sealed else "codes_off", person, consultation_id=None)


@operation
def update(person: Person, changes: dict[str, Any]) -> None:
    """Change name, language or time zone."""
    lock(person)
    for field in ("name", "language", "timezone"):
        if field in changes:
            setattr(person, field, changes[field])
    person.update_datetime = clock.now()


@operation
def make_token(person: Person, *, name: str, scopes: Sequence[str] | None = None) -> str:
    """Return a new API token, shown this once; only its fingerprint is kept.

    Without ``scopes`` it may what its person may. Raises `Invalid` (`unknown_scope`).
    """
    known = [scope.value for scope in Scope]
    for scope in scopes or ():
        if scope not in known:
            raise Invalid.field(
                "scope", "unknown_scope", "A scope is one of: %(scopes)s", scopes=", ".join(known)
            )
    secret = f"ot_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        person_id=person.id,
        name=texts.clean(name) or "API",
        fingerprint=links.fingerprint(secret),
        scopes=sorted(set(scopes)) if scopes else None,
        created_at=clock.now(),
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token_made", token, consultation_id=None, details={"scopes": token.scopes})
    return secret


@operation
def revoke_token(token: ApiToken) -> None:
    """Let a token open nothing any more."""
    lock(token)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        audit.record("token_revoked", token, consultation_id=None)


@operation
def first_administrator() -> tuple[Person, str] | None:
    """While no administrator has ever signed in, return one and a sign-in secret."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(db.text("SELECT pg_advisory_xact_lock(20131008)"))
    found = queries.administrators()
    if any(person.signed_in_at for person in found):
        return None
    person = found[0] if found else add("admin@example.org", name="Administrator")
    if not found:
        give(person, Role.ADMIN)
    return person, make_link(person)


def new_epoch(person: Person) -> None:
    """End the person's sessions: their cookies name an epoch that is over."""
    person.fs_uniquifier = secrets.token_urlsafe(24)
    person.update_datetime = clock.now()
