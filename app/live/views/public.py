"""What goes on in a session now, the same for everybody: the page, and the projector."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for

from app.consultations.models import Consultation
from app.core.refusals import NotFound
from app.live import kinds, queries
from app.live.panels import Parts, page, present
from app.live.views.blueprint import bp
from app.programme.models import Session
from app.web import access, loading, pages, subscribe, urls
from app.web.access import public


def of_page(consultation: str, session: str) -> pages.State | None:
    """Return the state of a session's public live page; ``None`` if there is none."""
    found = queries.public(consultation, session)
    if found is None:
        return None
    return pages.State(
        pages.reader_query(request.args),
        queries.version(found),
        found.changed_at,
        lambda: queries.moments(found.starts_at, found.ends_at),
    )


@bp.get("/live/<consultation>/<session>/")
@pages.document(of_page)
@public
def now(consultation: Consultation, session: Session) -> str:
    """Show what goes on now."""
    return page("page", session, public_parts(session), address=short_address(session))


@pages.document(of_page)
@public
def plain_projector(consultation: Consultation, session: Session) -> str:
    """Render the stage view as everybody may see it."""
    return stage_page(session, named=False)


@bp.get("/live/<consultation>/<session>/projector")
@access.public_document
def projector(consultation: str, session: str):
    """Show the stage view; with the console's key it may say who sits where."""
    if request.args.get("key"):
        names = {"consultation": consultation, "session": session}
        found = loading.load(names, sees_drafts=lambda _: False)["session"]
        if has_key(found):
            return access.private(make_response(stage_page(found, named=True)))
    return plain_projector(consultation=consultation, session=session)


def stage_page(session: Session, *, named: bool) -> str:
    """Render the stage view."""
    state_url = url_for(
        ".projector_state",
        consultation=session.consultation.slug,
        session=session.slug,
        key=request.args["key"] if named else None,
    )
    return page(
        "projector",
        session,
        stage_parts(session, named=named),
        0 if named else None,
        address=short_address(session),
        code=subscribe.qr(public_address(session)),
        state_url=state_url,
    )


def public_parts(session: Session) -> Parts:
    """Return what everybody sees of each tool."""
    return present((tool, tool.public(session)) for tool in kinds.of(session))


def stage_parts(session: Session, *, named: bool) -> Parts:
    """Return what the projector shows of each tool."""
    return present((tool, tool.stage(session, named=named)) for tool in kinds.of(session))


def has_key(session: Session) -> bool:
    """Whether the address carries the console's key; a wrong one is as good as none."""
    return queries.opens_stage(session, request.args.get("key", ""))


def public_address(session: Session) -> str:
    """Return the short way to the public live page, as the QR code has it.

    A rehearsal has none: it would be found by counting.
    """
    if session.consultation.is_rehearsal:
        names = {"consultation": session.consultation.slug, "session": session.slug}
        return urls.external("live.now", **names)
    return urls.external("live.short", number=session.id)


def short_address(session: Session) -> str:
    """Return it as it is read aloud: without the scheme."""
    return public_address(session).split("://", 1)[1]


@bp.get("/l/<number>")
@access.public_document
def short(number: str):
    """Lead from the few letters on the wall to the public live page; slugs have two at least."""
    found = queries.public_by_number(number)
    if found is None:
        raise NotFound
    target = url_for(".now", consultation=found.consultation, session=found.session)
    response = redirect(target, 302)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
