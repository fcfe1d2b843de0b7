"""Pages of the people who work here: their own account, their colleagues, what was done."""

from __future__ import annotations

import io

import segno
from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app import clock
from app.accounts import operations, queries, security
from app.accounts.forms import (
    ROLES,
    AccountForm,
    CodeForm,
    InviteForm,
    PasswordForm,
    RoleForm,
    TokenForm,
)
from app.accounts.models import ApiToken, Person
from app.audit import queries as audits
from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.refusals import Invalid
from app.core.vocabulary import Role
from app.web.access import actor, requires, signed_in
from app.web.staff_forms import sent

bp = Blueprint("accounts_staff", __name__)
SETUP = "totp_setup"  # in the session cookie, sealed: the secret that is being set up
FRESH_LINK_SECONDS = 15 * 60
AUDIT_PAGE = 100


def page(template: str, status: int = 200, **context) -> ResponseReturnValue:
    """Render a staff page."""
    return render_template(template, **context), status


def myself() -> Person:
    """Return the person who is signed in."""
    who = actor()
    person = queries.by_id(who.person_id) if who else None
    assert person is not None, "only behind @signed_in or @requires"
    return person


# --- One's own account ------------------------------------------------------------------------


@bp.route("/manage/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Show and change name, language and zone; from here to password, codes and tokens."""
    person = myself()
    form = AccountForm(sent(), person)
    if form.is_sent and form.done(
        lambda: operations.update(
            person,
            {
                "name": form.name.data,
                "language": form.language.data,
                "timezone": form.timezone.data or None,
            },
        )
    ):
        flash(_("Saved."))
        return redirect(url_for(".account"), 303)
    return page(
        "accounts/account.html",
        form.status,
        form=form,
        person=person,
        tokens=queries.tokens_of(person),
        roles=ROLES,
    )


@bp.route("/manage/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Set a password; every other session of this person ends."""
    person = myself()
    needs_present = person.password is not None and not came_by_fresh_link()
    form = PasswordForm(sent())
    if form.is_sent and form.done(lambda: change_password(person, form, needs_present)):
        security.begin_session(person, "password")
        flash(_("Your password is set. You are signed out everywhere else."))
        return redirect(url_for(".account"), 303)
    return page("accounts/password.html", form.status, form=form, needs_present=needs_present)


def change_password(person: Person, form: PasswordForm, needs_present: bool) -> None:
    """Set the password typed, once the present one was right."""
    if needs_present and not security.is_password(form.present.data or "", person):
        raise Invalid.field("present", "wrong_password", "This is not your present password")
    operations.set_password(person, form.password.data or "")


def came_by_fresh_link() -> bool:
    """Whether this session began minutes ago with a link: so somebody resets a password."""
    age = int(clock.now().timestamp()) - session.get(security.SINCE, 0)
    return session.get(security.VIA) == "link" and 0 <= age < FRESH_LINK_SECONDS


@bp.route("/manage/account/codes", methods=["GET", "POST"])
@signed_in
def codes() -> ResponseReturnValue:
    """Ask for a code from an authenticator app at every sign-in, from the first right one on."""
    person = myself()
    sealed = session.get(SETUP) or security.new_totp_secret()
    session[SETUP] = sealed
    form = CodeForm(sent())
    if form.is_sent and form.done(
        lambda: operations.set_totp(person, sealed, code=form.code.data or "")
    ):
        security.begin_session(person, "password")
        flash(_("From now on you sign in with a code of your app as well."))
        return redirect(url_for(".account"), 303)
    return page(
        "accounts/codes.html",
        form.status,
        form=form,
        key=security.totp_key(sealed),
        qr=qr_code(security.totp_uri(sealed, person.email)),
    )


@bp.post("/manage/account/codes/off")
@signed_in
def codes_off() -> ResponseReturnValue:
    """Stop asking for codes; a right one is the proof."""
    person = myself()
    if operations.check_code(person, request.form.get("code", "")):
        operations.set_totp(person, None)
        security.begin_session(person, "password")
        flash(_("You sign in without a code again."))
    else:
        flash(_("That is not the code your app shows now. Nothing was changed."), "warn")
    return redirect(url_for(".account"), 303)


def qr_code(text: str) -> Markup:
    """Return a QR code as one SVG path, black on white, with its quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=4, light="#fff", omitsize=True
    )
    return Markup(out.getvalue().decode())  # noqa: S704  (drawn by segno, holds no text)


@bp.route("/manage/account/tokens", methods=["GET", "POST"])
@signed_in
def tokens() -> ResponseReturnValue:
    """Make a token for the API; its secret is on this page and never again."""
    person = myself()
    form = TokenForm(sent())
    made: list[str] = []
    if form.is_sent and form.done(
        lambda: made.append(
            operations.make_token(person, name=form.name.data, scopes=form.scopes.data or None)
        )
    ):
        return page("accounts/token.html", secret=made[-1], name=form.name.data)
    return page("accounts/tokens.html", form.status, form=form)


@bp.post("/manage/account/tokens/<int:own_token>/revoke")
@signed_in
def revoke_token(own_token: ApiToken) -> ResponseReturnValue:
    """Let a token open nothing any more."""
    operations.revoke_token(own_token)
    flash(_("The token no longer works."))
    return redirect(url_for(".account"), 303)


# --- Colleagues -------------------------------------------------------------------------------


@bp.route("/manage/<consultation>/people", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def people(consultation: Consultation) -> ResponseReturnValue:
    """List who works on this consultation; invite somebody by mail."""
    sessions = sessions_of(consultation)
    form = InviteForm(sent(), sessions=sessions, language="en", role=Role.ORGANISER.value)
    if form.is_sent and form.done(
        lambda: operations.invite(
            consultation,
            email=form.email.value,
            name=form.name.data or "",
            role=Role(form.role.data),
            session_ids=form.session_ids,
            language=form.language.data,
            invited_by=myself().name,
        )
    ):
        flash(_("%(email)s is invited; the mail is on its way.", email=form.email.value))
        return redirect(url_for(".people", consultation=consultation.slug), 303)
    return page(
        "accounts/people.html",
        form.status,
        form=form,
        consultation=consultation,
        people=queries.people_of(consultation.id),
        sessions=dict(sessions),
        roles=ROLES,
    )


@bp.route("/manage/<consultation>/people/<int:colleague>/", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person(consultation: Consultation, colleague: Person) -> ResponseReturnValue:
    """Show what a colleague may do here; give another role, or the same one with other limits."""
    sessions = sessions_of(consultation)
    form = RoleForm(sent(), sessions=sessions)
    if form.is_sent and form.done(
        lambda: operations.give(
            colleague,
            Role(form.role.data),
            consultation=consultation,
            session_ids=form.session_ids,
        )
    ):
        flash(_("Saved."))
        return redirect(
            url_for(".person", consultation=consultation.slug, colleague=colleague.id), 303
        )
    return page(
        "accounts/person.html",
        form.status,
        form=form,
        consultation=consultation,
        person=colleague,
        sessions=dict(sessions),
        roles=ROLES,
    )


@bp.post("/manage/<consultation>/people/<int:colleague>/roles/<role>/take")
@requires(Permission.MANAGE_PEOPLE)
def take_role(consultation: Consultation, colleague: Person, role: str) -> ResponseReturnValue:
    """Take a role away; whoever holds it is signed out at once."""
    if role in [each.value for each in Role if each is not Role.ADMIN]:
        operations.take(colleague, Role(role), consultation=consultation)
        flash(_("The role was taken away."))
    return redirect(url_for(".people", consultation=consultation.slug), 303)


def sessions_of(consultation: Consultation) -> list[tuple[int, str]]:
    """Return the sessions a role may be limited to, as (id, title); `programme` sets the hook."""
    find = current_app.extensions.get("sessions_of")
    return find(consultation) if find else []


# --- What was done ----------------------------------------------------------------------------


@bp.get("/manage/<consultation>/audit")
@requires(Permission.SEE_AUDIT)
def audit(consultation: Consultation) -> ResponseReturnValue:
    """Show who did what, when; the newest first."""
    before = request.args.get("before", type=int)
    entries = audits.of(consultation.id, before=before, limit=AUDIT_PAGE + 1)
    shown = entries[:AUDIT_PAGE]
    return page(
        "accounts/audit.html",
        consultation=consultation,
        entries=shown,
        names=queries.names_of({entry.actor for entry in shown}),
        older=shown[-1].id if len(entries) > AUDIT_PAGE else None,
    )
