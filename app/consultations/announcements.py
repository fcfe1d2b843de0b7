"""What happens to consultations."""

from __future__ import annotations

from dataclasses import dataclass

from app.consultations.models import Consultation


@dataclass(frozen=True)
class ConsultationChanged:
    """A consultation was created, changed or published; ``fields`` names what changed."""

    consultation: Consultation
    action: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConsultationClosing:
    """A consultation is about to be closed: whoever still owes something refuses."""

    consultation: Consultation
