"""Pages beside the console: tables put up, hosts' links, lists to print."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.refusals import Refusal
from app.core.seating import MOST_TABLES
from app.programme.models import Session
from app.tables import forms, operations, panels, queries
from app.tables.models import CafeTable
from app.tables.panels import Cafe, People, parts
from app.web import filters, subscribe, urls
from app.web.access import requires

bp = Blueprint("tables_staff", __name__, url_prefix="/manage/<consultation>/<session>/tables")
RUN = Permission.RUN_LIVE
USUAL = {"room": "6", "online": "2", "least": "3"}


# --- Tables put up ----------------------------------------------------------------------------


@bp.route("", methods=["GET", "POST"])
@requires(RUN)
def tables(consultation: Consultation, session: Session):
    """Show the tables, add some, or change them all at once, until the first round begins."""
    operations.check(session)
    now = panels.cafe(session, inside=True)
    people = panels.people_of(now, session)
    add = forms.AddForm(data=USUAL | {"most": str(usual_size(now))})
    rows = [forms.PlaceForm(now=now, people=people, prefix=f"t{n}-", data=forms.stored(t, people))
            for n, t in enumerate(now.tables)]  # fmt: skip
    status, done = 200, ""
    if request.method == "POST" and request.form.get("act") == "add":
        add = forms.AddForm(request.form)
        done = "added" if add.done(lambda: put_up_more(session, add)) else ""
        status = add.status
    elif request.method == "POST":
        rows = sent_rows(now, people)
        status = put_up(session, rows)
        done = "saved" if status == 200 else ""
    if done:
        return redirect(f"{address('tables', session)}?said={done}", 303)
    page = render_template(
        "tables/tables.html",
        consultation=consultation,
        session=session,
        now=now,
        add=add,
        rows=rows,
        standing=[standing(now, table, people) for table in now.tables],
        names=[label for _id, label in people.in_order(people.labels)],
        said=said(),
        status=status,
        console_url=console(session),
        links_url=address("links", session),
    )
    return page, status


def standing(now: Cafe, table: CafeTable, people: People) -> dict:
    """Return a table as it is listed once nothing of it can be changed."""
    question = now.asked(table.guiding_question)
    return {
        "name": panels.table_name(table),
        "host": people.called(table.host.public_id) if table.host else "",
        "question": f"{question.number}. {question.text}" if question else "",
        "language": filters.language(table.language) if table.language else "",
        "least": table.least,
        "most": table.most,
        "twin": table.twin,
        "place": table.place,
    }


def usual_size(now: Cafe) -> int:
    """Return for how many people a new table is: the session's own number and one more."""
    return now.session.kind.settings(now.session.settings).get("table_size", 5) + 1


def put_up_more(session: Session, add: forms.AddForm) -> None:
    """Put up the new tables beside those that stand."""
    standing = queries.tables(session)
    places = [operations.as_place(table) for table in standing]
    operations.place_tables(session, [*places, *add.places(standing)])


def sent_rows(now: Cafe, people: People) -> list[forms.PlaceForm]:
    """Return the tables as they were sent."""
    found: list[forms.PlaceForm] = []
    while f"t{len(found)}-number" in request.form and len(found) < MOST_TABLES:
        prefix = f"t{len(found)}-"
        found.append(forms.PlaceForm(request.form, now=now, people=people, prefix=prefix))
    return found


def put_up(session: Session, rows: list[forms.PlaceForm]) -> int:
    """Put up the tables as they were typed; return the status. What is wrong stands in the rows."""
    kept = [row for row in rows if not row.gone.data]
    if [row for row in kept if not row.validate()]:
        return 422
    try:
        operations.place_tables(session, [row.place_of() for row in kept])
    except Refusal as refusal:
        for error in refusal.errors:
            at = forms.row_of(error, "tables")
            if at is None or not kept[at[0]].place_as(at[1], error):
                kept[0].refused = error.text(_)
        if not refusal.errors and rows:
            rows[0].refused = refusal.text(_)
        return refusal.status
    return 200


