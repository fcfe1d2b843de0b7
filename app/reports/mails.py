"""What participants are told of the document: what the receiving body did with it."""

from __future__ import annotations

from datetime import date

from flask import current_app
from flask_babel import lazy_gettext as _l

from app.consultations.models import Consultation
from app.core.document import say
from app.core.vocabulary import Source
from app.mail import kinds
from app.mail import operations as outbox
from app.mail.kinds import Envelope, Facts, Mail
from app.registration import queries as registrations
from app.reports.models import Outcome
from app.web import filters

WHAT = {
    "noted": _l("It took note of the document."),
    "discussed": _l("It discussed the document."),
    "action": _l("It decided to act on it."),
    "not_taken_up": _l("It did not take the document up."),
}


def came_of_it(consultation: Consultation, outcome: Outcome) -> None:
    """Tell every participant with an address that is known to be theirs; nobody invented."""
    for each in registrations.reachable(consultation):
        if each.source == Source.SAMPLE:
            continue
        spoken = each.language
        outbox.put(
            "outcome_recorded",
            person=each.person,
            to_address=each.email or "",
            to_name=each.name,
            language=spoken,
            timezone=each.timezone,
            facts={
                "consultation": consultation.words("title", spoken),
                "contact": consultation.contact_email,
                "opened": True,
                "slug": consultation.slug,
                "edition": outcome.edition,
                "body": say(outcome.body, spoken, consultation.language)[0],
                "day": outcome.on.isoformat(),
                "what": outcome.what,
                "text": say(outcome.text, spoken, consultation.language)[0],
            },
            consultation_id=consultation.id,
            subject_id=outcome.id,
        )


@kinds.link("document")
def document_page(mail: Envelope) -> str:
    """The edition the outcome is about."""
    return current_app.config["SITE_URL"] + address(mail.facts["slug"], mail.facts["edition"])


def address(slug: str, edition: int, statement: str = "") -> str:
    """Return the path of an edition, or of a statement in it."""
    return f"/{slug}/document/{edition}" + (f"#s{statement}" if statement else "")


@kinds.kind("outcome_recorded")
def words(mail: Envelope, facts: Facts) -> Mail:
    """Return what the templates of this kind name."""
    context = facts | {
        "title": facts["consultation"],
        "name": mail.to_name,
        "press_by": "",
        "times": [],
        "where": "",
        "about": "",
        "happened": str(WHAT[facts["what"]]),
        "day": filters.day(date.fromisoformat(facts["day"])),
    }
    return Mail(context, sender=facts["consultation"])
