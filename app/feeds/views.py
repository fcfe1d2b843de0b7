"""Calendar feeds to subscribe to. A subscriber is never sent away: the last good copy is served.

The validator comes first: one look-up says whether the kept document is still the newest. The
same answers are given in front of Flask by `front.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Hashable, Mapping
from datetime import timedelta
from functools import wraps

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from app import clock
from app.core import languages, links
from app.core.refusals import Refusal
from app.database import Busy, db
from app.feeds import exports, operations, queries
from app.feeds.exports import Wanted
from app.registration import models as registration
from app.web import documents
from app.web.access import personal_document, public_document

bp = Blueprint("feeds", __name__)
log = logging.getLogger("app.feeds")
PARAMETERS = frozenset({"format", "mode", "language", "lang"})
READING = ("GET", "HEAD")
REFUSED = (
    "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "PROPPATCH", "REPORT", "MKCOL",
    "MKCALENDAR", "COPY", "MOVE", "LOCK", "UNLOCK",
)  # fmt: skip
UNCHECKED_FOR = timedelta(hours=1)  # how long a secret counts as not revoked without a look
NEVER = "-"  # a filter nothing can match


def read_only(rule: str) -> Callable[[Callable], Callable]:
    """Route GET and HEAD; what else calendar apps try, OPTIONS too, is 405 with Allow."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def run(**address: str) -> Response:
            if request.method not in READING:
                raise MethodNotAllowed(READING)
            return view(**address)

        methods = [*READING, *REFUSED]
        return bp.route(rule, methods=methods, provide_automatic_options=False)(run)

    return decorate


@read_only("/<consultation>/calendar.ics")
@public_document
def consultation(consultation: str) -> Response:
    """Serve the programme, or what the filters of the address leave of it."""
    asked = wanted(request.args)

    def newest() -> documents.Document:
        found = queries.programme_state(consultation)
        state = (found.id, found.revision)
        return documents.newest(
            key, state, lambda: exports.of_programme(consultation, asked, state)
        )

    key = programme_key(consultation, asked)
    return answer(key, newest)


@read_only("/<consultation>/<session>/calendar.ics")
@public_document
def session(consultation: str, session: str) -> Response:
    """Serve one session: to subscribe to, or to put into a calendar once."""
    lang = known_language(request.args)

    def newest() -> documents.Document:
        found = queries.session_state(consultation, session)
        state = (found.id, found.revision, found.consultation)
        return documents.newest(
            key, state, lambda: exports.of_session(consultation, session, lang, state)
        )

    key = session_key(consultation, session, lang)
    return answer(key, newest)


@read_only("/calendar/<token>.ics")
@personal_document
def personal(token: str) -> Response:
    """Serve one person's own sessions."""
    lang = known_language(request.args)
    fingerprint = links.fingerprint(token)

    def newest() -> documents.Document:
        found = queries.personal_state(fingerprint)
        state = (found.id, found.revision, found.consultation)
        return documents.newest(key, state, lambda: build(found.id, state))

    def build(participant_id: int, state: Hashable) -> documents.Document:
        person = db.session.get_one(registration.Participant, participant_id)
        return exports.of_participant(person, lang, state)

    key = personal_key(fingerprint, lang)
    response = answer(key, newest, is_secret=True)
    note(fingerprint)
    return response


@read_only("/calendar/staff/<token>.ics")
@personal_document
def staff(token: str) -> Response:
    """Serve an organiser's sessions; what they may see is asked every time."""
    lang = known_language(request.args)
    fingerprint = links.fingerprint(token)
    key = ("staff feed", fingerprint, lang)

    def newest() -> documents.Document:
        feed = queries.staff_feed(fingerprint)
        document = exports.of_staff(feed.person, lang, state=None)
        documents.shelf.put(key, document)
        return document

    response = answer(key, newest, is_secret=True)
    note(fingerprint)
    return response


# --- What they share --------------------------------------------------------------------------


def answer(
    key: Hashable, newest: Callable[[], documents.Document], *, is_secret: bool = False
) -> Response:
    """Answer with the newest document, else with the last good one.

    A secret one is served unchecked for an hour only: it may have been revoked meanwhile.
    """
    try:
        document = newest()
    except Refusal as refusal:
        if not isinstance(refusal, Busy):
            raise
        document = last_good(key, is_secret, refusal)
    except Exception as fault:
        document = last_good(key, is_secret, fault)
    return documents.as_response(document)


def last_good(key: Hashable, is_secret: bool, fault: Exception) -> documents.Document:
    """Return the kept document although something failed; refuse as busy without one."""
    log.error("a feed is served from its last good copy", exc_info=fault)
    db.session.rollback()
    document = documents.shelf.newest(key)
    if document is None:
        raise Busy from fault
    checked_at = document.checked_at
    if is_secret and (checked_at is None or clock.now() > checked_at + UNCHECKED_FOR):
        raise Busy from fault
    return document


def note(fingerprint: str) -> None:
    """Note who fetched, for the person to see."""
    operations.fetches.note(fingerprint, request.headers.get("User-Agent", ""))
    operations.flush_fetches()


def wanted(query: Mapping[str, str]) -> Wanted:
    """Read the filters; what can match nothing is one and the same feed, without entries."""
    return Wanted(
        format=filter_value(query.get("format", "")),
        mode=filter_value(query.get("mode", "")),
        language=filter_value(query.get("language", "")),
        lang=known_language(query),
    )


def filter_value(text: str) -> str:
    """Return ``text`` if something may be called so."""
    return text if not text or re.fullmatch(r"[A-Za-z0-9_-]{2,40}", text) else NEVER


def known_language(query: Mapping[str, str]) -> str:
    """Return ``?lang=`` if it is one of ours."""
    asked = languages.known(query.get("lang"))
    return asked.code if asked else ""


def programme_key(consultation: str, asked: Wanted) -> Hashable:
    """Return under which name the shelf keeps the programme's feed."""
    return ("feed", consultation, asked)


def session_key(consultation: str, session: str, lang: str) -> Hashable:
    """Return under which name the shelf keeps the feed of a session."""
    return ("session feed", consultation, session, lang)


def personal_key(fingerprint: str, lang: str) -> Hashable:
    """Return under which name the shelf keeps a person's feed."""
    return ("personal feed", fingerprint, lang)
