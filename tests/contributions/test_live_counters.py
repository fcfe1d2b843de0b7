"""What counts as a change of a session's live pages: for everybody, or only inside."""

from __future__ import annotations

import pytest

from app.contributions import operations
from app.contributions.operations import Sent
from app.core.contributions import Decision, Kind
from app.database import db
from app.live.models import LiveBook
from tests import make


def counted(session):
    """Return the counters of a session's live pages, and the date the public may see."""
    db.session.expire_all()
    book = db.session.get(LiveBook, session.id)
    return (book.revision, book.inner, book.changed_at) if book else (0, 0, None)


def send(session, kind=Kind.IDEA, **more):
    who = make.participant(session)
    return operations.submit(session, kind, Sent(text="Words"), participant=who, **more)


def support(idea):
    operations.support(idea, make.participant(idea.session))


def change(idea):
    operations.change(idea, Sent(text="Other words"), make.participant(idea.session))


def decide(decision):
    return lambda idea: operations.moderate(idea, decision, rule=2)


INSIDE = {
    "a support": (True, support),
    "a report": (True, lambda idea: operations.report(idea, "It insults me")),
    "sending what waits": (True, lambda idea: send(idea.session)),
    "changing what waits": (False, change),
    "holding what waits": (False, decide(Decision.HOLD)),
    "publishing again": (True, decide(Decision.PUBLISH)),
}
OUTSIDE = {
    "publishing": (False, decide(Decision.PUBLISH)),
    "rejecting": (False, decide(Decision.REJECT)),
    "taking down": (True, decide(Decision.HOLD)),
    "withdrawing": (True, operations.withdraw),
    "changing what is read": (True, change),
}


@pytest.mark.parametrize("act", INSIDE)
def test_what_only_people_inside_see_leaves_the_public_counter_and_its_date(app, clock, act):
    published, run = INSIDE[act]
    idea = make.idea(published=published)
    revision, inner, changed_at = counted(idea.session)
    clock.go_on(hours=1)

    run(idea)

    # whoever sends something to a long session has come, which the console is told too
    turns = 2 if act == "sending what waits" else 1
    assert counted(idea.session) == (revision, inner + turns, changed_at)


@pytest.mark.parametrize("act", OUTSIDE)
def test_what_everybody_sees_raises_both(app, clock, act):
    published, run = OUTSIDE[act]
    idea = make.idea(published=published)
    revision, inner, _changed_at = counted(idea.session)
    clock.go_on(hours=1)

    run(idea)

    assert counted(idea.session)[:2] == (revision + 1, inner + 1)
    assert counted(idea.session)[2] == clock.time
