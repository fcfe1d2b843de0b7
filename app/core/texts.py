"""What people type: cleaned without being changed, compared without being changed."""

from __future__ import annotations

import re
import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

from app.core.refusals import N_, Invalid

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
BIDI_CONTROL = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
MARKS_IN_A_ROW = 8
LONGEST_HASHTAG = 50


def clean(text: str, *, lines: bool = False) -> str:
    """Return ``text`` in NFC without control characters; one line unless ``lines``.

    Callers check the length first: normalising long runs of combining marks is quadratic.
    """
    text = limit_marks(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    text = CONTROL.sub("", unicodedata.normalize("NFC", text))
    if lines:
        return text.strip()
    return " ".join(text.split())


def clean_name(text: str) -> str:
    """Return a name on one line, without characters that turn the direction of what follows."""
    return clean(BIDI_CONTROL.sub("", text))


def limit_marks(text: str) -> str:
    """Drop combining marks beyond eight in a row: no script needs more, and a thousand hang us."""
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def folded(text: str) -> str:
    """Return ``text`` for searching: no diacritics, no case, full-width letters as plain ones."""
    plain = unicodedata.normalize("NFKD", limit_marks(text))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.replace("ß", "ss").replace("ø", "o").replace("Ø", "o").replace("ł", "l")
    plain = plain.replace("Ł", "l").replace("đ", "d").replace("Đ", "d").replace("\u0131", "i")
    return " ".join(plain.replace("’", "'").casefold().split())


def address(text: str, *, field: str = "email") -> str:
    """Return an e-mail address as it is stored, shown and mailed.

    Trimmed, NFC, local part lower-cased (not case-folded: that merges ß and ss), domain in IDNA
    (UTS 46, non-transitional). Raises `Invalid` where it is none.
    """
    text = text.strip()
    if not text:
        raise Invalid.field(field, "email_missing", N_("Enter your email address"))
    if len(text) > 254:
        raise wrong_address(field)
    text = unicodedata.normalize("NFC", text)
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=True)
        domain = idna.encode(checked.domain, uts46=True, transitional=False).decode("ascii")
    except (EmailNotValidError, idna.IDNAError, UnicodeError) as fault:
        raise wrong_address(field) from fault
    return f"{checked.local_part.lower()}@{domain}"


def hashtag(text: str) -> str:
    """Return a hashtag without its sign: letters, digits and ``_``. Raises `Invalid`."""
    word = clean(text).removeprefix("#")
    known = all(letter == "_" or unicodedata.category(letter)[0] in "LMN" for letter in word)
    if not (known and 0 < len(word) <= LONGEST_HASHTAG):
        raise Invalid.field(
            "hashtag", "invalid_hashtag", N_("Use letters, digits and _ only, 50 at most")
        )
    return word


def wrong_address(field: str) -> Invalid:
    """Return the refusal of something that is no address."""
    return Invalid.field(field, "email_invalid", N_("Enter an email address in the correct format"))
