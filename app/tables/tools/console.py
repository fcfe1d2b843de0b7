"""The console's part: everything a facilitator sees of a café."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.permissions import Permission
from app.live.kinds import Desk, Part
from app.tables import forms, panels
from app.tables.models import CafeTable
from app.tables.panels import Cafe, People, desk, parts
from app.tables.queries.people import confirmed
from app.web import access, urls


def around(who: Desk, given: dict[str, Any]) -> Part:
    """Return the console's part; ``given`` are forms that came back and what was refused."""
    session = who.session
    now = panels.cafe(session, inside=True, looked_at=asked_round())
    people = panels.people_of(now, session)
    names = people.short if who.may_run else {}
    rows = panels.named_rows(now, names)
    states = desk.notes_states(now)
    late = desk.late(session, people) if who.may_run else []
    shows, wanted = parts.stage_of(now)
    shown = {
        "now": now,
        "stands": now.stands,
        "said": parts.said(),
        "refused": [],
        "refused_act": "",
        "typed": MultiDict(),
        "rows": rows,
        "states": states,
        "noted": desk.noted_round(now),
        "owing": desk.missing_elsewhere(rows, states),
        "reminders": reminders(now, states) if who.may_run else {},
        "late": late,
        "absent": desk.absent(session, people) if who.may_run else [],
        "thin": desk.thin(now),
        "hostless": desk.hostless(session),
        "make": make_form(now, people) if who.may_run and parts.begins(now) else None,
        "screens": screens(now, shows, wanted, rows),
        "links": links(who),
        **plan_of(now),
        **(swaps(now, people) if who.may_run else {"sitting": [], "hosts": [], "closable": []}),
        **given,
    }
    state = parts.state(now) | {
        "draft": now.plan.digest if now.plan is not None and now.is_draft else None,
        "late": len(late),
        "missing": sorted(number for number, each in states.items() if each.is_missing),
    }
    top = panels.desk_head(now, desk.here_words(session))
    return Part("tables/console.html", state, shown, head=top)


def plan_of(now: Cafe) -> dict[str, Any]:
    """Return what is said of the plan."""
    number = now.upcoming or now.total
    if now.plan is None:
        return {"has_plan": False, "seats_round": number}
    return {
        "has_plan": True,
        "is_draft": now.is_draft,
        "seats_round": number,
        "promise": desk.promise(now),
        "figures": desk.figures(now),
        "size": desk.size(now, number),
        "seed": now.plan.seed,
    }


def make_form(now: Cafe, people: People) -> forms.SeatsForm:
    """Return the form in which seats are made."""
    counts = (len(people.here), len(confirmed(now.session)))
    return forms.SeatsForm.of(now, people, counts)


def swaps(now: Cafe, people: People) -> dict[str, Any]:
    """Return what can be chosen where seats of the next round are changed by hand."""
    number = now.upcoming
    seats = now.seats_in(number) if number is not None else []
    tables = [(now.known[each["table"]], each["people"]) for each in seats
              if each["table"] in now.known]  # fmt: skip
    return {
        "sitting": [
            (panels.table_name(table), [(each, people.called(each)) for each in there])
            for table, there in tables
        ],
        "closable": [(table.number, panels.table_name(table)) for table, _there in tables],
        "hosts": people.in_order(people.here),
    }


def screens(now: Cafe, shows: str, wanted: int, rows: list[Any]) -> dict[str, Any]:
    """Return what the projector shows, and where it can be turned."""
    # What everybody follows, not the draft the console looks at.
    public = panels.cafe(now.session)
    found = parts.screens_of(public, shows, panels.plain_rows(public))
    screen, _on_it = parts.turned(found, wanted)
    return {"shows": shows, "screen": screen, "count": max(len(found), 1)}


def reminders(now: Cafe, states: dict[int, desk.NotesState]) -> dict[int, str]:
    """Return where each host who owes notes is reminded: a mail, else their link to show."""
    session = now.session
    sees = access.may(Permission.SEE_ADDRESSES, session.consultation, session)
    return {
        number: reminder(now.known[number], now, sees)
        for number, each in states.items()
        if each.is_missing
    }


def reminder(table: CafeTable, now: Cafe, sees_addresses: bool) -> str:
    """Return a mail to the host with their link, where the reader may see the address."""
    host = table.host
    if not (sees_addresses and host and host.email):
        names: dict[str, Any] = {
            "consultation": now.session.consultation.slug,
            "session": now.session.slug,
        }
        return url_for("tables_staff.links", **names, _anchor=f"table-{table.number}")
    name = panels.table_name(table)
    subject = _("Notes of %(table)s", table=name)
    number = desk.noted_round(now)
    link = urls.external("tables.host", **parts.host_names(table))
    text = _("Please send the notes of %(table)s, round %(number)s:", table=name, number=number)
    return f"mailto:{quote(host.email)}?subject={quote(subject)}&body={quote(f'{text} {link}')}"


def links(who: Desk) -> dict[str, str]:
    """Return the pages beside the console."""
    session = who.session
    names: dict[str, Any] = {"consultation": session.consultation.slug, "session": session.slug}
    return {
        name: url_for(f"tables_staff.{name}", **names)
        for name in ("tables", "links", "names", "cards")
    }


def asked_round() -> int:
    """Return the round the reader wants to see; 0 for the one of interest now."""
    text = request.args.get("round", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
