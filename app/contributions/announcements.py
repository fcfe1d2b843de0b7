"""What happens to contributions, for those above who count or answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.consultations.models import Consultation
from app.contributions.models import Answer, Contribution


@dataclass(frozen=True)
class ContributionMade:
    """Somebody sent a contribution themself."""

    contribution: Contribution


@dataclass(frozen=True)
class ContributionWithdrawn:
    """Its text is about to be removed: whoever keeps a copy removes it too."""

    contribution: Contribution


@dataclass(frozen=True)
class AnswersGiven:
    """Contributions were answered; ``answers`` by the field of what was sent that names their
    statement (``statement``, ``items.3.statement``). Whoever knows the statements refuses unknown
    ones, and tells the authors whose statement is out already."""

    consultation: Consultation
    answers: Mapping[str, Answer]
