"""The words of the paper for the codes of a `Document`: every label a format prints."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import formats
from app.contributions import panels
from app.core import contributions, document, languages, timing
from app.core.vocabulary import Mode
from app.reports.exports.parts import Line, Run, fill
from app.web import choices, filters

ROLES = {
    "supports": _l("supports"),
    "opposes": _l("against"),
    "illustrates": _l("illustrates"),
}
MODES = {Mode.ON_SITE: _l("in the room"), Mode.ONLINE: _l("online")}
UNITS = {
    "people": _l("People"),
    "participations": _l("Participations"),
    "contributions": _l("Contributions"),
    "turns": _l("Turns"),
    "seconds": _l("Seconds"),
}
COUNTED = {"registered": _l("Registered"), "attended": _l("Attended")}  # first words of codes
AXES = {
    "stakeholder_group": _l("stakeholder group"),
    "group": _l("stakeholder group"),
    "region": _l("region"),
    "mode": _l("mode"),
    "session": _l("session"),
    "kind": _l("kind"),
    "guiding_question": _l("question"),
    "question": _l("question"),
    "language": _l("language"),
    "format": _l("format"),
    "theme": _l("theme"),
}
REGIONS = {
    "africa": _l("Africa"),
    "asia_pacific": _l("Asia and the Pacific"),
    "eastern_europe": _l("Eastern Europe"),
    "latin_america_caribbean": _l("Latin America and the Caribbean"),
    "western_europe_others": _l("Western Europe and others"),
}
CHANGED = {
    ("added", "theme"): _l("New: theme %(key)s, “%(after)s”"),
    ("added", "statement"): _l("New: § %(key)s, “%(after)s”"),
    ("added", "source"): _l("New: source %(key)s of %(statements)s"),
    ("changed", "theme"): _l("Theme %(key)s: “%(before)s” is now “%(after)s”"),
    ("changed", "statement"): _l("§ %(key)s: “%(before)s” is now “%(after)s”"),
    ("changed", "source"): _l("Source %(key)s of %(statements)s was changed"),
    ("removed", "theme"): _l("Gone: theme %(key)s, “%(before)s”"),
    ("removed", "statement"): _l("Gone: § %(key)s, “%(before)s”"),
    ("removed", "source"): _l("Gone: source %(key)s of %(statements)s"),
    ("withdrawn", "theme"): _l("Withdrawn: theme %(key)s"),
    ("withdrawn", "statement"): _l("Withdrawn: § %(key)s"),
    ("withdrawn", "source"): _l("Withdrawn: source %(key)s of %(statements)s"),
}


def day(text: str) -> str:
    """Return a day or an instant of the document in words, as it stands there (UTC)."""
    return filters.day_long(datetime.fromisoformat(text[:10])) if text else ""


def hour(text: str) -> str:
    """Return the clock of an instant or a wall clock: "18:15"."""
    return text[11:16]


def source_line(source: document.Source, meetings: dict[str, str]) -> str:
    """Return who said it and where: "Civil society, Kenya · Idea · Online round"."""
    kind = str(panels.KINDS[contributions.Kind(source.kind)])
    return " · ".join(
        part for part in (who(source), kind, meetings.get(source.session, "")) if part
    )


def who(said: document.Source | document.Entry) -> str:
    """Return what may be said of an author; after a withdrawal that, and its day."""
    if gone := said.withdrawn or said.erased:
        return f"{document.WITHDRAWN} · {day(gone)}"
    return panels.author_words(said.author)


def campaign(people: int) -> str:
    """Return how many sent the same text; they are counted apart."""
    return ngettext(
        "%(num)s person in one campaign, counted apart",
        "%(num)s people in one campaign, counted apart",
        people,
    )


def axis_key(axis: document.Axis, key: str, language: str, original: str) -> Line:
    """Return one row or column of a table in words."""
    if given := axis.words.get(key):
        text, spoken = document.say(given, language, original)
        return (Run(text, language=spoken if spoken != language else ""),)
    return (Run(_key(axis.name, key)),)


def _key(name: str, key: str) -> str:
    if key in ("not_stated", ""):
        return _("Not stated")
    if name in ("stakeholder_group", "group"):
        return choices.group_name(key)
    if name == "mode":
        return capital(MODES[Mode(key)])
    if name == "region":
        return str(REGIONS.get(key, key))
    if name == "kind":
        return str(panels.KINDS[contributions.Kind(key)])
    if name == "language":
        return filters.language(key)
    if name == "country":
        return filters.country(key)
    if name == "format":
        return channel(key)
    if name in ("guiding_question", "question"):
        return _("Question %(number)s", number=key)
    return key


def capital(words: object) -> str:
    """Return words as they begin a line: the first letter large, where letters have two sizes."""
    said = str(words)
    return said[:1].upper() + said[1:]


def channel(key: str) -> str:
    """Return the name of a format; the key itself where no format is called so."""
    known = formats.every().get(key)
    return _(known.name) if known else key


def cell(value: document.Cell) -> Line:
    """Return a figure, or why it is not shown."""
    if value.hidden == "fewer":
        return (Run(_("fewer than 5")),)
    if value.hidden:
        return (Run(_("withheld")),)
    return (Run("–"),) if value.value is None else (Run(filters.number(value.value), "figure"),)


def caption(figures: document.Figures) -> str:
    """Return what a table counts and by what."""
    what = figures.code.partition("_by_")[0]
    unit = str(COUNTED.get(what) or UNITS.get(figures.unit, figures.unit))
    rows = str(AXES.get(figures.rows.name, figures.rows.name))
    if figures.columns is None:
        return _("%(unit)s by %(rows)s", unit=unit, rows=rows)
    columns = str(AXES.get(figures.columns.name, figures.columns.name))
    return _("%(unit)s by %(rows)s and %(columns)s", unit=unit, rows=rows, columns=columns)


def when(meeting: document.Meeting) -> Line:
    """Return a session's day and times at its venue, with the letters of its zone."""
    start, end = (datetime.fromisoformat(each) for each in (meeting.starts, meeting.ends))
    starts_at = datetime.fromisoformat(meeting.starts_at.replace("Z", "+00:00"))
    zone = Run(f" ({timing.abbreviation(starts_at, meeting.timezone)})")
    if start.date() == end.date():
        hours = Run(f"{filters.hhmm(start)}–{filters.hhmm(end)}", "clock")
        return (Run(filters.day_long(start) + filters.comma()), hours, zone)
    first, last = (
        (Run(filters.day_long(at) + filters.comma()), Run(filters.hhmm(at), "clock"))
        for at in (start, end)
    )
    return (*first, Run(" – "), *last, zone)


def change(one: document.Change, language: str, original: str) -> Line:
    """Return one line of the list of changes."""
    pattern = str(CHANGED[one.what, one.object])
    before, after = (
        _said(words, language, original) if words else Run("") for words in (one.before, one.after)
    )
    sections = filters.listed(f"§ {number}" for number in one.statements)
    line = fill(pattern, key=one.key, before=before, after=after, statements=sections)
    return (*line, Run(f" · {day(one.at)}")) if one.at else line


def _said(words: document.Words, language: str, original: str) -> Run:
    text, spoken = document.say(words, language, original)
    return Run(text, language=spoken if spoken != language else "")


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    known = languages.known(code)
    return known.name if known else filters.language(code)
