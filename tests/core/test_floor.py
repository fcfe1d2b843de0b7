"""Whose turn it is: the rules in words, in an example, and restated from scratch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor as rounded_down

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import floor
from app.core.floor import Because, Figures, Kind, Phase, Reason, Request, Suggestion, Turn
from app.core.refusals import Invalid
from app.core.vocabulary import Mode, StakeholderGroup

ROOM, ONLINE = Mode.ON_SITE, Mode.ONLINE
GOVERNMENT, CIVIL, MEDIA = (
    StakeholderGroup.GOVERNMENT,
    StakeholderGroup.CIVIL_SOCIETY,
    StakeholderGroup.MEDIA,
)
NINE = datetime(2013, 10, 25, 9, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minute)


def request(id: int, mode: Mode = ROOM, minute: float = 0, **fields) -> Request:
    """One person's request; everybody has a name of their own."""
    fields = {"name": f"Person {id}", "participant": id} | fields
    return Request(id=id, mode=mode, asked_at=at(minute), **fields)


def turn(of: Request, minute: float, seconds: float | None = 60, **fields) -> Turn:
    """What ``of`` said from ``minute`` on; ``None`` seconds: they speak."""
    start = at(minute)
    end = None if seconds is None else start + timedelta(seconds=seconds)
    return Turn(id=int(minute * 100), request=of, started_at=start, ended_at=end, **fields)


# --- The fixture of the domain page, word for word -------------------------------------------

A = request(1, ROOM, 1, name="A", group=GOVERNMENT)
B = request(2, ROOM, 2, name="B", group=CIVIL)
C = request(3, ONLINE, 5, name="C", group=CIVIL)
D = request(4, ROOM, 0, name="D", group=GOVERNMENT)
BEFORE = [
    turn(request(5, ONLINE, -30, group=CIVIL), -20, 120),
    turn(replace(D, id=6, asked_at=at(-10)), -9, 240),
]


def order_of_turns(lengths: dict[str, int]) -> list[tuple[str, Reason]]:
    """Follow every suggestion until nobody waits."""
    waiting, turns, found = [A, B, C, D], list(BEFORE), []
    while suggestion := floor.suggest(waiting, turns):
        chosen = next(one for one in waiting if one.id == suggestion.id)
        waiting.remove(chosen)
        turns.append(turn(chosen, 10 + len(turns), lengths.get(chosen.name, 60)))
        found.append((chosen.name, suggestion.reason))
    return found


def test_the_fixture_of_the_domain_page():
    assert floor.seconds(BEFORE).by_group == {GOVERNMENT: 240, CIVIL: 120}
    assert order_of_turns({"C": 60, "B": 100}) == [
        ("C", Reason.ONLINE_TURN),
        ("B", Reason.LEAST_TIME),
        ("A", Reason.NOT_SPOKEN),
        ("D", Reason.ONLY_ONE),
    ]


def test_the_fixture_with_a_tie_of_the_groups():
    assert order_of_turns({"C": 120, "B": 100})[:3] == [
        ("C", Reason.ONLINE_TURN),
        ("A", Reason.LONGEST_WAIT),
        ("B", Reason.NOT_SPOKEN),
    ]


def test_the_moderator_reads_a_reason_in_words_and_what_was_compared():
    first = floor.suggest([A, B, C, D], BEFORE)
    second = floor.suggest([A, B, D], [*BEFORE, turn(C, 10, 60)])

    assert f"{C.name} · {first.text()}" == "C · online's turn"
    assert second == Suggestion(B.id, Reason.LEAST_TIME, {"group": CIVIL, "seconds": 180})


# --- The rules, one by one ---------------------------------------------------------------------


def suggested(waiting, turns=()) -> tuple[int, Reason] | None:
    """Whom the rules suggest, and why."""
    found = floor.suggest(waiting, turns)
    return found and (found.id, found.reason)


def test_nobody_is_suggested_where_nobody_waits_or_everybody_paused():
    assert suggested([]) is None
    assert suggested([request(1, paused=True)]) is None


