"""People who work here: who they are, what they may do, and the tokens that act for them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_security import UserMixin
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.vocabulary import Role
from app.database import Base, Instant, JsonList, JsonObject
from app.orm import Json

ROLES = {
    Role.OWNER: _l("Owner"),
    Role.ORGANISER: _l("Organiser"),
    Role.REGISTRAR: _l("Registrar"),
    Role.DOOR: _l("Door"),
    Role.FACILITATOR: _l("Facilitator"),
    Role.MODERATOR: _l("Moderator"),
    Role.ONLINE_MODERATOR: _l("Online moderator"),
    Role.RAPPORTEUR: _l("Rapporteur"),
    Role.VIEWER: _l("Viewer"),
    Role.ADMIN: _l("Administrator"),
}


def role_name(value: str) -> str:
    """Return a role in words."""
    return str(ROLES[Role(value)])


class Person(Base, UserMixin):
    """Somebody who signs in. ``fs_uniquifier`` is the epoch of the person's sign-ins: a new one
    ends them all; ``totp_counter`` is the half minute of the last code used, so that none works
    twice. The names of most other columns are Flask-Security's."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str | None]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    mf_recovery_codes: Mapped[list | None] = mapped_column(MutableList.as_mutable(Json.copy()))
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None]
    us_totp_secrets: Mapped[str | None]
    us_phone_number: Mapped[str | None] = mapped_column(String(64))
    confirmed_at: Mapped[Instant | None]
    create_datetime: Mapped[Instant]
    update_datetime: Mapped[Instant]
    signed_in_at: Mapped[Instant | None]

    grants: Mapped[list[RoleGrant]] = relationship(
        foreign_keys="RoleGrant.person_id", cascade="all, delete-orphan", lazy="selectin"
    )

    # Flask-Security's own roles are not used: ours belong to consultations.
    roles: tuple = ()  # type: ignore[assignment]


class RoleGrant(Base):
    """One role of one person, in one consultation; ``admin`` is for the installation."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "consultation_id", "role"),
        CheckConstraint("(role = 'admin') = (consultation_id IS NULL)", name="admin_is_everywhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE")
    )
    role: Mapped[str]
    session_ids: Mapped[JsonList | None]
    granted_at: Mapped[Instant]


class SignInLink(Base):
    """A one-time sign-in link, stored as its hash; used once, until it expires."""

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]

    def is_good(self, *, at: datetime) -> bool:
        """Whether it still lets somebody in at instant ``at``."""
        return self.used_at is None and at < self.expires_at


class ApiToken(Base):
    """A bearer token, stored as its hash. Without ``scopes`` it may what its person may."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str]
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[JsonList | None]
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class IdempotencyKey(Base):
    """What an ``Idempotency-Key`` did: stored in the transaction of its effect, ids only."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("token_id", "path", "key"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    path: Mapped[str]
    key: Mapped[str]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    status: Mapped[int]
    ids: Mapped[JsonObject]
    created_at: Mapped[Instant]
