"""How pages and mails write dates, numbers and names: Babel, Latin digits in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError, get_global
from babel.dates import format_datetime
from flask import Flask, current_app
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.core import languages, timing
from app.core.clocks import Clock

NARROW_SPACE = "\u202f"
# English and Arabic as the look sets them; the other languages as CLDR does.
PATTERNS = {
    "en": {"MMMEd": "E d MMM", "yMMMEd": "E d MMMM y", "yMMMd": "d MMM y", "Ed": "E d"},
    "ar": {"MMMEd": "E d MMM", "yMMMEd": "E d MMMM y", "yMMMd": "d MMM y", "Ed": "E d"},
}


def register(app: Flask) -> None:
    """Install the filters, `asset(path)` and `comma()`, for every template."""
    app.jinja_env.filters.update(
        day=day,
        day_long=day_long,
        day_short=day_short,
        weekday=weekday,
        daynum=daynum,
        month=month,
        month_year=month_year,
        hhmm=hhmm,
        isoz=timing.isoformat_z,
        letters=timing.abbreviation,
        number=number,
        city=city,
        place=place,
        language=language,
        country=country,
        listed=listed,
        bdi=bdi,
    )
    app.jinja_env.globals.update(asset=asset, comma=comma)


def locale() -> Locale:
    """Return the language texts are written in now; English outside a page or mail."""
    return get_locale() or Locale("en")


# --- Dates and times --------------------------------------------------------------------------


def day(value: date) -> str:
    """Return "Fri 25 Oct", as the language writes it."""
    return _dated(value, "MMMEd")


def day_long(value: date) -> str:
    """Return "Fri 25 October 2013"."""
    return _dated(value, "yMMMEd", long_month=True)


def date_long(value: date) -> str:
    """Return "25 October 2013", as it stands on top of papers."""
    return _dated(value, "yMMMd", long_month=True)


def day_short(value: date) -> str:
    """Return "Fri 25", for places without room."""
    return _dated(value, "Ed")


def weekday(value: date) -> str:
    """Return "Fri"."""
    return _formatted(value, "ccc")


def daynum(value: date) -> str:
    """Return the day of the month in Latin digits."""
    return str(value.day)


def month(value: date) -> str:
    """Return "Oct", as it stands beside a day."""
    return _formatted(value, "MMM")


def month_year(value: date) -> str:
    """Return "Oct 2013"."""
    here = locale()
    return _formatted(value, "MMM y" if here.language in PATTERNS else _skeleton(here, "yMMM"))


def hhmm(value: datetime) -> str:
    """Return a wall clock as "09:05", on 24 hours in every language."""
    return f"{value.hour:02}:{value.minute:02}"


def _dated(value: date, skeleton: str, *, long_month: bool = False) -> str:
    here = locale()
    pattern = PATTERNS.get(here.language, {}).get(skeleton) or _skeleton(here, skeleton)
    if long_month:
        pattern = pattern.replace("MMMM", "MMM").replace("MMM", "MMMM")
    return _formatted(value, pattern)


def _skeleton(here: Locale, skeleton: str) -> str:
    return here.datetime_skeletons[skeleton].pattern


def _formatted(value: date, pattern: str) -> str:
    """Write ``value``, a wall clock or a date, without moving it to any zone."""
    naive = datetime(value.year, value.month, value.day)
    return format_datetime(naive, pattern, locale=locale())


# --- Numbers and names ------------------------------------------------------------------------


def number(value: int) -> str:
    """Return "1 204": thousands apart by a narrow space, in every language."""
    return f"{value:,}".replace(",", NARROW_SPACE)


def city(zone: str) -> str:
    """Return the city a zone is named after, in the reader's language ("New York")."""
    if "/" not in zone or zone.startswith("Etc/"):
        return timing.city(zone)
    here = locale()
    if here.language == "en":
        return timing.city(zone)
    for name in (zone, *_older_names().get(zone, ())):
        if found := here.time_zones.get(name, {}).get("city"):
            return found
    return timing.city(zone)


def place(clock: Clock) -> str:
    """Return what a clock is called: its venue's own city, else the zone's in the language."""
    own = clock.city != timing.city(clock.zone)
    return clock.city if own else city(clock.zone)


@lru_cache(maxsize=1)
def _older_names() -> dict[str, list[str]]:
    """Return what zones were called before: CLDR keeps the words under Asia/Calcutta."""
    found: dict[str, list[str]] = {}
    for older, zone in get_global("zone_aliases").items():
        found.setdefault(zone, []).append(older)
    return found


def language(code: str) -> str:
    """Return what a language is called in the reader's ("French"); the code if it has no name."""
    known = languages.known(code)
    try:
        spoken = Locale.parse((known.locale if known else code).replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return code
    return locale().languages.get(spoken.language, code)


def country(code: str) -> str:
    """Return what a country (ISO 3166, two letters) is called in the reader's language."""
    return locale().territories.get(code, code)


def comma() -> str:
    """Return the comma of the language, and the space after it where it has one."""
    return {"ar": "، ", "zh": "\uff0c"}.get(locale().language, ", ")


def semicolon() -> str:
    """Return the semicolon of the language, and the space after it where it has one."""
    return {"ar": "؛ ", "zh": "\uff1b"}.get(locale().language, "; ")


def listed(values: Iterable[object]) -> str:
    """Return "English, French" with the comma of the language; Chinese lists have their own."""
    between = "、" if locale().language == "zh" else comma()
    return between.join(str(value) for value in values)


def bdi(value: object) -> Markup:
    """Return a name that does not turn the direction of what stands beside it."""
    return Markup("<bdi>") + escape(value) + Markup("</bdi>")


# --- Files ------------------------------------------------------------------------------------


def asset(path: str) -> str:
    """Return the address of a file under ``static/``; it changes when the file does.

    Raises `FileNotFoundError`: a page that names a file we do not have is a mistake of ours.
    """
    file = Path(current_app.static_folder or "static", path)
    return f"{current_app.static_url_path}/{path}?v={_digest(file, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=500)
def _digest(file: Path, _changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]
