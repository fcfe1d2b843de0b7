"""Plans in which nobody meets anybody twice, by algebra: a difference matrix over a small group.

Slot (t, k) is chair k that starts at table t; in round r it stands at table t + M[r][k]. Chair 0
is the host's, M[r][0] = 0. Two chairs j and k never bring the same two people together again when
the differences M[r][k] − M[r][j] over the rounds are all distinct; with chair 0 the same says that
nobody returns to a table. Whoever sits in which slot does not matter for that.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from app.core.seating.chance import Chance

Digits = tuple[int, ...]  # an element of the group, digit by digit
TRIES, STEPS = 60, 400  # of the search for columns: how often from the start, how long each time


@lru_cache(maxsize=256)
def template(
    tables: int, chairs: int, rounds: int
) -> tuple[tuple[tuple[int, ...], ...], ...] | None:
    """Return ``[round][chair][t]`` = the table of slot (t, chair), or ``None`` if none was found.

    ``chairs`` counts chair 0. Tables are 0 … ``tables`` − 1.
    """
    if rounds > tables or chairs > tables:
        return None
    if tables > (rounds - 1) * (chairs - 1):
        shifts: list[list[Digits]] = [
            [(r * k % tables,) for k in range(chairs)] for r in range(rounds)
        ]
        return placed(shifts, [tables])
    factors = prime_powers(tables)
    moduli = [prime for prime, power in factors for _ in range(power)]
    if min(prime**power for prime, power in factors) >= max(rounds, chairs):
        return placed(by_fields(factors, chairs, rounds), moduli)
    for group in ([tables], moduli):
        found = search(group, chairs, rounds)
        if found:
            return placed(found, group)
    return None


def placed(shifts: list[list[Digits]], moduli: list[int]):
    """Return the tables of all slots: t + shift in the group of ``moduli``."""
    elements = list(product(*map(range, moduli)))
    numbers = {element: number for number, element in enumerate(elements)}
    return tuple(
        tuple(tuple(numbers[plus(t, shift, moduli)] for t in elements) for shift in row)
        for row in shifts
    )


def plus(one: Digits, other: Digits, moduli: list[int]) -> Digits:
    """Add in the group."""
    return tuple((a + b) % m for a, b, m in zip(one, other, moduli, strict=True))


def minus(one: Digits, other: Digits, moduli: list[int]) -> Digits:
    """Subtract in the group."""
    return tuple((a - b) % m for a, b, m in zip(one, other, moduli, strict=True))


def prime_powers(number: int) -> list[tuple[int, int]]:
    """Return ``number`` as [(prime, power)]."""
    factors, prime = [], 2
    while number > 1:
        power = 0
        while number % prime == 0:
            number, power = number // prime, power + 1
        if power:
            factors.append((prime, power))
        prime += 1
    return factors


def by_fields(factors: list[tuple[int, int]], chairs: int, rounds: int) -> list[list[Digits]]:
    """Return M[r][k] = r·k, multiplied in a finite field for each factor, side by side."""
    rows: list[list[Digits]] = [[() for _ in range(chairs)] for _ in range(rounds)]
    for prime, power in factors:
        elements = list(product(range(prime), repeat=power))
        modulus = irreducible(prime, power)
        for r, row in enumerate(rows):
            for k in range(chairs):
                row[k] += times(elements[r], elements[k], modulus, prime)
    return rows


@lru_cache(maxsize=64)
def irreducible(prime: int, power: int) -> Digits:
    """Return c with x^power = c₀ + c₁x + … modulo an irreducible polynomial: no product is zero."""
    elements = list(product(range(prime), repeat=power))
    for modulus in elements:
        if all(
            any(times(one, other, modulus, prime))
            for one in elements[1:]
            for other in elements[1:]
            if degree(one) + degree(other) == power
        ):
            return modulus
    raise AssertionError("there is an irreducible polynomial of every degree")


def degree(element: Digits) -> int:
    """Return the degree of a polynomial that is not zero."""
    return max(position for position, digit in enumerate(element) if digit)


def times(one: Digits, other: Digits, modulus: Digits, prime: int) -> Digits:
    """Multiply in the field: polynomials, lowest digit first, reduced by ``modulus``."""
    power = len(modulus)
    result = [0] * (2 * power - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            result[i + j] += a * b
    for high in range(2 * power - 2, power - 1, -1):
        for position, digit in enumerate(modulus):
            result[high - power + position] += result[high] * digit
    return tuple(digit % prime for digit in result[:power])


def search(moduli: list[int], chairs: int, rounds: int) -> list[list[Digits]] | None:
    """Look for columns one after the other, from the start again where it gets stuck."""
    elements = list(product(*map(range, moduli)))
    for attempt in range(TRIES):
        chance = Chance(len(elements), chairs, rounds, attempt)
        columns = [[elements[0]] * rounds]
        while len(columns) < chairs:
            column = next_column(columns, elements, moduli, rounds, chance)
            if column is None:
                break
            columns.append(column)
        else:
            return [list(row) for row in zip(*columns, strict=True)]
    return None


def next_column(
    columns: list[list[Digits]],
    elements: list[Digits],
    moduli: list[int],
    rounds: int,
    chance: Chance,
) -> list[Digits] | None:
    """Return a column whose differences to each of ``columns`` are distinct over the rounds."""
    column = [elements[0]]
    used = [{minus(elements[0], other[0], moduli)} for other in columns]
    orders = [elements.copy() for _ in range(rounds)]
    for order in orders:
        chance.shuffle(order)
    untried = [iter(order) for order in orders]
    for _ in range(STEPS):
        row = len(column)
        if row == rounds:
            return column
        for entry in untried[row]:
            differences = [minus(entry, other[row], moduli) for other in columns]
            if all(d not in seen for d, seen in zip(differences, used, strict=True)):
                column.append(entry)
                for d, seen in zip(differences, used, strict=True):
                    seen.add(d)
                break
        else:
            if row == 1:
                return None
            untried[row] = iter(orders[row])
            entry = column.pop()
            for other, seen in zip(columns, used, strict=True):
                seen.remove(minus(entry, other[row - 1], moduli))
    return None
