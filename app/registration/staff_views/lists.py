"""The list of registrations: search, filters, sums, balance, pages, CSV."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.consultations.models import Consultation
from app.core.permissions import Permission
from app.core.vocabulary import Mode, RegistrationStatus
from app.programme import queries as programme
from app.programme.models import Session
from app.registration import exports, search
from app.registration.search import Filters, Found
from app.registration.staff_views.blueprint import bp, page
from app.registration.staff_views.forms import FiltersForm
from app.web import access
from app.web.access import requires

P = Permission
CONFIRMED = RegistrationStatus.CONFIRMED.value


@bp.get("/registrations/")
@requires(P.SEE_NAMES)
def registrations(consultation: Consultation) -> ResponseReturnValue:
    """Show one page of what the filters find."""
    form, filters = asked(consultation)
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
    found = search.page(consultation, filters, number=number)
    tally = search.tally(consultation, filters.session)
    return page(
        "registrations",
        consultation=consultation,
        form=form,
        session=filters.session,
        found=found,
        sums=sums(tally, filters.session),
        balance=shares(search.balance(consultation, filters.session)),
        may_change=access.may(P.CHANGE_REGISTRATIONS, consultation),
        may_export=access.may(P.SEE_ADDRESSES, consultation),
        here=url_for(".registrations", consultation=consultation.slug, **form.query()),
        export=url_for(".export", consultation=consultation.slug, **form.query()),
        **around(consultation, form, found),
    )


@bp.get("/registrations.csv")
@requires(P.SEE_ADDRESSES)
def export(consultation: Consultation) -> ResponseReturnValue:
    """Send what the filters find as a file."""
    _form, filters = asked(consultation)
    text = exports.registrations(search.everything(consultation, filters))
    response = Response(text, content_type="text/csv; charset=utf-8")
    name = f"{consultation.slug}-registrations.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def asked(consultation: Consultation) -> tuple[FiltersForm, Filters]:
    """Return the filters of this address."""
    form = FiltersForm(request.args, sessions=programme.all_of(consultation))
    return form, form.filters(addresses=access.may(P.SEE_ADDRESSES, consultation))


def around(consultation: Consultation, form: FiltersForm, found: Found) -> dict[str, Any]:
    """Return the addresses of the pages before and after."""
    number = (found.first - 1) // search.PAGE + 1

    def at(other: int) -> str:
        query = form.query() | {"page": str(other)}
        return url_for(".registrations", consultation=consultation.slug, **query)

    return {
        "previous_url": at(number - 1) if number > 1 else "",
        "next_url": at(number + 1) if found.rows and found.last < found.total else "",
    }


def sums(tally: dict[tuple[str, str], int], session: Session | None) -> dict[str, str | int]:
    """Return what is shown above the list: all, the room, the line, online."""

    def number(status: str, *modes: Mode) -> int:
        return sum(tally.get((mode.value, status), 0) for mode in modes or tuple(Mode))

    live = sum(n for (_mode, status), n in tally.items() if RegistrationStatus(status).is_live)
    places = session.capacity.get(Mode.ON_SITE) if session else None
    room = number(CONFIRMED, Mode.ON_SITE)
    return {
        "registered": live,
        "on_site": f"{room}/{places}" if places is not None else room,
        "waiting": number(RegistrationStatus.WAITING.value),
        "online": number(CONFIRMED, Mode.ONLINE),
    }


def shares(groups: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the groups of confirmed people in per cent."""
    whole = sum(number for _group, number in groups)
    return [(group, round(100 * number / whole)) for group, number in groups] if whole else []
