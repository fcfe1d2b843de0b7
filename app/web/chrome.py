"""The frame of pages: name, places to go, languages, foot; for staff also tabs and their person."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import languages
from app.core.permissions import Permission
from app.core.refusals import N_
from app.web import access, filters, public_forms, urls, viewer

# The tabs of a consultation's staff pages, in their order: the words, the page, who sees it, and
# the other pages that belong to it (the beginnings of their endpoints). A page that does not
# exist yet has no tab.
P = Permission
TABS = (
    (N_("Overview"), "portal_staff.overview", P.SEE_DRAFTS, ()),
    (N_("Programme"), "programme_staff.sessions", P.CHANGE_PROGRAMME, ("programme_staff.",)),
    (
        N_("Registrations"),
        "registration_staff.registrations",
        P.SEE_NAMES,
        ("registration_staff.",),
    ),
    (N_("Attendance"), "attendance_staff.attendance", P.SEE_NAMES, ("attendance_staff.",)),
    (
        N_("Contributions"),
        "contributions_staff.index",
        P.SEE_DRAFTS,
        ("contributions_staff.",),
    ),
    (N_("Document"), "reports_staff.synthesis", P.SEE_DOCUMENT, ("reports_staff.",)),
    (N_("Mails"), "mail_staff.outbox", P.OUTBOX, ("mail_staff.",)),
    (N_("People"), "accounts_staff.people", P.MANAGE_PEOPLE, ("accounts_staff.",)),
    (N_("Settings"), "consultations_staff.settings", P.CHANGE_PROGRAMME, ("consultations_staff.",)),
)


@dataclass(frozen=True)
class Chrome:
    """What `base.html` and `staff.html` ask for, to the letter of the lists at their tops."""

    site_name: str
    home_url: str
    nav: list[tuple[str, str, bool]]
    languages: list[tuple[str, str, str, bool]]
    lang: str
    dir: str
    footer: list[tuple[str, str]]
    version_line: str = ""
    changed_url: str = ""
    consultation: tuple[str, str] | None = None
    tabs: list[tuple[str, str, bool]] = field(default_factory=list)
    person: str = ""
    person_links: list[tuple[str, str]] = field(default_factory=list)
    sign_out_url: str = ""
    is_rehearsal: bool = False


def chrome() -> Chrome:
    """Return the frame of the page being rendered."""
    consultation = g.get("consultation")
    code = viewer.language()
    home = url_for("portal.home")
    nav: list[tuple[str, str, bool]] = []
    footer: list[tuple[str, str]] = []
    version = changed = ""
    if consultation is not None and consultation.is_public:
        slug = consultation.slug
        home = url_for("portal.programme", consultation=slug)
        nav = (
            staff_nav(slug)
            if access.actor()
            else [
                (_("Programme"), home, request.endpoint in ("portal.programme", "portal.session")),
                (
                    _("My registrations"),
                    url_for("registration.find", consultation=slug),
                    request.endpoint in ("registration.find", "portal.my"),
                ),
                (
                    _("Help"),
                    url_for("portal.help", consultation=slug),
                    request.endpoint == "portal.help",
                ),
            ]
        )
        footer = [(_("Privacy"), url_for("portal.privacy", consultation=slug))]
        if consultation.contact_email:
            footer.append((_("Contact"), f"mailto:{consultation.contact_email}"))
        changed = url_for("portal.changes", consultation=slug)
        version = version_line(consultation)
    return Chrome(
        site_name=current_app.config["SITE_NAME"],
        home_url=home,
        nav=nav,
        languages=[
            (each.code, each.name, urls.here(lang=each.code), each.code == code)
            for each in languages.ALL
            if each.code in languages.COMPLETE
        ],
        lang=code,
        dir=languages.nearest(code).direction,
        footer=footer,
        version_line=version,
        changed_url=changed,
        is_rehearsal=consultation is not None and consultation.is_rehearsal,
        **staff(consultation, code),
    )


def version_line(consultation) -> str:
    """Return which version of the programme this is, and since when, in UTC."""
    return _(
        "Programme version %(number)s, %(day)s, %(time)s UTC.",
        number=filters.number(consultation.revision),
        day=filters.day_long(consultation.changed_at),
        time=filters.hhmm(consultation.changed_at),
    )


def staff_nav(slug: str) -> list[tuple[str, str, bool]]:
    """Return where organisers can go from any of their pages of a public consultation."""
    return [
        (_("Public page"), url_for("portal.programme", consultation=slug), False),
        (_("Help"), url_for("portal.help", consultation=slug), False),
    ]


def staff(consultation, language: str) -> dict:
    """Return what only the frame of staff pages shows; nothing on a public page."""
    who = access.actor()
    if who is None:
        return {}
    frame: dict = {
        "person": who.name or _("Signed in"),
        "person_links": [
            (_(label), url_for(endpoint))
            for label, endpoint in (
                (N_("All consultations"), "portal_staff.dashboard"),
                (N_("My account"), "accounts_staff.account"),
            )
            if endpoint in current_app.view_functions
        ],
        "sign_out_url": url_for("accounts.sign_out"),
    }
    if consultation is not None:
        slug = consultation.slug
        frame["tabs"] = [
            (_(label), url_for(endpoint, consultation=slug), is_current(endpoint, family))
            for label, endpoint, permission, family in TABS
            if endpoint in current_app.view_functions and access.may(permission, consultation)
        ]
        first = frame["tabs"][0][1] if frame["tabs"] else url_for("portal_staff.dashboard")
        frame["consultation"] = (consultation.words("title", language), first)
    return frame


def is_current(endpoint: str, family: tuple[str, ...]) -> bool:
    """Whether the page being rendered stands under this tab."""
    return request.endpoint == endpoint or (request.endpoint or "").startswith(family)


def register(app: Flask) -> None:
    """Give templates the frame and the few functions they all use."""
    app.jinja_env.globals.update(
        here=urls.here,
        external=urls.external,
        ngettext=ngettext,
        signed_hour=public_forms.signed_hour,
    )

    @app.context_processor
    def frame() -> dict:
        return {"chrome": chrome()}
