"""What `make run` does after set-up: prepare the database, then serve.

The same as `flask --app wsgi db upgrade`, `seed`, `welcome` and `python -m app.server`, one after
the other, but in one process: each start of the house costs a second.
"""

import os
import sys

import texts
from only_one import only_one

COMMANDS = (["db", "upgrade"], ["seed"], ["welcome"])


def flask(arguments: list[str]) -> None:
    """Run ``flask --app wsgi`` with ``arguments``; leave with its exit code when it fails."""
    from flask.cli import FlaskGroup

    try:
        FlaskGroup().main(["--app", "wsgi", *arguments], prog_name="flask")
    except SystemExit as end:
        if end.code:
            raise


def serve() -> None:
    """Become the server; its workers inherit the modules, and no connection to the database."""
    from app import server
    from app.extensions import db
    from wsgi import app

    with app.app_context():
        db.engine.dispose()
    server.main()


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # the house, instead of this folder
    with only_one():
        texts.compile_all()
        for command in COMMANDS:
            flask(command)
    serve()
