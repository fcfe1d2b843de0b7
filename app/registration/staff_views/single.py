"""One registration: who, where they stand, what was done, and what staff can do; adding one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.audit import queries as audit
from app.consultations.models import Consultation
from app.core.links import shown_code
from app.core.permissions import Permission
from app.core.vocabulary import Source
from app.programme import queries as programme
from app.registration import operations, queries
from app.registration.models import Registration
from app.registration.staff_views.blueprint import address, bp, page
from app.registration.staff_views.forms import AddForm, PersonForm, PlaceForm
from app.web import access
from app.web.access import requires
from app.web.staff_forms import StaffForm

P = Permission


@bp.get("/registrations/<registration>/")
@requires(P.SEE_NAMES)
def registration(consultation: Consultation, registration: Registration) -> ResponseReturnValue:
    """Show everything about one registration."""
    return shown(consultation, registration)


@bp.post("/registrations/<registration>/place")
@requires(P.CHANGE_REGISTRATIONS)
def place(consultation: Consultation, registration: Registration) -> ResponseReturnValue:
    """Move the person to another mode, or into or out of the line for the room."""
    form = PlaceForm(request.form, registration=registration)
    if form.done(
        lambda: operations.change(
            registration, mode=form.mode.data, waits_for=form.waits_for(), by="staff"
        )
    ):
        flash(_("Changed. The person is told by mail."))
        return redirect(address(consultation, registration), 303)
    return shown(consultation, registration, place_form=form)


@bp.post("/registrations/<registration>/person")
@requires(P.CHANGE_NAMES)
def person(consultation: Consultation, registration: Registration) -> ResponseReturnValue:
    """Correct how somebody is called; ticket and links stay."""
    form = PersonForm(request.form, registration=registration)
    participant = registration.participant
    if form.done(lambda: operations.update_details(participant, by="staff", **form.fields())):
        flash(_("Saved."))
        return redirect(address(consultation, registration), 303)
    return shown(consultation, registration, person_form=form)


@bp.post("/registrations/<registration>/link")
@requires(P.CHANGE_REGISTRATIONS)
def send_link(consultation: Consultation, registration: Registration) -> ResponseReturnValue:
    """Mail the person their link again; nobody here sees it."""
    email = registration.participant.email
    if email:
        operations.send_link(consultation, email)
        flash(_("The link is on its way."))
    return redirect(address(consultation, registration), 303)


@bp.route("/registrations/new", methods=["GET", "POST"])
@requires(P.CHANGE_REGISTRATIONS)
def new(consultation: Consultation) -> ResponseReturnValue:
    """Register somebody on their behalf."""
    form = AddForm(
        request.form, consultation=consultation, sessions=programme.public_of(consultation)
    )
    if not form.is_sent:
        form.session.data = request.args.get("session", "")
    made: list[tuple[Registration, bool]] = []
    if form.is_sent and form.done(lambda: made.append(registered(form))):
        found, is_new = made[-1]
        if is_new:
            flash(_("Registered. A mail is on its way."))
        else:
            flash(_("This person is registered already; nothing was changed."), "warn")
        return redirect(address(consultation, found), 303)
    back = url_for(".registrations", consultation=consultation.slug)
    return page("new", form.status, consultation=consultation, form=form, back=back)


def registered(form: AddForm) -> tuple[Registration, bool]:
    """Register whom the form names."""
    return operations.register(
        form.wanted,
        mode=form.mode.data,
        waits_for=form.waits_for(),
        details=form.details(),
        source=Source.STAFF,
    )


def shown(
    consultation: Consultation,
    registration: Registration,
    *,
    place_form: PlaceForm | None = None,
    person_form: PersonForm | None = None,
) -> ResponseReturnValue:
    """Render the page, with a form that came back if one did."""
    participant = registration.participant
    history = audit.about(
        consultation.id, [f"registration:{registration.id}", f"participant:{participant.id}"]
    )
    sent: StaffForm | None = place_form or person_form
    return page(
        "registration",
        sent.status if sent else 200,
        consultation=consultation,
        registration=registration,
        session=registration.session,
        position=queries.position(registration),
        others=[
            other for other in queries.of_participant(participant) if other.id != registration.id
        ],
        code=shown_code(participant.ticket_code),
        history=history,
        names=accounts.names_of({entry.actor for entry in history}),
        place_form=place_form or PlaceForm(None, registration=registration),
        person_form=person_form or PersonForm(None, registration=registration),
        sent=sent,
        may_change=access.may(P.CHANGE_REGISTRATIONS, consultation),
        may_rename=access.may(P.CHANGE_NAMES, consultation),
        may_see_address=access.may(P.SEE_ADDRESSES, consultation),
        back=url_for(".registrations", consultation=consultation.slug),
    )
