"""Text → components and properties, with line numbers, of calendar files that others wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_BREAK = re.compile("\r\n|\n|\r")
_VALUE = r'(?:"[^"]*"|[^;:,"]*)'
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):(.*)", re.DOTALL)
_PARAMETER = re.compile(rf";([A-Za-z0-9-]+)=({_VALUE}(?:,{_VALUE})*)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
MAX_DEPTH = 5


class NotACalendar(ValueError):
    """The text is not what RFC 5545 calls a stream; ``line`` says where it stops being one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True)
class Property:
    """One content line: its name in capitals, parameters without quotes, the value as written."""

    name: str
    parameters: dict[str, str]
    value: str
    line: int

    @property
    def text(self) -> str:
        """The value with TEXT's escapes undone."""
        return _ESCAPED.sub(lambda pair: "\n" if pair[1] in "nN" else pair[1], self.value)


@dataclass
class Component:
    """What stands between BEGIN and END; ``source`` are its unfolded lines."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)
    source: list[str] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        """Return every property called ``name``."""
        return [each for each in self.properties if each.name == name]

    def first(self, name: str) -> Property | None:
        """Return the first property called ``name``, if any."""
        return next(iter(self.all(name)), None)

    def text(self, name: str) -> str:
        """Return the text of the first property called ``name``, or nothing."""
        found = self.first(name)
        return found.text if found else ""


def components(stream: str) -> list[Component]:
    """Return the outermost components of ``stream``; raise ``NotACalendar``."""
    outermost: list[Component] = []
    open_ones: list[Component] = []
    number = 1
    for number, line in _unfolded(stream):
        parsed = _parsed(line, number)
        opening, ending = parsed.name == "BEGIN", parsed.name == "END"
        name = parsed.value.strip().upper()
        if opening:
            component = Component(name, number)
            (open_ones[-1].children if open_ones else outermost).append(component)
            open_ones.append(component)
        if not open_ones or len(open_ones) > MAX_DEPTH:
            raise NotACalendar(number)
        if ending and open_ones[-1].name != name:
            raise NotACalendar(number)
        for each in open_ones[1:]:
            each.source.append(line)
        if ending:
            open_ones.pop()
        elif not opening:
            open_ones[-1].properties.append(parsed)
    if open_ones or not outermost:
        raise NotACalendar(number)
    return outermost


def _unfolded(stream: str) -> list[tuple[int, str]]:
    """Return (number of the first physical line, logical line) without empty ones."""
    logical: list[tuple[int, list[str]]] = []
    for number, line in enumerate(_BREAK.split(stream), start=1):
        if line[:1] in (" ", "\t") and logical:
            logical[-1][1].append(line[1:])
        else:
            logical.append((number, [line]))
    joined = ((number, "".join(parts)) for number, parts in logical)
    return [(number, line) for number, line in joined if line.strip()]


def _parsed(line: str, number: int) -> Property:
    match = _LINE.fullmatch(line)
    if not match:
        raise NotACalendar(number)
    parameters = {
        name.upper(): value.replace('"', "") for name, value in _PARAMETER.findall(match[2])
    }
    return Property(match[1].upper(), parameters, match[3], number)