def test_before_the_first_turn_neither_side_is_due():
    assert suggested([request(1, ROOM, 2), request(2, ONLINE, 1)]) == (2, Reason.LONGEST_WAIT)


def test_whoever_has_not_spoken_goes_first_even_out_of_turn():
    spoke = request(1, ONLINE, 0)
    earlier = [turn(spoke, 1), turn(request(9, ROOM), 2)]

    again = replace(spoke, id=2, asked_at=at(3))

    assert suggested([again, request(3, ROOM, 4)], earlier) == (3, Reason.NOT_SPOKEN)


def test_the_room_waits_its_turn_after_a_turn_online():
    lasts = [turn(request(9, ONLINE), 1, None)]

    assert suggested([request(1, ONLINE), request(2, ROOM, 5)], lasts) == (2, Reason.ROOM_TURN)


def test_a_paused_person_keeps_neither_a_side_nor_a_place_busy():
    waiting = [request(1, ONLINE, paused=True), request(2, ROOM, 2), request(3, ROOM, 3)]

    assert suggested(waiting, [turn(request(9, ROOM), 1)]) == (2, Reason.LONGEST_WAIT)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        pytest.param((0.6, 0.6), (1, Reason.LONGEST_WAIT), id="1.2-s-is-as-little-as-1.0-s"),
        pytest.param((1.0, 1.0), (2, Reason.LEAST_TIME), id="2-s-is-more-than-1.0-s"),
        pytest.param((1.5, 0.4999), (1, Reason.LONGEST_WAIT), id="1.9999-s-is-not-rounded-up"),
    ],
)
def test_groups_are_compared_in_whole_seconds_rounded_down_once(lengths, expected):
    speakers = [request(number, group=GOVERNMENT) for number in (7, 8)]
    turns = [
        turn(one, n, length) for n, (one, length) in enumerate(zip(speakers, lengths, strict=True))
    ]
    turns.append(turn(request(9, group=CIVIL), 5, 1.0))

    waiting = [request(1, minute=6, group=GOVERNMENT), request(2, minute=7, group=CIVIL)]

    assert suggested(waiting, turns) == expected


def test_whoever_does_not_state_a_group_is_a_group_of_their_own():
    turns = [turn(request(8, group=None), 1, 30), turn(request(9, group=CIVIL), 2, 20)]

    waiting = [request(1, minute=3), request(2, minute=4, group=CIVIL)]

    assert suggested(waiting, turns) == (2, Reason.LEAST_TIME)


def test_a_turn_that_lasts_counts_its_time_when_it_ends():
    speaks = turn(request(9, group=CIVIL), 2, None)
    turns = [turn(request(8, group=GOVERNMENT), 1, 30), speaks]
    waiting = [request(1, minute=3, group=GOVERNMENT), request(2, minute=4, group=CIVIL)]

    assert suggested(waiting, turns) == (2, Reason.LEAST_TIME)
    ended = replace(speaks, ended_at=speaks.started_at + timedelta(seconds=90))
    assert suggested(waiting, [turns[0], ended]) == (1, Reason.LEAST_TIME)


# --- A lost connection -------------------------------------------------------------------------


def lost(one: Request, minute: float) -> Request:
    """The request of somebody whose connection broke."""
    return floor.after_loss(one, at=at(minute))


def test_a_lost_connection_heads_the_next_turn_online_and_not_the_rooms():
    cut = request(3, ONLINE, 5)
    turns = [turn(cut, 6, 20)]
    room, online = request(1, ROOM, 1), request(2, ONLINE, 0)
    waiting = [room, online, lost(cut, 6.5)]

    assert suggested(waiting, turns) == (1, Reason.ROOM_TURN)
    turns.append(turn(room, 7))
    assert suggested(waiting[1:], turns) == (3, Reason.CONNECTION_LOST)


