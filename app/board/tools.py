"""The board in live pages: numbers for everybody, the form for one person, its end for staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from app import clock
from app.board import forms, operations, panels, queries
from app.board.models import Draft, KeptIdea
from app.contributions import operations as contributions
from app.contributions import panels as contribution_panels
from app.contributions import queries as contribution_queries
from app.core.contributions import Status
from app.core.permissions import Permission
from app.core.refusals import NotFound
from app.live import kinds
from app.live.kinds import Desk, Head, Part, Seat, Step, instant
from app.programme.models import Session
from app.web import access, viewer

LAST, LAST_ON_STAGE = 5, 2


class Board(kinds.Tool):
    """Ideas in writing, open from instant to instant."""

    name = "board"
    acts = ("idea", "preview", "draft", "discard", "confirm", "refuse", "support")
    acts_of_anybody = ("confirm", "refuse")  # what confirms opens the person by itself
    desk_acts = ("extend",)

    # --- For everybody ------------------------------------------------------------------------

    def public(self, session: Session) -> Part:
        """Say until when it is open, how much there is, what came last."""
        return part("public", session, last=LAST)

    def stage(self, session: Session, *, named: bool) -> Part:
        """Say the same in large; the way to it stands at the foot of every stage."""
        return part("stage", session, last=LAST_ON_STAGE)

    # --- For one person -----------------------------------------------------------------------

    def personal(self, seat: Seat) -> Part:
        """Show what waits for them, what is theirs, the form, and ideas to support."""
        draft = queries.draft(seat.participant, seat.session, request.args.get("draft", ""))
        data = forms.as_typed(draft.words) if draft else {"language": viewer.language()}
        form = forms.IdeaForm(session=seat.session, data=data)
        return self.seated(seat, form, draft=draft)

    def seated(self, seat: Seat, form: forms.IdeaForm, **shown: Any) -> Part:
        """Return the personal part around ``form``; ``draft`` is the one it goes on with."""
        session, who = seat.session, seat.participant

        def address(query: dict[str, str]) -> str:
            return f"{seat.home}?{urlencode({k: v for k, v in query.items() if v})}"

        board = panels.board(session, queries.wanted_of(request.args), address, at=clock.now())
        mine = contribution_queries.of_participant(who, session)
        rows = board.found.rows
        supported = contribution_queries.supported_by(who, [row.id for row in rows])
        drafts = queries.drafts_of(who, session)
        state = {
            **state_of(session, board.numbers),
            "mine": [{"reference": row.reference, "status": row.status} for row in mine],
            "drafts": len(drafts),
        }
        found = {
            "board": board,
            "form": form,
            "draft": None,
            "preview": None,
            "said": said(),
            "one": seat.home.rstrip("/"),
            "supported": {row.reference for row in rows if row.id in supported},
            "kept": queries.kept_of(who, session, at=clock.now()),
            "drafts": drafts,
            "mine": [contribution_panels.shown(each) for each in mine],
            "clocks": session.clocks(who.timezone),
        }
        return Part(
            "board/live_personal.html",
            state,
            found | shown,
            status=422 if form.errors else 200,
            head=Head(panels.head(session, at=clock.now())),
        )

    def act(self, seat: Seat, name: str) -> Response | Part:
        """Send, preview or keep an idea; answer for a kept one; support."""
        if name in ("idea", "preview", "draft"):
            return self.write(seat, name)
        if name == "discard":
            operations.discard(draft_of(seat))
            return done(seat, "discarded")
        if name == "support":
            return support(seat)
        kept = kept_of(seat)
        if name == "refuse":
            operations.refuse(kept)
            return done(seat, "refused")
        return done(seat, "confirmed", operations.confirm(kept).reference)

    def write(self, seat: Seat, name: str) -> Response | Part:
        """Take what somebody wrote: to send it, to look at it, to keep it for later."""
        session, who = seat.session, seat.participant
        draft = draft_of(seat) if request.form.get("draft") else None
        kind = forms.DraftForm if name == "draft" else forms.IdeaForm
        form = kind(request.form, session=session)
        if name == "preview":
            looked = form.done(
                lambda: panels.preview(session, who, contributions.checked(session, form.sent()))
            )
            return self.seated(seat, form, draft=draft, preview=looked)
        if name == "draft":
            kept = form.done(lambda: operations.save(session, who, form.sent(), draft))
            return done(seat, "saved") if kept else self.seated(seat, form, draft=draft)
        made = form.done(lambda: operations.send(session, who, form.sent(), draft))
        if made:
            return done(seat, "sent", made.reference)
        return self.seated(seat, form, draft=draft)

    # --- For those who run it -----------------------------------------------------------------

    def console(self, desk: Desk) -> Part:
        """Show what waits for moderators, what is supported, and until when it is open."""
        form = forms.ExtensionForm(data={"ends": desk.session.ends.isoformat("T", "minutes")})
        return self.desk(desk, form)

    def desk(self, desk: Desk, form: forms.ExtensionForm) -> Part:
        """Return the console's part around ``form``."""
        session = desk.session
        tally = contribution_queries.tally([session.id])
        counts = {each.value: tally.get((session.id, each.value), 0) for each in Status}
        reported = contribution_queries.reported([session.id]).get(session.id, 0)
        top = queries.most_supported(session)
        state = {
            **state_of(session, queries.numbers(session)),
            "queue": counts | {"reported": reported},
            "supports": [{"reference": row.reference, "supports": count} for row, count in top],
        }
        shown = {
            "form": form,
            "said": said(),
            "counts": counts,
            "reported": reported,
            "top": [contribution_panels.shown(row, count) for row, count in top],
            "may_extend": desk.may_run
            and access.may(Permission.CHANGE_PROGRAMME, session.consultation, session)
            and clock.now() < session.ends_at,
            "clocks": session.clocks(None),
        }
        head = Head(
            panels.head(session, at=clock.now()),
            facts=[_("%(count)s waiting", count=counts["submitted"])],
        )
        return Part("board/live_console.html", state, shown, status=form.status, head=head)

    def run(self, desk: Desk, name: str) -> Response | Part:
        """Let the round close later."""
        access.require(
            Permission.CHANGE_PROGRAMME,
            {"consultation": desk.session.consultation, "session": desk.session},
        )
        form = forms.ExtensionForm(request.form)
        if form.done(lambda: operations.extend(desk.session, form.ends.value)):
            return led_back(desk.home, "extended")
        return self.desk(desk, form)

    # --- Before it opens ----------------------------------------------------------------------

    def steps(self, session: Session) -> Sequence[Step]:
        """Return how a round is rehearsed."""
        return operations.steps(session)


