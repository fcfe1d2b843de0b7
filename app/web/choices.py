"""What people choose from: countries, groups, languages, time zones, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from babel import Locale
from flask_babel import lazy_gettext as _l

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


def groups() -> list[tuple[str, str]]:
    """Return the stakeholder groups, as (value, words)."""
    return [(group.value, str(name)) for group, name in GROUPS.items()]


def group_name(value: str | None) -> str:
    """Return a stakeholder group in words; empty where none was chosen."""
    return str(GROUPS[StakeholderGroup(value)]) if value else ""


def countries() -> list[tuple[str, str]]:
    """Return the countries (ISO 3166, two letters) sorted by name."""
    return list(_countries(str(filters.locale())))


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


def spoken() -> list[tuple[str, str]]:
    """Return the languages of mails and pages, each in its own."""
    return [(each.code, each.name) for each in languages.ALL]


def zones(at: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones by region, as (region, [(name, "New York (UTC−4)")]) at ``at``."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in timing.zones():
        region = zone.split("/", 1)[0] if "/" in zone else ""
        label = timing.offset_label(timing.utc_offset(at, zone))
        name = filters.city(zone)
        words = name if name == label else f"{name} ({label})"
        regions.setdefault(region, []).append((zone, words))
    return [
        (region, sorted(found, key=lambda pair: pair[1].casefold()))
        for region, found in sorted(regions.items())
    ]
