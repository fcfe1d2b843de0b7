"""Chapters IV and V in words: themes, sentences with their sources, differences, views of few."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.core import document, languages
from app.core.document import Document, Statement, Theme, Words
from app.core.synthesis import quantity
from app.reports.exports import parts, wording
from app.reports.exports.parts import Field, Line, Part, Run, fill
from app.web import filters

BRACKET = re.compile("[(\uff08]")  # before it stands the word, behind it the counts


@dataclass(frozen=True)
class Reading:
    """One document read in one language at one place: what every chapter asks for."""

    document: Document
    language: str
    place: parts.Place

    def say(self, words: Words) -> Line:
        """Return a text in the language of the paper, else marked with the one it is in."""
        text, spoken = document.say(words, self.language, self.document.original)
        return (Run(text, language=self.foreign(spoken)),) if text else ()

    def foreign(self, language: str) -> str:
        """Return a language where it is not the paper's own."""
        return language if language != self.language else ""

    @cached_property
    def meetings(self) -> dict[str, str]:
        """Return the titles of the sessions by slug."""
        return {each.slug: parts.text(self.say(each.title)) for each in self.document.sessions}

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """Return all statements by number."""
        return {each.number: each for each in self.document.statements}

    def section(self, number: str) -> Line:
        """Return "§ 3.1" as a link to that sentence."""
        known = number in self.statements
        return (Run(f"§\u00a0{number}", href=f"#s{number}" if known else ""),)

    def reference(self, reference: str) -> Run:
        """Return a contribution's number as a link to its page."""
        href = self.place.contribution(self.document, reference, self.language)
        return Run(reference, "code", href)


def questions(reading: Reading) -> list[Part]:
    """Return chapter IV: what the words mean, then each question with its themes."""
    found: list[Part] = [
        parts.Facts(
            tuple(
                ((Run(_(quantity.WORDS[word]), "strong"),), (Run(_(meaning)),))
                for word, meaning in quantity.MEANINGS.items()
            ),
            _("What the words mean"),
            is_folded=True,
        )
    ]
    tables = {each.guiding_question: each for each in reading.document.convergence}
    for question in reading.document.questions:
        words = fill(
            _("Question %(number)s. %(text)s"),
            number=str(question.number),
            text=reading.say(question.text),
        )
        found.append(parts.Heading(words, 2, anchor=f"q{question.number}"))
        for theme in question.themes:
            found += theme_parts(reading, theme)
        if question.number in tables:
            found.append(convergence(reading, tables[question.number]))
    return found


def theme_parts(reading: Reading, theme: Theme) -> list[Part]:
    """Return one theme: its head, its sentences, its differences of view."""
    return [
        parts.Heading(
            reading.say(theme.title), 3, str(theme.number), about(theme), f"t{theme.number}"
        ),
        *(sentence(reading, each, theme) for each in theme.statements),
        *(difference(reading, each) for each in theme.differences),
    ]


def about(theme: Theme) -> Line:
    """Return how many contributed to a theme, and in which channels."""
    count = fill(
        ngettext(
            "%(count)s contributor",
            "%(count)s contributors, each counted once",
            theme.contributors,
            count="%(count)s",
        ),
        count=theme.contributors,
    )
    channels = [
        fill("%(name)s %(number)s", name=wording.channel(key), number=number)
        for key, number in theme.channels.items()
    ]
    if theme.in_several:
        channels.append(
            fill(
                ngettext(
                    "%(count)s of them in more than one",
                    "%(count)s of them in more than one",
                    theme.in_several,
                    count="%(count)s",
                ),
                count=theme.in_several,
            )
        )
    said = parts.joined(channels, filters.comma())
    return parts.joined([count, said], " · ") if said else count


def sentence(reading: Reading, one: Statement, theme: Theme) -> parts.Sentence:
    """Return a statement: its quantity word in bold, the counts beside it, then its words."""
    words = reading.say(one.text)
    counted = is_counted(one)
    against = sum(each.n_against for each in theme.differences if each.statement == one.number)
    return parts.Sentence(
        number=one.number,
        anchor=f"s{one.number}",
        words=sentence_words(one, words),
        plain=words,
        said=one.n if counted else 0,
        base=one.base if counted else 0,
        dots=_dots(one.n, one.base) if counted else "",
        against=_against(reading, one, against),
        summary=_summary(one),
        sources=tuple(source(reading, each) for each in one.sources),
    )


def is_counted(one: Statement) -> bool:
    """Return whether a statement begins with a quantity word."""
    return one.word is not None and one.base > 0


def sentence_words(one: Statement, words: Line) -> Line:
    """Return "Most of them (34 of 40), and 214 people in one campaign, asked …".

    The whole sentence stands in the language its text is in, where we know its quantity words:
    half of it in another would read in two directions at once.
    """
    if not is_counted(one):
        return words
    known = languages.known(parts.one_language(words))
    if known is None:
        return _counted(one, words)
    with force_locale(known.locale):
        return tuple(replace(run, language=known.code) for run in _counted(one, words))


def _counted(one: Statement, words: Line) -> Line:
    said = beginning(one)
    if not one.people_in_campaigns:
        return fill(_("%(beginning)s %(text)s"), beginning=said, text=words)
    campaigns = len({each.reference for each in one.sources if each.campaign})
    pattern = ngettext(
        "%(beginning)s, and %(people)s people in one campaign, %(text)s",
        "%(beginning)s, and %(people)s people in campaigns, %(text)s",
        max(campaigns, 1),
        **{name: f"%({name})s" for name in ("beginning", "people", "text")},
    )
    return fill(pattern, beginning=said, people=one.people_in_campaigns, text=words)


