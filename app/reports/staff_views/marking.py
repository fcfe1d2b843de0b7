"""Marking: which contributions nobody read yet, and one of them sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.contributions import panels as said
from app.contributions import queries as contributions
from app.contributions.models import Contribution
from app.core.document import direction
from app.core.refusals import N_, Invalid, NotFound
from app.core.synthesis import passages
from app.core.synthesis.excerpts import Coding
from app.programme import queries as programme
from app.reports import operations, queries
from app.reports.forms import STANCES, AnswerForm, CodingForm, MarkForm, answer_form
from app.reports.models import Excerpt
from app.reports.queries import coding as progress
from app.reports.staff_views.blueprint import P, as_number, bp, page, whole, words
from app.web.access import requires


@dataclass(frozen=True)
class Marked:
    """An excerpt of the text being read: its letter, where it stands, its theme and stance, and
    the form that changes those."""

    letter: str
    row: Excerpt
    theme: str
    coder: str
    sentences: tuple[int, ...]
    part: str
    form: CodingForm


@dataclass(frozen=True)
class Sentence:
    """One sentence of the text, in pieces: (words, whether only they are marked), and letters."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    letters: tuple[str, ...]


@bp.get("/coding")
@requires(P.SEE_DOCUMENT)
def coding(consultation: Consultation) -> ResponseReturnValue:
    """List published contributions: not marked, not answered, or all; tick many to answer them."""
    return listing(consultation, new_answer(consultation))


def listing(
    consultation: Consultation, form: AnswerForm, ticked: list[str] | None = None
) -> ResponseReturnValue:
    """Render the list; a form that was refused comes back with what was ticked."""
    values = request.form if request.method == "POST" else request.args
    show = values.get("show", "")
    show = show if show in progress.SHOWS else "uncoded"
    session = values.get("session", "")
    after = as_number(values.get("after", "")) or whole("after")
    rows = progress.listed(consultation, show, session=session, after=after)
    here = rows[: progress.PAGE]
    ids = [row.id for row in here]
    return page(
        "coding",
        form.status,
        consultation=consultation,
        rows=[(row, said.shown(row)) for row in here],
        excerpts=progress.excerpts_of(ids),
        answers={
            number: (said.disposition_words(each), each.is_published)
            for number, each in contributions.answers_of(ids).items()
        },
        progress=progress.progress(consultation),
        show=show,
        session=session,
        sessions=programme.all_of(consultation),
        after=after,
        older=here[-1].id if len(rows) > progress.PAGE else None,
        form=form,
        ticked=ticked or [],
    )


def new_answer(consultation: Consultation, formdata=None, **options) -> AnswerForm:
    """Return the form of an answer; sentences to choose from are those of the draft."""
    numbers = [
        (number, f"§ {number} {said.beginning(words(text, consultation))}")
        for number, text in progress.sentences(consultation)
    ]
    return answer_form(consultation)(formdata, numbers=numbers, **options)


