"""A programme as a file that imports again identically, and that no YAML reader can misread."""

from __future__ import annotations

import re
from typing import Any

import yaml

from app.consultations.models import Consultation
from app.consultations.schemas import ConsultationImport
from app.consultations.schemas import shown as consultation_shown
from app.core import timing
from app.core.capacity import Places
from app.programme import queries
from app.programme.models import Session
from app.programme.schemas import SessionImport, shown

SAFE = re.compile(r"[A-Za-z][A-Za-z0-9]*([ _-][A-Za-z0-9]+)*", re.ASCII)
TRAPS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"}
HEAD = "# Open Talks programme. Times are wall clocks of each session's time zone.\n"


class Quoting(yaml.SafeDumper):
    """Writes plain words bare and everything else in double quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out, however often it comes."""
        return True


def word(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return ``text`` as a node, quoted where another reader could see something else."""
    bare = SAFE.fullmatch(text) and text.lower() not in TRAPS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if bare else '"')


Quoting.add_representer(str, word)


def to_yaml(consultation: Consultation) -> str:
    """Return the whole programme, secrets of rooms included: for staff only."""
    answered = consultation_shown(consultation)
    value: dict[str, Any] = only(answered, ConsultationImport.model_fields)
    value["sessions"] = [fields_of(session) for session in queries.all_of(consultation)]
    return HEAD + yaml.dump(
        value, Dumper=Quoting, allow_unicode=True, sort_keys=False, width=1_000_000
    )


def fields_of(session: Session) -> dict[str, Any]:
    """Return ``session`` in the API's fields, without what is null or follows from the rest."""
    places = {mode: Places(session.capacity[mode.value]) for mode in session.modes}
    answered = shown(session, places, inside=True)
    answered["settings"] = session.settings
    for clock, fold in (("starts", "fold"), ("ends", "ends_fold")):
        if len(timing.instants(getattr(session, clock), session.timezone)) < 2:
            answered[fold] = None
    return only(answered, SessionImport.model_fields)


def only(answered: dict[str, Any], names: Any) -> dict[str, Any]:
    """Return the fields called ``names``, in their order, as far as they say something."""
    return {name: answered[name] for name in names if answered.get(name) is not None}
