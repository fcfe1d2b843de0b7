"""Who may do what: the table of roles and scopes (contract, "Who may")."""

from __future__ import annotations

from enum import StrEnum

from app.core.vocabulary import Role


class Permission(StrEnum):
    """One thing a person may be allowed to do in a consultation."""

    SEE_DRAFTS = "see_drafts"
    CHANGE_PROGRAMME = "change_programme"
    SEE_NAMES = "see_names"
    CHANGE_NAMES = "change_names"
    SEE_ADDRESSES = "see_addresses"
    CHANGE_REGISTRATIONS = "change_registrations"
    SEE_NEEDS = "see_needs"
    DOOR = "door"
    OUTBOX = "outbox"
    SEE_LIVE = "see_live"
    RUN_LIVE = "run_live"
    SEE_DOCUMENT = "see_document"
    WRITE_DOCUMENT = "write_document"
    FREEZE_DOCUMENT = "freeze_document"
    SEE_AUTHORS = "see_authors"
    SEE_AUDIT = "see_audit"
    SEE_CONTRIBUTION_AUDIT = "see_contribution_audit"
    MANAGE_PEOPLE = "manage_people"
    INSTALLATION = "installation"


class Scope(StrEnum):
    """What an API token may be limited to."""

    ADMIN = "admin"
    PROGRAMME = "programme"
    REGISTRATIONS = "registrations"
    DOOR = "door"
    LIVE = "live"
    DOCUMENT = "document"
    READ = "read"


P = Permission
OWNER = frozenset(P) - {P.INSTALLATION}
REGISTRAR = frozenset(
    {
        P.SEE_DRAFTS, P.SEE_NAMES, P.CHANGE_NAMES, P.SEE_ADDRESSES, P.CHANGE_REGISTRATIONS,
        P.SEE_NEEDS, P.DOOR, P.OUTBOX,
    }
)  # fmt: skip
ORGANISER = frozenset(
    {
        P.SEE_DRAFTS, P.CHANGE_PROGRAMME, P.SEE_NAMES, P.CHANGE_NAMES, P.SEE_ADDRESSES,
        P.CHANGE_REGISTRATIONS, P.DOOR, P.OUTBOX, P.SEE_LIVE, P.RUN_LIVE, P.SEE_DOCUMENT,
        P.WRITE_DOCUMENT, P.SEE_AUDIT,
    }
)  # fmt: skip
LIVE = frozenset({P.SEE_DRAFTS, P.SEE_LIVE, P.RUN_LIVE})
RAPPORTEUR = frozenset({P.SEE_DRAFTS, P.SEE_LIVE, P.SEE_DOCUMENT, P.WRITE_DOCUMENT})
VIEWER = frozenset({P.SEE_DRAFTS, P.SEE_LIVE, P.SEE_DOCUMENT})
DOOR = frozenset({P.DOOR})

BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(P),
    Role.OWNER: OWNER,
    Role.ORGANISER: ORGANISER,
    Role.REGISTRAR: REGISTRAR,
    Role.DOOR: DOOR,
    Role.FACILITATOR: LIVE,
    Role.MODERATOR: LIVE,
    Role.ONLINE_MODERATOR: LIVE,
    Role.RAPPORTEUR: RAPPORTEUR,
    Role.VIEWER: VIEWER,
}
BY_SCOPE: dict[Scope, frozenset[Permission]] = {
    Scope.ADMIN: frozenset(P),
    Scope.PROGRAMME: ORGANISER - {P.SEE_ADDRESSES, P.CHANGE_REGISTRATIONS, P.CHANGE_NAMES},
    Scope.REGISTRATIONS: REGISTRAR,
    Scope.DOOR: DOOR,
    Scope.LIVE: LIVE,
    Scope.DOCUMENT: RAPPORTEUR,
    Scope.READ: VIEWER,
}
LIMITABLE_TO_SESSIONS = frozenset(
    {Role.MODERATOR, Role.FACILITATOR, Role.ONLINE_MODERATOR, Role.RAPPORTEUR, Role.DOOR}
)


def allowed(roles: set[Role], scopes: set[Scope] | None = None) -> frozenset[Permission]:
    """Return what ``roles`` may do; with ``scopes`` (an API token's) only what both allow."""
    of_roles = frozenset().union(*(BY_ROLE[role] for role in roles))
    if scopes is None:
        return of_roles
    return of_roles & frozenset().union(*(BY_SCOPE[scope] for scope in scopes))
