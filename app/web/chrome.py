"""The frame of public pages: name, three places to go, languages, foot (see templates/base.html)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import languages
from app.web import public_forms, urls, viewer


@dataclass(frozen=True)
class Chrome:
    """What `base.html` asks for, to the letter of the list at its top."""

    site_name: str
    home_url: str
    nav: list[tuple[str, str, bool]]
    languages: list[tuple[str, str, str, bool]]
    lang: str
    dir: str
    footer: list[tuple[str, str]]
    version_line: str = ""
    changed_url: str = ""


def chrome() -> Chrome:
    """Return the frame of the page being rendered."""
    consultation = g.get("consultation")
    code = viewer.language()
    home = url_for("portal.home")
    nav: list[tuple[str, str, bool]] = []
    footer: list[tuple[str, str]] = []
    changed = ""
    if consultation is not None and consultation.is_public:
        slug = consultation.slug
        home = url_for("portal.programme", consultation=slug)
        nav = [
            (_("Programme"), home, request.endpoint in ("portal.programme", "portal.session")),
            (
                _("My registrations"),
                url_for("registration.find", consultation=slug),
                request.endpoint in ("registration.find", "registration.my"),
            ),
            (
                _("Help"),
                url_for("portal.help", consultation=slug),
                request.endpoint == "portal.help",
            ),
        ]
        footer = [(_("Privacy"), url_for("portal.privacy", consultation=slug))]
        if consultation.contact_email:
            footer.append((_("Contact"), f"mailto:{consultation.contact_email}"))
        changed = url_for("portal.changes", consultation=slug)
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
        version_line=g.get("version_line", ""),
        changed_url=changed,
    )


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
