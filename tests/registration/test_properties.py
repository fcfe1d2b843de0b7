"""Whatever happens in whatever order: no place twice, nobody overtakes, nothing free is kept."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.core.refusals import Refusal
from app.core.vocabulary import Mode
from app.database import db
from app.programme import operations as programme
from app.registration import operations, queries
from app.registration.models import Registration, Submission
from tests import make

modes = st.sampled_from(list(Mode))
maybe_modes = st.none() | modes
sizes = st.none() | st.integers(0, 3)
somebody = st.integers(0, 30)
_addresses = itertools.count(1)


class Places(RuleBasedStateMachine):
    """People come, go, switch and wait while the organiser changes the places."""

    def __init__(self):
        super().__init__()
        self.session = make.session(capacity={"on_site": 2, "online": 1})
        self.people = []
        self.submissions = []
        self.allowed = {Mode.ON_SITE: 2, Mode.ONLINE: 1}
        self.before = self.picture()

    def picture(self):
        """Who holds which mode, and each mode's line in order, as ids."""
        holding = {r.id: r.mode for r in queries.live_in(self.session) if r.status == "confirmed"}
        lines = {mode: [r.id for r in queries.line(self.session, mode)] for mode in Mode}
        return holding, lines

    def attempt(self, verb, *args, **options):
        """Do something that may be refused."""
        self.before = self.picture()
        try:
            return verb(*args, **options)
        except Refusal:
            return None

    def one(self, number):
        """Somebody who came before, or nobody."""
        return self.people[number % len(self.people)] if self.people else None

    @rule(mode=modes, waits_for=maybe_modes)
    def register(self, mode, waits_for):
        """Somebody new."""
        made = self.attempt(make.registration, self.session, mode=mode, waits_for=waits_for)
        if made is not None:
            self.people.append(made)

    @rule(number=somebody)
    def cancel(self, number):
        """Somebody leaves."""
        if self.people:
            self.attempt(operations.cancel, self.one(number))

    @rule(number=somebody)
    def undo(self, number):
        """Somebody comes back."""
        if self.people:
            self.attempt(operations.undo_cancel, self.one(number))

    @rule(number=somebody, mode=maybe_modes, waits_for=maybe_modes)
    def change(self, number, mode, waits_for):
        """Somebody switches."""
        if self.people:
            self.attempt(operations.change, self.one(number), mode=mode, waits_for=waits_for)

    @rule(number=somebody, mode=modes)
    def send_the_form_for_a_known_address(self, number, mode):
        """Somebody's address is typed into the form."""
        if self.people:
            who = self.one(number).participant
            receipt = self.attempt(make.submission, self.session, mode=mode, email=who.email)
            if receipt is not None:
                self.submissions.append((who, receipt.submission_id))

    @rule(number=somebody)
    def press_the_button(self, number):
        """The owner of an address says yes."""
        if self.submissions:
            who, wanted = self.submissions.pop(number % len(self.submissions))
            for submission in queries.open_submissions(who):
                if submission.id == wanted:
                    self.attempt(operations.apply, submission)

    @rule(on_site=sizes, online=sizes)
    def resize(self, on_site, online):
        """The organiser changes the capacity."""
        self.before = self.picture()
        places = queries.places(self.session)
        for mode, size in ((Mode.ON_SITE, on_site), (Mode.ONLINE, online)):
            taken = places[mode].confirmed + places[mode].held
            self.allowed[mode] = None if size is None else max(size, taken)
        programme.change(self.session, {"capacity": {"on_site": on_site, "online": online}})

    @invariant()
    def no_place_is_given_twice(self):
        """Taken never exceeds the capacity, but for what stood when it was lowered."""
        for mode, places in queries.places(self.session).items():
            allowed = self.allowed[mode]
            if allowed is not None:
                taken = places.confirmed + places.offered + places.held
                assert taken <= allowed
                self.allowed[mode] = max(places.capacity, min(allowed, taken))

    @invariant()
    def nothing_free_is_kept_from_who_waits(self):
        """Where somebody waits, nothing is free."""
        for places in queries.places(self.session).values():
            assert not places.waiting or places.free == 0

    @invariant()
    def nobody_overtakes(self):
        """Who got a place in a mode stood before all who were and are still in its line.

        But for the one whose place had been kept by a submission since before the others came.
        """
        held_before, lines_before = self.before
        held_now, lines_now = self.picture()
        for mode in Mode:
            fresh = [n for n, m in held_now.items() if m == mode and held_before.get(n) != mode]
            passed_over = [n for n in lines_before[mode] if n in lines_now[mode]]
            waited = [n for n in fresh if n in lines_before[mode]]
            for number in waited:
                order = lines_before[mode].index(number)
                overtaken = [n for n in passed_over if lines_before[mode].index(n) < order]
                assert not overtaken or self.had_it_kept(number)
            for number in fresh:
                if number not in waited and passed_over:
                    assert self.had_it_kept(number)

    def had_it_kept(self, number):
        """Whether this person has just pressed a button for a kept place."""
        registration = db.session.get(Registration, number)
        applied = db.session.scalars(
            db.select(Submission).where(
                Submission.participant_id == registration.participant_id,
                Submission.applied_at.is_not(None),
            )
        )
        return any(True for _ in applied)


def test_places_whatever_happens(app, clock):
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
