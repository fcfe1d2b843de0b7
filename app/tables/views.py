"""A table host's page: that table and nothing else, behind the table's own link."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, g, redirect, render_template, request

from app import clock
from app.consultations.models import Consultation
from app.core.contributions import CARDS_UNTIL, MOST_POINTS
from app.core.refusals import NotFound, Refusal
from app.live import kinds
from app.live import panels as live
from app.live import queries as live_queries
from app.programme.models import Session
from app.tables import operations, panels, queries
from app.tables.forms import Sheet
from app.tables.models import CafeTable
from app.tables.panels import Cafe, parts
from app.web import public_forms
from app.web.access import personal

bp = Blueprint("tables", __name__)


@bp.route("/live/<consultation>/<session>/table/<table_key>", methods=["GET", "POST"])
@personal
def host(consultation: Consultation, session: Session, table: CafeTable):
    """Show the table to its host, or save what they wrote down."""
    shown(session)
    now = panels.cafe(session)
    number = wanted_round(now)
    sheet = Sheet(queries.notes_at(session, table.number, number) if number else ())
    if request.method == "POST":
        public_forms.refuse_other_sites()
        g.participant_key = f"cafe_table:{table.id}"
        sheet = Sheet.sent(request.form)
        if request.form.get("act") == "more":
            sheet = sheet.grown(request.form)
        elif saved(sheet, table, number):
            address = parts.host_url(table, round=number, said="saved")
            return redirect(f"{address}#sheet", 303)
    return page(now, table, number, sheet), sheet.status


def shown(session: Session) -> None:
    """Refuse a session that nobody may know of."""
    operations.check(session)
    if not session.is_public:
        raise NotFound


def saved(sheet: Sheet, table: CafeTable, number: int) -> bool:
    """Save the sheet; say whether it went through. What is refused stands in it."""
    if not sheet.validate():
        return False
    try:
        operations.save_sheet(table.session, sheet.lines(), table=table.number, round=number)
    except Refusal as refusal:
        sheet.note(refusal)
        return False
    return True


def wanted_round(now: Cafe) -> int:
    """Return the round whose notes are written: the one named, else the last that began; or 0."""
    text = request.values.get("round", "")
    named = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else now.begun
    return named if 1 <= named <= now.begun else now.begun


def page(now: Cafe, table: CafeTable, number: int, sheet: Sheet) -> str:
    """Render the host's page."""
    session = table.session
    twin = queries.twin_of(table)
    before = number or 1
    return render_template(
        "tables/host.html",
        session=session,
        consultation=session.consultation,
        table=table,
        name=panels.table_name(table),
        now=now,
        head=panels.head(now),
        number=number,
        question=now.asked_at(table, number or 1),
        people=people_at(now, table, number),
        before=panels.notes(queries.notes_before(session, table.number, before), table),
        twin_name=panels.table_name(twin) if twin else "",
        twin_notes=panels.notes(queries.notes_of_twin(table, before), twin) if twin else [],
        rounds=[(each, parts.host_url(table, round=each)) for each in range(1, now.begun + 1)],
        sheet=sheet,
        most=MOST_POINTS,
        is_open=queries.is_open_for_hosts(session, at=clock.now()),
        closes=kinds.words_at(session, session.ends_at + CARDS_UNTIL),
        sent_at=sent_at(session, table, number),
        said=request.args.get("said") == "saved",
        home=parts.host_url(table),
        revision=live.revision(session, 0),
    )


def sent_at(session: Session, table: CafeTable, number: int) -> str:
    """Return when the notes of a round last changed, at the session's place; empty without any."""
    times = [each.changed_at for each in queries.notes_at(session, table.number, number)]
    return panels.time_at(session, max(times)) if number and times else ""


def people_at(now: Cafe, table: CafeTable, number: int) -> list[str]:
    """Return who sits at the table in a round, as they are called on the wall."""
    seats = now.seats_in(number or 1)
    there = [who for each in seats if each["table"] == table.number for who in each["people"]]
    known = queries.people_called(there)
    names = panels.short_names(known.values())
    return [names[each] for each in there if each in names]


@bp.get("/live/<consultation>/<session>/table/<table_key>/state.json")
@personal
def host_state(consultation: Consultation, session: Session, table: CafeTable):
    """Answer with what goes on at this table."""
    shown(session)

    def made() -> tuple[Session, live.Parts]:
        now = panels.cafe(session)
        part = kinds.Part("", parts.state(now) | {"table": dict(of_table(now, table))})
        tool = next(each for each in kinds.of(session) if each.name == "tables")
        return session, [(tool, part)]

    key = ("live", "table", table.id, table.link_version)
    row = live_queries.of_session(session)
    return live.document(key, row, made, live.FOR_ONE, inner=True)


def of_table(now: Cafe, table: CafeTable) -> Iterator[tuple[str, object]]:
    """Yield what the live document says of this one table."""
    yield "number", table.number
    notes = queries.note_counts(now.session)
    yield "notes", {str(turn.number): notes.get((table.number, turn.number), 0)
                    for turn in now.turns}  # fmt: skip
