"""What happens to sessions, for those who registered people in them."""

from __future__ import annotations

from dataclasses import dataclass

from app.consultations.models import Consultation
from app.core.vocabulary import Mode
from app.programme.models import Session


@dataclass(frozen=True)
class SessionMoved:
    """Start, end, zone, place, status or join link changed: people must hear what differs.

    ``at_once`` where nobody may wait for the window of coalesced notices.
    """

    session: Session
    at_once: bool = False


@dataclass(frozen=True)
class SessionCancelled:
    """It will not take place."""

    session: Session


@dataclass(frozen=True)
class SessionRestored:
    """A cancelled session takes place after all."""

    session: Session


@dataclass(frozen=True)
class CapacityChanged:
    """More or fewer places than before, or a mode came or went."""

    session: Session


@dataclass(frozen=True)
class ModesRemoved:
    """Modes are about to be offered no more; whoever holds people in them refuses."""

    session: Session
    modes: tuple[Mode, ...]


@dataclass(frozen=True)
class SessionDeleted:
    """A draft is about to be deleted; whoever holds people in it refuses."""

    session: Session


@dataclass(frozen=True)
class ArchiveMade:
    """An empty database was given the archive of 2013, of which nobody here took part."""

    consultation: Consultation
