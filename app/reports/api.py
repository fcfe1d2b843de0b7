"""From contributions to the document under `/api/v1`: themes, excerpts, statements, editions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from app.consultations.models import Consultation
from app.contributions import queries as contributions
from app.core.permissions import Permission
from app.core.refusals import N_, ChangedMeanwhile, Invalid, NotFound
from app.reports import operations, queries
from app.reports.exports import results as figures
from app.reports.models import Edition, Excerpt, Statement, Theme
from app.reports.schemas import answered, sent
from app.web import api, shapes
from app.web.access import public_or_token, requires
from app.web.openapi import documented

bp = Blueprint("reports_api", __name__, url_prefix="/api/v1/consultations/<consultation>")
SEE, WRITE, FREEZE = (
    Permission.SEE_DOCUMENT, Permission.WRITE_DOCUMENT, Permission.FREEZE_DOCUMENT,
)  # fmt: skip


# --- Themes -----------------------------------------------------------------------------------


@bp.get("/themes")
@documented("List the themes with their counts", lists=answered.ThemeOut)
@requires(SEE)
def themes(consultation: Consultation):
    """Answer with the themes, those that went into others among them."""
    return listed(answered.themes(queries.keeping.kept(consultation)))


@bp.post("/themes")
@documented("Make a theme", takes=sent.ThemeNew, gives=answered.ThemeOut, made=True)
@requires(WRITE)
def add_theme(consultation: Consultation):
    """Make a theme."""
    body = api.read(sent.ThemeNew)
    title = shapes.spoken(body.title, consultation.language) or {}

    def act() -> tuple[int, api.Ids]:
        made = operations.add_theme(
            consultation, title=title, guiding_question=body.guiding_question
        )
        return 201, {"number": made.number}

    return api.perform(act, lambda number: one_theme(consultation, number))


@bp.patch("/themes/<theme>")
@documented("Rename a theme, or put it under another question", takes=sent.ThemeNew,
            gives=answered.ThemeOut)  # fmt: skip
@requires(WRITE)
def change_theme(consultation: Consultation, theme: Theme):
    """Change a theme."""
    body = api.read(shapes.partial(sent.ThemeNew, "ThemeChange"))
    named = body.named()
    title = shapes.spoken(named.get("title"), consultation.language) or theme.title
    question = named.get("guiding_question", theme.guiding_question)

    def act() -> tuple[int, api.Ids]:
        operations.change_theme(consultation, theme, title=title, guiding_question=question)
        return 200, {"number": theme.number}

    return api.perform(act, lambda number: one_theme(consultation, number))


@bp.post("/themes/<theme>/merge")
@documented("Let a theme go into another; nothing loses its number", takes=sent.MergeIn,
            gives=answered.ThemeOut)  # fmt: skip
@requires(WRITE)
def merge(consultation: Consultation, theme: Theme):
    """Merge; answer with the theme it went into."""
    into = queries.theme(consultation, api.read(sent.MergeIn).into)
    if into is None:
        message = N_("There is no theme with this number")
        raise Invalid.field("into", "unknown_theme", message)

    def act() -> tuple[int, api.Ids]:
        operations.merge(consultation, theme, into)
        return 200, {"number": into.number}

    return api.perform(act, lambda number: one_theme(consultation, number))


def one_theme(consultation: Consultation, number: int) -> dict[str, Any]:
    """Return the answer about one theme."""
    return answered.themes(queries.keeping.kept(consultation), [number])[0]


# --- Excerpts ---------------------------------------------------------------------------------


@bp.get("/excerpts")
@documented("List excerpts", lists=answered.ExcerptOut, query=sent.FILTERS)
@requires(SEE)
def excerpts(consultation: Consultation):
    """Answer with a page of excerpts, in the order in which they were marked."""
    start = api.after(int)
    rows = queries.excerpts(
        consultation,
        theme=request.args.get("theme", type=int),
        contribution=request.args.get("contribution"),
        stance=sent.stance_named(request.args.get("stance")),
        after=start[0] if start else 0,
        limit=api.limit() + 1,
    )
    return api.page(rows, lambda row: (row.id,), lambda found: [*map(answered.excerpt, found)])


@bp.post("/excerpts")
@documented("Mark a passage with a theme and a stance", takes=sent.ExcerptNew,
            gives=answered.ExcerptOut, made=True)  # fmt: skip
@requires(WRITE)
def mark(consultation: Consultation):
    """Mark a passage: 201, or 200 where it is marked so already."""
    body = api.read(sent.ExcerptNew)
    contribution = contributions.by_references(consultation, [body.contribution.upper()]).get(
        body.contribution.upper()
    )
    if contribution is None:
        message = N_("There is no contribution with this reference")
        raise Invalid.field("contribution", "unknown_contribution", message)

    def act() -> tuple[int, api.Ids]:
        made, is_new = operations.mark(
            contribution, start=body.start, end=body.end, theme=body.theme, stance=body.stance
        )
        return 201 if is_new else 200, {"number": made.id}

    return api.perform(act, lambda number: one_excerpt(consultation, number))


@bp.patch("/excerpts/<excerpt>")
@documented("Change theme or stance, or list it under differences of view",
            takes=sent.ExcerptChange, gives=answered.ExcerptOut)  # fmt: skip
@requires(WRITE)
def change_excerpt(consultation: Consultation, excerpt: Excerpt):
    """Change a mark; made from another theme or stance than it has now: 409."""
    body = api.read(sent.ExcerptChange)

    def act() -> tuple[int, api.Ids]:
        if coding := body.coding():
            operations.change_excerpt(consultation, excerpt, **coding)
        if body.answered is not None:
            operations.list_difference(consultation, excerpt, answered=body.answered)
        return 200, {"number": excerpt.id}

    return api.perform(act, lambda number: one_excerpt(consultation, number))


@bp.delete("/excerpts/<excerpt>")
@documented("Take a mark away", gives=answered.ExcerptOut)
@requires(WRITE)
def unmark(consultation: Consultation, excerpt: Excerpt):
    """Take a mark away; answer with what it was."""
    gone = answered.excerpt(excerpt)
    operations.unmark(consultation, excerpt)
    return api.answer(gone)


def one_excerpt(consultation: Consultation, number: int) -> dict[str, Any]:
    """Return the answer about one excerpt."""
    found = queries.excerpt(consultation, number)
    assert found is not None
    return answered.excerpt(found)


# --- Statements -------------------------------------------------------------------------------


@bp.get("/statements")
@documented("List the statements with sources and counts", lists=answered.StatementOut)
@requires(SEE)
def statements(consultation: Consultation):
    """Answer with the statements as they would be printed."""
    return listed(answered.statements(queries.keeping.kept(consultation)))


@bp.post("/statements")
@documented("Write a statement", takes=sent.StatementNew, gives=answered.StatementOut, made=True)
@requires(WRITE)
def write(consultation: Consultation):
    """Write a statement."""
    body = api.read(sent.StatementNew)

    def act() -> tuple[int, api.Ids]:
        made = operations.write(
            consultation,
            theme=body.theme,
            text=shapes.spoken(body.text, consultation.language) or {},
            cites=sent.cites_of(body.cites) or {},
        )
        return 201, {"number": made.number}

    return api.perform(act, lambda number: one_statement(consultation, number))


@bp.patch("/statements/<statement>")
@documented("Replace its words or citations, or move it", takes=sent.StatementChange,
            gives=answered.StatementOut)  # fmt: skip
@requires(WRITE)
def change(consultation: Consultation, statement: Statement):
    """Change a statement; from an older revision: 409 with both versions."""
    body = api.read(sent.StatementChange)

    def act() -> tuple[int, api.Ids]:
        operations.change(
            statement,
            text=shapes.spoken(body.text, consultation.language),
            cites=sent.cites_of(body.cites),
            revision=body.revision,
        )
        if body.place is not None:
            operations.move(statement, place=body.place)
        return 200, {"number": statement.number}

    return api.perform(act, lambda number: one_statement(consultation, number))


@bp.delete("/statements/<statement>")
@documented("Remove a statement; its number is not given again", gives=answered.StatementOut)
@requires(WRITE)
def remove(consultation: Consultation, statement: Statement):
    """Remove a statement; answer with what it was."""
    gone = one_statement(consultation, statement.number)
    operations.remove(statement)
    return api.answer(gone)


@bp.post("/statements/<statement>/review")
@documented("Say that it is right as it is", takes=sent.ReviewIn, gives=answered.StatementOut)
@requires(WRITE)
def review(consultation: Consultation, statement: Statement):
    """Review a statement; without a source: 422 no_source."""
    body = api.read(sent.ReviewIn)

    def act() -> tuple[int, api.Ids]:
        operations.review(statement, revision=body.revision)
        return 200, {"number": statement.number}

    return api.perform(act, lambda number: one_statement(consultation, number))


def one_statement(consultation: Consultation, number: str) -> dict[str, Any]:
    """Return the answer about one statement."""
    return answered.statements(queries.keeping.kept(consultation), [number])[0]


# --- Gate, editions, outcome ------------------------------------------------------------------


@bp.get("/coverage")
@documented("What keeps an edition from being frozen, and who is cited",
            gives=answered.CoverageOut)  # fmt: skip
@requires(SEE)
def coverage(consultation: Consultation):
    """Answer with the gate and the shares."""
    return api.answer(answered.coverage(queries.keeping.kept(consultation)))


@bp.get("/editions")
@documented("List the frozen editions", lists=answered.EditionOut)
@public_or_token
def editions(consultation: Consultation):
    """Answer with the editions, the first one first."""
    return listed([*map(answered.edition, queries.all_editions(consultation))])


@bp.post("/editions")
@documented("Freeze the next edition", takes=sent.EditionNew, gives=answered.EditionOut, made=True)
@requires(FREEZE)
def freeze(consultation: Consultation):
    """Freeze: 201, or 409 not_ready with everything that blocks it."""
    body = api.read(sent.EditionNew)
    ready: operations.Prepared | operations.NotReady

    def act() -> tuple[int, api.Ids]:
        if isinstance(ready, operations.NotReady):
            raise ready  # only here, so that what was done before under this key is answered again
        return 201, {"number": operations.publish(consultation, ready).number}

    def show(number: int) -> dict[str, Any]:
        made = queries.edition(consultation, number)
        assert made is not None
        return answered.edition(made)

    while True:
        try:
            ready = operations.prepare(consultation, compilation=body.compilation)
        except operations.NotReady as refusal:
            ready = refusal
        try:
            return api.perform(act, show)
        except ChangedMeanwhile:  # another edition got its number meanwhile: this is the next
            continue


@bp.get("/editions/<edition>")
@documented("Read an edition", gives=answered.EditionOut)
@public_or_token
def edition(consultation: Consultation, edition: Edition):
    """Answer with one edition."""
    return api.answer(answered.edition(edition))


@bp.get("/outcome")
@documented("What the receiving body did", gives=answered.OutcomeOut)
@public_or_token
def outcome(consultation: Consultation):
    """Answer with the latest outcome, or 404."""
    return api.answer(latest_outcome(consultation))


@bp.put("/outcome")
@documented("Record what the receiving body did; participants are told once",
            takes=sent.OutcomeIn, gives=answered.OutcomeOut)  # fmt: skip
@requires(WRITE)
def record_outcome(consultation: Consultation):
    """Record an outcome; with it the consultation can be closed."""
    body = api.read(sent.OutcomeIn)

    def act() -> tuple[int, api.Ids]:
        operations.record_outcome(
            consultation,
            edition=body.edition,
            body=shapes.spoken(body.body, consultation.language) or {},
            on=body.date,
            what=body.what,
            text=shapes.spoken(body.text, consultation.language) or {},
        )
        return 200, {}

    return api.perform(act, lambda: latest_outcome(consultation))


def latest_outcome(consultation: Consultation) -> dict[str, Any]:
    """Return the outcome of the newest edition that has one."""
    found = queries.outcomes(consultation)
    if not found:
        raise NotFound
    return answered.outcome(found[-1], consultation.language)


@bp.get("/paper")
@documented("What the document says around its sentences", gives=answered.PaperOut)
@requires(SEE)
def paper(consultation: Consultation):
    """Answer with summary, mandate, method and the rest."""
    return api.answer(answered.paper(queries.paper_of(consultation)))


@bp.patch("/paper")
@documented("Write what the document says around its sentences", takes=sent.PaperIn,
            gives=answered.PaperOut)  # fmt: skip
@requires(WRITE)
def write_paper(consultation: Consultation):
    """Replace the named fields whole."""
    named = api.read(sent.PaperIn).named()
    revision = named.pop("revision", None)
    words = {
        name: text if name in sent.ONE_LINE else shapes.spoken(text, consultation.language)
        for name, text in named.items()
    }

    def act() -> tuple[int, api.Ids]:
        operations.write_paper(consultation, words, revision=revision)
        return 200, {}

    return api.perform(act, lambda: answered.paper(queries.paper_of(consultation)))


@bp.get("/results")
@documented("Who took part and what they raised, small cells hidden", gives=answered.ResultsOut,
            also=("text/csv",))  # fmt: skip
@public_or_token
def results(consultation: Consultation):
    """Answer with the figures of the latest edition; before it, as they are so far."""
    found = queries.results.results(consultation)
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        return Response(figures.as_csv(found, bom=False), content_type="text/csv; charset=utf-8")
    return api.answer(figures.as_json(found))


def listed(items: list[dict[str, Any]]):
    """Answer with one page of ``items``, in their order; the cursor is the place in the list."""
    start = api.after(int)
    rest = list(enumerate(items))[start[0] + 1 if start else 0 :]
    return api.page(rest, lambda pair: (pair[0],), lambda found: [item for _at, item in found])