def beginning(one: Statement) -> Line:
    """Return the quantity word in bold and the counts beside it: "**Many** (12 of 40)"."""
    first, *rest = fill(
        _(quantity.BEGINNINGS[quantity.Word(one.word or "")]), n=one.n, base=one.base
    )
    word = BRACKET.split(first.text)[0].rstrip()
    return (Run(word, "strong"), Run(first.text[len(word) :]), *rest)


def _dots(said: int, base: int) -> str:
    return _("%(said)s of %(base)s contributors", said=said, base=base)


def _against(reading: Reading, one: Statement, count: int) -> Line:
    sections = parts.joined([reading.section(each) for each in one.opposing], filters.comma())
    if not sections:
        return ()
    if not count:
        return fill(_("Against it: %(sections)s"), sections=sections)
    pattern = ngettext(
        "%(count)s spoke against it: %(sections)s",
        "%(count)s spoke against it: %(sections)s",
        count,
        count="%(count)s",
        sections="%(sections)s",
    )
    return fill(pattern, count=count, sections=sections)


def _summary(one: Statement) -> str:
    campaigns = len({each.reference for each in one.sources if each.campaign})
    plain = len(one.sources) - campaigns
    said = ngettext("%(num)s source", "%(num)s sources", plain)
    if not campaigns:
        return said
    sent = ngettext("%(num)s campaign", "%(num)s campaigns", campaigns)
    return _("%(sources)s and %(campaigns)s", sources=said, campaigns=sent) if plain else sent


def source(reading: Reading, one: document.Source) -> parts.Source:
    """Return one source as it is printed: nothing of a withdrawn one but its number and day."""
    gone = one.withdrawn is not None
    about = wording.source_line(one, reading.meetings)
    if one.campaign and not gone:
        about = " · ".join((wording.campaign(one.campaign), about))
    return parts.Source(
        reference=one.reference,
        about=about,
        quote=document.WITHDRAWN if gone else one.quote,
        language="en" if gone else one.language,
        direction="ltr" if gone else one.direction,
        role=str(wording.ROLES[one.role]),
        href=reading.place.contribution(reading.document, one.reference, reading.language),
        is_withdrawn=gone,
    )


def difference(reading: Reading, one: document.Difference) -> parts.Difference:
    """Return the two sides of one sentence, each with the sentences that say it."""
    return parts.Difference(
        number=one.statement,
        words=_(
            "On § %(number)s: %(for)s for, %(against)s against",
            number=one.statement,
            **{"for": filters.number(one.n_for), "against": filters.number(one.n_against)},
        ),
        labels=(_("For it"), _("Against it")),
        counts=(one.n_for, one.n_against),
        sides=(
            (_side(reading, one.statement),),
            tuple(_side(reading, each) for each in one.answered_in),
        ),
        summary=ngettext(
            "%(num)s more source against it, in no sentence",
            "%(num)s more sources against it, in no sentence",
            len(one.sources),
        )
        if one.sources
        else "",
        sources=tuple(source(reading, each) for each in one.sources),
    )


def _side(reading: Reading, number: str) -> Line:
    known = reading.statements.get(number)
    words = reading.say(known.text) if known else ()
    return parts.joined([reading.section(number), words], " ")


def views_of_few(reading: Reading) -> list[Part]:
    """Return chapter V: each theme with its dots and sentences, in order of arrival."""
    intro = _(
        "Themes with fewer than five contributors, in the order in which they arrived. "
        "They are not ranked."
    )
    found: list[Part] = [parts.Paragraph((Run(intro),))]
    for theme in reading.document.views_of_few:
        found.append(
            parts.Few(
                anchor=f"t{theme.number}",
                number=str(theme.number),
                said=theme.contributors,
                dots=ngettext("%(num)s contributor", "%(num)s contributors", theme.contributors),
                words=reading.say(theme.title),
                sentences=tuple(sentence(reading, each, theme) for each in theme.statements),
            )
        )
        found += [difference(reading, each) for each in theme.differences]
    return found


def convergence(reading: Reading, one: document.Convergence) -> parts.Table:
    """Return one question's themes side by side, a column for each channel with its base."""
    head = [Field((Run(_("Theme")),))]
    for channel in one.channels:
        base = fill(
            _("%(channel)s (base\u00a0%(base)s)"),
            channel=wording.channel(channel.key),
            base=channel.base,
        )
        head.append(Field(base, True))
    head.append(Field((Run(_("Raised in")),)))
    rows = []
    for row in one.rows:
        number = Run(f"{row.theme} ")
        counts = [
            Field((Run(filters.number(row.contributors.get(each.key, 0)), "figure"),), True)
            for each in one.channels
        ]
        raised = filters.listed(wording.channel(key) for key in row.raised_in)
        rows.append(
            (Field((number, *reading.say(row.title))), *counts, Field((Run(raised or "–"),)))
        )
    return parts.Table(
        caption=_(
            "Question %(number)s in each channel: contributors to each theme, counted once in each",
            number=one.guiding_question,
        ),
        head=tuple(head),
        rows=tuple(rows),
        widths=(4, *(2 for _each in one.channels), 3),
        anchor=f"c{one.guiding_question}",
    )
