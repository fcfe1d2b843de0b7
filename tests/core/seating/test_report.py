"""The report: every figure as somebody else would count it, of good plans and of bad ones."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.seating import Plan, Report, SeatingImpossible, evaluate, seat, violations
from app.core.seating.bounds import least_mix
from app.core.vocabulary import Mode
from tests.core.seating.cafes import broken, cafes, even


@st.composite
def any_plans(draw):
    """A café and a plan of it: a good one, or people at any tables of any café."""
    problem = draw(cafes())
    if draw(st.booleans()):
        try:
            return problem, seat(problem, effort=0)
        except SeatingImpossible:
            pass
    tables = st.sampled_from([table.number for table in problem.tables])
    rounds = []
    for _ in range(problem.rounds):
        seats = {}
        for person in problem.people:
            seats.setdefault(draw(tables), []).append(person.id)
        rounds.append({table: tuple(people) for table, people in seats.items()})
    return problem, Plan(tuple(rounds), seed=problem.seed)


@settings(max_examples=200, deadline=None)
@given(any_plans())
def test_every_figure_is_what_a_plain_count_says(both):
    problem, plan = both
    met = Counter(
        pair
        for seats in plan.rounds
        for people in seats.values()
        for pair in combinations(sorted(people), 2)
    )
    report = evaluate(problem, plan)

    assert report == Report(
        repeats=sum(n * (n - 1) // 2 for n in met.values()),
        repeats_bound=report.repeats_bound,  # below: bounds are judged as bounds
        revisits=revisits(problem, plan),
        hard_violations=report.hard_violations,
        lost=sum(n - 1 for n in met.values()),
        lost_bound=report.lost_bound,
        max_meet=max(met.values(), default=0),
        mix_ratio=mix_ratio(problem, plan),
        seed=problem.seed,
    )
    assert bool(report.hard_violations) == bool(broken(problem, plan))
    assert report.hard_violations == len(violations(problem, plan))
    if {each.rule for each in violations(problem, plan)} <= {"together", "apart"}:
        assert 0 <= report.lost_bound <= report.lost
        assert 0 <= report.repeats_bound <= report.repeats


def revisits(problem, plan) -> int:
    """How often a guest returns; hosts, and who must stay with one, do not count."""
    ids = {person.id for person in problem.people}
    home = {table.host: table.number for table in problem.tables if table.host in ids}
    bound = {host: {host} for host in home}
    for _ in problem.together:  # groups may chain
        for host, members in bound.items():
            for group in problem.together:
                if set(group) & members:
                    bound[host] = bound[host] | set(group)
                    members = bound[host]
    total = 0
    for person in ids:
        visits = Counter(
            table
            for seats in plan.rounds
            for table, people in seats.items()
            if person in people
            and not any(home[host] == table and person in bound[host] for host in home)
        )
        total += sum(n - 1 for n in visits.values())
    return total


def mix_ratio(problem, plan) -> float | None:
    """Cost ÷ bound of the mix, in fractions of people."""
    weights = {"group": 4, "region": 2, "gender": 1}
    known = {person.id: person for person in problem.people}
    modes = {table.number: table.mode for table in problem.tables}
    cost = bound = Fraction(0)
    for seats in plan.rounds:
        for mode in Mode:
            rows = [list(map(known.get, people)) for t, people in seats.items() if modes[t] == mode]
            crowd = [person for row in rows for person in row]
            for name, weight in weights.items():
                values = [getattr(person, name) for person in crowd]
                for value in set(values) - {None}:
                    share = Fraction(values.count(value), len(crowd))
                    for row in rows:
                        count = sum(getattr(person, name) == value for person in row)
                        cost += weight * (count - len(row) * share) ** 2
                    least = least_mix([len(row) for row in rows], values.count(value), len(crowd))
                    bound += Fraction(weight * least, len(crowd) ** 2)
    if bound == 0:
        return 1.0 if cost == 0 else None
    return int(1_000 * cost / bound + Fraction(1, 2)) / 1_000


def test_the_bounds_of_the_design_come_out():
    bounds = {
        case: evaluate(even(*case), seat(even(*case), effort=0)).repeats_bound
        for case in [(30, 5, 4), (24, 4, 4), (100, 20, 3)]
    }

    assert bounds == {(30, 5, 4): 30, (24, 4, 4): 48, (100, 20, 3): 0}
