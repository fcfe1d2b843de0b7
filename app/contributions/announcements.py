"""What happens to contributions, for those above who count or answer them."""

from __future__ import annotations

from dataclasses import dataclass

from app.contributions.models import Contribution


@dataclass(frozen=True)
class ContributionMade:
    """Somebody sent a contribution themself."""

    contribution: Contribution


@dataclass(frozen=True)
class ContributionWithdrawn:
    """Its text is about to be removed: whoever keeps a copy removes it too."""

    contribution: Contribution
