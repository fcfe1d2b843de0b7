"""Staff in a browser: signed in, and pressing buttons with the token of their page."""

from __future__ import annotations

import re

from app import clock
from tests import make


def signed_in(client, *roles, **options):
    """Let ``client`` be somebody with ``roles``; return the person."""
    person = make.person(*roles, **options)
    with client.session_transaction() as session:
        session["_user_id"] = person.fs_uniquifier
        session["signed_in_at"] = int(clock.now().timestamp())
    return person


def press(client, address: str, **fields):
    """Send a form of the page at ``address`` and follow to what it shows."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text).group(1)
    return client.post(address, data=fields | {"csrf_token": token}, follow_redirects=True)
