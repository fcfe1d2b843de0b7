"""What the form asks for: judged by what everybody sees, before any address is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app import clock
from app.core import capacity
from app.core.capacity import Places, SessionFull
from app.core.refusals import N_, FieldError, Invalid, Refusal
from app.core.vocabulary import Mode
from app.programme.models import Session
from app.registration.operations.places import RegistrationClosed


@dataclass(frozen=True)
class Wish:
    """One session somebody wants to take part in, how, and what they wait for meanwhile."""

    session: Session
    mode: Mode
    waits_for: Mode | None = None

    def as_json(self, **more: Any) -> dict[str, Any]:
        """Return it as it is stored with a submission or a receipt."""
        return {
            "session": self.session.id,
            "mode": str(self.mode.value),
            "waits_for": self.waits_for.value if self.waits_for else None,
            **more,
        }


def checked(wishes: Sequence[Wish]) -> list[Wish]:
    """Return ``wishes`` in order of time, with modes as enums; one a session, at least one."""
    if not wishes:
        raise Invalid.field("mode", "nothing_chosen", N_("Choose at least one session"))
    found = {
        wish.session.id: Wish(
            wish.session, Mode(wish.mode), Mode(wish.waits_for) if wish.waits_for else None
        )
        for wish in wishes
    }
    return sorted(found.values(), key=lambda wish: (wish.session.starts_at, wish.session.id))


def judge(wishes: Sequence[Wish], places: dict[int, dict[Mode, Places]], *, language: str) -> None:
    """Refuse all of them if one cannot be given by what is displayed, naming each that cannot.

    Errors are at ``mode-<slug>``. Raises `Invalid` (a mode that is not offered), else
    `RegistrationClosed`, else `SessionFull`.
    """
    refused: list[tuple[type[Refusal], FieldError]] = []
    for wish in wishes:
        kind = refusal_of(wish, places[wish.session.id])
        if kind is not None:
            title = wish.session.words("title", language)
            refused.append((kind, error_at(wish, kind, title)))
    for kind in (Invalid, RegistrationClosed, SessionFull):
        if any(each is kind for each, _ in refused):
            raise kind(errors=[error for _, error in refused])


def refusal_of(wish: Wish, places: dict[Mode, Places]) -> type[Refusal] | None:
    """Return why a wish cannot be given, as everybody sees it; ``None`` if it can."""
    modes = [mode for mode in (wish.mode, wish.waits_for) if mode]
    if any(mode not in places for mode in modes):
        return Invalid
    if not all(wish.session.takes_registrations(mode, at=clock.now()) for mode in modes):
        return RegistrationClosed
    try:
        as_everybody_sees(wish, places)
    except SessionFull:
        return SessionFull
    return None


def as_everybody_sees(wish: Wish, places: dict[Mode, Places]) -> capacity.Standing:
    """Return where a newcomer would stand who knows only what is displayed."""
    return capacity.stand(
        {mode: each.as_shown for mode, each in places.items()},
        wish.mode,
        wish.waits_for,
        waiting_list=wish.session.waiting_list,
    )


def error_at(wish: Wish, kind: type[Refusal], title: str) -> FieldError:
    """Return the error beside a session of the form."""
    field = f"mode-{wish.session.slug}"
    values = {"session": title}
    if kind is Invalid:
        return FieldError(
            field, "mode_not_offered", N_("%(session)s is not held in this mode"), values
        )
    if kind is RegistrationClosed:
        return FieldError(
            field,
            "registration_closed",
            N_("Registration for %(session)s has closed. Nothing was sent"),
            values,
        )
    return FieldError(
        field,
        "session_full",
        N_("%(session)s has filled up meanwhile. Nothing was sent: choose another way or leave it"),
        values,
    )
