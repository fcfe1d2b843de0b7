"""Sentences: written, saved, reviewed, moved and removed; what two people wrote is both shown."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core.refusals import NotFound, Refusal
from app.core.synthesis import statements
from app.core.synthesis.excerpts import Role
from app.reports import operations, queries
from app.reports.forms import SentenceForm, role_on, sentence_form
from app.reports.models import Excerpt, Statement
from app.reports.operations import StatementChanged
from app.reports.staff_views.blueprint import P, as_number, bp, words
from app.reports.staff_views.synthesis import NEW, shown
from app.web.access import requires

BOTH = "both"


@bp.post("/statements")
@requires(P.WRITE_DOCUMENT)
def write(consultation: Consultation) -> ResponseReturnValue:
    """Write a new sentence of a theme."""
    form = sentence_form(consultation)(request.form)
    ticked = ticks(consultation)
    made: list[Statement] = []

    def save() -> None:
        made.append(
            operations.write(
                consultation,
                theme=as_number(request.form.get("theme", "")),
                text=form.localized("text") or {},
                cites=roles(form, ticked, {}),
            )
        )

    if not form.done(save):
        return shown(consultation, opened=NEW, form=form, ticked=set(ticked))
    return after(made[0])


@bp.post("/statements/<number>")
@requires(P.WRITE_DOCUMENT)
def change(consultation: Consultation, number: str) -> ResponseReturnValue:
    """Save, review, move or remove a sentence, as the button says."""
    act = request.form.get("act", "save")
    statement = queries.statement(consultation, number)
    if statement is None:
        return gone(consultation, number, act)
    try:
        if act not in ACTS:
            return save(consultation, statement, number, act)
        ACTS[act](statement)
    except NotFound:
        return gone(consultation, number, act)
    except Refusal as refusal:
        return shown(consultation, opened=number, refused=refusal)
    return back(consultation, statement)


def save(
    consultation: Consultation, statement: Statement, number: str, act: str
) -> ResponseReturnValue:
    """Save what was typed and ticked; of two savers the second is shown both texts.

    Raises `NotFound` where somebody removed the sentence meanwhile.
    """
    form = sentence_form(consultation)(request.form, is_mixed=True)
    ticked = ticks(consultation)
    before = {each.excerpt_id: each.role for each in statement.citations}
    if act == BOTH:
        put_both_in(form, statement)
        return shown(consultation, opened=number, form=form, ticked=set(ticked))
    conflict: dict[str, Any] = {}

    def run() -> None:
        try:
            operations.change(
                statement,
                text=kept(form, statement) | (form.localized("text") or {}),
                cites=roles(form, ticked, before),
                revision=form.made_from(),
            )
        except StatementChanged as refusal:
            conflict.update(refusal.extra["theirs"])
            raise
        if act == "review":
            operations.review(statement)

    if not form.done(run):
        if form.status == NotFound.status:
            raise NotFound
        if conflict:  # what is saved next is saved knowing theirs
            form.revision.data = str(conflict["revision"])
            form.refused = ""
        return shown(
            consultation,
            opened=number,
            form=form,
            ticked=set(ticked),
            conflict=told(consultation, conflict) if conflict else None,
        )
    return after(statement)


def gone(consultation: Consultation, number: str, act: str) -> ResponseReturnValue:
    """Say that somebody removed the sentence; what was typed comes back as a new one's words.

    Raises `NotFound` for what never was the number of a sentence.
    """
    try:
        theme, _place = statements.parts(number)
    except ValueError:
        raise NotFound from None
    if act in ACTS:
        flash(_("Somebody removed § %(number)s meanwhile.", number=number), "warn")
        address = url_for(".synthesis", consultation=consultation.slug, theme=theme)
        return redirect(address, 303)
    form = sentence_form(consultation)(request.form)
    form.status, form.revision.data = 409, ""
    form.refused = _(
        "Somebody removed § %(number)s meanwhile. Your words are still here: save them as a new "
        "sentence.",
        number=number,
    )
    return shown(consultation, opened=NEW, theme=theme, form=form, ticked=set(ticks(consultation)))


def put_both_in(form: SentenceForm, statement: Statement) -> None:
    """Put their words before what was typed, language by language; nothing is saved yet."""
    for each in form.each("text"):
        theirs = statement.text.get(each.name.split("__", 1)[1], "")
        if theirs and theirs not in (each.data or ""):
            each.data = f"{theirs}\n{each.data or ''}".strip()
    form.revision.data = str(statement.revision)


def told(consultation: Consultation, theirs: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody else saved, as the warning says it."""
    return {
        "who": theirs["changed_by"],
        "text": words(theirs["text"], consultation),
        "cites": len(theirs["cites"]),
    }


