"""One contribution for one person, behind the manage link or a join link: answer, change, withdraw.

A GET never acts; a POST by the link opens its person. The live page itself is `app.live`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _

from app import clock
from app.board import forms, panels
from app.board.views.blueprint import bp, page
from app.contributions import operations as contributions
from app.contributions import panels as contribution_panels
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.core.contributions import Kind
from app.core.refusals import NotFound
from app.live.kinds import Seat
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration import queries as registration
from app.registration.models import Participant, Registration
from app.web import public_forms, urls, viewer
from app.web.access import personal


@bp.route("/my/<manage>/live/<slug>/<named>", methods=["GET", "POST"])
@personal
def my_one(participant: Participant, slug: str, named: str):
    """One contribution by the manage link."""
    manage = (request.view_args or {})["manage"]
    session = known(programme.by_slug(participant.consultation, slug))
    home = url_for("live.my", manage=manage, slug=slug)
    return one(seat(participant, session, registration.find(session, participant), home), named)


@bp.route("/join/<join>/live/<named>", methods=["GET", "POST"])
@personal
def joined_one(registration: Registration, named: str):
    """One contribution of a join link's own session."""
    join = (request.view_args or {})["join"]
    session = known(registration.session)
    home = url_for("live.joined", join=join)
    return one(seat(registration.participant, session, registration, home), named)


def known(session: Session | None) -> Session:
    """Return ``session`` if the public may know of it; raises `NotFound`."""
    if session is None or not session.is_public:
        raise NotFound
    return session


def seat(
    participant: Participant, session: Session, registration: Registration | None, home: str
) -> Seat:
    """Return who sits before a contribution of ``session``; their live page stands at ``home``."""
    back = (home, session.words("title", viewer.language()))
    return Seat(participant, session, registration, home, back)


def one(seat: Seat, reference: str):
    """Show one contribution: to read and answer, or to change and take back what is theirs."""
    found = readable(seat, reference)
    is_mine = found.participant_id == seat.participant.id
    comment = forms.CommentForm(
        request.form if act_is("comment") else None,
        session=seat.session,
        language=viewer.language(),
    )
    change = forms.IdeaForm.of(found, request.form if act_is("change") else None)
    if request.method == "POST":
        public_forms.refuse_other_sites()
        answer = ACTS.get(request.form.get("act", ""), unknown)(seat, found, comment, change)
        if answer is not None:
            return answer
    supported = contribution_queries.supported_by(seat.participant, [found.id])
    comments = contribution_queries.comments_of(found)
    return page(
        "my_one",
        422 if comment.errors or change.errors else 200,
        seat=seat,
        participant=seat.participant,
        consultation=seat.participant.consultation,
        session=seat.session,
        said=said(),
        carried=dict.fromkeys(urls.CARRIED, ""),
        contribution=found,
        row=contribution_panels.shown(found),
        comments=[contribution_panels.shown(each) for each in comments],
        comment=comment,
        change=change,
        is_mine=is_mine,
        is_supported=bool(supported),
        is_open=panels.phase(seat.session, at=clock.now()) == "open",
        is_idea=found.kind == Kind.IDEA,
    )


# --- Acts -------------------------------------------------------------------------------------


def send_comment(seat: Seat, found: Contribution, form: forms.CommentForm, _change: Any):
    """Take a comment; ``None`` where the form comes back."""
    open_person(seat)

    def submit() -> Contribution:
        return contributions.submit(
            seat.session,
            Kind.COMMENT,
            form.sent(),
            participant=seat.participant,
            answers=found,
            stance=form.stance.data,
        )

    return done(seat, "commented", found) if form.done(submit) else None


def send_change(seat: Seat, found: Contribution, _comment: Any, form: forms.IdeaForm):
    """Take new words of what is theirs; ``None`` where the form comes back."""
    refuse_others(seat, found)
    open_person(seat)
    changed = form.done(lambda: contributions.change(found, form.sent(), seat.participant))
    return done(seat, "changed", found) if changed else None


def withdraw(seat: Seat, found: Contribution, *_forms: Any):
    """Take back what is theirs."""
    refuse_others(seat, found)
    contributions.withdraw(found)
    return redirect(f"{seat.home}?said=withdrawn", 303)


def support(seat: Seat, found: Contribution, *_forms: Any):
    """Support it."""
    open_person(seat)
    contributions.support(found, seat.participant)
    return done(seat, "supported", found)


def unknown(*_arguments: Any):
    """Refuse a form that names nothing to do."""
    abort(422)


ACTS: dict[str, Callable[..., Any]] = {
    "comment": send_comment, "change": send_change, "withdraw": withdraw, "support": support,
}  # fmt: skip


# --- What they share --------------------------------------------------------------------------


def done(seat: Seat, what: str, found: Contribution):
    """Lead back to the contribution's page, which says what is true now."""
    return redirect(f"{seat.home.rstrip('/')}/{found.reference}?said={what}", 303)


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "sent": _("We have received your idea"),
        "confirmed": _("Thank you, your idea is received"),
        "supported": _("You support it"),
        "commented": _("We have received your comment"),
        "changed": _("Your changes are saved"),
    }.get(request.args.get("said", ""), "")


def act_is(name: str) -> bool:
    """Whether this request sends the form called ``name``."""
    return request.method == "POST" and request.form.get("act") == name


def open_person(seat: Seat) -> None:
    """Note that somebody used what only the mail carried."""
    if not seat.participant.is_opened:
        registrations.open(seat.participant)


def readable(seat: Seat, reference: str) -> Contribution:
    """Return a contribution of this session that anybody may read, or that is theirs."""
    found = contribution_queries.by_reference(reference.upper())
    if found is None or found.session_id != seat.session.id:
        raise NotFound
    if not found.is_public and found.participant_id != seat.participant.id:
        raise NotFound
    return found


def refuse_others(seat: Seat, found: Contribution) -> None:
    """Refuse what somebody else sent."""
    if found.participant_id != seat.participant.id:
        raise NotFound
