"""Background work of the document: freezing what was asked for, and making files of editions."""

from __future__ import annotations

import threading
import time
from functools import partial

from app import jobs
from app.core.synthesis.freezing import Stage
from app.reports.operations import files, freezing
from app.reports.operations.base import FREEZING
from app.reports.queries import files as kept

SWEEP_SECONDS = 10
REST_SECONDS = 600  # before what could not be made is tried again

_turn = threading.Lock()
_rung = threading.Event()
_tried: dict[tuple[int, int | None], float] = {}  # (edition, revision): when its files were made


@jobs.task(FREEZING, every=SWEEP_SECONDS)
def freeze() -> None:
    """Freeze whatever was asked for, then make the files that editions lack; one at a time."""
    _rung.set()
    while _rung.is_set() and _turn.acquire(blocking=False):
        try:
            _rung.clear()
            while (claim := freezing.take()) is not None:
                finish(claim)
            make_missing_files()
        finally:
            _turn.release()


def finish(claim: freezing.Claim) -> None:
    """Freeze what was claimed and make its files; without them it is frozen just as well."""
    edition = freezing.work(claim)
    if edition is None:
        return
    key, edition_id = claim.consultation_id, edition.id
    try:
        files.make_files(edition_id, partial(freezing.reach, key, Stage.FILES))
    finally:
        freezing.end(key, Stage.DONE)


def make_missing_files() -> None:
    """Make what editions lack: frozen by a token, or something was taken out of them.

    One that still lacks something afterwards rests, so that a form that cannot be made does not
    keep this process busy; whoever asks for it hears why.
    """
    for edition_id in kept.incomplete():
        this = edition_id, kept.revision(edition_id)
        if time.monotonic() - _tried.get(this, -REST_SECONDS) >= REST_SECONDS:
            files.make_files(edition_id)
            _tried[this] = time.monotonic()
