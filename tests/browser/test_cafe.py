"""A café in Chromium: phones follow the console, what is typed stays, no script is needed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import AXE, RUN_AXE, too_wide, unreached, violations, with_language

pytestmark = pytest.mark.browser
CONSOLE = "/live/probe/cafe/console"
STAGE = "/live/probe/cafe/projector"


@pytest.fixture
def phone(site) -> str:
    """The live page of somebody who sits at a table and hosts it."""
    return f"/my/{site.parts['manage']}/live/cafe/"


@pytest.fixture
def host(site) -> str:
    """The page of that table's host."""
    return f"/live/probe/cafe/table/{site.parts['table_key']}"


def seconds(text: str) -> int:
    """Read a countdown: "19:58", "−0:02"."""
    sign, minutes, rest = re.fullmatch(r"(−?)(\d+):(\d\d)", text).groups()
    return (-1 if sign else 1) * (int(minutes) * 60 + int(rest))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_of_a_person_and_a_host_have_no_axe_violations(window, phone, host, language):
    pages = [with_language(each, language) for each in (phone, host)]

    assert [each for page in pages for each in violations(window, page)] == []
    assert too_wide(window, pages) == []


def test_the_keyboard_reaches_everything_on_them(window, phone, host):
    assert unreached(window, [phone, host]) == []


def test_a_round_that_is_extended_reaches_every_device_by_itself_with_one_clock(
    open_window, staff_window, phone, host
):
    devices = [open_window() for _ in range(3)]
    for device, address in zip(devices, (phone, host, STAGE), strict=True):
        device.goto(address)
        expect(device.locator(".count").first).to_be_visible()
    before = devices[0].locator("[data-until]").first.get_attribute("data-until")

    staff_window.goto(CONSOLE)
    staff_window.get_by_role("button", name="+2 minutes").click()
    expect(staff_window.get_by_text("Two minutes more for everybody")).to_be_visible()

    for device in devices:
        expect(device.locator("[data-until]").first).not_to_have_attribute("data-until", before)
    shown = [
        seconds(each.locator(".count").first.inner_text()) for each in (*devices, staff_window)
    ]
    assert max(shown) - min(shown) <= 2


def test_what_a_host_types_stays_while_the_page_follows_the_round(open_window, staff_window, host):
    tablet = open_window()
    tablet.goto(host)
    tablet.get_by_label("Point 1").fill("Half a thought")
    head = tablet.locator("[data-until]").first
    before = head.get_attribute("data-until")

    staff_window.goto(CONSOLE)
    staff_window.get_by_role("button", name="+2 minutes").click()

    expect(head).not_to_have_attribute("data-until", before)
    expect(tablet.get_by_label("Point 1")).to_have_value("Half a thought")
    expect(tablet.get_by_label("Point 1")).to_be_focused()


def test_a_host_writes_notes_without_a_script(chromium, site, host):
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(host)
    assert page.get_by_text("this round ends at").is_visible()
    page.get_by_label("Point 1").fill("Said without a script")
    page.get_by_role("group", name="Point 1").get_by_label("different views").check()
    page.get_by_role("button", name="Add a point").click()
    assert page.get_by_label("Point 3").is_visible()
    assert page.get_by_label("Point 1").input_value() == "Said without a script"
    page.get_by_role("button", name="Send notes").click()

    assert page.get_by_text("Your notes are in").is_visible()
    page.goto("/live/probe/cafe/")
    assert page.get_by_text("Said without a script").is_visible()
    context.close()


@pytest.mark.parametrize("shows", ["seats", "harvest"])
def test_the_projector_holds_everything_without_scrolling(staff_window, site, shows):
    staff_window.goto(CONSOLE)
    wanted = "Show the harvest" if shows == "harvest" else "Show the tables"
    button = staff_window.get_by_role("button", name=wanted)
    if button.count():
        button.click()
    staff_window.goto(CONSOLE)
    keyed = staff_window.get_by_role("link", name="Projector with names").get_attribute("href")
    staff_window.set_viewport_size({"width": 1920, "height": 1080})
    staff_window.goto(keyed)
    expect(staff_window.locator(".count").first).to_be_visible()

    cut = "() => [...document.querySelectorAll('.stage main > section')].some(each =>"
    cut += " each.getBoundingClientRect().bottom >"
    cut += " document.querySelector('.stage__foot').getBoundingClientRect().top)"
    assert staff_window.evaluate(cut) is False
    small = "() => [...document.querySelectorAll('.stage main *')].filter(each =>"
    small += " each.childNodes.length && [...each.childNodes].some(node => node.nodeType === 3"
    small += " && node.textContent.trim()) && !each.closest('.hidden, [hidden]')"
    small += " && parseFloat(getComputedStyle(each).fontSize) < 1080 * 0.044)"
    small += ".map(each => each.outerHTML.slice(0, 80))"
    assert staff_window.evaluate(small) == []
    staff_window.evaluate(AXE)
    assert staff_window.evaluate(RUN_AXE) == []
