"""The sender: takes due mails one by one, writes them, hands them over, notes what became of it."""

from __future__ import annotations

import logging
import threading
import time

from flask import current_app

from app import jobs
from app.mail import kinds, operations, queries, transport
from app.mail.kinds import LinkGone, Words
from app.mail.models import STATUSES
from app.mail.operations import Claim
from app.web import health

log = logging.getLogger("app.mail")

NO_SERVER_REST = 15  # seconds in which nobody is called after a server that did not answer

_turn = threading.Lock()
_rung = threading.Event()
_rest_until = 0.0


@jobs.task("mail.send", every=jobs.SWEEP_SECONDS)
def send() -> None:
    """Send whatever is due; one message is in flight in this process, whoever else rings."""
    _rung.set()
    while _rung.is_set() and _turn.acquire(blocking=False):
        try:
            _rung.clear()
            empty_outbox()
        finally:
            _turn.release()


@jobs.on_start
def begin() -> None:
    """Take over what a process that is gone was about to send."""
    if freed := operations.free_claims():
        log.info("%d mails of an ended process are sent again", freed)


def empty_outbox() -> None:
    """Send due mails until there is none, or until the server does not answer."""
    global _rest_until
    if time.monotonic() < _rest_until:
        return
    config = current_app.config
    with transport.opened(config["MAIL_URL"], helo=config["SITE_HOST"]) as line:
        while (mail := operations.claim()) is not None:
            if not deliver(mail, line):
                _rest_until = time.monotonic() + NO_SERVER_REST
                return


def deliver(mail: Claim, line: transport.Line) -> bool:
    """Send one claimed mail; return whether the server can be talked to at all."""
    letter = write(mail)
    if letter is None:
        return True
    try:
        line.send(letter)
    except transport.NoServer as fault:
        operations.try_later(mail.id, mail.attempts, str(fault))
        return False
    except transport.Passing as fault:
        operations.try_later(mail.id, mail.attempts, str(fault))
    except transport.Refused as fault:
        operations.give_up(mail.id, mail.attempts, str(fault))
    else:
        operations.mark_sent(mail.id, mail.attempts)
    return True


def write(mail: Claim) -> transport.Letter | None:
    """Return the letter, its words stored before the first attempt; ``None`` if it cannot be."""
    try:
        words = Words.read(mail.body) if mail.body else stored(mail)
        if words is None:
            return None
        with current_app.app_context():  # what the links need is read in a transaction that ends
            filled = kinds.fill(words, mail)
        return transport.letter(
            filled,
            sender=current_app.config["MAIL_SENDER"],
            to_address=mail.to_address,
            to_name=mail.to_name,
            language=mail.language,
            message_id=mail.message_id,
            date=mail.dtstamp,
        )
    except LinkGone:
        operations.drop(mail.id, mail.attempts, "a link in it was revoked")
    except Exception as fault:  # whatever is wrong with one mail must not stop the others
        log.exception("mail %d (%s) could not be written", mail.id, mail.kind)
        operations.note_fault(mail.id, mail.attempts, f"{type(fault).__name__}: {fault}")
    return None


def stored(mail: Claim) -> Words | None:
    """Write the words and keep them; ``None`` if somebody else took the mail meanwhile."""
    words = kinds.render(mail)
    kept = operations.store_body(mail.id, mail.attempts, subject=words.subject, body=words.stored())
    return words if kept else None


@health.gauge("mails", "Mails in the outbox, by status.", "status")
def mails_by_status() -> dict[str, int]:
    """Return how many mails stand where."""
    return dict.fromkeys(STATUSES, 0) | queries.backlog()
