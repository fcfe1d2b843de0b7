"""Wrong tickets are counted per device, never per address: a venue behind one address goes on."""

from __future__ import annotations

from typing import Any

from flask import current_app
from limits import parse

from app.accounts import permissions
from app.attendance.operations import items
from app.core.refusals import N_, Refusal
from app.core.vocabulary import Verdict
from app.extensions import limiter

WRONG_TICKETS = "60 per minute"


class TooManyWrongTickets(Refusal):
    """This device sent more unknown tickets within a minute than anybody scans by mistake."""

    code = "too_many_requests"
    status = 429
    message = N_("Too many unknown tickets from this device. Wait a minute, then try again.")


def key(actor: str, device: Any) -> str:
    """Return under what a device is counted: who is signed in on it and what it calls itself."""
    return f"{actor}/{items.device_of(device)}"


def refuse(device: str) -> None:
    """Refuse a device that has guessed too often; nothing of what it sent is lost there."""
    if not limiter.enabled:
        return
    try:
        free = limiter.limiter.test(parse(WRONG_TICKETS), "wrong-ticket", device)
    except Exception:
        current_app.logger.warning("rate limits cannot be counted", exc_info=True)
        return
    if not free:
        raise TooManyWrongTickets(retry_after=60)


def count(device: str, verdicts: dict[str, dict[str, Any]]) -> None:
    """Count the unknown tickets among what was answered."""
    for answer in verdicts.values():
        if answer["verdict"] == Verdict.UNKNOWN_TICKET:
            permissions.hit(WRONG_TICKETS, "wrong-ticket", device)
