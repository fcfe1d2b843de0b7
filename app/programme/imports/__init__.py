"""Programmes from files: YAML of our own, calendars of others; the whole file or nothing."""

from app.programme.imports.calendars import from_ical
from app.programme.imports.examples import seed
from app.programme.imports.files import from_yaml
from app.programme.imports.plan import BrokenFile, Finding, Plan
from app.programme.imports.storing import store, target

__all__ = ["BrokenFile", "Finding", "Plan", "from_ical", "from_yaml", "seed", "store", "target"]