def test_a_lost_connection_comes_before_somebody_new_when_the_turn_is_onlines():
    cut = request(3, ONLINE, 5)
    turns = [turn(cut, 6, 20), turn(request(8, ROOM), 7)]

    assert suggested([request(1, ROOM), lost(cut, 6.5)], turns) == (3, Reason.CONNECTION_LOST)


def test_a_lost_connection_also_heads_a_turn_online_that_only_newness_brings():
    cut = request(3, ONLINE, 5)
    spoke = request(8, ROOM, 0)
    turns = [turn(spoke, 1), turn(cut, 6, 20)]
    again = replace(spoke, id=9, asked_at=at(2))

    waiting = [again, request(4, ONLINE, 3), lost(cut, 6.5)]

    assert suggested(waiting, turns) == (3, Reason.CONNECTION_LOST)


def test_the_head_of_the_line_is_given_back_once():
    cut = request(3, ONLINE, 0)
    twice = lost(lost(cut, 2), 4)
    turns = [turn(cut, 1), turn(lost(cut, 2), 3), turn(request(8, ROOM), 5)]

    assert (twice.losses, twice.asked_at) == (2, cut.asked_at)
    assert suggested([twice, request(4, ONLINE, 3)], turns) == (4, Reason.NOT_SPOKEN)


def test_of_two_lost_connections_the_earlier_loss_comes_back_first():
    one, other = request(3, ONLINE, 0), request(4, ONLINE, 1)
    turns = [turn(other, 2), turn(one, 3)]

    assert suggested([lost(one, 4), lost(other, 2.5)], turns) == (4, Reason.CONNECTION_LOST)


def test_nobody_in_the_room_loses_the_connection():
    with pytest.raises(floor.NotOnline):
        lost(request(1, ROOM), 1)


# --- Who is who ---------------------------------------------------------------------------------


def named(id: int, name: str, representation: str = "", **fields) -> Request:
    """A request of somebody without participant."""
    return request(id, participant=None, name=name, representation=representation, **fields)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(("Maria", "Brazil"), (" maria ", "BRAZIL\u00a0"), True, id="trimmed-folded"),
        pytest.param(("Zo\u00eb", ""), ("ZOE\u0308", ""), True, id="composed"),
        pytest.param(("STRASSE", ""), ("straße", ""), True, id="sharp-s"),
        pytest.param(("\u0390", ""), ("\u03aa\u0301", ""), True, id="folding-leaves-nfc"),
        pytest.param(("Maria", "Brazil"), ("Maria", "Peru"), False, id="representation"),
        pytest.param(("Zoë", ""), ("Zoe", ""), False, id="an-accent-is-a-letter"),
        pytest.param(("Ann", "A B"), ("Ann A", "B"), False, id="two-fields"),
    ],
)
def test_people_without_participant_are_told_apart_by_name_and_representation(one, other, same):
    first, second = named(1, *one), named(2, *other)
    people = floor.People([first, second])

    assert (people.of(first) == people.of(second)) is same


@pytest.mark.parametrize("who_comes_first", ["participant", "name"])
def test_a_name_belongs_to_the_participant_of_that_name_whoever_came_first(who_comes_first):
    person = request(1, participant=77, name="Maria Silva", representation="Brazil")
    by_desk = named(2, "maria silva", "BRAZIL", minute=1)
    spoken, asks = (person, by_desk) if who_comes_first == "participant" else (by_desk, person)
    stranger = request(3, minute=9)

    assert floor.times_spoken([asks, stranger], [turn(spoken, 3)]) == {asks.id: 1, 3: 0}
    assert suggested([asks, stranger], [turn(spoken, 3)]) == (3, Reason.NOT_SPOKEN)


def test_of_two_participants_of_one_name_the_first_to_ask_owns_what_the_desk_adds():
    first = request(1, participant=71, name="Li Wei")
    second = request(2, participant=72, name="Li Wei", minute=1)
    by_desk = named(3, "Li Wei", minute=2)
    people = floor.People([second, by_desk, first])

    assert people.of(by_desk) == people.of(first) != people.of(second)


