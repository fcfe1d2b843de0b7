"""Secrets: one per purpose, derived so that they can be shown again, stored only as a hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from functools import lru_cache

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TICKET_CODE_LENGTH = 10
CODE_ROUNDS = 2_000  # a code to type has 50 bits: whoever finds a door's list must not count it out


class Purpose(StrEnum):
    """What a secret opens; each opens nothing else."""

    MANAGE = "manage"
    FEED = "feed"
    JOIN = "join"
    UNSUBSCRIBE = "unsubscribe"
    STAFF_FEED = "staff_feed"
    PREVIEW = "preview"
    SIGN_IN = "sign_in"
    STAGE = "stage"
    TABLE = "table"


def derive(key: bytes, purpose: Purpose, owner: str, version: int) -> str:
    """Return the token of ``owner`` (an opaque id) for ``purpose``: 192 bits, URL-safe.

    HMAC-SHA256 over length-prefixed parts, so that no two different inputs run together.
    """
    message = b"".join(
        len(part).to_bytes(4, "big") + part
        for part in (purpose.value.encode(), owner.encode(), str(version).encode())
    )
    digest = hmac.new(key, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def fingerprint(token: str) -> str:
    """Return what is stored of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_id() -> str:
    """Return an opaque id of 100 random bits in lower-case Crockford base 32."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(20)).lower()


def new_ticket_secret() -> str:
    """Return 128 random bits for the QR code, URL-safe."""
    return secrets.token_urlsafe(16)


def new_ticket_code() -> str:
    """Return ten characters of Crockford base 32 for typing, without the hyphen."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(TICKET_CODE_LENGTH))


def shown_code(code: str) -> str:
    """Return a ticket code as printed: ``XXXXX-XXXXX``."""
    return f"{code[:5]}-{code[5:]}"


def read_ticket(text: str) -> tuple[str | None, str | None]:
    """Read what a person typed or a scanner sent: ``(code, secret)``, at most one of them set.

    A code is Crockford base 32: case, blanks and every kind of hyphen are ignored, O is 0, I and L
    are 1. Anything with a slash is the QR's whole address, its last part the secret.
    """
    text = text.strip()
    if "/" in text:
        secret = text.rstrip("/").rsplit("/", 1)[-1]
        return None, secret if re.fullmatch(r"[A-Za-z0-9_-]{22}", secret) else None
    squeezed = re.sub(
        r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufe58\ufe63\uff0d\ufeff-]", "", text
    )
    code = squeezed.upper().translate(str.maketrans("OIL", "011"))
    if len(code) == TICKET_CODE_LENGTH and all(letter in CROCKFORD for letter in code):
        return code, None
    return None, text if re.fullmatch(r"[A-Za-z0-9_-]{22}", text) else None


def secret_on_device(salt: str, secret: str) -> str:
    """Return by what a door device knows a QR code: hex, 128 bits, worth nothing at any door."""
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()[:32]


@lru_cache(maxsize=20_000)
def code_on_device(salt: str, code: str) -> str:
    """Return by what a door device knows a code to type: PBKDF2-SHA256, hex, 128 bits."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), CODE_ROUNDS, 16).hex()
