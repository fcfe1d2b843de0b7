"""The Idempotency-Key: an act is done once, its key kept in the transaction of its effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import IdempotencyKey
from app.core.refusals import N_, Invalid, Refusal
from app.database import db, operation
from app.web import access

KEPT = timedelta(hours=24)


class Mismatch(Refusal):
    """The same key came with another body."""

    code = "idempotency_mismatch"
    status = 422
    message = N_("This Idempotency-Key was used with another body.")


@operation
def once(
    key: str, path: str, body_hash: bytes, act: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any]]:
    """Do ``act`` unless this token did it under ``key`` within 24 h; return its status and ids.

    The key is written first: a twin in the same instant waits for it, then finds it. Raises
    `Mismatch` where the first body was another; a refused act leaves no key.
    """
    actor = access.actor()
    assert actor is not None
    assert actor.token_id is not None
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise Invalid.field(
            "Idempotency-Key", "invalid_key", "The key must be 1 to 255 visible characters"
        )
    known = db.session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.token_id == actor.token_id,
            IdempotencyKey.path == path,
            IdempotencyKey.key == key,
        )
    )
    if known is not None and known.created_at > clock.now() - KEPT:
        if known.body_hash != body_hash:
            raise Mismatch
        return known.status, known.ids
    if known is not None:
        db.session.delete(known)
        db.session.flush()
    row = IdempotencyKey(
        token_id=actor.token_id,
        path=path,
        key=key,
        body_hash=body_hash,
        status=0,
        ids={},
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    row.status, row.ids = act()
    return row.status, row.ids


def register(app: Flask) -> None:
    """Set the hook that `app/web/api.py` calls."""
    app.extensions["once"] = once
