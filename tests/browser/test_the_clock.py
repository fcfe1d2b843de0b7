"""One clock: devices agree within two seconds, whatever their own clocks say, also offline.

The minute offline is a real one. It begins with the first test of the browser (`parted`), and this
file is named to come last: the others fill it. Run alone, it waits.
"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.devices import apart, seconds_left

pytestmark = [pytest.mark.browser, pytest.mark.engines("sqlite")]
OFFLINE_SECONDS = 60


def test_two_devices_agree_on_the_clock_also_after_a_minute_offline(parted):
    one, other = parted.one, parted.other
    assert parted.apart_before <= 2

    time.sleep(max(0, parted.offline_at + OFFLINE_SECONDS - time.monotonic()))
    assert apart(one, other) <= 2
    assert parted.seconds_before - seconds_left(other) >= OFFLINE_SECONDS

    other.context.set_offline(False)
    expect(parted.lost).to_be_hidden(timeout=20_000)
    assert apart(one, other) <= 2