# --- Hosts' links -----------------------------------------------------------------------------


@bp.route("/links", methods=["GET", "POST"])
@requires(RUN)
def links(consultation: Consultation, session: Session):
    """Show each host's link with its QR code, to copy or print; make one anew."""
    operations.check(session)
    if request.method == "POST":
        text = request.form.get("table", "")
        table = (
            queries.by_number(session, int(text)) if text.isdecimal() and len(text) < 6 else None
        )
        if table is not None:
            operations.renew_link(table)
        return redirect(f"{address('links', session)}?said=renewed", 303)
    now = panels.cafe(session, inside=True)
    people = panels.people_of(now, session)
    return render_template(
        "tables/links.html",
        consultation=consultation,
        session=session,
        rows=[link_of(table, people) for table in now.tables],
        said=said(),
        console_url=console(session),
        tables_url=address("tables", session),
    )


def link_of(table: CafeTable, people: People) -> dict:
    """Return a host's link as it is shown: in letters and as a QR code."""
    url = urls.external("tables.host", **parts.host_names(table))
    host = people.called(table.host.public_id) if table.host else ""
    return {
        "number": table.number,
        "name": panels.table_name(table),
        "host": host,
        "url": url,
        "qr": subscribe.qr(url),
    }


# --- Lists to print ---------------------------------------------------------------------------


@bp.get("/names")
@requires(RUN)
def names(consultation: Consultation, session: Session):
    """List everybody by name with their table in each round, to hang up."""
    operations.check(session)
    now = panels.cafe(session, inside=True)
    called = panels.short_names(panels.seated(now).values())
    places: dict[str, dict[int, str]] = {}
    for turn in now.turns:
        for seat in now.seats_in(turn.number):
            table = now.known.get(seat["table"])
            if table is None:
                continue
            for who in seat["people"]:
                places.setdefault(who, {})[turn.number] = panels.table_name(table)
    rows = sorted(((called[who], at) for who, at in places.items() if who in called),
                  key=lambda row: panels.name_key(row[0]))  # fmt: skip
    return printed("names", session, now, rows=rows)


@bp.get("/cards")
@requires(RUN)
def cards(consultation: Consultation, session: Session):
    """Give each table a card with who sits there in each round, to lay on it."""
    operations.check(session)
    now = panels.cafe(session, inside=True)
    called = panels.short_names(panels.seated(now).values())
    found = []
    for table in now.tables:
        turns = [(turn.number, now.asked_at(table, turn.number), at_table(now, table, turn.number,
                 called)) for turn in now.turns]  # fmt: skip
        if any(people for _number, _question, people in turns):
            found.append((panels.table_name(table), table, turns))
    return printed("cards", session, now, rows=found)


def at_table(now: Cafe, table: CafeTable, number: int, called: dict[str, str]) -> list[str]:
    """Return who sits at a table in a round, the host first."""
    seats = [each["people"] for each in now.seats_in(number) if each["table"] == table.number]
    return [called[who] for people in seats for who in people if who in called]


def printed(template: str, session: Session, now: Cafe, **shown: object) -> str:
    """Render a list to print."""
    return render_template(
        f"tables/{template}.html",
        consultation=session.consultation,
        session=session,
        now=now,
        console_url=console(session),
        **shown,
    )


# --- What they share --------------------------------------------------------------------------


def address(page: str, session: Session) -> str:
    """Return the address of one of these pages."""
    return url_for(f".{page}", consultation=session.consultation.slug, session=session.slug)


def console(session: Session) -> str:
    """Return the address of the console."""
    return url_for(
        "live_staff.console", consultation=session.consultation.slug, session=session.slug
    )


def said() -> str:
    """Return in words what ``?said=`` names; empty for anything else."""
    return {
        "added": _("The tables stand. Name their hosts, if you know them"),
        "saved": _("The tables are saved"),
        "renewed": _("The link is new. The old one opens nothing any more"),
    }.get(request.args.get("said", ""), "")