def test_a_turn_that_goes_on_after_a_loss_counts_once():
    cut = request(3, ONLINE)
    again = replace(cut, id=4, asked_at=at(9))

    assert floor.times_spoken([again], [turn(cut, 1), turn(lost(cut, 2), 3)]) == {4: 1}


# --- Asking and giving -------------------------------------------------------------------------


def test_somebody_may_ask_while_the_list_is_open():
    with pytest.raises(floor.ListClosed) as refused:
        floor.admit(request(1), waiting=[], turns=[], list_is_open=False)

    assert (refused.value.code, refused.value.status) == ("list_closed", 409)
    floor.admit(request(1), waiting=[request(2)], turns=[], list_is_open=True)


@pytest.mark.parametrize(
    ("waiting", "turns"),
    [
        pytest.param([request(1)], [], id="waits"),
        pytest.param([request(1, paused=True)], [], id="paused"),
        pytest.param([], [turn(request(1), 1, None)], id="speaks"),
        pytest.param([named(2, "person 1 ")], [], id="was-added-by-name"),
    ],
)
def test_only_one_request_of_a_person_is_open(waiting, turns):
    newcomer = replace(request(1), id=5)

    with pytest.raises(floor.AlreadyWaiting) as refused:
        floor.admit(newcomer, waiting=waiting, turns=turns, list_is_open=True)

    assert (refused.value.code, refused.value.status) == ("already_waiting", 409)


def test_who_has_spoken_may_ask_again():
    floor.admit(request(1), waiting=[], turns=[turn(request(1), 1)], list_is_open=True)


def test_the_suggested_person_gets_the_floor_without_a_word():
    assert floor.grant(C.id, waiting=[A, B, C, D], turns=BEFORE) is None
    assert floor.grant(C.id, waiting=[A, B, C, D], turns=BEFORE, because="topic") is None


def test_any_other_choice_needs_one_word_which_is_kept():
    with pytest.raises(floor.ReasonNeeded) as refused:
        floor.grant(A.id, waiting=[A, B, C, D], turns=BEFORE)
    word = floor.grant(A.id, waiting=[A, B, C, D], turns=BEFORE, because="protocol")

    assert (refused.value.code, refused.value.status) == ("reason_needed", 409)
    assert word is Because.PROTOCOL
    with pytest.raises(Invalid):
        floor.grant(A.id, waiting=[A, B, C, D], turns=BEFORE, because="friend")


def test_the_floor_is_given_to_one_and_only_to_somebody_in_the_line():
    with pytest.raises(floor.FloorTaken) as taken:
        floor.grant(A.id, waiting=[A, B], turns=[turn(C, 1, None)], because="other")
    with pytest.raises(floor.NotWaiting):
        floor.grant(99, waiting=[A, B], turns=[])

    assert (taken.value.code, taken.value.status) == ("floor_taken", 409)


def test_a_paused_person_may_be_given_the_floor_where_nobody_else_is_ready():
    paused = request(1, paused=True)

    assert floor.grant(1, waiting=[paused], turns=[]) is None
    with pytest.raises(floor.ReasonNeeded):
        floor.grant(1, waiting=[paused, request(2)], turns=[])


# --- Time ----------------------------------------------------------------------------------------


def test_more_than_five_minutes_online_are_flagged():
    online = request(1, ONLINE)

    assert [floor.waits_too_long(online, at=at(minute)) for minute in (5, 5.01)] == [False, True]
    assert not floor.waits_too_long(replace(online, mode=ROOM), at=at(60))
    assert not floor.waits_too_long(replace(online, paused=True), at=at(60))


