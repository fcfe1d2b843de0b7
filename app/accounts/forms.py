"""What people who work here type: sign-in, account, tokens, invitations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField

from app import clock
from app.accounts.models import ROLES
from app.core import texts
from app.core.permissions import LIMITABLE_TO_SESSIONS, Scope
from app.core.vocabulary import Role
from app.web import choices
from app.web.staff_forms import CheckedMany, Line, Ruled, StaffForm, ZoneField, choices_of

WHAT_ROLES_DO = {
    Role.OWNER: _l("everything here, people and audit included"),
    Role.ORGANISER: _l("programme, registrations, mails, live sessions, document"),
    Role.REGISTRAR: _l("registrations with their addresses and needs, door, mails"),
    Role.DOOR: _l("check-in, one person at a time"),
    Role.FACILITATOR: _l("runs the live tools of a session"),
    Role.MODERATOR: _l("runs the live tools of a session"),
    Role.ONLINE_MODERATOR: _l("runs the live tools of a session"),
    Role.RAPPORTEUR: _l("writes the document"),
    Role.VIEWER: _l("reads drafts, live views and the document"),
}
SCOPES = {
    Scope.ADMIN: _l("Everything"),
    Scope.PROGRAMME: _l("Programme"),
    Scope.REGISTRATIONS: _l("Registrations"),
    Scope.DOOR: _l("Door"),
    Scope.LIVE: _l("Live sessions"),
    Scope.DOCUMENT: _l("Document"),
    Scope.READ: _l("Reading"),
}


class SignInForm(StaffForm):
    """An address, and a password for those who set one."""

    email = Ruled(
        _l("Email address"),
        texts.address,
        required=_l("Enter your email address"),
        render_kw={"type": "email", "autocomplete": "username", "dir": "ltr"},
    )
    password = PasswordField(
        _l("Password"), render_kw={"autocomplete": "current-password", "maxlength": 200}
    )
    next = HiddenField()


class CodeForm(StaffForm):
    """The six digits of an authenticator app."""

    paths = {"code": "code"}
    code = StringField(
        _l("Code"),
        description=_l("The six digits that your authenticator app shows now"),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"},
    )
    pending = HiddenField()
    next = HiddenField()


class AccountForm(StaffForm):
    """Who somebody is, and how pages speak to them."""

    name = Line(
        _l("Name"), limit=120, required=_l("Enter your name"), render_kw={"autocomplete": "name"}
    )
    language = SelectField(_l("Language of pages and mails"))
    timezone = ZoneField(
        _l("Your time zone"), zones=lambda: choices.zones(clock.now()), empty=_l("None")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.language.choices = choices.spoken()
        self.timezone.set_choices()


class PasswordForm(StaffForm):
    """A new password, and the present one as proof."""

    present = PasswordField(_l("Present password"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters; a few words are good"),
        render_kw={"autocomplete": "new-password", "maxlength": 200},
    )


class TokenForm(StaffForm):
    """What an API token is called, and what it may do at most."""

    paths = {"scope": "scopes"}
    name = Line(_l("What is it for"), limit=120, required=_l("Say what the token is for"))
    scopes = CheckedMany(
        _l("It may at most"), description=_l("None chosen: whatever you may do yourself")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scopes.choices = choices_of((scope.value, words) for scope, words in SCOPES.items())


class RoleForm(StaffForm):
    """A role in a consultation, whole or for single sessions."""

    role = SelectField(_l("Role"))
    limited = BooleanField(_l("Only for these sessions"))
    sessions = CheckedMany(_l("Sessions"), coerce=int)

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.role.choices = choices_of(
            (role.value, f"{words} – {WHAT_ROLES_DO[role]}")
            for role, words in ROLES.items()
            if role is not Role.ADMIN
        )
        self.sessions.choices = choices_of(sessions)

    @property
    def session_ids(self) -> list[int] | None:
        """Return the sessions the role is limited to, or ``None``."""
        if not self.limited.data or Role(self.role.data) not in LIMITABLE_TO_SESSIONS:
            return None
        return list(self.sessions.data or [])


class InviteForm(RoleForm):
    """Whom to ask to work along."""

    email = Ruled(
        _l("Email address"),
        texts.address,
        required=_l("Enter the address of your colleague"),
        render_kw={"type": "email", "autocomplete": "off", "dir": "ltr"},
    )
    name = Line(_l("Name"), limit=120, render_kw={"autocomplete": "off"})
    language = SelectField(_l("Language of the mail"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.language.choices = choices.spoken()
