"""Every page in Chromium: free of axe violations, whole by keyboard, never too wide."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RUN_AXE = """
() => axe.run({resultTypes: ["violations"]}).then(result => result.violations.map(
  each => `${each.id}: ${each.nodes.map(node => node.html).slice(0, 3).join(" | ")}`))
"""
REACHABLE = """
() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary,"
    + "[tabindex='0']";
  return [...document.querySelectorAll(wanted)].filter((each) => {
    const group = each.type === "radio" && each.form
      ? [...each.form.elements].filter((other) => other.name === each.name) : [];
    const chosen = group.find((other) => other.checked) || group[0];
    return !each.disabled && each.tabIndex >= 0 && each.checkVisibility({visibilityProperty: true})
      && (group.length === 0 || each === chosen);
  }).map((each, number) => (each.dataset.number = number)).length;
}
"""
FOCUSED = """
() => {
  const each = document.activeElement;
  const style = getComputedStyle(each);
  return {number: each.dataset.number || null, seen: style.outlineStyle !== "none"
    || style.boxShadow !== "none", what: each.outerHTML.slice(0, 120)};
}
"""
EXTRA = (
    "/probe/?tz=America/New_York", "/week/?tz=Asia/Tokyo", "/probe/hall/", "/probe/gone/",
    "/live/probe/speech/", "/live/probe/speech/projector",
)  # fmt: skip
NOT_HERE = ("/nowhere/", "/probe/nothing/")


def attendee_pages(site) -> list[str]:
    """Return every page for people without an account, and some in another state."""
    return [*site.addresses("public", "link"), *EXTRA, *NOT_HERE]


def with_language(address: str, language: str) -> str:
    """Return ``address`` in another language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def visit(page, address: str) -> None:
    """Open a page, which must be there: an error page has few mistakes to find."""
    answer = page.goto(address)
    expected = 404 if address.split("?")[0] in NOT_HERE else 200
    assert answer.status == expected, address


def violations(page, address: str) -> list[str]:
    """Return what axe finds on the page at both widths."""
    found = []
    page.set_viewport_size({"width": 1280, "height": 900})
    visit(page, address)
    page.evaluate(AXE)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{address} at {width}: {each}" for each in page.evaluate(RUN_AXE)]
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_attendee_pages_have_no_axe_violations(window, site, language):
    found = [
        each
        for address in attendee_pages(site)
        for each in violations(window, with_language(address, language))
    ]

    assert found == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_staff_pages_have_no_axe_violations(staff_window, site, language):
    found = [
        each
        for address in site.addresses()
        for each in violations(staff_window, with_language(address, language))
    ]

    assert found == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_attendee_page_is_wider_than_a_small_phone(window, site, language):
    assert too_wide(window, [with_language(a, language) for a in attendee_pages(site)]) == []


def test_no_staff_page_is_wider_than_a_small_phone(staff_window, site):
    assert too_wide(staff_window, site.addresses()) == []


def too_wide(page, addresses: list[str]) -> list[tuple[str, int]]:
    """Return the pages one would have to scroll sideways at 320 px, with their width."""
    page.set_viewport_size({"width": 320, "height": 700})
    found = []
    for address in addresses:
        visit(page, address)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        if width > 320:
            found.append((address, width))
    return found


def test_the_keyboard_reaches_everything_on_attendee_pages_and_shows_where_it_is(window, site):
    assert unreached(window, attendee_pages(site)) == []


def test_the_keyboard_reaches_everything_on_staff_pages(staff_window, site):
    assert unreached(staff_window, site.addresses()) == []


def unreached(page, addresses: list[str]) -> list[str]:
    """Return what Tab does not come to, or comes to without showing it."""
    found = []
    for address in addresses:
        visit(page, address)
        count = page.evaluate(REACHABLE)
        page.evaluate("() => document.activeElement.blur()")
        reached, shown = set(), set()
        for _ in range(count * 2 + 20):  # a date has stops of its own inside
            page.keyboard.press("Tab")
            focus = page.evaluate(FOCUSED)
            if focus["number"] is not None:
                reached.add(int(focus["number"]))
                shown |= {int(focus["number"])} if focus["seen"] else set()
            elif len(reached) == count:
                break
        if hidden := reached - shown:
            found.append(f"{address}: focus not shown on {len(hidden)} of {count}")
        if missing := set(range(count)) - reached:
            what = page.evaluate(
                "(n) => document.querySelector(`[data-number='${n}']`).outerHTML.slice(0, 120)",
                min(missing),
            )
            found.append(f"{address}: {len(missing)} of {count} not reached, first {what}")
    return found


def test_a_page_without_script_loses_nothing_but_the_offer(chromium, site):
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()

    page.goto("/probe/")
    page.get_by_label("Your clock").select_option("America/New_York")
    page.get_by_role("button", name="Show times").click()

    assert page.url == f"{site.url}/probe/?tz=America%2FNew_York"
    assert page.get_by_text("your time").first.is_visible()
    context.close()


def test_the_script_offers_the_zone_of_the_device_as_a_link(chromium, site):
    context = chromium.new_context(base_url=site.url, timezone_id="Asia/Kathmandu")
    page = context.new_page()

    page.goto("/probe/")
    page.get_by_role("link", name="Show times in").click()

    assert "tz=Asia%2FK" in page.url
    assert page.get_by_text("your time").first.is_visible()
    assert context.cookies() == []
    context.close()


def test_pages_keep_to_their_own_security_policy(chromium, site):
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    for address in attendee_pages(site):
        if address not in NOT_HERE:
            page.goto(address)

    assert complaints == []
    context.close()
