"""What others may want to know of attendance."""

from __future__ import annotations

from dataclasses import dataclass

from app.programme.models import Session


@dataclass(frozen=True)
class SomebodyCame:
    """Somebody was scanned at a session's door, or entered its online room, or left."""

    session: Session