def register(app: Flask) -> None:
    """Add the board to the live tools."""
    kinds.register(Board())


def part(name: str, session: Session, *, last: int) -> Part:
    """Return a part that everybody may see."""
    numbers, rows = queries.numbers(session), queries.newest(session, last)
    state = state_of(session, numbers) | {"last": [row.reference for row in rows]}
    found = {
        "numbers": numbers,
        "phase": panels.phase(session, at=clock.now()),
        "line": panels.head(session, at=clock.now()),
        "last": [contribution_panels.shown(row) for row in rows],
        "questions": panels.questions(session),
        "ideas_url": url_for("board.ideas", **slugs(session)),
    }
    head = Head(panels.head(session, at=clock.now()))
    return Part(f"board/live_{name}.html", state, found, head=head)


def state_of(session: Session, numbers: queries.Numbers) -> dict[str, Any]:
    """Return what every live document says of a board."""
    return {
        "phase": panels.phase(session, at=clock.now()),
        "opens_at": instant(session.starts_at),
        "closes_at": instant(session.ends_at),
        "ideas": numbers.ideas,
        "comments": numbers.comments,
        "withdrawn": numbers.withdrawn,
        "rejected": numbers.rejected,
    }


def slugs(session: Session) -> dict[str, Any]:
    """Return the parts of a session's addresses."""
    return {"consultation": session.consultation.slug, "session": session.slug}


def support(seat: Seat) -> Response:
    """Support one idea of the list."""
    found = contribution_queries.by_reference(request.form.get("reference", "").upper())
    if found is None or found.session_id != seat.session.id:
        raise NotFound
    contributions.support(found, seat.participant)
    return done(seat, "supported", found.reference)


def draft_of(seat: Seat) -> Draft:
    """Return the draft the form names; raises `NotFound` where it is not theirs."""
    found = queries.draft(seat.participant, seat.session, request.form.get("draft", ""))
    if found is None:
        raise NotFound
    return found


def kept_of(seat: Seat) -> KeptIdea:
    """Return the kept idea the form names; raises `NotFound`."""
    found = queries.kept(seat.participant, request.form.get("kept", ""))
    if found is None or found.session_id != seat.session.id:
        raise NotFound
    return found


def done(seat: Seat, what: str, reference: str = "") -> Response:
    """Lead back to the page, which says what is true now: the live page, or that of one idea."""
    where = f"{seat.home.rstrip('/')}/{reference}" if reference else seat.home
    return led_back(where, what)


def led_back(where: str, what: str) -> Response:
    """Lead to the page at ``where``, which says ``what`` was done."""
    return make_response(redirect(f"{where}?said={what}", 303))


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "saved": _("Your draft is saved. Nobody sees it until you send it."),
        "discarded": _("The draft is deleted"),
        "refused": _("That idea is forgotten"),
        "withdrawn": _("It is withdrawn"),
        "extended": _("The round closes later. The programme, the feeds and people know."),
    }.get(request.args.get("said", ""), "")
