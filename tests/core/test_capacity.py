"""Who gets a place, who is next in line, and what is shown as free."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import capacity
from app.core.capacity import Places, SessionFull, Standing
from app.core.vocabulary import Mode, RegistrationStatus

ROOM, ONLINE = Mode.ON_SITE, Mode.ONLINE
CONFIRMED, WAITING = RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING

numbers = st.integers(0, 6)
counts = st.builds(
    Places,
    capacity=st.none() | numbers,
    confirmed=numbers,
    offered=numbers,
    held=numbers,
    waiting=numbers,
    shown_held=numbers,
    shown_waiting=numbers,
)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        pytest.param(Places(2, confirmed=1), CONFIRMED, id="last-place"),
        pytest.param(Places(2, confirmed=2), WAITING, id="full"),
        pytest.param(
            Places(2, confirmed=1, waiting=1), WAITING, id="a-free-place-belongs-to-the-line"
        ),
        pytest.param(Places(None, confirmed=999), CONFIRMED, id="unlimited"),
        pytest.param(Places(0), WAITING, id="zero-means-that-everybody-waits"),
        pytest.param(Places(1, confirmed=2), WAITING, id="capacity-was-lowered"),
        pytest.param(Places(2, confirmed=1, held=1), WAITING, id="a-submission-holds-it"),
        pytest.param(Places(2, confirmed=1, offered=1), WAITING, id="it-is-offered"),
        pytest.param(Places(2, confirmed=1, shown_held=1), CONFIRMED, id="only-displayed-as-held"),
    ],
)
def test_place_for_newcomer(places, expected):
    assert capacity.place_for_newcomer(places) is expected


@pytest.mark.parametrize(
    ("places", "left", "ahead"),
    [
        pytest.param(Places(6, confirmed=2), 4, 0, id="plain"),
        pytest.param(Places(6, confirmed=5, waiting=3), 0, 3, id="none-while-somebody-waits"),
        pytest.param(Places(2, confirmed=5), 0, 0, id="never-negative"),
        pytest.param(Places(6, confirmed=2, held=1, shown_held=2), 1, 0, id="unopened-subtracted"),
        pytest.param(Places(1, confirmed=1, shown_waiting=1), 0, 1, id="displayed-in-line"),
        pytest.param(Places(2, confirmed=1, shown_waiting=1), 0, 0, id="displayed-as-promoted"),
        pytest.param(Places(None, confirmed=7, shown_held=1), None, 0, id="unlimited"),
    ],
)
def test_what_everybody_sees(places, left, ahead):
    assert (places.left, places.ahead) == (left, ahead)


@given(counts, st.lists(st.integers(), max_size=8))
def test_only_the_head_of_the_line_is_promoted_and_only_into_what_is_free(places, waiting):
    lucky = capacity.next_in_line(places, waiting)

    assert lucky == waiting[: len(lucky)]
    if places.capacity is not None and lucky:
        assert places.taken + len(lucky) <= places.capacity


@given(counts, counts, st.sampled_from(Mode), st.booleans())
def test_one_person_more_is_counted_once_in_each_line(room, online, mode, also_waits):
    places = {ROOM: room, ONLINE: online}
    other = ONLINE if mode is ROOM else ROOM
    standing = Standing(mode, CONFIRMED, other if also_waits else None)

    after = capacity.with_newcomer(places, standing)

    assert after[mode] == replace(places[mode], confirmed=places[mode].confirmed + 1)
    assert after[other] == replace(places[other], waiting=places[other].waiting + also_waits)


@given(counts)
def test_what_is_shown_as_left_can_be_given(places):
    if places.left:
        assert capacity.place_for_newcomer(places) is CONFIRMED
        assert places.left <= places.free


@given(counts)
def test_counting_only_what_is_shown_shows_the_same(places):
    assert (places.as_shown.left, places.as_shown.ahead) == (places.left, places.ahead)


FREE, FULL, LINE = Places(1), Places(1, confirmed=1), Places(1, confirmed=1, waiting=1)


@pytest.mark.parametrize(
    ("room", "online", "mode", "waits_for", "expected"),
    [
        pytest.param(FREE, FREE, ROOM, None, Standing(ROOM, CONFIRMED), id="free"),
        pytest.param(FULL, FREE, ROOM, None, Standing(ROOM, WAITING), id="full"),
        pytest.param(FULL, FREE, ONLINE, ROOM, Standing(ONLINE, CONFIRMED, ROOM), id="both"),
        pytest.param(FREE, FREE, ONLINE, ROOM, Standing(ROOM, CONFIRMED), id="no-need-to-wait"),
        pytest.param(FULL, FULL, ONLINE, ROOM, Standing(ONLINE, WAITING, ROOM), id="two-lines"),
        pytest.param(FULL, FREE, ROOM, ROOM, Standing(ROOM, WAITING), id="waits-for-itself"),
    ],
)
def test_where_a_newcomer_stands(room, online, mode, waits_for, expected):
    places = {ROOM: room, ONLINE: online}

    assert capacity.stand(places, mode, waits_for, waiting_list=True) == expected


@pytest.mark.parametrize(("mode", "waits_for"), [(ROOM, None), (ONLINE, ROOM)])
def test_without_a_waiting_list_full_is_full(mode, waits_for):
    with pytest.raises(SessionFull):
        capacity.stand({ROOM: FULL, ONLINE: FREE}, mode, waits_for, waiting_list=False)


AT_HOME = Standing(ONLINE, CONFIRMED)
IN_LINE = Standing(ROOM, WAITING)
BOTH = Standing(ONLINE, CONFIRMED, ROOM)


@pytest.mark.parametrize(
    ("now", "room", "online", "mode", "waits_for", "expected"),
    [
        pytest.param(AT_HOME, FREE, FREE, ROOM, None, Standing(ROOM, CONFIRMED), id="free"),
        pytest.param(AT_HOME, FULL, FREE, ROOM, None, SessionFull, id="full"),
        pytest.param(AT_HOME, FULL, FREE, ONLINE, ROOM, BOTH, id="waits"),
        pytest.param(AT_HOME, FULL, FREE, ROOM, ROOM, BOTH, id="waits-said-the-other-way"),
        pytest.param(AT_HOME, FREE, FREE, ONLINE, ROOM, Standing(ROOM, CONFIRMED), id="at-once"),
        pytest.param(BOTH, LINE, FREE, ONLINE, None, AT_HOME, id="leaves-the-line"),
        pytest.param(BOTH, LINE, FREE, ONLINE, ROOM, BOTH, id="nothing-new"),
        pytest.param(IN_LINE, LINE, FREE, ONLINE, ROOM, BOTH, id="online-meanwhile"),
        pytest.param(IN_LINE, LINE, FULL, ONLINE, ROOM, SessionFull, id="no-place-meanwhile"),
        pytest.param(IN_LINE, LINE, FREE, ONLINE, None, AT_HOME, id="gives-up-waiting"),
    ],
)
def test_where_somebody_stands_after_switching(now, room, online, mode, waits_for, expected):
    places = {ROOM: room, ONLINE: online}

    def switched():
        return capacity.switch(places, now, mode, waits_for, waiting_list=True)

    if expected is SessionFull:
        with pytest.raises(SessionFull):
            switched()
    else:
        assert switched() == expected
