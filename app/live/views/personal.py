"""A session's live page for one person, behind the manage link or a join link.

A GET never acts. A POST by the link opens its person; the tool that knows the act answers it.
"""

from __future__ import annotations

from flask import abort, request, url_for
from flask_babel import gettext as _

from app.core.refusals import NotFound
from app.live import kinds
from app.live.kinds import Seat
from app.live.panels import Parts, page
from app.live.views.blueprint import bp
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration import queries as registration
from app.registration.models import Participant, Registration
from app.web import public_forms, urls, viewer
from app.web.access import personal


@bp.route("/my/<manage>/live/<slug>/", methods=["GET", "POST"])
@personal
def my(participant: Participant, slug: str):
    """Show one session to the person behind a manage link."""
    return answer(seat_of(participant, slug))


@bp.route("/join/<join>/live", methods=["GET", "POST"])
@personal
def joined(registration: Registration):
    """Show a join link's own session."""
    return answer(seat_in(registration))


def seat_of(participant: Participant, slug: str) -> Seat:
    """Return the seat a manage link has before a session of its consultation."""
    manage = (request.view_args or {})["manage"]
    session = shown(programme.by_slug(participant.consultation, slug))
    return Seat(
        participant=participant,
        session=session,
        registration=registration.find(session, participant),
        home=url_for("live.my", manage=manage, slug=slug),
        back=(url_for("portal.my", manage=manage), _("My registrations")),
    )


def seat_in(registration: Registration) -> Seat:
    """Return the seat a join link has before its session."""
    join = (request.view_args or {})["join"]
    session = shown(registration.session)
    return Seat(
        participant=registration.participant,
        session=session,
        registration=registration,
        home=url_for("live.joined", join=join),
        back=(url_for("registration.join", join=join), session.words("title", viewer.language())),
    )


def shown(session: Session | None) -> Session:
    """Return ``session`` if the public may know of it; raises `NotFound`."""
    if session is None or not session.is_public:
        raise NotFound
    return session


def answer(seat: Seat):
    """Show the page, or do what one of its forms asks for."""
    refused: dict[str, kinds.Part] = {}
    if request.method == "POST":
        public_forms.refuse_other_sites()
        name = request.form.get("act", "")
        tool = next((each for each in kinds.of(seat.session) if name in each.acts), None)
        if tool is None:
            abort(422)
        if name not in tool.acts_of_anybody and not seat.participant.is_opened:
            registrations.open(seat.participant)
        done = tool.act(seat, name)
        if not isinstance(done, kinds.Part):
            return done
        refused[tool.name] = done
    parts = parts_of(seat, refused)
    status = max((part.status for _tool, part in parts), default=200)
    html = page(
        "personal",
        seat.session,
        parts,
        seat.participant.revision,
        seat=seat,
        participant=seat.participant,
        carried=dict.fromkeys(urls.CARRIED, ""),
    )
    return html, status


def parts_of(seat: Seat, refused: dict[str, kinds.Part] | None = None) -> Parts:
    """Return each tool's part for one person; ``refused`` are those whose form came back."""
    found: Parts = []
    for tool in kinds.of(seat.session):
        part = (refused or {}).get(tool.name) or tool.personal(seat)
        if part is not None:
            found.append((tool, part))
    return found
