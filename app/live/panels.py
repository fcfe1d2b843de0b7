"""A session's tools put together: as a page, and as the live document beside it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from app import clock
from app.core.links import Purpose
from app.core.vocabulary import Mode, RegistrationStatus, SessionStatus
from app.live import queries
from app.live.kinds import Part, Tool, head_of, instant
from app.programme.models import Session
from app.registration import queries as registrations
from app.web import documents

Parts = list[tuple[Tool, Part]]
Made = Callable[[], tuple[Session, Parts]]
ENDED = (SessionStatus.CANCELLED, SessionStatus.CLOSED)
POLL_SECONDS = 3
JSON = "application/json"
FOR_ALL = {"Content-Type": JSON, "Cache-Control": "public, no-cache"}
FOR_ONE = {
    "Content-Type": JSON,
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "same-origin",
}


def present(tools: Iterable[tuple[Tool, Part | None]]) -> Parts:
    """Return the tools that have something to show, each with it."""
    return [(tool, part) for tool, part in tools if part is not None]


def state(session: Session, revision: int, parts: Parts) -> dict[str, Any]:
    """Return a live document: the session, then what each tool says under its name.

    ``poll_seconds`` is how often to ask again, 0 for never.
    """
    now = clock.now()
    over = session.status in ENDED or now >= session.ends_at + queries.RUNS_ON
    return {
        "revision": revision,
        "consultation": session.consultation.slug,
        "session": session.slug,
        "status": session.status,
        "phase": phase(session),
        "starts_at": instant(session.starts_at),
        "ends_at": instant(session.ends_at),
        "poll_seconds": 0 if over else POLL_SECONDS,
        **{tool.name: dict(part.state) for tool, part in parts},
    }


def phase(session: Session) -> str:
    """Return where a session stands now: ``to_come``, ``running`` or ``over``."""
    now = clock.now()
    if now < session.starts_at:
        return "to_come"
    return "running" if now < session.ends_at else "over"


def revision(session: Session, person: int | None = None) -> int:
    """Return the revision of the live document beside a page rendered now.

    ``person`` is what a private page adds: the participant's own revision, 0 on the console.
    """
    row = queries.of_session(session)
    count = bisect_right(queries.moments(row.starts_at, row.ends_at), clock.now())
    inner = person is not None
    return queries.revision(row, inner=inner, count=count) + (person or 0)


def page(
    name: str, session: Session, parts: Parts, person: int | None = None, **context: Any
) -> str:
    """Render ``live/<name>.html`` with the parts of its tools; ``person`` as in `revision`."""
    return render_template(
        f"live/{name}.html",
        session=session,
        consultation=session.consultation,
        parts=[part for _tool, part in parts],
        head=head_of([part for _tool, part in parts]),
        phase=phase(session),
        revision=revision(session, person),
        said=request.args.get("said", ""),
        **context,
    )


def document(
    key: Hashable, row: Any, made: Made, headers: Mapping[str, str], *, inner: bool = False
) -> Response:
    """Answer with the live document made of ``row``'s counters; `made` is asked only for a new one.

    The server's time is on every answer and no part of the document.
    """
    version = (*queries.version(row), row.inner, row.person) if inner else queries.version(row)

    def render() -> documents.Document:
        moments = queries.moments(row.starts_at, row.ends_at)
        count = bisect_right(moments, clock.now())
        number = queries.revision(row, inner=inner, count=count)
        session, parts = made()
        text = json.dumps(state(session, number, parts), ensure_ascii=False, separators=(",", ":"))
        return documents.make(
            documents.etag_of("live", key, version, count),
            text,
            dict(headers),
            state=version,
            next_change_at=moments[count] if count < len(moments) else None,
        )

    response = documents.respond(key, version, render)
    for name, value in documents.stamped([], clock.now()):
        response.headers[name] = value
    return response


def rehearsal_links(copy: Session) -> list[tuple[str, str, str]]:
    """Return where a rehearsal is looked at: words, address, icon; each is a page of the copy.

    Two people of those who are invented show what one sees in the room and online.
    """
    names: dict[str, Any] = {"consultation": copy.consultation.slug, "session": copy.slug}
    projector = url_for("live.projector", **names, key=queries.stage_key(copy))
    found = [
        (_("Console"), url_for("live_staff.console", **names), "mic"),
        (_("Projector"), projector, "screen"),
        (_("Public live page"), url_for("live.now", **names), "globe"),
    ]
    held = registrations.live_in(copy, RegistrationStatus.CONFIRMED)
    for mode, words in (
        (Mode.ON_SITE, _("Somebody in the room: …")),
        (Mode.ONLINE, _("Somebody online: …")),
    ):
        who = next((each.participant for each in held if each.mode == mode), None)
        if who is not None:
            manage = registrations.token(who, Purpose.MANAGE)
            address = url_for("live.my", manage=manage, slug=copy.slug)
            found.append((words.replace("…", who.name), address, "say"))
    overview = url_for("portal_staff.overview", consultation=copy.consultation.slug)
    return [*found, (_("Its pages for staff"), overview, "next")]
