"""Reads about the people who work here, their roles and their tokens."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import ApiToken, Person, RoleGrant, SignInLink
from app.core.vocabulary import Role
from app.database import db

WITH_GRANTS = joinedload(Person.grants)


def by_id(person_id: int) -> Person | None:
    """Return the person numbered ``person_id``."""
    return db.session.get(Person, person_id)


def by_email(email: str) -> Person | None:
    """Return the person whose normalised address is ``email``."""
    return db.session.scalar(select(Person).where(Person.email == email))


def by_epoch(epoch: str) -> Person | None:
    """Return the person whose present sign-ins carry ``epoch``, roles included: one look-up."""
    return db.session.scalars(
        select(Person).where(Person.fs_uniquifier == epoch).options(WITH_GRANTS)
    ).unique().one_or_none()  # fmt: skip


def token(fingerprint: str) -> ApiToken | None:
    """Return the token in force with this fingerprint, person and roles included: one look-up."""
    return db.session.scalars(
        select(ApiToken)
        .where(ApiToken.fingerprint == fingerprint, ApiToken.revoked_at.is_(None))
        .options(joinedload(ApiToken.person).joinedload(Person.grants))
    ).unique().one_or_none()  # fmt: skip


def token_of(person: Person, token_id: int) -> ApiToken | None:
    """Return a token of ``person``, revoked or not."""
    return db.session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.person_id == person.id)
    )


def tokens_of(person: Person) -> list[ApiToken]:
    """Return the tokens in force of ``person``, the newest first."""
    return list(
        db.session.scalars(
            select(ApiToken)
            .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
            .order_by(ApiToken.id.desc())
        )
    )


def sign_in_link(fingerprint: str) -> SignInLink | None:
    """Return the one-time link with this fingerprint, used or not."""
    return db.session.scalar(select(SignInLink).where(SignInLink.fingerprint == fingerprint))


def people_of(consultation_id: int) -> list[Person]:
    """Return who has a role in the consultation, in order of their addresses."""
    return list(
        db.session.scalars(
            select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.consultation_id == consultation_id)
            .distinct()
            .order_by(Person.email)
        )
    )


def grant(person: Person, role: Role, consultation_id: int | None) -> RoleGrant | None:
    """Return the row that gives ``person`` this role there."""
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person.id,
            RoleGrant.role == role.value,
            RoleGrant.consultation_id.is_(None)
            if consultation_id is None
            else RoleGrant.consultation_id == consultation_id,
        )
    )


def owners(consultation_id: int) -> int:
    """Return how many people own the consultation."""
    return len(
        db.session.scalars(
            select(RoleGrant.id).where(
                RoleGrant.consultation_id == consultation_id, RoleGrant.role == Role.OWNER.value
            )
        ).all()
    )


def administrators() -> list[Person]:
    """Return who administers the installation."""
    return list(
        db.session.scalars(
            select(Person)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.ADMIN.value, Person.active)
            .order_by(Person.id)
        )
    )


def names_of(actors: set[str]) -> dict[str, str]:
    """Return the names of those behind the keys of audit rows (``person:3``, ``token:5``)."""
    people = {int(key.split(":")[1]) for key in actors if key.startswith("person:")}
    tokens = {int(key.split(":")[1]) for key in actors if key.startswith("token:")}
    found = {
        f"person:{person.id}": person.name or person.email
        for person in db.session.scalars(select(Person).where(Person.id.in_(people)))
    }
    for token in db.session.scalars(select(ApiToken).where(ApiToken.id.in_(tokens))):
        found[f"token:{token.id}"] = f"{token.person.name or token.person.email} ({token.name})"
    return found
