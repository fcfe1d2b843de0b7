"""A `Document` in words: one `Paper` in one language, which every format writes down."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.contributions import panels
from app.core import answers, contributions, languages
from app.core.document import Document, Meeting, Treatment, Words
from app.reports.exports import annexes, parts, synthesis, wording
from app.reports.exports.parts import Chapter, Facts, Field, Line, Paper, Part, Place, Run, fill
from app.reports.exports.synthesis import Reading
from app.web import filters

FILES = {"docx": "DOCX", "pdf": "PDF", "md": "Markdown", "json": "JSON"}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def paper(of: Document, language: str, place: Place) -> Paper:
    """Return a document in words in ``language`` (a code of the house), with links at ``place``.

    Needs an application context, for the translations; asks neither clock nor database.
    """
    spoken = languages.nearest(language)
    with force_locale(spoken.locale):
        return _paper(Reading(of, spoken.code, place), spoken)


def _paper(reading: Reading, spoken: languages.Language) -> Paper:
    of = reading.document
    return Paper(
        language=spoken.code,
        direction=spoken.direction,
        site_name=reading.place.name,
        title=reading.say(of.title) or (Run(of.consultation),),
        origin=reading.say(of.source),
        head=tuple(
            line for line in (reading.say(of.receiving_body), reading.say(of.meeting)) if line
        ),
        facts=facts(reading),
        box=box(reading),
        translation=translation(reading),
        caution=reading.say(of.caution) or (Run(caution()),),
        chapters=numbered([*chapters(reading), *annexes.annexes(reading)]),
        edition=_("Edition %(number)s", number=of.edition),
        snapshot=snapshot(of),
        snapshot_at=of.snapshot_at,
        prepared=prepared(of),
        sha256=of.sha256,
        address=reading.place.edition(of, spoken.code),
        latest=reading.place.latest(of, spoken.code),
        files=tuple(
            (name, reading.place.edition(of, spoken.code, form=form))
            for form, name in FILES.items()
        ),
        earlier=tuple(
            (
                _("Edition %(number)s", number=number),
                reading.place.edition(of, spoken.code, number=number),
            )
            for number in range(of.edition - 1, 0, -1)
        ),
        labels=labels(),
    )


def labels() -> dict[str, str]:
    """Return the few words that formats print around the parts."""
    return {
        "contents": _("Contents"),
        "page": _("%(page)s of %(pages)s"),
        "edition": _("This edition"),
        "earlier": _("Earlier editions"),
        "first": _("No earlier editions"),
        "arrived": _("The link led to this sentence."),
        "inline": _("On this page they stand below each sentence."),
        "in_files": _("The full texts stand in the files."),
        "in_other_files": _(
            "%(number)s rows are too many to be printed: they stand in the Word, Markdown and JSON "
            "files of this edition."
        ),
        "read": _("Read each sentence with its sources"),
        "latest": _("The latest edition"),
        "differences": _("Differences of view"),
        "code": _("Code to scan: the address of this edition"),
        "uncovered": _("Some letters have no printed form here and stand as □; the page has them."),
    }


def caution() -> str:
    """Return what stands before every number where the consultation has no words of its own."""
    return _(
        "This note reports contributions made by those who chose to take part. They are not a "
        "representative sample. Numbers show how many contributors expressed a view, not how "
        "many people hold it."
    )


def facts(reading: Reading) -> tuple[Line, ...]:
    """Return number, day and original language, as they stand on top of the paper."""
    of = reading.document
    number = _("Document %(number)s", number=of.document_number) if of.document_number else ""
    original = _("Original: %(language)s", language=filters.language(of.original))
    date = filters.date_long(datetime.fromisoformat((of.date or of.snapshot_at)[:10]))
    lines = (number, date, original)
    return tuple((Run(line),) for line in lines if line)


def box(reading: Reading) -> tuple[tuple[str, Line], ...]:
    """Return summary, action required and references, those there are."""
    of = reading.document
    references = parts.joined(
        [
            tuple(Run(run.text, href=each.url or "", language=run.language) for run in line)
            for each in of.references
            for line in [reading.say(each.text)]
        ],
        filters.semicolon(),
    )
    rows = (
        (_("Summary"), reading.say(of.summary)),
        (_("Action required"), reading.say(of.action_required)),
        (_("References"), references),
    )
    return tuple((label, line) for label, line in rows if line)


def translation(reading: Reading) -> str:
    """Return that this is no official text, where the paper is not in the original language."""
    of = reading.document
    if reading.language == of.original:
        return ""
    return _(
        "Translation, not official. The authentic text is in %(language)s.",
        language=filters.language(of.original),
    )


def snapshot(of: Document) -> str:
    """Return since when nothing was added: "as of Tue 5 November 2013, 10:00 UTC"."""
    return _(
        "as of %(day)s, %(time)s UTC",
        day=wording.day(of.snapshot_at),
        time=wording.hour(of.snapshot_at),
    )


def prepared(of: Document) -> str:
    """Return who prepared and who reviewed it, where they are named."""
    if of.prepared_by and of.reviewed_by:
        return _(
            "prepared by %(rapporteur)s, reviewed by %(reviewer)s",
            rapporteur=of.prepared_by,
            reviewer=of.reviewed_by,
        )
    return _("prepared by %(rapporteur)s", rapporteur=of.prepared_by) if of.prepared_by else ""


def numbered(chapters: list[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters with their paragraphs counted 1, 2, 3 through."""
    count = 0
    found = []
    for chapter in chapters:
        made: list[Part] = []
        for part in chapter.parts:
            if isinstance(part, parts.Paragraph):
                count += 1
                part = parts.Paragraph(part.words, count)
            made.append(part)
        found.append(Chapter(chapter.anchor, chapter.numeral, chapter.title, tuple(made)))
    return tuple(found)


