"""Public pages made of many features: consultations, programme, session, help, notice, changes."""

from __future__ import annotations

import hmac

from flask import current_app, render_template, request, url_for

from app import clock
from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.core import links
from app.core.links import Purpose
from app.core.refusals import NotFound
from app.portal import panels, queries
from app.portal.views.blueprint import bp
from app.programme import panels as programme_panels
from app.programme import queries as programmes
from app.programme.models import Session
from app.web import pages, viewer
from app.web.access import personal, public


@bp.get("/")
@pages.document(queries.of_home)
@public
def home() -> str:
    """List the consultations."""
    found = consultations.published()
    return render_template("portal/home.html", cards=panels.cards(found, clock.now()))


@bp.get("/<consultation>/")
@pages.document(queries.of_programme)
@public
def programme(consultation: Consultation) -> str:
    """Show the programme of a consultation."""
    sessions = programmes.public_of(consultation)
    return programme_page(consultation, sessions, queries.filters_of(request.args))


def programme_page(
    consultation: Consultation,
    sessions: list[Session],
    wanted: dict[str, str],
    preview: str = "",
) -> str:
    """Render the programme; ``preview`` is the secret of a preview, whose links stay in it."""
    reader = panels.reader(sessions)
    shown = queries.matching(sessions, wanted)
    many = len(sessions) > programme_panels.MANY
    rows = panels.rows(consultation, shown, reader, with_strip=not many, preview=preview)
    return render_template(
        "portal/programme.html",
        consultation=consultation,
        reader=reader,
        days=programme_panels.days(rows),
        many=many,
        hidden=len(sessions) - len(shown),
        bar=panels.filter_bar(sessions, wanted, reader),
        notices=panels.notices(shown, reader),
        steps=panels.path(consultation, sessions, reader),
        has_document=panels.has_document(consultation),
        over=panels.overline(consultation, sessions, reader),
        calendar=None if preview else panels.calendar(consultation),
        unknown_zone=viewer.zone_is_unknown(),
        preview=preview,
        head=panels.metadata_of_consultation(consultation, reader),
    )


@bp.get("/<consultation>/<session>/")
@pages.document(queries.of_consultation)
@public
def session(consultation: Consultation, session: Session) -> str:
    """Show one session."""
    return session_page(session, programmes.public_of(consultation))


def session_page(session: Session, sessions: list[Session], preview: str = "") -> str:
    """Render the page of ``session``, one of ``sessions``."""
    consultation = session.consultation
    reader = panels.reader(sessions)
    (row,) = panels.rows(consultation, [session], reader, preview=preview)
    second = row.clocks.you or row.clocks.utc if row.clocks and not row.clocks.same else None
    return render_template(
        "portal/session.html",
        consultation=consultation,
        session=session,
        reader=reader,
        row=row,
        agenda=programme_panels.agenda(session, reader, second),
        second=second,
        where=panels.where(session, reader),
        good_to_know=panels.good_to_know(session),
        window=panels.window(session, reader),
        nearby=panels.nearby(session, sessions, reader, preview),
        calendar=None if preview else panels.session_calendar(session),
        unknown_zone=viewer.zone_is_unknown(),
        preview=preview,
        head=panels.metadata_of_session(session, reader),
        shared=None if preview else panels.shared_session(session, reader),
    )


@bp.get("/<consultation>/help")
@pages.document(queries.of_consultation)
@public
def help(consultation: Consultation) -> str:
    """Say how taking part works."""
    feed = url_for("feeds.consultation", consultation=consultation.slug)
    return render_template("portal/help.html", consultation=consultation, feed=feed)


@bp.get("/<consultation>/privacy")
@pages.document(queries.of_consultation)
@public
def privacy(consultation: Consultation) -> str:
    """Say what happens with personal data."""
    return render_template(
        "portal/privacy.html",
        consultation=consultation,
        notice=panels.privacy_notice(consultation, viewer.language()),
    )


@bp.get("/<consultation>/changes")
@pages.document(queries.of_consultation)
@public
def changes(consultation: Consultation) -> str:
    """Say what changed in the programme."""
    found = programmes.changes_of(consultation)
    reader = panels.reader(programmes.public_of(consultation))
    return render_template(
        "portal/changes.html",
        consultation=consultation,
        entries=panels.changes(found, reader),
        reader=reader,
    )


@bp.get("/<consultation>/preview/<token>/")
@personal
def preview(consultation: Consultation, token: str) -> str:
    """Show the programme with its drafts to whoever has the secret address."""
    refuse_unknown(consultation, token)
    sessions = programmes.all_of(consultation)
    return programme_page(consultation, sessions, queries.filters_of(request.args), token)


@bp.get("/<consultation>/preview/<token>/<session>/")
@personal
def preview_session(consultation: Consultation, token: str, session: Session) -> str:
    """Show one session, a draft too, to whoever has the secret address."""
    refuse_unknown(consultation, token)
    return session_page(session, programmes.all_of(consultation), token)


def refuse_unknown(consultation: Consultation, token: str) -> None:
    """Refuse whatever is not the consultation's present preview secret, as if nothing was there."""
    right = links.derive(
        current_app.config["LINK_KEY"],
        Purpose.PREVIEW,
        consultation.slug,
        consultation.preview_version,
    )
    if not hmac.compare_digest(right.encode(), token.encode("utf-8", "surrogatepass")):
        raise NotFound
    viewer.speak(consultation.language)
