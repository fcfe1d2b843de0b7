"""The production server: gunicorn with threads, and the background worker inside."""

from __future__ import annotations

import errno
import logging
import re
import socket
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers import gthread

import config as settings
from app import jobs

THREADS = 8
CONNECTIONS = 2000  # open ones per process, idle ones included; needs `ulimit -n` above it
BACKLOG = 2048

_SECRET = re.compile(
    r"/(my|join|calendar/staff|calendar|unsubscribe|t|table|preview|sign-in|manage/link)"
    r"/[A-Za-z0-9_=-]{16,}"
)
_TOKEN = re.compile(r"(?<=/)(?=[^/\s]*[A-Z])(?=[^/\s]*[a-z])[A-Za-z0-9_=-]{22,}")


def scrubbed(text: str) -> str:
    """Return ``text`` without the secrets that stand in addresses."""
    return _TOKEN.sub("[secret]", _SECRET.sub(r"/\1/[secret]", text))


class ScrubbedRecord(logging.LogRecord):
    """A line of any log, from which secrets in addresses are gone."""

    def getMessage(self) -> str:  # noqa: N802  (logging's own name)
        """Return the line."""
        return scrubbed(super().getMessage())


class PatientWorker(gthread.ThreadWorker):
    """gunicorn's threads, but a new connection waits for its request outside of them.

    Browsers open connections in advance; eight that say nothing would keep all threads for 5 s.
    """

    def handle(self, conn: Any) -> Any:
        """Serve a connection that has said something; leave others to the poller."""
        if not conn.initialized and not conn.wait_for_data(0):
            return gthread._DEFER
        return super().handle(conn)


class Server(BaseApplication):
    """gunicorn, configured here and nowhere else."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self):
        """Return the application, made in each process of its own."""
        from app import create_app

        return create_app()


def start_worker(worker: Any) -> None:
    """Start the background worker of a web process; one per installation gets to work."""
    app = worker.wsgi
    if app.config["JOBS_EMBEDDED"]:
        worker.jobs = jobs.Worker(app, embedded=True)
        worker.jobs.start()


def stop_worker(_server: Any, worker: Any) -> None:
    """Let the background worker finish what it is doing."""
    if background := getattr(worker, "jobs", None):
        background.stop()


def listening(host: str, port: int) -> socket.socket:
    """Return the socket the server listens on. Exits with one sentence if it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as fault:
        sys.exit(explained(fault, host, port))
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as fault:
        listener.close()
        sys.exit(explained(fault, host, port))
    listener.set_inheritable(True)
    return listener


def explained(fault: OSError, host: str, port: int) -> str:
    """Return the sentence for a place that cannot be served from."""
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program; try another PORT."
    if fault.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} on {host} needs more rights than you have; try PORT=8000."
    return f"HOST {host!r} is no address of this machine."


def options(config: dict[str, Any], listener: socket.socket) -> dict[str, Any]:
    """Return gunicorn's settings."""
    return {
        "bind": f"fd://{listener.fileno()}",
        "workers": config["WEB_WORKERS"],
        "worker_class": PatientWorker,
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        "backlog": BACKLOG,
        "keepalive": 15,
        "timeout": 60,
        "graceful_timeout": 20,
        "accesslog": None,  # addresses hold secrets; the proxy in front may count
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": start_worker,
        "worker_exit": stop_worker,
        "proc_name": "open-talks",
    }


def main() -> None:
    """Serve until told to stop."""
    logging.setLogRecordFactory(ScrubbedRecord)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config = settings.load()
    listener = listening(config["HOST"], config["PORT"])
    where = f"http://{settings.host_in_url(config['HOST'])}:{config['PORT']}"
    print(f"Serving {where} (Ctrl-C stops it)", flush=True)
    Server(options(config, listener)).run()


if __name__ == "__main__":
    main()
