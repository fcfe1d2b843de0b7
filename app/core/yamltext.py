"""YAML as people write it: values with their lines, plain scalars by the 1.2 core schema.

PyYAML's own resolver follows YAML 1.1, where 18:30 is 1110, 050 is 40, NO is false and on is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.core.refusals import N_

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 20
PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}
NULL = re.compile(r"null|Null|NULL|~|")
TRUE, FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
OCTAL, HEX = re.compile(r"0o([0-7]+)", re.ASCII), re.compile(r"0x([0-9a-fA-F]+)", re.ASCII)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
Path = tuple[str | int, ...]


class NotYaml(Exception):
    """The file cannot be read at all; ``line`` counts from 1."""

    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text
        super().__init__(text)


@dataclass(frozen=True)
class Scalar:
    """One value as it is written; ``plain`` without quotes."""

    text: str
    plain: bool

    @property
    def is_null(self) -> bool:
        """Whether nothing, ``~`` or ``null`` was written, without quotes."""
        return self.plain and bool(NULL.fullmatch(self.text))

    def resolved(self) -> Any:
        """Return the value by the core schema; what is quoted, or nothing else, is text."""
        return resolve(self.text) if self.plain else self.text


@dataclass
class Document:
    """A file as read: ``value`` of dicts, lists and `Scalar`, the line of every path, problems."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[int, str, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def resolve(text: str) -> Any:
    """Return the value of a plain scalar by the YAML 1.2 core schema.

    >>> [resolve(text) for text in ("18:30", "050", "1_000", "NO", "on", "true")]
    ['18:30', 50, '1_000', 'NO', 'on', True]
    """
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text) or FALSE.fullmatch(text):
        return text.lower() == "true"
    if len(text) < 100:  # longer numbers are text: nothing of ours is that large
        if DECIMAL.fullmatch(text):
            return int(text)
        if match := OCTAL.fullmatch(text):
            return int(match[1], 8)
        if match := HEX.fullmatch(text):
            return int(match[1], 16)
        if FLOAT.fullmatch(text):
            return float(text)
    return text


def read(data: bytes) -> Document:
    """Read one YAML document; raises `NotYaml` where there is none to read.

    Duplicate keys, tags, keys that are no text are problems of the document, with their lines.
    """
    if len(data) > MAX_BYTES:
        raise NotYaml(1, N_("The file is larger than a programme can be (1 MB)."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise NotYaml(line, N_("The file is not encoded in UTF-8.")) from fault
    try:
        node = yaml.compose(text, Loader=Plain)
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise NotYaml(line, N_("The file holds a character that no text has.")) from fault
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        reason = str(fault.problem or fault.context or "")
        said = f"From here on this is not YAML: {reason}." if reason else "This is not YAML."
        raise NotYaml(mark.line + 1 if mark else 1, said) from fault
    except RecursionError as fault:
        raise NotYaml(1, N_("The file is nested too deeply.")) from fault
    document = Document()
    Reader(document).take(node)
    return document


class Plain(yaml.SafeLoader):
    """PyYAML's grammar without its guesses: every scalar is what is written."""

    yaml_implicit_resolvers: dict = {}


class Reader:
    """Turns nodes into values, and notes where each of them stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.count = 0

    def take(self, node: Any) -> None:
        """Read the whole document."""
        self.document.value = self.value(node, ()) if node is not None else {}

    def problem(self, node: Any, path: Path, text: str) -> None:
        """Note what is wrong at ``node``."""
        where = ".".join(map(str, path))
        self.document.problems.append((node.start_mark.line + 1, where, text))

    def value(self, node: Any, path: Path) -> Any:
        """Return the value of ``node``; aliases count again each time they are used."""
        self.count += 1
        line = node.start_mark.line + 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            raise NotYaml(line, N_("The file holds more, or deeper, than a programme can."))
        self.document.lines.setdefault(path, line)
        if node.tag not in PLAIN_TAGS:
            self.problem(node, path, N_("Tags are not read here; write the value without “!”"))
        if isinstance(node, yaml.ScalarNode):
            return Scalar(node.value, plain=not node.style)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*path, place)) for place, each in enumerate(node.value)]
        return dict(self.pairs(node, path))

    def pairs(self, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
        """Yield what a mapping holds; of equal keys the first."""
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problem(key, path, N_("The name of a field must be text"))
                continue
            below = (*path, key.value)
            if key.value in seen:
                self.problem(key, below, N_("This field stands here twice"))
                continue
            seen.add(key.value)
            self.document.lines[below] = key.start_mark.line + 1
            yield key.value, self.value(value, below)
