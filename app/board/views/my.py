"""The board for one person, behind the manage link or a join link: write, support, answer, change.

A GET never acts; a POST by the link opens its person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _

from app import clock
from app.board import forms, operations, panels, queries
from app.board.models import KeptIdea
from app.board.views.blueprint import bp, page
from app.contributions import operations as contributions
from app.contributions import panels as contribution_panels
from app.contributions import queries as contribution_queries
from app.contributions.models import Contribution
from app.core.contributions import Kind
from app.core.refusals import NotFound, Refusal
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import operations as registrations
from app.registration.models import Participant, Registration
from app.web import public_forms, urls, viewer
from app.web.access import personal


@dataclass(frozen=True)
class Seat:
    """Who sits before which board, and where their pages stand."""

    participant: Participant
    session: Session
    home: str
    address: Callable[[str], str]
    back: tuple[str, str]

    def done(self, said: str, reference: str = ""):
        """Lead back to the page, which says what is true now."""
        where = self.address(reference) if reference else self.home
        return redirect(f"{where}?said={said}", 303)


@bp.route("/my/<manage>/live/<slug>/", methods=["GET", "POST"])
@personal
def my(participant: Participant, slug: str):
    """The board of one session by the manage link."""
    return board(seat_of(participant, slug))


@bp.route("/my/<manage>/live/<slug>/<named>", methods=["GET", "POST"])
@personal
def my_one(participant: Participant, slug: str, named: str):
    """One contribution by the manage link."""
    return one(seat_of(participant, slug), named)


@bp.route("/join/<join>/live", methods=["GET", "POST"])
@personal
def joined(registration: Registration):
    """The board of a join link's own session."""
    return board(seat_in(registration))


@bp.route("/join/<join>/live/<named>", methods=["GET", "POST"])
@personal
def joined_one(registration: Registration, named: str):
    """One contribution of a join link's own session."""
    return one(seat_in(registration), named)


def seat_of(participant: Participant, slug: str) -> Seat:
    """Return the seat a manage link has at a session of its consultation."""
    manage = (request.view_args or {})["manage"]
    session = with_board(programme.by_slug(participant.consultation, slug))
    return Seat(
        participant,
        session,
        url_for(".my", manage=manage, slug=slug),
        lambda reference: url_for(".my_one", manage=manage, slug=slug, named=reference),
        (url_for("portal.my", manage=manage), _("My registrations")),
    )


def seat_in(registration: Registration) -> Seat:
    """Return the seat a join link has at its session."""
    join = (request.view_args or {})["join"]
    session = with_board(registration.session)
    return Seat(
        registration.participant,
        session,
        url_for(".joined", join=join),
        lambda reference: url_for(".joined_one", join=join, named=reference),
        (url_for("registration.join", join=join), session.words("title", viewer.language())),
    )


def with_board(session: Session | None) -> Session:
    """Return ``session`` if anybody may read its board; raises `NotFound`."""
    if session is None or not session.is_public or "board" not in session.kind.tools:
        raise NotFound
    return session


# --- The board --------------------------------------------------------------------------------


def board(seat: Seat):
    """Show the board with what waits, what is theirs, and the form; take what they send."""
    form = forms.IdeaForm(
        request.form if act_is("idea") else None, session=seat.session, language=viewer.language()
    )
    if request.method == "POST":
        public_forms.refuse_other_sites()
        answer = BOARD_ACTS.get(request.form.get("act", ""), unknown)(seat, form)
        if answer is not None:
            return answer
    return board_page(seat, form, 422 if form.errors else 200)


def send_idea(seat: Seat, form: forms.IdeaForm):
    """Take an idea; ``None`` where the form comes back."""
    made = tried(form, lambda: submitted(seat, Kind.IDEA, form.sent()))
    return seat.done("sent", made.reference) if made else None


def confirm(seat: Seat, _form: forms.IdeaForm):
    """Make the idea its owner vouches for."""
    return seat.done("confirmed", operations.confirm(kept_of(seat)).reference)


def refuse(seat: Seat, _form: forms.IdeaForm):
    """Forget an idea that somebody else sent with this address."""
    operations.refuse(kept_of(seat))
    return seat.done("refused")


def kept_of(seat: Seat) -> KeptIdea:
    """Return the kept idea the form names."""
    found = queries.kept(seat.participant, request.form.get("kept", ""))
    if found is None or found.session_id != seat.session.id:
        raise NotFound
    return found


