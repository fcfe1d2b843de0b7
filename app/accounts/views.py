"""Signing in: a one-time link by mail, or a password; then a code where somebody wants one.

The pages read no session and set no cookie before somebody is signed in: like every public form
they are guarded by where they come from (app/web/public_forms.py).
"""

from __future__ import annotations

import time

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import clock
from app.accounts import mails, operations, permissions, queries, security
from app.accounts.forms import CodeForm, SignInForm
from app.accounts.models import Person
from app.core import links
from app.core.refusals import N_, Refusal
from app.web import public_forms, urls
from app.web.access import private, public, signed_in
from app.web.staff_forms import sent

bp = Blueprint("accounts", __name__)
AFTER = "/manage/"
CODE_WITHIN_SECONDS = 300
LINKS_AN_HOUR = "6 per hour"
PASSWORDS = "10 per 15 minutes"
CODES = "5 per 5 minutes"


class TooManyTries(Refusal):
    """This person's password or code was tried too often; a link by mail still lets them in."""

    code = "too_many_requests"
    status = 429
    message = N_("Too many attempts. Wait a quarter of an hour, or ask for a link by mail.")


def register(app: Flask) -> None:
    """Let the whole house know who acts."""
    security.register(app)
    permissions.register(app)


@bp.route("/manage/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for an address; send a link to it, or compare the password."""
    form = SignInForm(sent(), next=request.args.get("next", ""))
    if not form.is_sent:
        return page("accounts/sign_in.html", form=form)
    public_forms.refuse_other_sites()
    if not form.validate():
        return page("accounts/sign_in.html", form=form)
    if request.form.get("by") == "password":
        return by_password(form)
    send_link(form.email.value)
    return page("accounts/link_sent.html", form=form, minutes=mails.LINK_MINUTES)


def send_link(email: str) -> None:
    """Send a link, if anybody has this address; it takes as long if nobody has."""
    begun = time.monotonic()
    if permissions.hit(LINKS_AN_HOUR, "sign-in-link", email):
        operations.send_link(email)
    floor = current_app.config.get("SIGN_IN_SECONDS", 0.4)
    time.sleep(max(0.0, floor - (time.monotonic() - begun)))


def by_password(form: SignInForm) -> ResponseReturnValue:
    """Sign in whoever has this address and this password."""
    if not permissions.hit(PASSWORDS, "password", form.email.value):
        raise TooManyTries(retry_after=900)
    person = queries.by_email(form.email.value)
    right = security.is_password(form.password.data or "", person)
    if person is None or not right or not person.active:
        form.password.errors = [_("Address and password do not belong together")]
        form.status = 422
        return page("accounts/sign_in.html", form=form)
    return admit(person, via="password", target=form.next.data)


@bp.route("/manage/sign-in/<secret>", methods=["GET", "POST"])
@public
def use_link(secret: str) -> ResponseReturnValue:
    """Show a button; only pressing it signs in, for mail scanners open every link."""
    if request.method != "POST":  # HEAD is no act either
        link = queries.sign_in_link(links.fingerprint(secret))
        if link is None or not link.is_good(at=clock.now()):
            raise operations.LinkGone
        return page("accounts/use_link.html", target=request.args.get("next", ""))
    public_forms.refuse_other_sites()
    return admit(operations.use_link(secret), via="link", target=request.form.get("next"))


@bp.post("/manage/code")
@public
def code() -> ResponseReturnValue:
    """Take the code of somebody whose link or password was right a moment ago."""
    public_forms.refuse_other_sites()
    form = CodeForm(sent())
    person, via = read_pending(form.pending.data or "")
    if person is None:
        return redirect(url_for(".sign_in"), 303)
    if not permissions.hit(CODES, "code", str(person.id)):
        raise TooManyTries(retry_after=300)
    if not operations.check_code(person, form.code.data or ""):
        form.code.errors = [_("That is not the code your app shows now. Type the newest one")]
        form.status = 422
        return page("accounts/code.html", form=form)
    return let_in(person, via=via, target=form.next.data)


@bp.post("/manage/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this person's sessions, here and everywhere."""
    person = permissions.signed_in_person()
    if person is not None:
        operations.sign_out(person)
    security.end_session()
    return redirect(url_for(".sign_in"), 303)


def admit(person: Person, *, via: str, target: str | None) -> ResponseReturnValue:
    """Let ``person`` in, or ask for a code first where they want one."""
    if person.tf_totp_secret is None:
        return let_in(person, via=via, target=target)
    pending = pending_signer().dumps([person.id, person.fs_uniquifier, via])
    return page("accounts/code.html", form=CodeForm(pending=pending, next=target or ""))


def let_in(person: Person, *, via: str, target: str | None) -> ResponseReturnValue:
    """Begin the session and lead to where they wanted to go, if that is a page of ours."""
    operations.sign_in(person, via=via)
    security.begin_session(person, via)
    return redirect(target if target and urls.is_local_path(target) else AFTER, 303)


def pending_signer() -> URLSafeTimedSerializer:
    """Return what signs "the first step was right" for a few minutes."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="sign-in pending")


def read_pending(text: str) -> tuple[Person | None, str]:
    """Return whose first step was right, and which one it was."""
    try:
        person_id, epoch, via = pending_signer().loads(text, max_age=CODE_WITHIN_SECONDS)
    except BadSignature:
        return None, ""
    person = queries.by_epoch(epoch)
    good = person is not None and person.id == person_id and person.active
    return (person if good else None), via


def page(template: str, **context) -> ResponseReturnValue:
    """Return a page that nobody keeps; its address may be a secret."""
    form = context.get("form")
    html = render_template(template, **context)
    return private(current_app.make_response((html, form.status if form else 200)))
