"""Forms of people without a session: refused from other sites, and signed for a day."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import current_app, request

from app import clock
from app.core.refusals import N_, Refusal

FIELD = "form_hour"
GOOD_FOR_HOURS = 24


class FromElsewhere(Refusal):
    """The form was sent from another site."""

    code = "cross_site"
    status = 403
    message = N_("This form was sent from another site. Open the page here and send it again.")


class FormExpired(Refusal):
    """The page was open for more than a day; what was typed is kept."""

    code = "form_expired"
    status = 422
    message = N_(
        "This page was open for a long time. Your answers are still here. "
        "Check them and send again."
    )


def current_hour() -> int:
    """Return the hour now, counted from the epoch."""
    return int(clock.now().timestamp()) // 3600


def signed_hour() -> str:
    """Return the value of the hidden field: this hour, signed."""
    hour = str(current_hour())
    return f"{hour}.{signature(hour)}"


def signature(hour: str) -> str:
    """Return the HMAC of ``hour`` under the installation's key."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"form hour:" + hour.encode(), hashlib.sha256).hexdigest()[:32]


def refuse_other_sites() -> None:
    """Refuse a form that another site sent (contract, "Public forms")."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        if fetch_site in ("cross-site", "same-site"):
            raise FromElsewhere
        return
    origin = request.headers.get("Origin")
    if origin in (None, "null"):
        return
    ours = {request.host, urlsplit(current_app.config["SITE_URL"]).netloc}
    if urlsplit(origin or "").netloc not in ours:
        raise FromElsewhere


def is_fresh() -> bool:
    """Whether the form's signed hour is ours and less than a day old."""
    hour, _, mark = request.form.get(FIELD, "").partition(".")
    if not hour.isdecimal() or len(hour) > 12 or not hmac.compare_digest(mark, signature(hour)):
        return False
    return 0 <= current_hour() - int(hour) < GOOD_FOR_HOURS


def refuse_old() -> None:
    """Refuse a form that was open too long; the caller keeps what was typed."""
    if not is_fresh():
        raise FormExpired
