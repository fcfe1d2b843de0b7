"""The colleague and the token named in an address, or 404."""

from __future__ import annotations

from typing import Any

from app.accounts import queries
from app.accounts.models import ApiToken, Person
from app.core.refusals import NotFound
from app.web import access
from app.web.loading import SeesDrafts, loads


@loads("colleague")
def colleague(number: str, loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> Person:
    """Find somebody who has a role in the consultation loaded before."""
    person = queries.by_id(int(number))
    here = loaded["consultation"].id
    if person is None or not any(grant.consultation_id == here for grant in person.grants):
        raise NotFound
    return person


@loads("own_token")
def own_token(number: str, _loaded: dict[str, Any], _sees_drafts: SeesDrafts) -> ApiToken:
    """Find a token of whoever acts."""
    who = access.actor()
    person = queries.by_id(who.person_id) if who else None
    token = queries.token_of(person, int(number)) if person else None
    if token is None:
        raise NotFound
    return token
