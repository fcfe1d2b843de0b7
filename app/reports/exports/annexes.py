"""The annexes in words: sources of the sentences, contributions with answers, figures, changes."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.contributions import panels
from app.core import answers, contributions, document
from app.core.document import Entry, Figures
from app.reports.exports import parts, synthesis, wording
from app.reports.exports.parts import Chapter, Field, Line, Part, Run, Table, fill
from app.reports.exports.synthesis import Reading
from app.web import filters

NOTES = {
    "small_cells": _l("Figures under 5 are not shown, nor those that would give them away."),
    "not_stated": _l("Who did not say is counted as “not stated” and spread over nobody."),
    "once": _l("Each person counts once; whoever was in any room counts as in the room."),
    "sums": _l("Whoever took part in several sessions is counted in each of them."),
}


def annexes(reading: Reading) -> Iterator[Chapter]:
    """Yield the annexes that hold something, counted from 1, and the list of changes."""
    found = (
        (_("Sentences and their sources"), "sources", sources(reading)),
        (_("Contributions and what became of them"), "contributions", entries(reading)),
        (_("Figures"), "figures", [figures(reading, each) for each in reading.document.figures]),
    )
    number = 0
    for title, anchor, made in found:
        if made:
            number += 1
            name = _("Annex %(number)s. %(title)s", number=number, title=title)
            yield Chapter(f"annex-{anchor}", "", name, tuple(made))
    if reading.document.changes:
        lines = tuple(
            wording.change(each, reading.language, reading.document.original)
            for each in reading.document.changes
        )
        yield Chapter("changes", "", _("Changes to the edition before"), (parts.Points(lines),))


def sources(reading: Reading) -> list[Part]:
    """Return the table of sentences and sources, a row for each citation."""
    rows = []
    for statement in reading.document.statements:
        for one in statement.sources:
            shown = synthesis.source(reading, one)
            quote = Run(shown.quote, language=reading.foreign(shown.language))
            rows.append(
                (
                    Field(reading.section(statement.number)),
                    Field((reading.reference(shown.reference),)),
                    Field((Run(shown.role),)),
                    Field((Run(shown.about),)),
                    Field((quote,)),
                )
            )
    if not rows:
        return []
    head = (_("Sentence"), _("Source"), _("Role"), _("Who said it, and where"), _("In their words"))
    return [_long(_("Each sentence with the passages it rests on"), head, rows, (4, 6, 4, 7, 11))]


def entries(reading: Reading) -> list[Part]:
    """Return the table of contributions as attributed, each with its answer."""
    if not reading.document.contributions:
        return []
    head = (
        _("Contribution"),
        _("Who said it, and where"),
        _("In their words"),
        _("What became of it"),
    )
    rows = [
        (
            Field((reading.reference(each.reference),)),
            Field((Run(entry_line(each, reading)),)),
            Field(entry_words(each, reading)),
            Field(became(each, reading)),
        )
        for each in reading.document.contributions
    ]
    made = _long(_("Contributions with their answers"), head, rows, (5, 5, 10, 6), in_files=(2,))
    return [made]


def _long(
    caption: str,
    head: tuple[str, ...],
    rows: list,
    widths: tuple[int, ...],
    in_files: tuple[int, ...] = (),
) -> Table:
    return Table(
        caption,
        tuple(Field((Run(words),)) for words in head),
        tuple(rows),
        widths,
        is_long=True,
        in_files=in_files,
    )


def entry_line(entry: Entry, reading: Reading) -> str:
    """Return who said a contribution, of which kind, where and when."""
    kind = str(panels.KINDS[contributions.Kind(entry.kind)])
    facts = (
        wording.who(entry),
        kind,
        reading.meetings.get(entry.session, ""),
        wording.day(entry.sent_at),
    )
    return " · ".join(part for part in facts if part)


def entry_words(entry: Entry, reading: Reading) -> Line:
    """Return title and text of a contribution, or that it was withdrawn."""
    if entry.withdrawn is not None:
        return (Run(document.WITHDRAWN, language=reading.foreign("en")),)
    language = reading.foreign(entry.language)
    text = Run(entry.text, language=language)
    if not entry.title:
        return (text,)
    return (Run(entry.title, "strong", language=language), Run(" – ", language=language), text)


def became(entry: Entry, reading: Reading) -> Line:
    """Return the answer to a contribution, where it led, and the reason given."""
    if entry.answer is None:
        return (Run(_("No answer")),) if entry.withdrawn is None else (Run(_("Withdrawn")),)
    disposition = answers.Disposition(entry.answer.disposition)
    words: list[Line] = [(Run(str(panels.BECAME[disposition])),)]
    if entry.answer.statement:
        words.append(reading.section(entry.answer.statement))
    words.append(reading.say(entry.answer.text))
    return parts.joined(words, " · ")


def figures(reading: Reading, one: Figures) -> Table:
    """Return a table of counts; hidden figures say that they are hidden and why."""
    said = (reading.language, reading.document.original)
    columns = one.columns.keys if one.columns else ()
    totals = bool(one.row_totals)
    head = [Field((Run(wording.capital(wording.AXES.get(one.rows.name, one.rows.name))),))]
    if one.columns:
        head += [Field(wording.axis_key(one.columns, key, *said), True) for key in columns]
    else:
        head.append(Field((Run(str(wording.UNITS.get(one.unit, one.unit))),), True))
    if totals:
        head.append(Field((Run(_("Total")),), True))
    rows = []
    for index, key in enumerate(one.rows.keys):
        row = [Field(wording.axis_key(one.rows, key, *said))]
        row += [Field(wording.cell(each), True) for each in one.cells[index]]
        if totals:
            row.append(Field(wording.cell(one.row_totals[index]), True))
        rows.append(tuple(row))
    last = [Field((Run(_("Total"), "strong"),))]
    if one.columns:
        blank = tuple(document.Cell() for _key in columns)
        last += [Field(wording.cell(each), True) for each in one.column_totals or blank]
    if totals or not one.columns:
        last.append(Field(wording.cell(one.total), True))
    rows.append(tuple(last))
    return Table(
        caption=wording.caption(one),
        head=tuple(head),
        rows=tuple(rows),
        widths=(4, *(2 for _field in head[1:])),
        note=note(one),
        anchor=f"f-{one.code}",
    )


def note(one: Figures) -> str:
    """Return the base of a table and what is to be known of its figures."""
    base = parts.text(fill(_("Base: %(base)s."), base=wording.cell(one.base)))
    return " ".join((base, *(str(NOTES[each]) for each in one.notes if each in NOTES)))


def figures_list(reading: Reading) -> Line:
    """Return the names of all tables as links, for the chapter that leads to them."""
    return parts.joined(
        [
            (Run(wording.caption(each), href=f"#f-{each.code}"),)
            for each in reading.document.figures
        ],
        filters.semicolon(),
    )
