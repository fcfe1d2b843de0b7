"""The searches: what they track is what a fresh count says, and the report agrees."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.core.seating import Plan, Policy, SeatingImpossible, evaluate
from app.core.seating.anneal import COLD, WARM, anneal, daring, parties, swaps
from app.core.seating.chance import Chance
from app.core.seating.engine import goal, written
from app.core.seating.meetings import Meetings
from app.core.seating.mix import Mix
from app.core.seating.opening import by_chairs
from app.core.seating.problem import situation
from app.core.seating.report import mix
from app.core.seating.rooms import rooms
from tests.core.seating.cafes import cafes


def opened(problem):
    """Each room with its books open, before any search."""
    try:
        return [
            Meetings(room, by_chairs(room, problem.rounds, Chance(problem.seed)), problem.policy)
            for room in rooms(problem, situation(problem, (), 1), 1)
        ]
    except SeatingImpossible:
        assume(False)


@settings(max_examples=150, deadline=None)
@given(cafes(), st.integers(0, 2**32), st.sampled_from([COLD, WARM, 60_000]))
def test_tracked_costs_are_what_a_fresh_count_says(problem, seed, likely):
    chance, dare = Chance(seed), daring(likely)
    books = opened(problem)
    mixes = []
    for book in books:
        swaps(book, 150, dare, (-1, 0, 0), chance)
        parties(book, 40, dare, chance)
        blend = Mix(book)
        blend.swaps(100, 10**9, chance)
        blend.trades(50, 10**9, chance)
        mixes.append(blend)

        fresh = Meetings(book.room, book.seats, problem.policy)
        assert (fresh.cost, fresh.met, fresh.visits) == (book.cost, book.met, book.visits)
        assert (Mix(fresh).cost, Mix(fresh).need) == (blend.cost, blend.need)
    plan = written_down(problem, books)
    report = evaluate(problem, plan)
    again = report.repeats if problem.policy is Policy.FAIR else report.lost
    assert (report.revisits, again) == tuple(sum(book.cost[n] for book in books) for n in (1, 2))
    assert mix(problem, plan)[0] == sum(Fraction(each.cost, each.room.crowd**2) for each in mixes)


def written_down(problem, books) -> Plan:
    """The plan of all rooms."""
    rounds = [{} for _ in range(problem.rounds)]
    for book in books:
        for seats, at in zip(rounds, book.seats, strict=True):
            seats |= written(book.room, at)
    return Plan(tuple(rounds), seed=problem.seed)


@settings(max_examples=60, deadline=None)
@given(cafes(), st.integers(0, 2**32))
def test_a_search_leaves_the_best_it_saw_and_nothing_beats_the_goal(problem, seed):
    for book in opened(problem):
        before = book.cost
        best = goal(book.room, problem.rounds, problem.policy)
        anneal(book, 400, Chance(seed), best, warm=WARM)

        assert best <= book.cost <= before
        met, blend = book.cost, Mix(book)
        start = blend.cost
        blend.improve(300, Chance(seed))
        assert (book.cost, blend.cost) <= (met, start)
