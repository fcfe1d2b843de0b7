"""Say in one sentence why HOST and PORT cannot be served from, and exit 1; else say nothing."""

import errno
import os
import socket
import sys


def complaint(host: str, port: str) -> str | None:
    """Return what hinders a server on ``host`` and ``port``, or None."""
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        return f"PORT must be a number from 1 to 65535, not {port!r}."
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        return f"HOST {host!r} is no address of this machine."
    with socket.socket(family, kind, protocol) as probe:
        # As the server does: connections of a server that has just stopped are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as fault:
            return explain(fault, host, port)
    return None


def explain(fault: OSError, host: str, port: str) -> str:
    """Return the sentence for a refused ``bind``."""
    if fault.errno == errno.EADDRINUSE:
        free = int(port) + 1 if int(port) < 65535 else 8000
        return f"Port {port} on {host} is in use by another program; try: make run PORT={free}"
    if fault.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} on {host} needs more rights than you have; try: make run PORT=8000"
    return f"HOST {host!r} is no address of this machine."


if __name__ == "__main__":
    sys.exit(complaint(os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"))
