"""The running order as it is being edited: lines move, come and go before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core import agenda, texts
from app.core.refusals import Refusal
from app.programme.models import Session

MOST_LINES = 60
TITLE, WHO = 300, 200
LONGEST = 1_440


@dataclass
class Line:
    """One line as typed: its title by language, its length in minutes, who leads it."""

    title: dict[str, str] = field(default_factory=dict)
    minutes: str = ""
    who: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    moved: bool = False

    @property
    def length(self) -> int | None:
        """Return the minutes, where what was typed is a length."""
        text = self.minutes.strip()
        good = text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LONGEST
        return int(text) if good else None


class AgendaForm:
    """The lines of the page; ``act`` is the button that was pressed ("up-2", "add", "save")."""

    status = 200
    refused = ""
    theirs: list[tuple[str, str, str]]

    def __init__(self, session: Session, sent: MultiDict | None = None) -> None:
        self.session = session
        self.languages: list[str] = list(session.consultation.languages)
        self.stored = [
            Line(dict(item.title), str(item.minutes), item.who) for item in session.agenda
        ]
        self.revision = str(session.revision)
        self.theirs = []
        self.focus = ""
        self.unsaved = False
        self.lines = self.stored if sent is None else self.read(sent)

    def __iter__(self) -> Iterator[Any]:
        """Yield no WTForms field: what is wrong stands in `also_wrong`."""
        return iter(())

    def read(self, sent: MultiDict) -> list[Line]:
        """Return the lines that were typed, in the order of the page."""
        self.revision = sent.get("revision", "0")
        number = sent.get("lines", "0")
        count = min(int(number), MOST_LINES) if number.isascii() and number.isdigit() else 0
        return [self.read_line(sent, position) for position in range(count)]

    def read_line(self, sent: MultiDict, position: int) -> Line:
        """Return one line; texts in languages the page does not show stay with it."""
        kept = sent.get(f"kept-{position}", "")
        title: dict[str, str] = {}
        if kept.isdigit() and int(kept) < len(self.stored):
            old = self.stored[int(kept)].title
            title = {code: text for code, text in old.items() if code not in self.languages}
        for code in self.languages:
            text = sent.get(f"title-{position}-{code}", "")
            if text.strip():
                title[code] = text if len(text) > TITLE * 2 else texts.clean(text)
        who = sent.get(f"who-{position}", "")
        return Line(
            title,
            sent.get(f"minutes-{position}", "")[:20],
            who if len(who) > WHO * 2 else texts.clean(who),
        )

    def press(self, act: str) -> None:
        """Do what a button other than "save" says, on the page alone."""
        verb, _dash, number = act.partition("-")
        position = int(number) if number.isascii() and number.isdigit() else -1
        self.unsaved = True
        if verb == "add" and len(self.lines) < MOST_LINES:
            self.lines.append(Line(moved=True))
            self.focus = f"title-{len(self.lines) - 1}-{self.languages[0]}"
        if not 0 <= position < len(self.lines):
            return
        if verb == "delete":
            self.lines.pop(position)
            self.focus = "add"
        elif verb in ("up", "down"):
            by = -1 if verb == "up" else 1
            line = self.lines[position]
            line.moved = True
            self.lines = agenda.moved(self.lines, position, by)
            here = self.lines.index(line)
            at_the_end = here in (0, len(self.lines) - 1)
            self.focus = f"title-{here}-{self.languages[0]}" if at_the_end else f"{verb}-{here}"

    def is_good(self) -> bool:
        """Check every line; mark what is wrong."""
        for line in self.lines:
            line.errors = {}
            if not any(line.title.values()):
                line.errors["title"] = _("Enter what happens in this part")
            elif any(len(text) > TITLE for text in line.title.values()):
                line.errors["title"] = _("Use %(limit)s characters or fewer", limit=TITLE)
            if line.length is None:
                line.errors["minutes"] = _(
                    "Give the length in whole minutes, from 1 to %(most)s", most=LONGEST
                )
            if len(line.who) > WHO:
                line.errors["who"] = _("Use %(limit)s characters or fewer", limit=WHO)
        good = not any(line.errors for line in self.lines)
        self.status = 200 if good else 422
        return good

    @property
    def errors(self) -> list[str]:
        """Return whether anything is wrong, for the title."""
        return [message for _id, message in self.also_wrong]

    @property
    def also_wrong(self) -> list[tuple[str, str]]:
        """Return (id of the input, message) of everything wrong."""
        found = []
        for position, line in enumerate(self.lines):
            for name, message in line.errors.items():
                suffix = f"-{self.languages[0]}" if name == "title" else ""
                found.append((f"{name}-{position}{suffix}", message))
        return found

    def content(self) -> list[dict[str, Any]]:
        """Return the lines as `operations.change` takes them."""
        return [
            {"title": line.title, "minutes": line.length, "who": line.who} for line in self.lines
        ]

    def note(self, refusal: Refusal) -> None:
        """Remember why it was not saved, and what somebody else saved meanwhile."""
        self.status = refusal.status
        self.refused = refusal.text(_)
        mine = [self.words(line) for line in self.lines]
        saved = [self.words(line) for line in self.stored]
        for number in range(max(len(mine), len(saved))):
            theirs = saved[number] if number < len(saved) else ""
            ours = mine[number] if number < len(mine) else ""
            if theirs != ours:
                self.theirs.append((str(number + 1), theirs, ours))
        self.revision = str(self.session.revision)

    def words(self, line: Line) -> str:
        """Return a line in words, to compare two versions."""
        title = next((text for text in line.title.values() if text), "–")
        about = f"{title}, {line.minutes} min"
        return f"{about}, {line.who}" if line.who else about

    @property
    def total(self) -> int:
        """Return the sum of the lengths typed."""
        return sum(line.length or 0 for line in self.lines)
