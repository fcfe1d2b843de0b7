"""A town hall with people in it, and hands to move them: over HTTP, as the contract has it."""

from __future__ import annotations

from app.core.links import Purpose
from app.core.vocabulary import Role
from app.programme.models import Session
from app.registration import queries as registrations
from tests import make

BASE = "/api/v1/consultations/probe/sessions/hall/floor"
STARTS, ENDS = "2028-09-01T11:00", "2028-09-01T12:30"  # Zurich: 09:00Z to 10:30Z
ROOM, ONLINE = "on_site", "online"


def hall(**fields) -> Session:
    """The town hall of 1 September 2028, 09:00 to 10:30 UTC."""
    return make.town_hall("hall", starts=STARTS, ends=ENDS, **fields)


def person(session: Session, name: str, mode: str = ROOM, **details):
    """Somebody registered in it."""
    details = {"organisation": f"{name} and Co", "email": f"{name.lower()}@example.org"} | details
    return make.registration(session, mode=mode, name=name, **details).participant


def by_link(participant) -> dict[str, str]:
    """The header of somebody's own link."""
    return {"Authorization": f"Bearer {registrations.token(participant, Purpose.MANAGE)}"}


class Hands:
    """A moderator with a token: asks for people, gives, ends, and reads what comes of it."""

    def __init__(self, client, *, role: Role = Role.MODERATOR) -> None:
        self.client = client
        self.head = make.bearer(role)

    def post(self, path: str, head=None, **body):
        """Post to the floor; return status and answer."""
        answer = self.client.post(f"{BASE}{path}", headers=head or self.head, json=body)
        return answer.status_code, answer.json

    def ask(self, who, mode: str = ROOM, head=None, **body) -> str:
        """Ask for a participant, or for a name; return the request's id."""
        named = {"name": who} if isinstance(who, str) else {"participant": who.public_id}
        status, answer = self.post("/requests", head, **named, mode=mode, **body)
        assert status == 201, answer
        return answer["id"]

    def act(self, verb: str, request: str, head=None, **body):
        """Do ``verb`` with a request."""
        return self.post(f"/requests/{request}/{verb}", head, **body)

    def give(self, request: str, because: str | None = None):
        """Give it the floor."""
        return self.act("give", request, because=because)

    def floor(self, head=None) -> dict:
        """The floor as the moderator (or ``head``) reads it."""
        return self.client.get(BASE, headers=self.head if head is None else head).json

    def suggested(self) -> str | None:
        """Whom it suggests and why, as the moderator reads it: "C · online's turn"."""
        floor = self.floor()
        found = floor["suggested"]
        if found is None:
            return None
        name = next(each["name"] for each in floor["waiting"] if each["id"] == found["id"])
        return f"{name} · {found['reason']}"
