"""The desk with scripts: nothing is lost offline, and the camera reads a ticket."""

from __future__ import annotations

import re

import pytest
import segno
from playwright.sync_api import Error, expect

from tests.browser.conftest import CHROMIUM

pytestmark = [pytest.mark.browser, pytest.mark.engines("sqlite")]
DOOR = "/door/probe/cafe/?desk=7"
LETTERS = "23456789AB"


def opened(chromium, site, cookies, **options):
    """A tab at the desk, and its context."""
    context = chromium.new_context(base_url=site.url, storage_state=cookies, **options)
    page = context.new_page()
    page.goto(DOOR)
    expect(page.locator("#line-more")).to_contain_text("synced")
    return context, page


def test_scans_survive_the_network_and_the_tab(chromium, site, cookies):
    context, page = opened(chromium, site, cookies)
    context.set_offline(True)
    for number in range(20):
        code = f"0000{LETTERS[number // 10]}-0000{LETTERS[number % 10]}"
        page.fill("#text", code)
        page.press("#text", "Enter")
        words = "1 scan waits" if number == 0 else f"{number + 1} scans wait"
        expect(page.locator("#line")).to_contain_text(words)
    expect(page.locator("#line")).to_contain_text("Offline")
    expect(page.locator("#result")).to_contain_text("Saved")
    page.close()  # the tab is lost …
    context.set_offline(False)

    again = context.new_page()
    with again.expect_response(re.compile("/scans")) as sent:
        again.goto(DOOR)  # … and opened again

    verdicts = sent.value.json()["verdicts"]
    assert len(verdicts) == 20
    expect(again.locator("#line")).to_contain_text("Online")
    expect(again.locator("#line")).not_to_contain_text("wait")
    again.reload()
    expect(again.locator("#line-more")).to_contain_text("synced")
    context.close()


def kept_by_the_worker(page) -> None:
    """Wait until the worker keeps this desk: it controls pages opened after it came."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator("#line-more")).to_contain_text("synced")
    page.evaluate("fetch(document.getElementById('desk').dataset.tickets).then((r) => r.status)")


def test_a_reload_without_network_keeps_the_desk_and_advises_by_the_list(chromium, site, cookies):
    ticket = site.url + site.parts["/t/<secret>"]
    context, page = opened(chromium, site, cookies)
    kept_by_the_worker(page)
    context.set_offline(True)

    page.reload()  # a phone that was put away, in a cellar

    expect(page.locator("#line")).to_contain_text("Offline")
    for text, word, name in (
        (ticket, "Welcome", "the QR of somebody registered"),
        (ticket, "Already in", "the same once more"),
        ("00000-00000", "See the desk", "a code nobody has"),
    ):
        page.fill("#text", text)
        page.press("#text", "Enter")
        expect(page.locator("#result .word"), name).to_have_text(word)
        expect(page.locator("#result")).to_contain_text("the server checks it later")
    expect(page.locator("#line")).to_contain_text("3 scans wait")
    assert "علي حسن" not in page.locator("#result").inner_text()
    context.close()


def test_whoever_signs_out_leaves_no_page_of_the_desk_behind(chromium, site, cookies):
    context, page = opened(chromium, site, cookies)
    kept_by_the_worker(page)
    assert page.evaluate("caches.has('door-1')")

    stranger = context.new_page()
    context.clear_cookies()
    stranger.goto("/manage/sign-in")

    stranger.wait_for_function("() => caches.has('door-1').then((has) => !has)")
    context.set_offline(True)
    with pytest.raises(Error, match=r"ERR_|offline"):
        page.goto(DOOR)
    context.close()


def picture(path, text: str) -> None:
    """Write a second of a camera that looks at the QR code of ``text``."""
    width, height = 640, 480
    matrix = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    size = height // len(matrix)
    left = (width - size * len(matrix)) // 2
    light = bytearray(b"\xeb" * (width * height))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            for line in range(size if dark else 0):
                start = (y * size + line) * width + left + x * size
                light[start : start + size] = b"\x10" * size
    frame = b"FRAME\n" + bytes(light) + b"\x80" * (width * height // 2)
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 10)


def test_the_camera_reads_a_ticket_under_the_policy_of_the_page(chromium, site, cookies, tmp_path):
    video = tmp_path / "ticket.y4m"
    picture(video, site.url + site.parts["/t/<secret>"])
    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}",
    ]  # fmt: skip
    looking = chromium.browser_type.launch(executable_path=CHROMIUM, args=flags)
    context, page = opened(looking, site, cookies, permissions=["camera"])
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    page.click("#camera-start")

    expect(page.locator("#result .name")).to_have_text("علي حسن", timeout=20_000)
    expect(page.locator("#result .word")).to_have_text(re.compile("Welcome|Already in"))
    assert problems == []
    context.close()
    looking.close()
