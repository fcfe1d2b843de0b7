"""Two devices on one countdown, of which the second has the wrong time and loses its connection."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect

LIVE = "/live/probe/speech/"
FAST = "Date.now = ((now) => () => now() + 3_600_000)(Date.now);"  # an hour ahead


@dataclass(frozen=True)
class Parted:
    """The devices, what they showed before, and when (monotonic) the second had lost the first."""

    one: Page
    other: Page
    apart_before: int
    seconds_before: int
    lost: Locator
    offline_at: float


def seconds_left(page: Page) -> int:
    """Return what the countdown of the turn says."""
    text = page.locator("main .count").first.inner_text()
    minutes, seconds = re.fullmatch(r"(\d+):(\d\d)", text).groups()
    return 60 * int(minutes) + int(seconds)


def apart(one: Page, other: Page) -> int:
    """Return by how many seconds two devices differ."""
    return abs(seconds_left(one) - seconds_left(other))


def device(context) -> Page:
    """A device on the public live page, its countdown running."""
    page = context.new_page()
    page.goto(LIVE)
    expect(page.locator("main .count").first).to_be_visible()
    return page


def part(chromium: Browser, url: str) -> Iterator[Parted]:
    """Open both devices at ``url`` and take the second, an hour wrong, offline; then close both."""
    with (
        closing(chromium.new_context(base_url=url)) as right,
        closing(chromium.new_context(base_url=url)) as wrong,
    ):
        wrong.add_init_script(FAST)
        one, other = device(right), device(wrong)
        apart_before, seconds_before = apart(one, other), seconds_left(other)
        wrong.set_offline(True)
        lost = other.locator("[data-lost]").first
        expect(lost).to_contain_text(re.compile(r"No connection since \d\d:\d\d"), timeout=20_000)
        yield Parted(one, other, apart_before, seconds_before, lost, time.monotonic())
