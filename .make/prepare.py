"""What `make run` does between set-up and serving.

The same as `flask --app wsgi db upgrade`, `seed` and `welcome`, one after the other, but in
one process: each start of the house costs a second.
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


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # the house, instead of this folder
    with only_one():
        texts.compile_all()
        for command in COMMANDS:
            flask(command)
