"""Themes: made, renamed, put under another question, and merged into one another."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core.refusals import N_, Invalid
from app.reports import operations, queries
from app.reports.forms import ThemeForm, theme_form
from app.reports.models import Theme
from app.reports.staff_views.blueprint import P, as_number, bp, page
from app.reports.staff_views.synthesis import shown
from app.web.access import requires


@bp.post("/themes")
@requires(P.WRITE_DOCUMENT)
def add_theme(consultation: Consultation) -> ResponseReturnValue:
    """Make a theme."""
    form = theme_form(consultation)(request.form, consultation=consultation)
    made: list[Theme] = []

    def save() -> None:
        title = form.localized("title") or {}
        made.append(
            operations.add_theme(consultation, title=title, guiding_question=form.question())
        )

    if not form.done(save):
        return shown(consultation, wrong=form)
    return to_theme(consultation, made[0])


@bp.get("/themes/<theme>")
@requires(P.WRITE_DOCUMENT)
def theme(consultation: Consultation, theme: Theme) -> ResponseReturnValue:
    """Show the forms that change a theme."""
    data = {f"title__{code}": text for code, text in theme.title.items()}
    data["guiding_question"] = str(theme.guiding_question or "")
    return one(consultation, theme, theme_form(consultation)(data=data, consultation=consultation))


@bp.post("/themes/<theme>")
@requires(P.WRITE_DOCUMENT)
def change_theme(consultation: Consultation, theme: Theme) -> ResponseReturnValue:
    """Rename a theme, or let it go into another."""
    form = theme_form(consultation)(request.form, consultation=consultation)
    if request.form.get("act") == "merge":
        into = queries.theme(consultation, as_number(request.form.get("into", "")))

        def merge() -> None:
            if into is None:
                raise Invalid.field("into", "unknown_theme", N_("Choose the theme it goes into"))
            operations.merge(consultation, theme, into)

        merging = ThemeForm(consultation=consultation)
        if merging.done(merge) and into is not None:
            flash(_("Merged. Numbers of sentences stay as they are."), "ok")
            return to_theme(consultation, into)
        return one(consultation, theme, merging)

    def save() -> None:
        operations.change_theme(
            consultation,
            theme,
            title=theme.title | (form.localized("title") or {}),
            guiding_question=form.question(),
        )

    if not form.done(save):
        return one(consultation, theme, form)
    return to_theme(consultation, theme)


def one(consultation: Consultation, theme: Theme, form: ThemeForm) -> ResponseReturnValue:
    """Render the page of one theme."""
    others = [
        each for each in queries.themes(consultation)
        if each.merged_into_id is None and each.id != theme.id
    ]  # fmt: skip
    if not form.each("title"):
        data = {f"title__{code}": text for code, text in theme.title.items()}
        whole = theme_form(consultation)(data=data, consultation=consultation)
        whole.refused, whole.status = form.refused, form.status
        form = whole
    return page(
        "theme", form.status, consultation=consultation, theme=theme, form=form, others=others
    )


def to_theme(consultation: Consultation, theme: Theme) -> ResponseReturnValue:
    """Lead to a theme in the synthesis."""
    address = url_for(".synthesis", consultation=consultation.slug, theme=theme.number)
    return redirect(address, 303)