def test_the_countdown_depends_on_the_turn_and_not_on_the_list():
    speaks = turn(A, 0, None, limit_seconds=120)
    after_40_s = at(40 / 60)
    b_withdrew = [C]
    c_came_and_d_paused = [C, replace(D, paused=True)]

    for waiting in ([B], b_withdrew, c_came_and_d_paused):
        floor.suggest(waiting, [speaks])
        countdown = floor.turn_countdown(speaks)
        assert (countdown.started_at, countdown.left(after_40_s)) == (at(0), 80)


@pytest.mark.parametrize(
    ("second", "left", "phase"),
    [(0, 120, "running"), (59.4, 61, "running"), (60, 60, "running"), (60.1, 60, "last_minute"),
     (119.5, 1, "last_minute"), (120, 0, "over"), (125, -5, "over")],
)  # fmt: skip
def test_what_is_left_is_said_in_seconds_and_in_a_word(second, left, phase):
    countdown = floor.Countdown(at(0), 120)
    now = at(0) + timedelta(seconds=second)

    assert (countdown.left(now), countdown.phase(now)) == (left, Phase(phase))
    assert countdown.ends_at == at(2)


def test_who_needs_time_has_half_as_much_again():
    assert [floor.allowed(120, needs_time=needs) for needs in (False, True)] == [120, 180]
    assert floor.allowed(45, needs_time=True) == 68


def test_the_answer_has_as_long_as_the_question():
    answered = turn(A, 0, 90, limit_seconds=180, answer_started_at=at(2))

    assert floor.answer_countdown(answered).ends_at == at(5)
    assert floor.answer_countdown(turn(A, 0)) is None


def test_figures_of_a_session_are_produced():
    cut = request(3, ONLINE, group=CIVIL)
    by_desk = named(5, "person 3", group=CIVIL, minute=9)
    never = request(6, ONLINE, group=MEDIA, kind=Kind.TEXT)
    turns = [
        turn(A, 1, 90.25, answer_started_at=at(3), answer_ended_at=at(4)),
        turn(cut, 5, 10.1),
        turn(lost(cut, 6), 7, 20.2),
        turn(by_desk, 10, 30.3),
    ]

    found = floor.figures([A, cut, by_desk, never], turns)

    nothing = Decimal(0)
    government = Figures(1, 1, 1, 0, 1, Decimal("90.25"), Decimal(60))
    assert found.total == Figures(4, 3, 1, 1, 2, Decimal("150.85"), Decimal(60))
    assert found.by_group == {
        GOVERNMENT: government,
        CIVIL: Figures(2, 2, 0, 0, 1, Decimal("60.6"), nothing),
        MEDIA: Figures(1, 0, 0, 1, 0, nothing, nothing),
    }
    assert found.by_mode == {
        ROOM: Figures(2, 2, 1, 0, 2, Decimal("120.55"), Decimal(60)),
        ONLINE: Figures(2, 1, 0, 1, 1, Decimal("30.3"), nothing),
    }
    assert found.total.minutes == Decimal("2.5")


def test_the_time_of_whoever_speaks_counts_up_to_the_instant_asked_for():
    turns = [turn(A, 0, 60.1), turn(C, 2, None)]

    assert floor.seconds(turns).by_mode == {ROOM: Decimal("60.1")}
    assert floor.seconds(turns, at=at(2.5)).by_mode == {ROOM: Decimal("60.1"), ONLINE: 30}


def test_every_rule_is_one_short_sentence_and_every_reason_and_word_has_its_text():
    for sentence in floor.RULES.values():
        assert sentence.endswith(".")
        assert sentence.count(".") == 1
        assert len(sentence.split()) <= 20
    assert set(floor.REASONS) == set(Reason)
    assert set(floor.BECAUSE) == set(Because)
    assert all(phase.text() for phase in Phase)


def test_the_place_in_line_is_the_order_in_which_the_rules_would_call():
    paused = request(7, ONLINE, -5, paused=True)
    slow = replace(C, needs_time=True)

    places = floor.line([A, B, slow, D, paused], BEFORE, turn_seconds=60)

    assert [(place.id, place.number, place.seconds) for place in places] == [
        (C.id, 1, 0), (B.id, 2, 90), (A.id, 3, 150), (D.id, 4, 210),
    ]  # fmt: skip


