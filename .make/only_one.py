"""One set-up at a time in a checkout, however many are started."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def only_one(path: str = ".venv.lock") -> Iterator[None]:
    """Wait for our turn. The system itself ends it when we end, killed or not: no stale locks."""
    with open(path, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up here; waiting for it ...", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
