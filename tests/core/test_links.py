"""Secrets are derived, apart from each other, and forgiving where people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import links
from app.core.links import Purpose

KEY = b"k" * 32
CODE = "7KQ4Z0M1XR"
QR = "AbCdEfGhIjKlMnOpQrStUv"


def test_the_same_question_derives_the_same_secret():
    assert links.derive(KEY, Purpose.MANAGE, "ada", 1) == links.derive(
        KEY, Purpose.MANAGE, "ada", 1
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Purpose),
            st.text(alphabet="ab0123456789", max_size=4),
            st.integers(1, 99),
        ),
        unique=True,
        max_size=20,
    )
)
def test_no_two_purposes_owners_or_versions_share_a_secret(questions):
    derived = {links.derive(KEY, *question) for question in questions}

    assert len(derived) == len(questions)


def test_a_secret_has_192_bits_and_needs_no_escape_in_an_address():
    token = links.derive(KEY, Purpose.FEED, "ada", 1)

    assert len(token) == 32
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "typed",
    [
        "7kq4z0m1xr", "7KQ4Z0M1XR", "7KQ4Z-0M1XR", " 7KQ4Z 0M1XR ", "7KQ4Z\u20110M1XR\r",
        "7KQ4Z\u00a00M1XR", "7KQ4Z-OM1XR", "7KQ4Z-oMIXR", "7kq4z-0mlxr", "7KQ4Z\u22120M1XR",
    ],
)  # fmt: skip
def test_a_typed_code_is_read_whatever_the_keyboard_did(typed):
    assert links.read_ticket(typed) == (CODE, None)


@pytest.mark.parametrize("scanned", [f"https://talks.example.org/t/{QR}", QR, f"http://x/t/{QR}/"])
def test_a_scanner_may_send_the_whole_address(scanned):
    assert links.read_ticket(scanned) == (None, QR)


@pytest.mark.parametrize("typed", ["7KQ4Z-0M1XU", "7KQ4Z", "", "https://x/t/short", "é" * 10])
def test_anything_else_is_no_ticket(typed):
    assert links.read_ticket(typed) == (None, None)


def test_new_codes_are_ten_letters_of_crockford():
    code = links.new_ticket_code()

    assert links.read_ticket(links.shown_code(code)) == (code, None)
