"""Our own programme files: YAML with the API's field names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from app import formats
from app.consultations.schemas import ConsultationImport
from app.consultations.schemas import columns as consultation_columns
from app.core import timing, yamltext
from app.core.refusals import N_, Invalid
from app.programme import operations
from app.programme.imports.plan import BrokenFile, Entry, Finding, Plan, collecting
from app.programme.schemas import SessionImport, columns, refuse_impossible_times
from app.web import shapes

BY_CORE_SCHEMA = {"minutes", "fold", "ends_fold", "latitude", "longitude", "waiting_list"}
BY_CORE_SCHEMA_BELOW = {"capacity", "settings"}


def from_yaml(data: bytes) -> Plan:
    """Return what a programme file asks for; raises `BrokenFile` with everything wrong in it."""
    try:
        document = yamltext.read(data)
    except yamltext.NotYaml as fault:
        raise BrokenFile([Finding(fault.line, "", fault.text)]) from fault
    findings = [Finding(*problem) for problem in document.problems]
    if not isinstance(document.value, dict):
        raise BrokenFile([*findings, Finding(1, "", N_("This is no programme file."))])
    value = dict(document.value)
    listed = value.pop("sessions", [])
    if not isinstance(listed, list):
        text = N_("This must be a list")
        findings.append(Finding(document.line(("sessions",)), "sessions", text))
        listed = []

    plan = Plan(None, blame_in(document, ()))
    language = "en"
    with collecting(findings, plan.blame):
        body = shapes.checked(ConsultationImport, untyped(value, ()))
        language = body.languages[0]
        plan.consultation = consultation_columns(body, language)
    for place, each in enumerate(listed):
        entry = Entry({}, blame_in(document, ("sessions", place)))
        written = untyped(each, ())
        with collecting(findings, entry.blame):
            session = shapes.checked(SessionImport, written)
            entry.named.update(columns(session, language))
            refuse_what_the_format_refuses(entry.named)
        with collecting(findings, entry.blame):
            refuse_impossible_times(times_in(written))
        plan.sessions.append(entry)
    findings += twins(plan.sessions)
    if findings:
        raise BrokenFile(findings)
    return plan


def blame_in(document: yamltext.Document, start: yamltext.Path) -> Callable[[str], tuple[int, str]]:
    """Return what finds the line and whole path of a field named from ``start``."""

    def blame(name: str) -> tuple[int, str]:
        parts = [int(part) if part.isdecimal() else part for part in name.split(".") if part]
        path = (*start, *parts)
        return document.line(path), ".".join(map(str, path))

    return blame


def untyped(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return what was written: numbers and truth where a field wants them, text elsewhere."""
    if isinstance(value, dict):
        return {name: untyped(each, (*path, name)) for name, each in value.items()}
    if isinstance(value, list):
        return [untyped(each, (*path, place)) for place, each in enumerate(value)]
    if value.is_null:
        return None
    above = path[-2] if len(path) > 1 else None
    if (path and path[-1] in BY_CORE_SCHEMA) or above in BY_CORE_SCHEMA_BELOW:
        return value.resolved()
    return value.text


def refuse_what_the_format_refuses(named: dict[str, Any]) -> None:
    """Raise `Invalid` for modes and settings that the format does not know."""
    kind = formats.of(named["format"])
    operations.checked_capacity(kind, named.get("capacity"))
    kind.checked_settings(named.get("settings") or {})


def times_in(written: Any) -> dict[str, Any]:
    """Return those times of a session that can be read, whatever else is wrong with it."""
    found: dict[str, Any] = {}
    if not isinstance(written, dict):
        return found
    for name in ("starts", "ends", "registration_opens", "registration_closes"):
        with suppress(Invalid):
            found[name] = timing.parse_wall(written.get(name), name)
    for name in ("fold", "ends_fold"):
        found[name] = written.get(name)
    with suppress(Invalid):
        found["timezone"] = timing.canonical_zone(written.get("timezone"))
    return found


def twins(entries: Sequence[Entry]) -> list[Finding]:
    """Return what to say of sessions that share a slug within the file."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        slug = entry.named.get("slug")
        if slug in seen:
            text = f"“{slug}” is the name of another session in this file"
            found.append(Finding(*entry.blame("slug"), text))
        elif slug:
            seen.add(slug)
    return found
