"""One clock: devices agree within two seconds, whatever their own clocks say, also offline."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.engines("sqlite")]
LIVE = "/live/probe/speech/"
FAST = "Date.now = ((now) => () => now() + 3_600_000)(Date.now);"  # an hour ahead
OFFLINE_SECONDS = 60


def seconds_left(page) -> int:
    """Return what the countdown of the turn says."""
    text = page.locator("main .count").first.inner_text()
    minutes, seconds = re.fullmatch(r"(\d+):(\d\d)", text).groups()
    return 60 * int(minutes) + int(seconds)


def apart(one, other) -> int:
    """Return by how many seconds two devices differ."""
    return abs(seconds_left(one) - seconds_left(other))


def device(chromium, site, *scripts: str):
    """A device on the public live page, its countdown running."""
    context = chromium.new_context(base_url=site.url)
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    page.goto(LIVE)
    expect(page.locator("main .count").first).to_be_visible()
    return context, page


def test_two_devices_agree_on_the_clock_also_after_a_minute_offline(chromium, site):
    right, one = device(chromium, site)
    wrong, other = device(chromium, site, FAST)
    assert apart(one, other) <= 2

    before = seconds_left(other)
    wrong.set_offline(True)
    lost = other.locator("[data-lost]").first
    expect(lost).to_contain_text(re.compile(r"No connection since \d\d:\d\d"), timeout=20_000)
    time.sleep(OFFLINE_SECONDS)
    assert apart(one, other) <= 2
    assert before - seconds_left(other) >= OFFLINE_SECONDS

    wrong.set_offline(False)
    expect(lost).to_be_hidden(timeout=20_000)
    assert apart(one, other) <= 2
    right.close()
    wrong.close()
