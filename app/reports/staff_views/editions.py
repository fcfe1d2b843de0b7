"""Editions: the words around the sentences, a preview, the freeze, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.consultations.models import Consultation
from app.core.refusals import N_, Refusal
from app.core.synthesis import freezing
from app.core.synthesis.freezing import ENDED, Stage
from app.reports import operations, queries
from app.reports.exports import paper as papers
from app.reports.exports.parts import Place
from app.reports.forms import AROUND, outcome_form, paper_form
from app.reports.models import Freezing
from app.reports.operations import NotReady
from app.reports.staff_views.blueprint import P, as_number, bp, page
from app.web import viewer
from app.web.access import requires
from app.web.staff_forms import sent

LATE = timedelta(seconds=30)
STAGES = {
    Stage.WAITING: N_("Waiting for the background work to take it up"),
    Stage.READING: N_("Reading everything that was said, and the gate"),
    Stage.COMPOSING: N_("Putting the document together"),
    Stage.SEALING: N_("Sealing every text"),
    Stage.KEEPING: N_("Keeping it, and telling the authors"),
    Stage.FILES: N_("Frozen. Making its files: %(done)s of %(total)s"),
}


@bp.get("/editions")
@requires(P.SEE_DOCUMENT)
def editions(consultation: Consultation) -> ResponseReturnValue:
    """List the editions and what came of them; freeze the next one."""
    return listing(consultation)


def listing(consultation: Consultation, refused: Refusal | None = None) -> ResponseReturnValue:
    """Render the list; a refused freeze comes back with the reason."""
    found = queries.keeping.kept(consultation)
    rows = queries.all_editions(consultation)
    going = queries.freezing(consultation)
    return page(
        "editions",
        refused.status if refused else 200,
        consultation=consultation,
        editions=rows,
        next=(rows[-1].number if rows else 0) + 1,
        blocking=len(queries.coverage.blocking(found)),
        unanswered=len(queries.coverage.blocking(found, compilation=True)),
        outcomes={each.edition: each for each in queries.outcomes(consultation)},
        refused=refused.text(_) if refused else "",
        going=progress(going) if going else None,
        asked="asked" in request.args,
    )


@dataclass(frozen=True)
class Progress:
    """How far the freeze is that somebody asked for, in words; ``is_late``: nobody takes it up."""

    stage: str
    words: str
    percent: int
    number: int
    is_going: bool
    is_late: bool


def progress(row: Freezing) -> Progress:
    """Return how far a freeze is."""
    stage = Stage(row.stage)
    words = _(STAGES[stage], done=row.done, total=row.total) if stage in STAGES else ""
    waited = clock.now() - row.touched_at
    return Progress(
        stage=stage.value,
        words=words,
        percent=0 if stage in ENDED else freezing.percent(stage, row.done, row.total),
        number=row.edition or 0,
        is_going=stage not in ENDED,
        is_late=stage is Stage.WAITING and waited > LATE,
    )


@bp.post("/editions")
@requires(P.FREEZE_DOCUMENT)
def freeze(consultation: Consultation) -> ResponseReturnValue:
    """Have the next edition frozen, with sentences or as a compilation; its progress is shown.

    What blocks it now is said at once; what comes to block it until it is read, on the same page.
    """
    compilation = request.form.get("compilation") == "yes"
    found = queries.keeping.kept(consultation)
    if points := queries.coverage.blocking(found, compilation=compilation):
        return listing(consultation, NotReady.because(points))
    operations.ask_to_freeze(consultation, compilation=compilation)
    return redirect(url_for(".editions", consultation=consultation.slug, asked="yes"), 303)


@bp.get("/preview")
@requires(P.SEE_DOCUMENT)
def preview(consultation: Consultation) -> ResponseReturnValue:
    """Show the document as it would be frozen now."""
    found = queries.material(consultation)
    last = queries.latest(consultation)
    document = queries.document.compose(
        found,
        edition=(last.number if last else 0) + 1,
        at=clock.now().replace(microsecond=0),
        compilation=request.args.get("compilation") == "yes",
        before=queries.editions.document(last) if last else None,
        figures=queries.figures.figures(found),
    )
    place = Place("", current_app.config["SITE_NAME"])
    made = replace(papers.paper(document, viewer.language(), place), files=())
    return page("preview", consultation=consultation, paper=made)


@bp.route("/words", methods=["GET", "POST"])
@requires(P.WRITE_DOCUMENT)
def around(consultation: Consultation) -> ResponseReturnValue:
    """Write what the document says around its sentences."""
    stored = queries.paper_of(consultation)
    data = {"revision": str(stored.revision)}
    for name, text in stored.words.items():
        if isinstance(text, dict):
            data |= {f"{name}__{code}": one for code, one in text.items()}
        else:
            data[name] = text
    kind = paper_form(consultation)
    form = kind(sent(), data=data)

    def save() -> None:
        operations.write_paper(
            consultation, form.content(), revision=as_number(form.revision.data or "")
        )

    if form.is_sent and form.done(save):
        flash(_("Saved."), "ok")
        return redirect(url_for(".around", consultation=consultation.slug), 303)
    if form.status == 409:
        form.compare(kind(data=data))
        form.revision.data, form.refused = str(stored.revision), ""
    return page("around", form.status, consultation=consultation, form=form, fields=AROUND)


@bp.route("/outcome", methods=["GET", "POST"])
@requires(P.WRITE_DOCUMENT)
def outcome(consultation: Consultation) -> ResponseReturnValue:
    """Record what the receiving body did; participants are told once."""
    numbers = [each.number for each in queries.all_editions(consultation)]
    wanted = as_number(request.args.get("edition", "")) or (numbers[-1] if numbers else 0)
    known = {each.edition: each for each in queries.outcomes(consultation)}
    before = known.get(wanted)
    data: dict = {"edition": str(wanted)}
    for code, text in (consultation.receiving_body or {}).items():
        data[f"body__{code}"] = text
    if before is not None:
        data |= {f"body__{code}": text for code, text in before.body.items()}
        data |= {f"text__{code}": text for code, text in before.text.items()}
        data |= {"on": before.on.isoformat(), "what": before.what}
    form = outcome_form(consultation)(sent(), numbers=numbers, data=data)

    def save() -> None:
        operations.record_outcome(
            consultation,
            edition=as_number(form.edition.data or ""),
            body=form.localized("body") or {},
            on=form.on.value,
            what=form.what.data or "",
            text=form.localized("text") or {},
        )

    if form.is_sent and form.done(save):
        flash(_("Recorded. Participants are told once."), "ok")
        return redirect(url_for(".editions", consultation=consultation.slug), 303)
    told = any(each.told_at for each in known.values())
    return page("outcome", form.status, consultation=consultation, form=form, numbers=numbers,
                told=told)  # fmt: skip
