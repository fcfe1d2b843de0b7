"""Participants and their registrations: the facts from which places and feeds follow."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.links import new_id, new_ticket_code, new_ticket_secret
from app.core.timing import isoformat_z
from app.core.vocabulary import Mode, RegistrationStatus
from app.database import Base, Instant, JsonList, JsonObject
from app.programme.models import Session


class Participant(Base):
    """One person within one consultation, with ONE ticket for all its sessions.

    ``email`` is normalised and unique in the consultation; null for walk-ins without one.
    ``opened_at`` is set when somebody used what only the mail carried. ``search_name`` is the
    name folded for searching. ``link_version`` counts up when all links and the ticket are made
    anew, ``feed_version`` when only the feed is. ``written_at`` is when the form last had a mail
    sent to this address, ``erased_at`` when everything personal was removed.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("consultation_id", "email"),
        Index("ix_participant_search", "consultation_id", "search_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    name: Mapped[str]
    search_name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(320))
    organisation: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None] = mapped_column(String(2))
    stakeholder_group: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[Instant | None]
    opened_at: Mapped[Instant | None]
    lapses_at: Mapped[Instant | None]
    reminded_at: Mapped[Instant | None]
    written_at: Mapped[Instant | None]
    reminders_off_at: Mapped[Instant | None]
    erased_at: Mapped[Instant | None]
    ticket_secret: Mapped[str] = mapped_column(String(40), unique=True, default=new_ticket_secret)
    ticket_code: Mapped[str] = mapped_column(String(12), unique=True, default=new_ticket_code)
    link_version: Mapped[int] = mapped_column(default=1)
    feed_version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_opened(self) -> bool:
        """Whether somebody used what only the mail carried."""
        return self.opened_at is not None

    @property
    def person(self) -> str:
        """The key under which the outbox keeps this person's mails in order."""
        return f"participant:{self.id}"


class Secret(Base):
    """A derived token as we look it up: by its SHA-256, revoked ones included.

    ``expires_at`` is set on a manage link mailed after the ordinary ones had ended.
    """

    __tablename__ = "secret"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE")
    )
    created_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    first_used_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]
    user_agent: Mapped[str | None] = mapped_column(String(200))

    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)


class Registration(Base):
    """A participant's wish for a place in one session.

    ``waits_for`` is the mode this person waits for while holding another. ``told`` is what the
    person was last told (start, end, zone, venue, mode, status). ``sequence`` is the SEQUENCE of
    this person's calendar entry. ``ended_by`` says who ended it: self, staff, expired.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("session_id", "participant_id"),
        CheckConstraint(
            "status IN ('pending', 'confirmed', 'waiting', 'offered', 'declined', 'cancelled')",
            name="status",
        ),
        CheckConstraint("waits_for IS NULL OR waits_for <> mode", name="waits_for_another_mode"),
        Index("ix_registration_places", "session_id", "mode", "status", "waits_for"),
        Index("ix_registration_line", "session_id", "lined_up_at", "id"),
        Index("ix_registration_participant", "participant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12))
    waits_for: Mapped[str | None] = mapped_column(String(12))
    lined_up_at: Mapped[Instant]
    offer_expires_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[str | None] = mapped_column(String(12))
    answers: Mapped[JsonObject]
    told: Mapped[JsonObject | None]
    reminded: Mapped[JsonList]
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]

    session: Mapped[Session] = relationship(lazy="joined", innerjoin=True)
    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_live(self) -> bool:
        """Whether the person still stands in this session or in its line."""
        return RegistrationStatus(self.status).is_live

    @property
    def line(self) -> Mode | None:
        """The mode for which this person stands in line; ``None`` for whoever waits for nothing."""
        if not self.is_live:
            return None
        if self.waits_for:
            return Mode(self.waits_for)
        return Mode(self.mode) if self.status == RegistrationStatus.WAITING else None

    @property
    def standing(self) -> dict[str, Any]:
        """What this person must know, as it is now: compared with ``told`` to find who must hear.

        The venue only for whoever comes there; ``session`` is the session's status.
        """
        session = self.session
        there = Mode.ON_SITE in (self.mode, self.waits_for)
        return {
            "starts_at": isoformat_z(session.starts_at),
            "ends_at": isoformat_z(session.ends_at),
            "timezone": session.timezone,
            "venue": session.venue if there else None,
            "mode": self.mode,
            "status": self.status,
            "session": session.status,
        }


class Submission(Base):
    """What was sent by the form for an address we already knew: it changes nothing until opened.

    ``wishes`` lists ``{"session": id, "mode": …, "waits_for": …, "held": whether it was counted
    among the places of unopened submissions}``, ``details`` what was typed of the person; both are
    applied when the button in the mail is pressed.
    """

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_lapses_at", "lapses_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True, default=new_id)
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    wishes: Mapped[JsonList]
    details: Mapped[JsonObject]
    created_at: Mapped[Instant]
    lapses_at: Mapped[Instant]
    applied_at: Mapped[Instant | None]

    participant: Mapped[Participant] = relationship(lazy="joined", innerjoin=True)


class Hold(Base):
    """What an unopened submission keeps in one session: one row a wish.

    ``counts``: a place is kept from others. ``waits``: it is displayed as one more in the line
    rather than as a place less. A row that does neither asks for nothing new: it is subtracted
    from what is displayed, so that nobody learns whether an address was known.
    """

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_session", "session_id", "mode", "counts", "waits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submission.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(12))
    counts: Mapped[bool]
    waits: Mapped[bool]


class Receipt(Base):
    """What the page after the form shows, behind the opaque id in its cookie, for two hours.

    ``typed`` is what was sent: the person's details and ``wishes`` as in `Submission`.
    """

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_expires_at", "expires_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True, default=new_ticket_secret)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE")
    )
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submission.id", ondelete="SET NULL")
    )
    typed: Mapped[JsonObject]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    corrected_at: Mapped[Instant | None]

    consultation: Mapped[Consultation] = relationship(lazy="joined", innerjoin=True)
