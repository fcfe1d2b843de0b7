"""One server process of a benchmark, set up as in production: `python -m benchmarks.serve WHAT`."""

from __future__ import annotations

import logging
import sys

import config as settings
from app import server
from benchmarks.floor import create_floor


class Floor(server.Server):
    """The production server with the bare application in it."""

    def load(self):
        """Return the bare application."""
        return create_floor()


def main(what: str) -> None:
    """Serve the application or the floor at HOST and PORT until told to stop."""
    logging.basicConfig(level=logging.ERROR)
    config = settings.load()
    listener = server.listening(config["HOST"], config["PORT"])
    options = server.options(config, listener)
    if what == "floor":
        without = ("post_worker_init", "worker_exit")  # there is no background worker in it
        options = {name: value for name, value in options.items() if name not in without}
    (Floor if what == "floor" else server.Server)(options).run()


if __name__ == "__main__":
    main(sys.argv[1])
