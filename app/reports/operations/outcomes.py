"""What came of it: the receiving body's outcome, told once; without it nothing is closed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from app import clock
from app.consultations.models import Consultation
from app.contributions import operations as contributions
from app.contributions.models import Answer
from app.core.refusals import N_, FieldError, Invalid, Refusal
from app.database import Localized, db, operation
from app.reports import mails, queries
from app.reports.models import Outcome
from app.reports.operations.base import hold, note


class OutcomeMissing(Refusal):
    """People were promised to hear what came of it."""

    code = "outcome_missing"
    message = N_("Record first what the receiving body did with the document.")


@operation
def record_outcome(
    consultation: Consultation,
    *,
    edition: int,
    body: Localized,
    on: datetime.date,
    what: str,
    text: Localized,
) -> Outcome:
    """Keep what the receiving body did with an edition; participants are told once.

    Raises `Invalid` (`unknown_edition`).
    """
    hold(consultation)
    if queries.edition(consultation, edition) is None:
        message = N_("There is no edition with this number")
        raise Invalid.field("edition", "unknown_edition", message)
    known = queries.outcomes(consultation)
    found = next((each for each in known if each.edition == edition), None)
    outcome = found or Outcome(consultation_id=consultation.id, edition=edition)
    outcome.body, outcome.on, outcome.what = dict(body), on, what
    outcome.text, outcome.changed_at = dict(text), clock.now()
    db.session.add(outcome)
    db.session.flush()
    if not any(each.told_at for each in known):
        mails.came_of_it(consultation, outcome)
        outcome.told_at = clock.now()
    contributions.turn_answers_naming(consultation, None)
    note(consultation, "outcome_recorded", outcome, edition=edition, what=what)
    return outcome


def refuse_closing(consultation: Consultation) -> None:
    """Refuse to close a consultation without an outcome."""
    if not queries.outcomes(consultation):
        raise OutcomeMissing


def check_answers(consultation: Consultation, answers: Mapping[str, Answer]) -> None:
    """Refuse answers that name unknown statements; tell those whose statement is out already.

    ``answers`` by the field that names the statement. Called inside their operation.
    """
    named = {field: each for field, each in answers.items() if each.statement is not None}
    if not named:
        return
    wanted = {each.statement or "" for each in named.values()}
    known = queries.known_numbers(consultation, wanted)
    message = N_("There is no statement with this number")
    errors = [
        FieldError(field, "unknown_statement", message)
        for field, each in named.items()
        if each.statement not in known
    ]
    if errors:
        raise Invalid(errors=errors)
    out = {number for each in queries.all_editions(consultation) for number in each.sentences}
    contributions.tell([each for each in named.values() if each.statement in out])
