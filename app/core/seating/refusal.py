"""The refusal of a seating: who is in the way, where they could sit, and in which round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.refusals import N_, FieldError, Refusal


class SeatingImpossible(Refusal):
    """No plan keeps the hard rules.

    ``values``: ``round`` (from 1), ``people`` (the ids that block each other), ``tables`` (the
    numbers where they may sit), ``places`` (the chairs there). ``errors`` hold one line a person.
    """

    code = "seating_impossible"
    status = 422
    message = N_(
        "Round %(round)s cannot be seated: %(count)s people need a seat at these tables:"
        " %(table_numbers)s. Places there: %(places)s."
    )


class KeptApart(SeatingImpossible):
    """The wishes to sit apart or together leave no plan."""

    message = N_(
        "Round %(round)s cannot be seated: the rules about who sits together or apart leave no"
        " place for %(count)s people at these tables: %(table_numbers)s. Places there: %(places)s."
    )


class SwapBreaksRule(SeatingImpossible):
    """The two may not trade seats: ``values["rules"]`` names the hard rules that would break."""

    message = N_("This swap would break a rule in round %(round)s: %(rules)s.")


def impossible(
    kind: type[SeatingImpossible],
    *,
    number: int,
    blocking: Mapping[str, Iterable[int]],
    places: int,
    **more: str,
) -> SeatingImpossible:
    """Return the refusal for round ``number``; ``blocking`` is person → their possible tables."""
    tables = sorted({table for possible in blocking.values() for table in possible})
    return kind(
        errors=[
            FieldError(
                "people",
                kind.code,
                N_("%(person)s can sit at these tables only: %(tables)s (round %(round)s)."),
                {"person": person, "tables": listed(blocking[person]), "round": number},
            )
            for person in sorted(blocking)
        ],
        round=number,
        people=sorted(blocking),
        tables=tables,
        places=places,
        count=len(blocking),
        table_numbers=listed(tables),
        **more,
    )


def listed(tables: Iterable[int]) -> str:
    """Return table numbers in one line, a dash for none."""
    return ", ".join(map(str, sorted(tables))) or "–"
