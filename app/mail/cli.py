"""`flask work`: the background worker in a process of its own."""

from __future__ import annotations

import signal
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from app import jobs


@click.command()
@with_appcontext
def work() -> None:
    """Send mails and do what is due, beside or instead of the web process; Ctrl-C stops it."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # threads need it itself
    told_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.set())
    worker = jobs.Worker(app, embedded=False)
    worker.start()
    click.echo("Working (Ctrl-C stops it)")
    told_to_stop.wait()
    worker.stop()


commands = [work]
