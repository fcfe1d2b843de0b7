"""The languages of the house: codes as in addresses, names in their own script, direction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One language. ``code`` is what addresses and rows say, ``locale`` what Babel calls it."""

    code: str
    name: str
    locale: str
    direction: str = "ltr"


ALL = (
    Language("en", "English", "en"),
    Language("fr", "Français", "fr"),
    Language("ar", "العربية", "ar", "rtl"),
    Language("es", "Español", "es"),
    Language("ru", "Русский", "ru"),
    Language("zh-Hans", "中文", "zh_Hans_CN"),
)
BY_CODE = {language.code: language for language in ALL}
COMPLETE = ("en", "fr", "ar")


def known(code: str | None) -> Language | None:
    """Return the language called ``code``, or ``None``."""
    return BY_CODE.get(code or "")


def nearest(code: str | None) -> Language:
    """Return the language called ``code``, else English."""
    return BY_CODE.get(code or "", ALL[0])