# --- The rules, restated from scratch ----------------------------------------------------------


@st.composite
def sessions(draw):
    """A session's floor some way through, with ties, people added by name, and losses."""
    names = ["Ana", "Bo", "Chi", "Dee", "Eve"]
    tenths = st.integers(0, 25)

    def ask(number: int) -> Request:
        name = draw(st.sampled_from(names))
        losses = draw(st.sampled_from([0, 0, 0, 1, 2]))
        return Request(
            id=number,
            name=name if draw(st.booleans()) else f" {name.upper()}",
            mode=draw(st.sampled_from([ROOM, ONLINE])),
            asked_at=at(draw(st.integers(0, 4))),
            participant=draw(st.none() | st.just(names.index(name))),
            representation=draw(st.sampled_from(["", "Net Ghana"])),
            group=draw(st.sampled_from([None, GOVERNMENT, CIVIL, MEDIA])),
            paused=draw(st.sampled_from([False, False, False, True])),
            needs_time=draw(st.booleans()),
            losses=losses,
            lost_at=at(draw(st.integers(5, 7))) if losses else None,
        )

    turns = []
    for number in range(draw(st.integers(0, 6))):
        start = at(draw(st.integers(10, 13)))
        length = timedelta(milliseconds=100 * draw(tenths))
        turns.append(Turn(number, ask(100 + number), start, start + length))
    if draw(st.booleans()):
        turns.append(Turn(99, ask(199), at(14)))
    waiting: list[Request] = []
    for number in range(draw(st.integers(0, 9))):
        newcomer = ask(number)
        try:
            floor.admit(newcomer, waiting=waiting, turns=turns, list_is_open=True)
        except floor.AlreadyWaiting:
            continue
        waiting.append(newcomer)
    return waiting, turns


def restated_people(requests):
    """Whose each request is: participants by number, names by the first participant so called."""
    found = {}
    for one in requests:
        called = (one.name.strip().casefold(), one.representation)
        owners = [
            other
            for other in requests
            if other.participant is not None
            and (other.name.strip().casefold(), other.representation) == called
        ]
        first = min(owners, key=lambda other: (other.asked_at, other.id), default=None)
        found[one.id] = one.participant
        if one.participant is None:
            found[one.id] = called if first is None else first.participant
    return found


BY_RANK = [Reason.NOT_SPOKEN, None, Reason.LEAST_TIME, Reason.LONGEST_WAIT, Reason.LONGEST_WAIT]


def restated(waiting, turns):
    """The rules again, as one comparison of everybody with everybody: whom, and why."""
    who = restated_people([*waiting, *[one.request for one in turns]])
    spoke = [who[one.request.id] for one in turns]
    ready = [one for one in waiting if not one.paused]
    if not ready:
        return None
    history = sorted(turns, key=lambda one: (one.started_at, one.id))
    both_wait = any(one.mode is ROOM for one in ready) and any(one.mode is ONLINE for one in ready)
    due = None
    if both_wait and history:
        due = {ROOM: ONLINE, ONLINE: ROOM}[history[-1].request.mode]

    def heard(group):
        tenths = sum(
            (one.ended_at - one.started_at) // timedelta(milliseconds=100)
            for one in turns
            if one.request.group == group and one.ended_at is not None
        )
        return rounded_down(Fraction(tenths, 10))

    def rank(one):
        out_of_turn = due is not None and one.mode is not due
        return who[one.id] in spoke, out_of_turn, heard(one.group), one.asked_at, one.id

    first = min(ready, key=rank)
    cut = [one for one in ready if one.losses == 1 and one.mode is ONLINE]
    if len(ready) == 1:
        return first.id, Reason.ONLY_ONE
    if cut and (due is ONLINE or first.mode is ONLINE):
        first_cut = min(cut, key=lambda one: (one.lost_at, one.id))
        return first_cut.id, Reason.CONNECTION_LOST
    decided = max(
        next(n for n, (a, b) in enumerate(zip(rank(first), rank(other), strict=True)) if a != b)
        for other in ready
        if other is not first
    )
    turn_of = Reason.ROOM_TURN if first.mode is ROOM else Reason.ONLINE_TURN
    return first.id, BY_RANK[decided] or turn_of


