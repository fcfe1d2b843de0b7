"""A participant's own page: see, change, cancel, ticket, calendar, data. A GET never acts."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, privacy
from app.contributions import panels as contribution_panels
from app.core import joining, links
from app.core.refusals import Refusal
from app.core.vocabulary import Mode, RegistrationStatus
from app.portal.views.blueprint import bp
from app.programme.panels import mode_words
from app.registration import operations, queries
from app.registration.models import Participant, Registration
from app.web import access, choices, person_forms, public_forms, subscribe, urls, viewer


@bp.get("/my/<manage>/")
@access.personal
def my(participant: Participant):
    """Show everything of theirs; ``?said=`` names what was just done, shown only if it is so."""
    registrations = queries.of_participant(participant)
    now = clock.now()
    live = [each for each in registrations if each.is_live and each.session.ends_at > now]
    said = spoken(participant, registrations, request.args.get("said", ""))
    return page(
        "my",
        participant=participant,
        consultation=participant.consultation,
        registrations=registrations,
        submissions=queries.open_submissions(participant),
        upcoming=min(live, key=lambda each: each.session.starts_at, default=None),
        said=said,
        title=said or _("My registrations"),
        token=token(),
        zone=participant.timezone,
        now=now,
        became=contribution_panels.answered_rows(participant),
        positions=queries.positions(registrations),
        join_state=lambda registration: operations.state_of(registration).value,
        join_window=joining.window,
        join_link=queries.join_link,
        code=links.shown_code(participant.ticket_code),
        qr=subscribe.qr(urls.external("attendance.ticket", secret=participant.ticket_secret)),
        about=about(participant),
        feed=subscribe.addresses(
            queries.link(participant, links.Purpose.FEED), name=current_app.config["SITE_NAME"]
        ),
    )


@bp.post("/my/<manage>/open")
@access.personal
def my_open(participant: Participant):
    """Say "Yes, this is me"."""
    public_forms.refuse_other_sites()
    operations.open(participant)
    return done("opened")


@bp.route("/my/<manage>/asked/<asked>", methods=["GET", "POST"])
@access.personal
def my_asked(participant: Participant, asked: str):
    """Show what somebody asked for with this address, and do it when its owner says so."""
    submission = queries.submission(participant, asked)
    if request.method == "POST":
        public_forms.refuse_other_sites()
        operations.apply(submission)
        return done("applied")
    return page(
        "my_asked",
        participant=participant,
        consultation=participant.consultation,
        wishes=operations.wishes_of(submission.wishes),
        token=token(),
        title=_("Is this what you want?"),
        zone=participant.timezone,
        mode_words=mode_words,
    )


@bp.route("/my/<manage>/change/<registration>", methods=["GET", "POST"])
@access.personal
def my_change(participant: Participant, registration: Registration):
    """Change how somebody takes part in one session."""
    session = registration.session
    refused: str = ""
    status = 200
    if request.method == "POST":
        public_forms.refuse_other_sites()
        mode, waits_for = [*request.form.get("mode", "").split("+"), ""][:2]
        try:
            operations.change(
                registration, mode=mode or registration.mode, waits_for=waits_for or None
            )
        except Refusal as refusal:
            refused = refusal.errors[0].text(_) if refusal.errors else refusal.text(_)
            status = refusal.status
        else:
            return done(f"changed-{registration.public_id}")
    return page(
        "my_change",
        status,
        participant=participant,
        consultation=participant.consultation,
        registration=registration,
        session=session,
        options=options(registration),
        refused=refused,
        token=token(),
        title=_("Change how you take part"),
        zone=participant.timezone,
    )


@bp.route("/my/<manage>/cancel/<registration>", methods=["GET", "POST"])
@access.personal
def my_cancel(participant: Participant, registration: Registration):
    """Say beforehand that the place passes on at once, then pass it on."""
    if request.method == "POST":
        public_forms.refuse_other_sites()
        operations.cancel(registration, by="self")
        return done(f"cancelled-{registration.public_id}")
    return page(
        "my_cancel",
        participant=participant,
        consultation=participant.consultation,
        registration=registration,
        session=registration.session,
        token=token(),
        title=_("Cancel your place?"),
        zone=participant.timezone,
    )


@bp.post("/my/<manage>/undo/<registration>")
@access.personal
def my_undo(participant: Participant, registration: Registration):
    """Take the place back if it is still free, else the end of the list."""
    public_forms.refuse_other_sites()
    operations.undo_cancel(registration)
    return done(f"restored-{registration.public_id}")


@bp.post("/my/<manage>/cancel-all")
@access.personal
def my_cancel_all(participant: Participant):
    """Give back every place at once."""
    public_forms.refuse_other_sites()
    for registration in queries.of_participant(participant):
        if registration.is_live:
            operations.cancel(registration, by="self")
    return done("cancelled-all")


@bp.route("/my/<manage>/details", methods=["GET", "POST"])
@access.personal
def my_details(participant: Participant):
    """Correct name, organisation, group, country, language and zone."""
    stored = {name: getattr(participant, name) or "" for name in DETAILS}
    form = person_forms.DetailsForm(
        request.form if request.method == "POST" else None, at=clock.now(), data=stored
    )
    status = 200
    if request.method == "POST":
        public_forms.refuse_other_sites()
        if form.validate():
            operations.update_details(participant, **form.details())
            return done("details")
        status = 422
    return page(
        "my_details",
        status,
        participant=participant,
        consultation=participant.consultation,
        form=form,
        token=token(),
        title=_("My details"),
    )


def page(name: str, status: int = 200, **context: object):
    """Return the page ``portal/<name>.html``."""
    return render_template(f"portal/{name}.html", **context), status


DETAILS = ("name", "organisation", "stakeholder_group", "country", "language", "timezone")


@bp.post("/my/<manage>/feed/renew")
@access.personal
def my_feed(participant: Participant):
    """Make the calendar address anew; the old one stops working."""
    public_forms.refuse_other_sites()
    operations.renew_feed(participant)
    return done("feed")


@bp.get("/my/<manage>/data.json")
@access.personal
def my_data(participant: Participant):
    """Give a person everything we keep of them."""
    text = json.dumps(privacy.export(participant), ensure_ascii=False, indent=2)
    return Response(
        text,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@bp.route("/my/<manage>/erase", methods=["GET", "POST"])
@access.personal
def my_erase(participant: Participant):
    """Erase a person, after asking once more."""
    consultation = participant.consultation
    if request.method == "POST":
        public_forms.refuse_other_sites()
        privacy.erase(participant)
        return page("my_erased", consultation=consultation, title=_("Your data is erased"))
    return page(
        "my_erase",
        participant=participant,
        consultation=consultation,
        token=token(),
        title=_("Erase my data?"),
    )


# What these pages share.


def token() -> str:
    """Return the manage link's token, as the address has it."""
    return (request.view_args or {})["manage"]


