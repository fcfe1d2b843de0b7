"""What people choose from: countries, groups, languages, time zones, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select, html_params

from app.core import languages, timing
from app.core.vocabulary import StakeholderGroup
from app.web import filters

GROUPS = {
    StakeholderGroup.GOVERNMENT: _l("Government"),
    StakeholderGroup.INTERGOVERNMENTAL: _l("Intergovernmental organisation"),
    StakeholderGroup.PRIVATE_SECTOR: _l("Private sector"),
    StakeholderGroup.CIVIL_SOCIETY: _l("Civil society"),
    StakeholderGroup.TECHNICAL: _l("Technical community"),
    StakeholderGroup.ACADEMIA: _l("Academia"),
    StakeholderGroup.MEDIA: _l("Media"),
    StakeholderGroup.INDIVIDUAL: _l("Individual"),
}
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


class LongList(Select):
    """The widget of a list with hundreds of choices: each is written once, not for every page."""

    @classmethod
    def render_option(cls, choice: SelectChoice, **_attributes: object) -> Markup:
        """Return one choice of a long list; it carries a value and words, nothing else."""
        return _option(choice.value, choice.label or choice.value, bool(choice.selected))


@lru_cache(maxsize=10_000)
def _option(value: str, words: str, selected: bool) -> Markup:
    attributes = html_params(value=value, selected=selected)
    return Markup(f"<option {attributes}>{escape(words)}</option>")  # noqa: S704  (both escaped)


def groups() -> list[SelectChoice]:
    """Return the stakeholder groups; the empty choice first."""
    found = [SelectChoice(group.value, str(name)) for group, name in GROUPS.items()]
    return [SelectChoice("", _("Choose")), *found]


def group_name(value: str | None) -> str:
    """Return a stakeholder group in words; empty where none was chosen."""
    return str(GROUPS[StakeholderGroup(value)]) if value else ""


def countries() -> list[SelectChoice]:
    """Return the countries (ISO 3166, two letters) sorted by name; the empty choice first."""
    found = [SelectChoice(code, name) for code, name in _countries(str(filters.locale()))]
    return [SelectChoice("", _("Choose")), *found]


@lru_cache(maxsize=20)
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    ]
    return tuple(sorted(found, key=lambda pair: pair[1].casefold()))


def is_country(code: str) -> bool:
    """Whether ``code`` is one of the countries."""
    return any(code == known for known, _ in _countries("en"))


def spoken() -> list[SelectChoice]:
    """Return the languages of mails and pages, each in its own."""
    return [SelectChoice(each.code, each.name) for each in languages.ALL]


def zones(at: datetime) -> list[SelectChoice]:
    """Return the time zones by region, as "New York (UTC−4)" at ``at``, to the hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return [
        SelectChoice(zone, words, optgroup=region)
        for zone, words, region in _zones(str(filters.locale()), hour)
    ]


@lru_cache(maxsize=60)
def _zones(_locale: str, at: datetime) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (zone, _zone_words(zone, at), region)
        for region, members in _regions()
        for zone in sorted(members, key=lambda each: filters.city(each).casefold())
    )


def _zone_words(zone: str, at: datetime) -> str:
    label = timing.offset_label(timing.utc_offset(at, zone))
    name = filters.city(zone)
    return name if name == label else f"{name} ({label})"


@lru_cache(maxsize=1)
def _regions() -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for zone in timing.zones():
        found.setdefault(zone.split("/", 1)[0], []).append(zone)
    return tuple((region, tuple(members)) for region, members in sorted(found.items()))
