"""The document as it would be printed now: a `core.document.Document` made of the material."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.consultations.models import Consultation
from app.contributions.models import Ruling
from app.core import document as paper
from app.core import timing
from app.core.attribution import NOBODY
from app.core.contributions import Status
from app.core.synthesis import changes, statements, themes
from app.core.synthesis.convergence import convergence, in_several
from app.core.synthesis.excerpts import Role, Stance
from app.core.timing import isoformat_z
from app.database import db
from app.reports.models import MergeTrace
from app.reports.queries.figures import on_sessions
from app.reports.queries.material import Material, Voice, material
from app.reports.queries.rows import paper_of

AGAINST = {Stance.FOR.value: Stance.AGAINST.value, Stance.AGAINST.value: Stance.FOR.value}
DECIDED = "reject"


def draft(consultation: Consultation, *, at: datetime, compilation: bool = False) -> paper.Document:
    """Return what would be frozen at instant ``at`` as edition 0, without figures or seals."""
    return compose(material(consultation), edition=0, at=at, compilation=compilation)


def compose(
    found: Material,
    *,
    edition: int,
    at: datetime,
    compilation: bool = False,
    before: paper.Document | None = None,
    figures: Iterable[paper.Figures] = (),
    reviewed_by: str = "",
) -> paper.Document:
    """Return the document of ``found``; ``before`` is the edition before, for the changes."""
    consultation = found.consultation
    words = {name: text for name, text in paper_of(consultation).words.items() if text}
    made = {} if compilation else synthesis(found)
    head = paper.Document.from_json(
        {
            "consultation": consultation.slug,
            "edition": edition,
            "title": consultation.title,
            "snapshot_at": isoformat_z(at),
            "original": consultation.language,
            "languages": consultation.languages,
            "compilation": compilation,
            "prefix": consultation.prefix,
            "date": timing.wall(at, consultation.timezone).date().isoformat(),
            "receiving_body": consultation.receiving_body or {},
            "convenor": consultation.convenor or {},
            "scope_note": consultation.scope_note or {},
            "contact": consultation.contact_email or "",
            "reviewed_by": reviewed_by,
        }
        | words
    )
    cited, tables = cited_in(found), tuple(figures)
    whole = replace(
        head,
        sessions=tuple(on_sessions(meetings(found), tables)),
        figures=tables,
        treatment=treatment(found),
        contributions=tuple(entries(found, {} if compilation else cited)),
        **made,
    )
    return replace(whole, changes=changes.changes(before, whole)) if before else whole


# --- What was said, by question ---------------------------------------------------------------


def synthesis(found: Material) -> dict[str, Any]:
    """Return the chapters that a compilation lacks."""
    trace = traces(found)
    made = [
        (row, theme(found, row, trace.get(row.number, ())))
        for row in found.standing
        if found.in_theme.get(row.id) or found.statements_in.get(row.id)
    ]
    few = {row.id for row, each in made if each.contributors < themes.FEW}
    asked = [
        paper.Question(
            question.number,
            question.text,
            tuple(
                each
                for row, each in made
                if row.guiding_question == question.number and row.id not in few
            ),
        )
        for question in found.consultation.guiding_questions
    ]
    numbers = {question.number for question in asked}
    beyond = tuple(
        each for row, each in made if row.guiding_question not in numbers and row.id not in few
    )
    if beyond:
        asked.append(paper.Question(0, {}, beyond))
    in_order = sorted(made, key=lambda pair: arrival(found, pair[0]))
    return {
        "questions": tuple(asked),
        "views_of_few": tuple(each for row, each in in_order if row.id in few),
        "convergence": tuple(tables_of_convergence(found, made)),
    }


def arrival(found: Material, row: Row[Any]) -> tuple[bool, datetime, int]:
    """Return when a theme was first spoken about, for the order of the views of few."""
    moments = [found.voice_of(each.id).row.sent_at for each in found.in_theme.get(row.id, ())]
    return not moments, min(moments, default=found.consultation.created_at), row.number


def traces(found: Material) -> dict[int, tuple[int, ...]]:
    """Return by theme number the numbers of the themes that went into it, however far."""
    numbers = {row.id: row.number for row in found.themes}
    book = themes.Book({row.number: numbers.get(row.merged_into_id or 0) for row in found.themes})
    return {row.number: tuple(book.trace(row.number)) for row in found.standing}


def theme(found: Material, row: Row[Any], merged: Iterable[int]) -> paper.Theme:
    """Return one theme with its sentences, counted once a person over all channels."""
    excerpts = found.in_theme.get(row.id, [])
    channels = list(spoken_in(found, excerpts))
    counts = Counter(channel for channel, _who in set(channels))
    return paper.Theme(
        number=row.number,
        title=row.title,
        contributors=len(statements.people(excerpts)),
        guiding_question=row.guiding_question,
        channels={key: counts[key] for key in formats(found) if counts[key]},
        in_several=in_several(channels),
        statements=tuple(sentences(found, row, excerpts)),
        differences=tuple(differences(found, row, excerpts)),
        merged=tuple(merged),
    )


def spoken_in(found: Material, excerpts: Iterable[statements.Excerpt]) -> Iterator[tuple[str, Any]]:
    """Yield (channel, contributor) of living excerpts."""
    for each in excerpts:
        if each.living:
            yield found.voice_of(each.id).session.format, each.contributor


def formats(found: Material) -> list[str]:
    """Return the channels of the consultation, in the order of its sessions."""
    return list(dict.fromkeys(each.format for each in found.sessions.values() if each.is_public))


def sentences(
    found: Material, row: Row[Any], excerpts: list[statements.Excerpt]
) -> Iterator[paper.Statement]:
    """Yield the statements of a theme."""
    sides = {each.id: sides_of(found, each.id) for each in found.statements_in.get(row.id, ())}
    for each in found.statements_in.get(row.id, ()):
        quantity = statements.counted(found.cites(each.id), excerpts)
        opposite = {AGAINST[side] for side in sides[each.id]}
        yield paper.Statement(
            number=each.number,
            text=each.text,
            word=quantity.word.value if quantity.word else None,
            n=quantity.n,
            base=quantity.base,
            sources=tuple(source(found, *one) for one in found.citations.get(each.id, {}).items()),
            opposing=tuple(
                other.number
                for other in found.statements_in[row.id]
                if other.id != each.id and opposite & sides[other.id]
            ),
            reviewed_by=each.reviewed_by or "",
        )


def sides_of(found: Material, statement_id: int) -> set[str]:
    """Return on which sides a statement stands: the stances of what supports it."""
    return {
        each.excerpt.stance
        for each in found.cites(statement_id)
        if each.role == Role.SUPPORTS and each.excerpt.living and each.excerpt.stance in AGAINST
    }


def differences(
    found: Material, row: Row[Any], excerpts: list[statements.Excerpt]
) -> Iterator[paper.Difference]:
    """Yield where views of a theme differ: the sentence most support, and what was said against."""
    against = statements.people(excerpts, Stance.AGAINST)
    mine = found.statements_in.get(row.id, ())
    backed = [each for each in mine if Stance.FOR.value in sides_of(found, each.id)]
    if not against or not backed:
        return
    first = max(backed, key=lambda each: statements.counted(found.cites(each.id), excerpts).n)
    cited = {each.id: set(found.citations.get(each.id, ())) for each in mine}
    heard = set().union(*cited.values()) if cited else set()
    opposed = [each for each in excerpts if each.living and each.stance == Stance.AGAINST]
    yield paper.Difference(
        statement=first.number,
        n_for=len(statements.people(excerpts, Stance.FOR)),
        n_against=len(against),
        answered_in=tuple(
            each.number for each in mine if any(one.id in cited[each.id] for one in opposed)
        ),
        sources=tuple(
            source(found, each.id, Role.OPPOSES) for each in opposed if each.id not in heard
        ),
    )


def source(found: Material, excerpt_id: Any, role: str) -> paper.Source:
    """Return one passage as it is printed; of what was withdrawn only that it was there."""
    excerpt, voice = found.excerpts[excerpt_id], found.voice_of(excerpt_id)
    gone = withdrawn(voice)
    return paper.Source(
        reference=voice.reference,
        quote=excerpt.quote if voice.is_living else paper.WITHDRAWN,
        language=voice.row.language,
        direction=paper.direction(voice.row.language),
        stance=excerpt.stance,
        role=str(role),
        kind=voice.row.kind,
        session=voice.session.slug,
        mode="" if voice.mode == "written" else voice.mode,
        start=excerpt.start,
        end=excerpt.end,
        author=voice.shown if voice.is_living else NOBODY,
        withdrawn=gone,
        erased=isoformat_z(voice.erased_at) if voice.erased_at and not gone else None,
    )


def withdrawn(voice: Voice) -> str | None:
    """Return since when a contribution cannot be read any more; ``None`` where it can."""
    if voice.is_living:
        return None
    return isoformat_z(voice.row.withdrawn_at or voice.row.changed_at)


def tables_of_convergence(
    found: Material, made: list[tuple[Row[Any], paper.Theme]]
) -> Iterator[paper.Convergence]:
    """Yield one table a guiding question that has themes: channels side by side."""
    living = [voice for voice in found.voices.values() if voice.is_living]
    for question in found.consultation.guiding_questions:
        mine = [(row, each) for row, each in made if row.guiding_question == question.number]
        if not mine:
            continue
        yield convergence(
            question.number,
            formats(found),
            (
                (voice.session.format, found.who[voice.reference])
                for voice in living
                if voice.row.guiding_question == question.number
            ),
            [(each.number, each.title) for _row, each in mine],
            (
                (row.number, channel, who)
                for row, _each in mine
                for channel, who in spoken_in(found, found.in_theme.get(row.id, ()))
            ),
        )


# --- Everything else --------------------------------------------------------------------------


def meetings(found: Material) -> Iterator[paper.Meeting]:
    """Yield the sessions as chapter II lists them."""
    for each in found.sessions.values():
        if each.is_public:
            yield paper.Meeting(
                slug=each.slug,
                title=each.title,
                format=each.format,
                starts=each.starts.isoformat(timespec="minutes"),
                ends=each.ends.isoformat(timespec="minutes"),
                timezone=each.timezone,
                starts_at=isoformat_z(each.starts_at),
                ends_at=isoformat_z(each.ends_at),
                place=each.city or "",
                modes=tuple(mode.value for mode in each.modes),
                languages=tuple(each.languages),
                attribution=each.kind.settings(each.settings).get("attribution", "named"),
            )


def treatment(found: Material) -> paper.Treatment:
    """Return how contributions were treated, in counts."""
    voices = list(found.voices.values())
    rejected = [each.row.id for each in voices if each.row.status == Status.REJECTED]
    return paper.Treatment(
        received=len(voices),
        published=sum(each.is_living for each in voices),
        withdrawn=sum(each.is_withdrawn for each in voices),
        not_published=len(rejected),
        rejected=rules_of(found, set(rejected)),
        dispositions=dict(
            sorted(
                Counter(
                    row.disposition
                    for number, row in found.answers.items()
                    if found.voices[number].is_living
                ).items()
            )
        ),
        excerpts=len(found.excerpts),
        coders=len({row.coder for row in found.excerpts.values()}),
    )


def rules_of(found: Material, rejected: set[int]) -> dict[str, int]:
    """Return how many contributions were not published by each public rule, by its number."""
    if not rejected:
        return {}
    query = (
        select(Ruling.contribution_id, Ruling.rule)
        .join(Ruling.contribution)
        .where(Ruling.decision == DECIDED)
    )
    key = found.consultation.id
    rows = db.session.execute(query.filter_by(consultation_id=key).order_by(Ruling.id))
    last = {row[0]: row[1] for row in rows if row[0] in rejected}
    counts = Counter(str(rule) for rule in last.values() if rule)
    return dict(sorted(counts.items()))


def cited_in(found: Material) -> dict[int, tuple[str, ...]]:
    """Return by contribution id the numbers of the statements that cite it, as printed."""
    cited: dict[int, dict[str, None]] = {}
    for row in found.statements:
        for each in found.citations.get(row.id, ()):
            number = found.excerpts[each].contribution_id
            cited.setdefault(number, {})[row.number] = None
    return {number: tuple(names) for number, names in cited.items()}


def entries(found: Material, cited: dict[int, tuple[str, ...]]) -> Iterator[paper.Entry]:
    """Yield the contributions of the annexes, as attributed, each with its answer."""
    for number, voice in found.voices.items():
        was_public = voice.row.published_at is not None and voice.session.is_public
        if not (voice.is_living or (voice.is_withdrawn and was_public)):
            continue
        row, gone = voice.row, withdrawn(voice)
        yield paper.Entry(
            reference=row.reference,
            kind=row.kind,
            session=voice.session.slug,
            sent_at=timing.wall(row.sent_at, voice.session.timezone).date().isoformat(),
            language=row.language,
            direction=paper.direction(row.language),
            text=paper.WITHDRAWN if gone else row.text,
            title="" if gone else row.title,
            status=Status.WITHDRAWN.value if gone else Status.PUBLISHED.value,
            mode="" if voice.mode == "written" else voice.mode,
            guiding_question=row.guiding_question,
            author=NOBODY if gone else voice.shown,
            answer=None if gone else answer(found.answers.get(number)),
            cited_in=cited.get(number, ()),
            withdrawn=gone,
            erased=isoformat_z(voice.erased_at) if voice.erased_at and not gone else None,
        )


def answer(row: Row[Any] | None) -> paper.Answer | None:
    """Return what became of a contribution."""
    if row is None:
        return None
    return paper.Answer(row.disposition, row.statement, row.text, isoformat_z(row.published_at))


def merges_of(consultation: Consultation) -> list[MergeTrace]:
    """Return which themes went into which, in order."""
    query = select(MergeTrace).where(MergeTrace.consultation_id == consultation.id)
    return list(db.session.scalars(query.order_by(MergeTrace.id)))
