"""What a device sent, read item by item: what cannot be used is kept and named, never refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.core import links, people, texts
from app.core.people import Details
from app.core.refusals import Invalid
from app.core.vocabulary import ScanKind

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
LONGEST_TICKET, LONGEST_DEVICE, LONGEST_RAW = 500, 80, 2_000
INT = 2**31 - 1


@dataclass(frozen=True)
class Item:
    """One scan as it can be stored.

    ``key`` is what makes sending it twice harmless, ``id`` how the answer calls it. Whom it is
    about is named by ``code`` or ``secret`` of their ticket, by ``participant`` (the desk looked
    them up) or, for a walk-in, by ``person``. ``problem`` is the code of what makes it unusable.
    """

    key: str
    id: str
    kind: str
    at: datetime
    ticket: str | None = None
    code: str | None = None
    secret: str | None = None
    participant: str | None = None
    person: Details | None = None
    undoes: str | None = None
    problem: str | None = None
    raw: dict[str, Any] | None = None


class Unusable(Exception):
    """An item lacks what it needs; ``code`` says what."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read(scans: list[Any], *, now: datetime, language: str) -> list[Item]:
    """Return what was sent, in its order. Nothing is left out."""
    return [read_one(each, number, now, language) for number, each in enumerate(scans)]


def read_one(sent: Any, number: int, now: datetime, language: str) -> Item:
    """Return one item; an unusable one under a key of its own, so that it is kept once."""
    text = json.dumps(sent, ensure_ascii=True, sort_keys=True)
    named = sent.get("id") if isinstance(sent, Mapping) else None
    item = Item(
        key=f"unusable:{hashlib.sha256(text.encode()).hexdigest()[:40]}",
        id=named if isinstance(named, str) and len(named) <= LONGEST_TICKET else f"#{number}",
        kind="",
        at=now,
    )
    try:
        if not isinstance(sent, Mapping):
            raise Unusable("not_an_object")
        item = replace(item, key=uuid_of(named, "invalid_id"))
        item = replace(item, kind=kind_of(sent.get("kind")).value)
        item = replace(item, at=instant_of(sent.get("scanned_at"), now))
        return replace(item, **subject_of(sent, ScanKind(item.kind), language))
    except Unusable as fault:
        return replace(item, problem=fault.code, raw={"item": text[:LONGEST_RAW]})


def subject_of(sent: Mapping[str, Any], kind: ScanKind, language: str) -> dict[str, Any]:
    """Return whom an item is about, as fields of `Item`; raises `Unusable`."""
    if kind is ScanKind.UNDO:
        return {"undoes": uuid_of(sent.get("undoes"), "undoes_missing")}
    ticket, participant = sent.get("ticket"), sent.get("participant")
    if isinstance(participant, str) and participant:
        return {"participant": participant[:LONGEST_TICKET]}
    if isinstance(ticket, str) and ticket.strip():
        return ticket_of(ticket)
    if kind is ScanKind.WALK_IN:
        return {"person": details_of(sent.get("person"), language)}
    raise Unusable("ticket_missing")


def ticket_of(text: str) -> dict[str, Any]:
    """Return how a ticket is looked up and stored; one nobody can read is stored as typed."""
    code, secret = links.read_ticket(text[:LONGEST_TICKET])
    stored = code or secret or texts.clean(text[:LONGEST_TICKET])[:LONGEST_DEVICE]
    return {"ticket": stored, "code": code, "secret": secret}


def details_of(person: Any, language: str) -> Details:
    """Return who walked in: only the name is needed."""
    if not isinstance(person, Mapping):
        raise Unusable("person_missing")
    try:
        return people.details(person, language=language, needs_email=False)
    except Invalid as refusal:
        raise Unusable(refusal.errors[0].code) from refusal


def uuid_of(value: Any, code: str) -> str:
    """Return a UUID in small letters."""
    if isinstance(value, str) and UUID.fullmatch(value.lower()):
        return value.lower()
    raise Unusable(code)


def kind_of(value: Any) -> ScanKind:
    """Return the kind of a scan."""
    if isinstance(value, str) and value in set(ScanKind):
        return ScanKind(value)
    raise Unusable("unknown_kind")


def instant_of(value: Any, otherwise: datetime) -> datetime:
    """Return what the device's clock said, however wrong; ``otherwise`` where it said nothing."""
    if value is None:
        return otherwise
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Unusable("invalid_time")


def skew_of(device_time: Any, now: datetime) -> int | None:
    """Return by how many seconds the device's clock is ahead; ``None`` where it cannot be told."""
    try:
        said = instant_of(device_time, now)
    except Unusable:
        return None
    if device_time is None:
        return None
    return max(-INT, min(int((said - now).total_seconds()), INT))


def device_of(value: Any) -> str:
    """Return what a device calls itself, shortened."""
    return (
        texts.clean(value[: LONGEST_DEVICE * 2])[:LONGEST_DEVICE] if isinstance(value, str) else ""
    )
