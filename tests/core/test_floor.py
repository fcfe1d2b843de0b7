"""Whose turn it is: the policy of the floor, restated and held to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import floor
from app.core.floor import Reason, Request, Turn
from app.core.refusals import Invalid
from app.core.vocabulary import Mode, StakeholderGroup

ROOM, ONLINE = Mode.ON_SITE, Mode.ONLINE
GOV, CIVIL = StakeholderGroup.GOVERNMENT, StakeholderGroup.CIVIL_SOCIETY
NINE = datetime(2013, 10, 25, 9, 0, tzinfo=UTC)


def asks(number: int, mode: Mode, group=GOV, *, minute: float = 0, **fields) -> Request:
    """A request of participant ``number``, made so many minutes after nine."""
    fields = {"name": f"P{number}", "participant": number} | fields
    at = NINE + timedelta(minutes=minute)
    return Request(id=number, mode=mode, group=group, asked_at=at, **fields)


def spoke(number: int, request: Request, *, at: float, seconds: float) -> Turn:
    """A turn of ``request`` that began so many minutes after nine and has ended."""
    start = NINE + timedelta(minutes=at)
    return Turn(number, request, start, start + timedelta(seconds=seconds))


A = asks(1, ROOM, GOV, minute=1)
B = asks(2, ROOM, CIVIL, minute=2)
C = asks(3, ONLINE, CIVIL, minute=5)
D = asks(4, ROOM, GOV, minute=0)
WAITING = (A, B, C, D)
EARLIER = (
    spoke(1, asks(8, ONLINE, CIVIL), at=-30, seconds=120),
    spoke(2, replace(D, id=9), at=-20, seconds=240),
)


def order(c_seconds: int, b_seconds: int = 100) -> list[str]:
    """Who speaks after whom when every suggestion is followed."""
    names = {1: "A", 2: "B", 3: "C", 4: "D"}
    lasts = {3: c_seconds, 2: b_seconds, 1: 60, 4: 60}
    waiting, turns, found = list(WAITING), list(EARLIER), []
    while suggestion := floor.suggest(waiting, turns):
        request = next(each for each in waiting if each.id == suggestion.id)
        found.append(names[request.id])
        waiting.remove(request)
        number = len(turns) + 1
        turns.append(spoke(number, request, at=10 * number, seconds=lasts[request.id]))
    return found


def test_the_fixture_comes_out_word_for_word():
    first = floor.suggest(WAITING, EARLIER)

    assert (first.id, first.reason, first.text()) == (3, Reason.ONLINE_TURN, "online's turn")
    assert order(c_seconds=60) == ["C", "B", "A", "D"]
    assert order(c_seconds=120) == ["C", "A", "B", "D"]


def test_nobody_waiting_or_everybody_paused_suggests_nobody():
    assert floor.suggest((), EARLIER) is None
    assert floor.suggest([replace(A, paused=True)], EARLIER) is None


def test_the_least_time_compares_whole_seconds_of_the_exact_sum():
    gov = [spoke(1, asks(11, ROOM, GOV), at=-9, seconds=30.6)]
    gov += [spoke(2, asks(12, ROOM, GOV), at=-8, seconds=30.3)]
    civil = [spoke(3, asks(13, ROOM, CIVIL), at=-7, seconds=60.0)]

    suggestion = floor.suggest([A, B], gov + civil)

    assert (suggestion.id, suggestion.reason) == (1, Reason.LONGEST_WAIT)  # 60 and 60, a tie


def test_a_first_lost_connection_heads_the_next_turn_online_and_a_second_does_not():
    lost = floor.after_loss(asks(7, ONLINE, GOV, minute=8), at=NINE + timedelta(minutes=9))
    again = floor.after_loss(lost, at=NINE + timedelta(minutes=12))

    assert floor.suggest([*WAITING, lost], EARLIER).reason is Reason.CONNECTION_LOST
    assert floor.suggest([*WAITING, again], EARLIER).id == 3
    with pytest.raises(floor.NotOnline):
        floor.after_loss(A, at=NINE)


groups = st.sampled_from([None, GOV, CIVIL, StakeholderGroup.MEDIA])
modes = st.sampled_from([ROOM, ONLINE])


@st.composite
def histories(draw) -> tuple[list[Request], list[Turn]]:
    """Any line after any turns: up to eight who wait, up to eight who spoke, some of them both."""
    count = draw(st.integers(1, 8))
    waiting = [
        asks(
            number,
            draw(modes),
            draw(groups),
            minute=draw(st.integers(0, 5)),
            paused=draw(st.booleans()) and number > 1,
        )
        for number in range(1, count + 1)
    ]
    turns = []
    for number in range(draw(st.integers(0, 8))):
        speaker = draw(st.integers(1, 16))
        request = asks(100 + number, draw(modes), draw(groups), participant=speaker)
        seconds = draw(st.integers(0, 300)) + draw(st.sampled_from([0, 0.25, 0.5]))
        turns.append(spoke(number, request, at=number - 60, seconds=seconds))
    return waiting, turns


def restated(waiting: list[Request], turns: list[Turn]) -> int | None:
    """The policy in plain words: who is next."""
    ready = [request for request in waiting if not request.paused]
    if not ready:
        return None
    heard = {turn.request.participant for turn in turns}
    left = [request for request in ready if request.participant not in heard] or ready
    if turns and {ROOM, ONLINE} <= {request.mode for request in ready}:
        last = max(turns, key=lambda turn: turn.started_at).request.mode
        left = [request for request in left if request.mode is not last] or left

    def time_of(group) -> int:
        parts = [t.ended_at - t.started_at for t in turns if t.request.group == group]
        return int(sum(parts, timedelta(0)).total_seconds())

    least = min(time_of(request.group) for request in left)
    left = [request for request in left if time_of(request.group) == least]
    return min(left, key=lambda request: (request.asked_at, request.id)).id


@given(histories())
def test_the_suggestion_is_what_the_rules_say(history):
    waiting, turns = history
    suggestion = floor.suggest(waiting, turns)

    assert (suggestion.id if suggestion else None) == restated(waiting, turns)


@given(histories(), st.randoms())
def test_the_order_of_what_is_handed_in_does_not_matter(history, random):
    waiting, turns = history
    shuffled = random.sample(waiting, len(waiting)), random.sample(turns, len(turns))

    assert floor.suggest(*shuffled) == floor.suggest(waiting, turns)
    assert floor.line(*shuffled, turn_seconds=120) == floor.line(waiting, turns, turn_seconds=120)


@given(histories())
def test_the_line_begins_with_the_suggestion_and_holds_everybody_once(history):
    waiting, turns = history
    places = floor.line(waiting, turns, turn_seconds=120)
    suggestion = floor.suggest(waiting, turns)

    assert sorted(p.id for p in places) == sorted(r.id for r in waiting if not r.paused)
    assert [p.number for p in places] == list(range(1, len(places) + 1))
    assert (places[0].id if places else None) == (suggestion.id if suggestion else None)


@given(histories())
def test_times_add_up_exactly_by_group_and_by_mode(history):
    _waiting, turns = history
    told = floor.seconds(turns)
    exact = sum((turn.ended_at - turn.started_at for turn in turns), timedelta(0))
    whole = Decimal(exact // timedelta(microseconds=1)) / 1_000_000

    assert sum(told.by_group.values()) == sum(told.by_mode.values()) == whole
    assert floor.figures([], turns).total.seconds == whole


@pytest.mark.parametrize(
    ("name", "representation"),
    [("Ana Ruiz", "Net"), ("  ana ruiz ", "net"), ("ANA RUIZ", "NET ")],
)
def test_one_open_request_a_person_also_by_name_alone(name, representation):
    own = asks(1, ONLINE, name="Ana Ruiz", representation="Net")
    by_staff = asks(2, ROOM, name=name, representation=representation, participant=None)

    with pytest.raises(floor.AlreadyWaiting):
        floor.admit(by_staff, waiting=[own], turns=[], list_is_open=True)
    with pytest.raises(floor.AlreadyWaiting):
        floor.admit(own, waiting=[by_staff], turns=[], list_is_open=True)
    other = replace(by_staff, representation="Elsewhere")
    floor.admit(other, waiting=[own], turns=[], list_is_open=True)


def test_a_closed_list_takes_nobody_new():
    with pytest.raises(floor.ListClosed):
        floor.admit(asks(7, ROOM), waiting=WAITING, turns=EARLIER, list_is_open=False)


def test_any_other_choice_needs_one_word():
    def give(number, because=None, turns=EARLIER):
        return floor.grant(number, waiting=WAITING, turns=turns, because=because)

    assert give(3) is None
    assert give(1, "protocol") is floor.Because.PROTOCOL
    with pytest.raises(floor.ReasonNeeded):
        give(1)
    with pytest.raises(Invalid):
        give(1, "because I say so")
    with pytest.raises(floor.NotWaiting):
        give(77)
    with pytest.raises(floor.FloorTaken):
        give(3, turns=[*EARLIER, Turn(5, B, NINE)])


def test_the_clock_belongs_to_the_turn_and_not_to_the_list():
    turn = Turn(5, A, NINE, limit_seconds=120)
    clock = floor.turn_countdown(turn)
    at = NINE + timedelta(seconds=40)
    for waiting in ([B, C], [C], [replace(C, paused=True)], []):
        floor.suggest(waiting, [*EARLIER, turn])
        assert (floor.turn_countdown(turn), clock.left(at)) == (clock, 80)
    assert clock.phase(NINE + timedelta(seconds=61)) is floor.Phase.LAST_MINUTE
    assert clock.phase(NINE + timedelta(seconds=120)) is floor.Phase.OVER


def test_more_time_is_half_as_much_again():
    assert [floor.allowed(s, needs_time=True) for s in (120, 121, 30)] == [180, 182, 45]


def test_only_people_online_who_are_ready_are_flagged_after_five_minutes():
    late = NINE + timedelta(minutes=10, seconds=1)

    assert [floor.waits_too_long(each, at=late) for each in WAITING] == [False, False, True, False]
    assert not floor.waits_too_long(replace(C, paused=True), at=late)


def test_each_rule_is_a_short_sentence():
    assert all(len(rule.split()) <= 20 and rule.endswith(".") for rule in floor.RULES.values())