# --- What is ticked ---------------------------------------------------------------------------


def ticks(consultation: Consultation) -> dict[int, Excerpt]:
    """Return the ticked excerpts by id: those on the page, and those kept from its other pages."""
    numbers = [as_number(each) for each in request.form.getlist("cites")]
    return queries.excerpts_by_ids(consultation, [each for each in dict.fromkeys(numbers) if each])


def roles(
    form: SentenceForm, ticked: dict[int, Excerpt], before: dict[int, str]
) -> dict[int, str | None]:
    """Return what each ticked excerpt does for the sentence: as its side says, or as it did."""
    side = form.side.data or "for"
    if side == "kept":
        return {number: before.get(number) for number in ticked}
    return {number: Role(role_on(side, each.stance)).value for number, each in ticked.items()}


def kept(form: SentenceForm, statement: Statement) -> dict[str, str]:
    """Return the sentence in languages that the form does not show."""
    here = {each.name.split("__", 1)[1] for each in form.each("text")}
    return {code: text for code, text in statement.text.items() if code not in here}


# --- Other acts -------------------------------------------------------------------------------


def review(statement: Statement) -> None:
    """Review it as it was read."""
    operations.review(statement, revision=as_number(request.form.get("revision", "")) or None)


def up(statement: Statement) -> None:
    """Put it one place up."""
    operations.move(statement, place=max(place_of(statement) - 1, 1))


def down(statement: Statement) -> None:
    """Put it one place down."""
    operations.move(statement, place=place_of(statement) + 1)


def remove(statement: Statement) -> None:
    """Remove it."""
    number = statement.number
    operations.remove(statement)
    flash(_("§ %(number)s is removed. Its number is not given again.", number=number), "ok")


def place_of(statement: Statement) -> int:
    """Return where a sentence stands among those of its theme, from 1."""
    numbers = [each.id for each in queries.statements_of(statement.theme)]
    return numbers.index(statement.id) + 1


ACTS = {"reviewed": review, "up": up, "down": down, "remove": remove}


@bp.post("/excerpts/<excerpt>")
@requires(P.WRITE_DOCUMENT)
def excerpt(consultation: Consultation, excerpt: Excerpt) -> ResponseReturnValue:
    """List what was said against under differences of view, take it off, or take a mark away."""
    act = request.form.get("act", "")
    reference, theme = excerpt.contribution.reference, excerpt.theme.number
    try:
        if act == "remove":
            operations.unmark(consultation, excerpt)
            flash(_("The mark is gone."), "ok")
        else:
            operations.list_difference(consultation, excerpt, answered=act == "list")
    except Refusal as refusal:
        flash(refusal.text(_), "warn")
    if request.form.get("at") == "marking":
        address = url_for(".mark", consultation=consultation.slug, reference=reference)
    else:
        address = url_for(".synthesis", consultation=consultation.slug, theme=theme,
                          _anchor="excerpts")  # fmt: skip
    return redirect(address, 303)


def after(statement: Statement) -> ResponseReturnValue:
    """Lead to the sentence, which says what is true now."""
    flash(_("§ %(number)s is saved.", number=statement.number), "ok")
    return back(statement.consultation, statement)


def back(consultation: Consultation, statement: Statement) -> ResponseReturnValue:
    """Lead back to the theme the sentence stands in."""
    values: dict[str, Any] = {"consultation": consultation.slug, "theme": statement.theme.number}
    return redirect(url_for(".synthesis", _anchor=f"s{statement.number}", **values), 303)