@bp.get("/coding/<reference>")
@requires(P.SEE_DOCUMENT)
def mark(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Show one contribution sentence by sentence, with what is marked in it."""
    return one(consultation, contribution, MarkForm(themes=theme_names(consultation)))


@bp.post("/coding/<reference>")
@requires(P.WRITE_DOCUMENT)
def mark_excerpt(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Mark what is ticked; a form that was refused comes back with the ticks."""
    form = MarkForm(request.form, themes=theme_names(consultation))
    ticked = [as_number(each, -1) for each in request.form.getlist("sentence")]
    if form.done(lambda: marked(consultation, contribution, form, ticked)):
        return onwards(consultation, contribution)
    return one(consultation, contribution, form, ticked)


@bp.post("/coding/excerpts/<excerpt>")
@requires(P.WRITE_DOCUMENT)
def change_excerpt(consultation: Consultation, excerpt: Excerpt) -> ResponseReturnValue:
    """Give a mark another theme or stance; a form that was refused comes back open.

    Where somebody else changed it first, the page shows what it is now.
    """
    contribution, themes = excerpt.contribution, theme_names(consultation)
    form = CodingForm(request.form, themes=themes, key=excerpt.id)

    def change() -> None:
        operations.change_excerpt(
            consultation,
            excerpt,
            theme=as_number(form.theme.data or ""),
            stance=form.stance.data,
            saw=Coding(as_number(form.was_theme.data or ""), form.was_stance.data or ""),
        )

    if form.done(change):
        flash(_("The mark is changed."), "ok")
        here = url_for(".mark", consultation=consultation.slug, reference=contribution.reference)
        return redirect(here, 303)
    if form.status == NotFound.status:
        raise NotFound
    theirs = coding_form(excerpt, themes)
    if (theirs.was_theme.data, theirs.was_stance.data) != (
        form.was_theme.data,
        form.was_stance.data,
    ):
        form.compare(theirs)
        form.was_theme.data, form.was_stance.data = theirs.was_theme.data, theirs.was_stance.data
    return one(consultation, contribution, MarkForm(themes=themes), changing={excerpt.id: form})


def coding_form(excerpt: Excerpt, themes: list[tuple[str, str]]) -> CodingForm:
    """Return the form that changes a mark, filled with what it is."""
    now = {"theme": str(excerpt.theme.number), "stance": excerpt.stance}
    was = {f"was_{name}": value for name, value in now.items()}
    return CodingForm(themes=themes, key=excerpt.id, data=now | was)


def theme_names(consultation: Consultation) -> list[tuple[str, str]]:
    """Return the themes to choose from: number, and number with title."""
    return [
        (str(each.number), f"{each.number} {words(each.title, consultation)}")
        for each in queries.themes(consultation)
        if each.merged_into_id is None
    ]


def one(
    consultation: Consultation,
    contribution: Contribution,
    form: MarkForm,
    ticked: Iterable[int] = (),
    changing: Mapping[int, CodingForm] | None = None,
) -> ResponseReturnValue:
    """Render the page of one contribution; ``changing`` are forms of its excerpts that were
    refused, by id."""
    if not (contribution.is_public and contribution.session.is_public):
        raise NotFound
    changing = changing or {}
    excerpts = excerpts_of(consultation, contribution, changing)
    refused = next(iter(changing.values()), form)
    return page(
        "mark",
        refused.status,
        consultation=consultation,
        contribution=contribution,
        row=said.shown(contribution),
        direction=direction(contribution.language),
        sentences=sentences_of(contribution, excerpts),
        excerpts=excerpts,
        letter=letter(len(excerpts)),
        form=form,
        refused=refused,
        ticked=set(ticked),
        stances=STANCES,
        following=progress.next_uncoded(consultation, contribution),
        progress=progress.progress(consultation),
        answer=contributions.answer_to(contribution),
        disposition_words=said.disposition_words,
    )


def marked(
    consultation: Consultation, contribution: Contribution, form: MarkForm, ticked: list[int]
) -> None:
    """Mark the ticked sentences, neighbours as one, or the exact words; make the theme first."""
    spans = passages.runs(ticked, passages.sentences(contribution.text))
    typed = form.words.data or ""
    if typed:
        place = passages.exact(contribution.text, typed, spans)
        if place is None:
            message = N_("These words do not stand in the text like this")
            raise Invalid.field("words", "not_in_text", message)
        spans = [place]
    if not spans:
        raise Invalid.field("sentence", "nothing_ticked", N_("Tick at least one sentence"))
    number = as_number(form.theme.data or "")
    if form.new_theme.data:
        number = operations.add_theme(
            consultation,
            title={consultation.language: form.new_theme.data},
            guiding_question=question_of(consultation, contribution),
        ).number
    for start, end in spans:
        operations.mark(
            contribution, start=start, end=end, theme=number, stance=form.stance.data or ""
        )


def question_of(consultation: Consultation, contribution: Contribution) -> int | None:
    """Return the question of a contribution, or of what it answers, else the first one asked."""
    asked = [each.number for each in consultation.guiding_questions]
    parent = contribution.parent
    number = contribution.guiding_question or (parent.guiding_question if parent else None)
    return number if number in asked else next(iter(asked), None)


def onwards(consultation: Consultation, contribution: Contribution) -> ResponseReturnValue:
    """Lead to the next contribution nobody marked, or back to this one."""
    following = None
    if request.form.get("then") == "next":
        following = progress.next_uncoded(consultation, contribution)
    reference = following or contribution.reference
    return redirect(url_for(".mark", consultation=consultation.slug, reference=reference), 303)


# --- The text in sentences --------------------------------------------------------------------


def letter(index: int) -> str:
    """Return the name of an excerpt: A to Z, then A2, B2 and so on."""
    again, place = divmod(index, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(again + 1) if again else "")


def excerpts_of(
    consultation: Consultation, contribution: Contribution, changing: Mapping[int, CodingForm]
) -> list[Marked]:
    """Return the excerpts of a contribution in the order in which they were marked."""
    themes = theme_names(consultation)
    titles = dict(themes)
    rows = queries.excerpts(consultation, contribution=contribution.reference)
    names = accounts.names_of({row.coder for row in rows})
    spans = passages.sentences(contribution.text)
    found = []
    for index, row in enumerate(rows):
        inside = tuple(
            place + 1 for place, (start, end) in enumerate(spans)
            if start < row.end and row.start < end
        )  # fmt: skip
        is_whole = bool(inside) and (
            spans[inside[0] - 1][0] >= row.start and spans[inside[-1] - 1][1] <= row.end
        )
        theme = titles.get(str(row.theme.number), str(row.theme.number))
        coder = names.get(row.coder, row.coder)
        part = "" if is_whole else row.quote
        form = changing.get(row.id) or coding_form(row, themes)
        found.append(Marked(letter(index), row, theme, coder, inside, part, form))
    return found


def sentences_of(contribution: Contribution, excerpts: list[Marked]) -> list[Sentence]:
    """Return the text sentence by sentence, with the letters of what is marked in each."""
    found = []
    for place, (start, end) in enumerate(passages.sentences(contribution.text), start=1):
        mine = [each for each in excerpts if place in each.sentences]
        found.append(
            Sentence(
                place,
                tuple(pieces(contribution.text, start, end, [each for each in mine if each.part])),
                tuple(each.letter for each in mine),
            )
        )
    return found


def pieces(text: str, start: int, end: int, marks: list[Marked]):
    """Yield a sentence in pieces; the words alone that are marked in it are told apart."""
    edges = {start, end}
    for each in marks:
        edges |= {place for place in (each.row.start, each.row.end) if start < place < end}
    order = sorted(edges)
    for first, last in pairwise(order):
        yield (
            text[first:last],
            any(each.row.start <= first and last <= each.row.end for each in marks),
        )