@settings(max_examples=400)
@given(sessions())
def test_the_suggestion_is_a_plain_restatement_of_the_rules(session):
    waiting, turns = session

    assert suggested(waiting, turns) == restated(waiting, turns)


@settings(max_examples=100)
@given(sessions(), st.randoms())
def test_the_order_in_which_requests_and_turns_are_read_does_not_matter(session, random):
    waiting, turns = session
    shuffled = random.sample(waiting, len(waiting)), random.sample(turns, len(turns))

    assert floor.suggest(*shuffled) == floor.suggest(*session)
    assert floor.line(*shuffled, turn_seconds=60) == floor.line(*session, turn_seconds=60)
    assert floor.times_spoken(*shuffled) == floor.times_spoken(*session)
    assert floor.seconds(shuffled[1]) == floor.seconds(turns)
    assert floor.figures(*shuffled) == floor.figures(*session)


@settings(max_examples=100)
@given(sessions())
def test_nobody_has_two_open_requests_whatever_they_are_called(session):
    waiting, turns = session
    lasting = [one.request for one in turns if one.ended_at is None]
    who = restated_people([*waiting, *[one.request for one in turns]])

    open_requests = [who[one.id] for one in [*waiting, *lasting]]

    assert len(set(open_requests)) == len(open_requests)


@settings(max_examples=100)
@given(sessions(), st.integers(1, 90))
def test_the_line_is_what_following_every_suggestion_would_give(session, turn_seconds):
    waiting, turns = session
    places = floor.line(waiting, turns, turn_seconds=turn_seconds)
    assert sorted(place.id for place in places) == [one.id for one in waiting if not one.paused]

    turns = [replace(one, ended_at=one.ended_at or one.started_at) for one in turns]
    elapsed = timedelta(0)
    for place in places:
        assert place.id == restated(waiting, turns)[0]
        assert place.seconds == elapsed // timedelta(seconds=1)
        chosen = next(one for one in waiting if one.id == place.id)
        lasts = timedelta(seconds=floor.allowed(turn_seconds, needs_time=chosen.needs_time))
        start = at(20) + elapsed
        turns.append(Turn(200 + place.number, chosen, start, start + lasts))
        waiting = [one for one in waiting if one is not chosen]
        elapsed += lasts


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 10**10), st.sampled_from([ROOM, ONLINE])), max_size=30))
def test_sums_are_exact_to_the_microsecond(lengths):
    turns = [
        Turn(number, request(number, mode), at(0), at(0) + timedelta(microseconds=length))
        for number, (length, mode) in enumerate(lengths)
    ]
    found = floor.seconds(turns)

    for mode in (ROOM, ONLINE):
        exact = Fraction(sum(length for length, of in lengths if of is mode), 1_000_000)
        assert Fraction(found.by_mode.get(mode, Decimal(0))) == exact
    assert floor.figures([], turns).total.seconds == sum(found.by_mode.values())


@settings(max_examples=100)
@given(sessions(), st.sampled_from([None, *Because]))
def test_a_choice_is_either_suggested_or_explained(session, because):
    waiting, turns = session
    turns = [one for one in turns if one.ended_at is not None]
    best, _ = restated(waiting, turns) or (None, None)

    for one in waiting:
        if best is None or one.id == best:
            assert floor.grant(one.id, waiting=waiting, turns=turns, because=because) is None
        elif because is None:
            with pytest.raises(floor.ReasonNeeded):
                floor.grant(one.id, waiting=waiting, turns=turns)
        else:
            assert floor.grant(one.id, waiting=waiting, turns=turns, because=because) is because