def done(what: str):
    """Lead back to the page, which says what is true now."""
    return redirect(url_for(".my", manage=token(), said=what), 303)


def spoken(participant: Participant, registrations: list[Registration], said: str) -> str:
    """Return in words what ``said`` claims, only where it is so; empty otherwise."""
    what, _sep, public_id = said.partition("-")
    if what == "opened" and participant.is_opened:
        return _("Thank you, your address is confirmed")
    if what == "details":
        return _("Your details are saved")
    if what == "feed":
        return _("Your calendar has a new address")
    if what == "applied":
        return _("This is how you take part now")
    live = [each for each in registrations if each.is_live]
    if said == "cancelled-all" and not live:
        return _("All your places are cancelled")
    for registration in registrations:
        if registration.public_id == public_id:
            return words_of(registration, what)
    return ""


def words_of(registration: Registration, what: str) -> str:
    """Return what is true of ``registration`` after it was cancelled, restored or changed."""
    name = registration.session.words("title", viewer.language())
    status = RegistrationStatus(registration.status)
    if what == "cancelled" and not status.is_live:
        return _("Your place in “%(title)s” is cancelled", title=name)
    if what in ("restored", "changed"):
        place = queries.position(registration)
        if status is RegistrationStatus.WAITING:
            return _("You are on the waiting list of “%(title)s”, position %(place)s",
                     title=name, place=place)  # fmt: skip
        if status is RegistrationStatus.CONFIRMED:
            mode = mode_words(registration.session, Mode(registration.mode))
            return _("You have a place in “%(title)s”: %(mode)s", title=name, mode=mode)
    return ""


def options(registration: Registration) -> list[dict[str, Any]]:
    """Return the ways to take part one can change to, with what is left of each."""
    session = registration.session
    places = queries.places(session)
    now = clock.now()
    found: list[dict[str, Any]] = []
    for mode in session.modes:
        current = registration.mode == mode and registration.is_live
        if current or session.takes_registrations(mode, at=now):
            found.append(
                {
                    "value": mode.value,
                    "words": mode_words(session, mode),
                    "places": places[mode],
                    "current": current and not registration.waits_for,
                }
            )
    room = places.get(Mode.ON_SITE)
    if len(session.modes) > 1 and session.waiting_list and room is not None and room.is_full:
        found.append(
            {
                "value": "online+on_site",
                "words": _("Online now, and on the waiting list for the room"),
                "places": None,
                "current": registration.waits_for == Mode.ON_SITE,
            }
        )
    return found


def about(participant: Participant) -> str:
    """Return organisation and group, for the ticket."""
    parts = [participant.organisation, choices.group_name(participant.stakeholder_group)]
    return " · ".join(part for part in parts if part)
