"""Cafés to seat: drawn ones for properties, even ones for figures, and a judge of our own."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import strategies as st

from app.core.seating import Person, Problem, Table
from app.core.vocabulary import Mode

LANGUAGES = st.sampled_from([None, "en", "fr"])


@st.composite
def cafes(draw, *, company: bool = True, people: int = 18) -> Problem:
    """A café in one or two modes, with languages, bans and hosts; with ``company`` also with those
    who stay together or apart. Many of them cannot be seated.
    """
    modes = draw(st.sampled_from([[Mode.ON_SITE], list(Mode)]))
    crowd = [
        Person(
            f"p{number:02}",
            draw(st.sampled_from(modes)),
            language=draw(LANGUAGES),
            group=draw(st.sampled_from([None, "a", "b", "c"])),
            region=draw(st.sampled_from([None, "north", "south"])),
            gender=draw(st.sampled_from([None, "f", "m"])),
            bans=draw(st.sets(st.integers(1, 5), max_size=draw(st.sampled_from([0, 0, 0, 2])))),
        )
        for number in range(draw(st.integers(1, people)))
    ]
    tables, hosts = [], {each.mode: [p for p in crowd if p.mode == each.mode] for each in crowd}
    for number in range(1, draw(st.integers(1, 5)) + 1):
        mode = draw(st.sampled_from(modes))
        ready = [each for each in hosts.get(mode, []) if number not in each.bans]
        host = draw(st.sampled_from([None, *ready]))
        if host:
            hosts[mode].remove(host)
        wish = draw(st.integers(1, 4))
        tables.append(
            Table(
                number,
                mode,
                host=host.id if host else None,
                language=draw(LANGUAGES),
                min=wish,
                max=draw(st.integers(wish, 8)),
            )
        )
    ids = st.sampled_from([each.id for each in crowd])
    pairs = st.lists(ids, min_size=2, max_size=3, unique=True)
    few = draw(st.integers(0, 2)) if company and len(crowd) > 3 else 0
    return Problem(
        tuple(crowd),
        tuple(tables),
        rounds=draw(st.integers(1, 4)),
        seed=draw(st.integers(0, 2**70)),
        policy=draw(st.sampled_from(["fair", "new_faces"])),
        together=tuple(tuple(draw(pairs)) for _ in range(few // 2)),
        apart=tuple(tuple(draw(pairs)[:2]) for _ in range((few + 1) // 2)),
    )


def even(people: int, tables: int, rounds: int, *, seed: int = 1, **more) -> Problem:
    """A café in one room with a host at each table and nobody told apart."""
    crowd = tuple(Person(f"p{number:04}", Mode.ON_SITE) for number in range(people))
    size = -(-people // tables)
    return Problem(
        crowd,
        tuple(Table(n + 1, Mode.ON_SITE, host=crowd[n].id, min=2, max=size) for n in range(tables)),
        rounds,
        seed,
        **more,
    )


def where(problem: Problem, person: Person) -> set[int]:
    """The tables where somebody may sit, in the contract's words."""
    for table in problem.tables:
        if table.host == person.id:
            return {table.number} - person.bans
    mine = [table for table in problem.tables if table.mode == person.mode]
    spoken = [table for table in mine if person.language and table.language == person.language]
    return {table.number for table in spoken or mine} - person.bans


def broken(problem: Problem, plan) -> list[str]:
    """The hard rules that a plan without changes breaks, in words."""
    return [
        f"round {number}: {fault}"
        for number, seats in enumerate(plan.rounds, start=1)
        for fault in [*misplaced(problem, seats), *in_wrong_company(problem, seats)]
    ]


def misplaced(problem: Problem, seats) -> list[str]:
    """Who sits twice, nowhere or where they may not, and which tables are too full."""
    sits = [(person, table) for table, people in seats.items() for person in people]
    at = dict(sits)
    return [
        *(f"{table.number} is too full" for table in problem.tables
          if len(seats.get(table.number, ())) > table.max),
        *(f"{person} sits twice" for person, table in sits if at[person] != table),
        *(f"{person.id} sits nowhere or wrong" for person in problem.people
          if at.get(person.id) not in where(problem, person)),
        *(f"{person} is a stranger" for person in at.keys() - {p.id for p in problem.people}),
    ]  # fmt: skip


def in_wrong_company(problem: Problem, seats) -> list[str]:
    """Who should sit together and does not, who sits together and should not."""
    at = {person: table for table, people in seats.items() for person in people}
    return [
        *(f"{group} are apart" for group in problem.together if len({at[p] for p in group}) > 1),
        *(f"{one} meets {other}" for one, other in problem.apart if at[one] == at[other]),
    ]


def meetings(plan) -> Counter:
    """How often each pair shares a table."""
    return Counter(
        frozenset(pair)
        for seats in plan.rounds
        for people in seats.values()
        for pair in combinations(people, 2)
    )