def support_listed(seat: Seat, _form: forms.IdeaForm):
    """Support an idea of the list."""
    found = readable(seat, request.form.get("reference", ""))
    open_person(seat)
    contributions.support(found, seat.participant)
    return seat.done("supported")


def board_page(seat: Seat, form: forms.IdeaForm, status: int):
    """Render the person's board."""

    def address(query: dict[str, str]) -> str:
        text = "&".join(f"{name}={value}" for name, value in query.items() if value)
        return f"{seat.home}?{text}" if text else seat.home

    shown = panels.board(seat.session, queries.wanted_of(request.args), address, at=clock.now())
    mine = contribution_queries.of_participant(seat.participant, seat.session)
    ids = [row.id for row in shown.found.rows]
    supported = contribution_queries.supported_by(seat.participant, ids)
    return personal_page(
        "my",
        seat,
        status,
        board=shown,
        form=form,
        supported={row.reference for row in shown.found.rows if row.id in supported},
        kept=queries.kept_of(seat.participant, seat.session, at=clock.now()),
        mine=[contribution_panels.shown(each) for each in mine],
        clocks=seat.session.clocks(seat.participant.timezone),
        questions=panels.questions(seat.session),
    )


# --- One contribution -------------------------------------------------------------------------


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
        answer = ONE_ACTS.get(request.form.get("act", ""), unknown)(seat, found, comment, change)
        if answer is not None:
            return answer
    supported = contribution_queries.supported_by(seat.participant, [found.id])
    comments = contribution_queries.comments_of(found)
    return personal_page(
        "my_one",
        seat,
        422 if comment.errors or change.errors else 200,
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


def send_comment(seat: Seat, found: Contribution, form: forms.CommentForm, _change: Any):
    """Take a comment; ``None`` where the form comes back."""
    made = tried(
        form,
        lambda: submitted(seat, Kind.COMMENT, form.sent(), answers=found, stance=form.stance.data),
    )
    return seat.done("commented", found.reference) if made else None


def send_change(seat: Seat, found: Contribution, _comment: Any, form: forms.IdeaForm):
    """Take new words of what is theirs; ``None`` where the form comes back."""
    refuse_others(seat, found)
    open_person(seat)
    made = tried(form, lambda: contributions.change(found, form.sent(), seat.participant))
    return seat.done("changed", found.reference) if made else None


def withdraw(seat: Seat, found: Contribution, *_forms: Any):
    """Take back what is theirs."""
    refuse_others(seat, found)
    contributions.withdraw(found)
    return seat.done("withdrawn")


def support_one(seat: Seat, found: Contribution, *_forms: Any):
    """Support it."""
    open_person(seat)
    contributions.support(found, seat.participant)
    return seat.done("supported", found.reference)


# --- What these pages share -------------------------------------------------------------------

BOARD_ACTS: dict[str, Callable[..., Any]] = {
    "idea": send_idea, "confirm": confirm, "refuse": refuse, "support": support_listed,
}  # fmt: skip
ONE_ACTS: dict[str, Callable[..., Any]] = {
    "comment": send_comment, "change": send_change, "withdraw": withdraw, "support": support_one,
}  # fmt: skip


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "sent": _("We have received your idea"),
        "confirmed": _("Thank you, your idea is received"),
        "refused": _("That idea is forgotten"),
        "supported": _("You support it"),
        "commented": _("We have received your comment"),
        "changed": _("Your changes are saved"),
        "withdrawn": _("It is withdrawn"),
    }.get(request.args.get("said", ""), "")


def unknown(*_arguments: Any):
    """Refuse a form that names nothing to do."""
    abort(422)


def act_is(name: str) -> bool:
    """Whether this request sends the form called ``name``."""
    return request.method == "POST" and request.form.get("act") == name


def tried(form: Any, call: Callable[[], Any]) -> Any:
    """Check ``form``, then do ``call``; what it refuses of a field stands at the field."""
    if not form.validate():
        return None
    try:
        return call()
    except Refusal as refusal:
        if not refusal.errors:
            raise
        form.note(refusal)
        return None


def submitted(seat: Seat, kind: Kind, sent: Any, **more: Any) -> Contribution:
    """Keep what the person sent."""
    open_person(seat)
    return contributions.submit(seat.session, kind, sent, participant=seat.participant, **more)


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


def personal_page(name: str, seat: Seat, status: int, **context: Any):
    """Render a page behind a link."""
    return page(
        name,
        status,
        seat=seat,
        participant=seat.participant,
        consultation=seat.participant.consultation,
        session=seat.session,
        said=said(),
        carried=dict.fromkeys(urls.CARRIED, ""),
        **context,
    )