def chapters(reading: Reading) -> list[Chapter]:
    """Return chapters I to VIII; those without content are left out, the numerals stay."""
    of = reading.document
    said = not of.compilation
    found = (
        (_("Mandate, questions and scope"), mandate(reading)),
        (_("How the consultation was run"), method(reading)),
        (_("Who took part"), taking_part(reading)),
        (_("What was said, by question"), synthesis.questions(reading) if said else []),
        (
            _("Views held by few"),
            synthesis.views_of_few(reading) if said and of.views_of_few else [],
        ),
        (_("What participants proposed as next steps"), paragraphs(reading, of.proposals)),
        (_("How contributions were treated"), treatment(reading, of.treatment)),
        (_("Next steps and right of correction"), next_steps(reading)),
    )
    return [
        Chapter(numeral.lower(), numeral, title, tuple(made))
        for numeral, (title, made) in zip(ROMAN, found, strict=True)
        if made
    ]


def paragraphs(reading: Reading, words: Words) -> list[Part]:
    """Return a text as its paragraphs: a blank line ends one."""
    return [
        parts.Paragraph((Run(" ".join(block.split()), language=run.language),))
        for run in reading.say(words)
        for block in run.text.split("\n\n")
        if block.strip()
    ]


def mandate(reading: Reading) -> list[Part]:
    """Return chapter I: why, which questions, within which bounds."""
    of = reading.document
    made = paragraphs(reading, of.mandate)
    if of.questions:
        intro = ngettext(
            "%(num)s question was put:", "%(num)s questions were put:", len(of.questions)
        )
        made.append(parts.Paragraph((Run(intro),)))
        items = tuple(reading.say(each.text) for each in of.questions)
        made.append(parts.Points(items, is_numbered=True))
    return made + paragraphs(reading, of.scope_note)


def method(reading: Reading) -> list[Part]:
    """Return chapter II: how it was run, and its sessions with their numbers."""
    made = paragraphs(reading, reading.document.method)
    if reading.document.sessions:
        made.append(sessions(reading))
    return made


def sessions(reading: Reading) -> parts.Table:
    """Return the sessions: what, where and when, registered, attended."""
    head = (_("Session"), _("Place and time"), _("Registered"), _("Attended"))
    return parts.Table(
        caption=_("Sessions; times are those of the venue"),
        head=tuple(Field((Run(words),), index > 1) for index, words in enumerate(head)),
        rows=tuple(_session(reading, each) for each in reading.document.sessions),
        widths=(6, 9, 3, 3),
    )


def _session(reading: Reading, one: Meeting) -> tuple[Field, ...]:
    place = parts.joined([parts.runs(one.place), wording.when(one)], filters.comma())
    title = reading.say(one.title) or (Run(wording.channel(one.format)),)
    return (
        Field(tuple(Run(run.text, "strong", language=run.language) for run in title)),
        Field(place),
        Field(wording.cell(one.registered), True),
        Field(wording.cell(one.attended), True),
    )


def taking_part(reading: Reading) -> list[Part]:
    """Return chapter III: how many attended, and where the tables are."""
    of = reading.document
    if not of.figures:
        return []
    people = [each for each in of.figures if each.unit == "people" and each.total.value]
    made: list[Part] = []
    if people:
        words = fill(
            _("%(people)s people, each counted once."),
            people=max(each.total.value or 0 for each in people),
        )
        made.append(parts.Paragraph(words))
    tables = fill(
        _("The tables are in the annexes: %(tables)s."), tables=annexes.figures_list(reading)
    )
    return [*made, parts.Paragraph(tables)]


def treatment(reading: Reading, one: Treatment) -> list[Part]:
    """Return chapter VII: how many came, what was published, by which rules not, and answered."""
    words = fill(
        _(
            "%(received)s contributions were received, %(published)s published, "
            "%(withdrawn)s withdrawn, %(not_published)s not published."
        ),
        received=one.received,
        published=one.published,
        withdrawn=one.withdrawn,
        not_published=one.not_published,
    )
    made: list[Part] = [parts.Paragraph(words)]
    if one.rejected:
        rows = tuple(
            (
                fill(_("Rule %(number)s"), number=rule),
                fill(
                    "%(count)s · %(words)s",
                    count=count,
                    words=_(contributions.RULES[int(rule) - 1]),
                ),
            )
            for rule, count in one.rejected.items()
        )
        made.append(Facts(rows, _("Not published, by rule")))
    if one.dispositions:
        rows = tuple(
            (
                (Run(str(panels.BECAME[answers.Disposition(name)])),),
                parts.runs(count),
            )
            for name, count in one.dispositions.items()
        )
        made.append(Facts(rows, _("What became of them")))
    if one.excerpts:
        coded = ngettext(
            "%(coders)s person marked %(excerpts)s passages; no sentence was written by a machine.",
            "%(coders)s people marked %(excerpts)s passages; no sentence was written by a machine.",
            one.coders,
            coders="%(coders)s",
            excerpts="%(excerpts)s",
        )
        line = fill(coded, coders=one.coders, excerpts=one.excerpts)
        made.append(parts.Paragraph(line))
    return made


def next_steps(reading: Reading) -> list[Part]:
    """Return chapter VIII: what comes now, and whom to write to."""
    of = reading.document
    made = paragraphs(reading, of.next_steps)
    if of.contact:
        contact = Run(of.contact, href=f"mailto:{of.contact}")
        made.append(
            parts.Paragraph(fill(_("Questions and corrections: %(address)s"), address=contact))
        )
    return made
