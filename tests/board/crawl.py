"""A walk over everything the public can read, and what the outbox and the log hold."""

from __future__ import annotations

import re
from html import unescape

from sqlalchemy import select

from app.database import db
from app.mail.models import OutboxMail

START = ("/", "/api/v1/consultations", "/api/v1/openapi.json")


def everything(client, *more: str, limit: int = 600) -> dict[str, str]:
    """Return what each public address says, headers too, following every link from the first."""
    waiting, seen = [*START, *more], {}
    while waiting and len(seen) < limit:
        address = waiting.pop()
        if address in seen or address.startswith("/static/"):
            continue
        answer = client.get(address)
        seen[address] = f"{answer.headers}\n{answer.get_data(as_text=True)}"
        if answer.mimetype == "text/html":
            found = re.findall(r'(?:href|src|action)="(/[^"#]*)', answer.text)
            waiting += [unescape(link) for link in found]
    return seen


def mails_to_others(address: str) -> str:
    """Return all that the outbox keeps of mails to anybody but ``address``."""
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.to_address != address))
    return "\n".join(f"{m.facts} {m.subject} {m.body!r} {m.to_name}" for m in rows)
