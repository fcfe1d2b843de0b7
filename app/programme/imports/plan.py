"""What a file asks for, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.core.refusals import N_, Invalid, Refusal


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a file: the line, the path or title it is about, one sentence."""

    line: int
    where: str
    text: str


class BrokenFile(Refusal):
    """Nothing was imported; ``findings`` say why, in order of the file."""

    code: ClassVar[str] = "broken_file"
    status: ClassVar[int] = 422
    message: ClassVar[str] = N_("Nothing was imported.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = sorted(findings, key=lambda finding: finding.line)
        super().__init__()


@dataclass(frozen=True)
class Entry:
    """A session to be added: the operation's arguments, and how to speak of its problems."""

    named: dict[str, Any]
    blame: Callable[[str], tuple[int, str]]


@dataclass
class Plan:
    """What a file asks for; without ``consultation`` its sessions join one that exists."""

    consultation: dict[str, Any] | None
    blame: Callable[[str], tuple[int, str]]
    sessions: list[Entry] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


@contextmanager
def collecting(findings: list[Finding], blame: Callable[[str], tuple[int, str]]) -> Iterator[None]:
    """Write down what is refused inside, and go on."""
    try:
        yield
    except Invalid as refusal:
        for error in refusal.errors:
            findings.append(Finding(*blame(error.field), error.text()))
    except Refusal as refusal:
        findings.append(Finding(*blame(""), refusal.text()))
