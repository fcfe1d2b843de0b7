"""Answering: one contribution on a page of its own, or many that were ticked in the list."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions import panels as said
from app.contributions import queries as known
from app.contributions.models import Contribution
from app.core.refusals import N_, Invalid, NotFound
from app.reports.staff_views.blueprint import P, bp, page
from app.reports.staff_views.marking import listing, new_answer
from app.web.access import requires
from app.web.staff_forms import sent


@bp.route("/coding/<reference>/answer", methods=["GET", "POST"])
@requires(P.WRITE_DOCUMENT)
def answer(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Say what became of one contribution, and why."""
    if not (contribution.is_published and contribution.is_public):
        raise NotFound
    before = known.answer_to(contribution)
    data: dict[str, Any] = {}
    if before is not None:
        data = {f"text__{code}": text for code, text in before.text.items()}
        data |= {"disposition": before.disposition, "statement": before.statement or ""}
        data |= {"publish": before.is_published}
    form = new_answer(consultation, sent(), data=data)
    if form.is_sent and form.done(lambda: contributions.answer(contribution, form.given())):
        flash(_("%(reference)s is answered.", reference=contribution.reference), "ok")
        slug, reference = consultation.slug, contribution.reference
        return redirect(url_for(".mark", consultation=slug, reference=reference), 303)
    return page(
        "answer",
        form.status,
        consultation=consultation,
        contribution=contribution,
        row=said.shown(contribution),
        form=form,
        told=before is not None and before.told_at is not None,
    )


@bp.post("/answers")
@requires(P.WRITE_DOCUMENT)
def answers(consultation: Consultation) -> ResponseReturnValue:
    """Give the ticked contributions the same answer: all of them, or none."""
    form = new_answer(consultation, request.form)
    ticked = list(dict.fromkeys(request.form.getlist("reference")))

    def give() -> None:
        if not ticked:
            message = N_("Tick the contributions that get this answer")
            raise Invalid.field("reference", "nothing_ticked", message)
        given = form.given()
        contributions.answer_many(consultation, [(each, given) for each in ticked])

    form.paths = {
        f"items.{index}.{name}": name
        for index in range(len(ticked))
        for name in ("disposition", "statement", "text")
    }
    if not form.done(give):
        once(form)
        return listing(consultation, form, ticked)
    count = len(ticked)
    flash(ngettext("%(num)s contribution is answered.", "%(num)s contributions are answered.",
                   count), "ok")  # fmt: skip
    kept: dict[str, Any] = {
        name: request.form.get(name) or None for name in ("show", "session", "after")
    }
    return redirect(url_for(".coding", consultation=consultation.slug, **kept), 303)


def once(form) -> None:
    """Say the same error of many contributions once."""
    for field in form:
        field.errors = list(dict.fromkeys(field.errors))
