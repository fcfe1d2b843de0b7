"""Convergence: the themes of one question side by side in each channel, with the base of each.

Counts are of contributors, like those beside the sentences, and public like them: nothing is
hidden here, and nothing here says who they were.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from app.core.document import Channel, Convergence, ConvergenceRow, Words


def convergence(
    guiding_question: int,
    channels: Sequence[str],
    spoke: Iterable[tuple[str, Hashable]],
    themes: Iterable[tuple[int, Words]],
    raised: Iterable[tuple[int, str, Hashable]],
) -> Convergence:
    """Return the table of one guiding question.

    ``spoke`` are (channel, contributor) of everything published on the question, coded or not: the
    base. ``raised`` are (theme, channel, contributor) of living excerpts. Everybody counts once in
    each channel, however often they spoke there.
    """
    voices = [*spoke]
    found = [*raised]
    people = everybody([*voices, *((channel, who) for _theme, channel, who in found)])
    by_theme: dict[tuple[int, str], set[Hashable]] = {}
    for theme, channel, who in found:
        by_theme.setdefault((theme, channel), set()).add(who)
    return Convergence(
        guiding_question,
        tuple(Channel(key, len(people.get(key, ()))) for key in channels),
        tuple(
            row(number, title, {key: len(by_theme.get((number, key), ())) for key in channels})
            for number, title in themes
        ),
    )


def everybody(voices: Iterable[tuple[str, Hashable]]) -> dict[str, set[Hashable]]:
    """Return who spoke in each channel."""
    people: dict[str, set[Hashable]] = {}
    for channel, who in voices:
        people.setdefault(channel, set()).add(who)
    return people


def row(theme: int, title: Words, counts: Mapping[str, int]) -> ConvergenceRow:
    """Return one line: a theme's counts, and the channels that raised it."""
    return ConvergenceRow(theme, title, counts, tuple(key for key, n in counts.items() if n))


def in_several(counted: Iterable[tuple[str, Hashable]]) -> int:
    """Return how many contributors of (channel, contributor) were in more than one channel."""
    where: dict[Hashable, set[str]] = {}
    for channel, who in counted:
        where.setdefault(who, set()).add(channel)
    return sum(len(channels) > 1 for channels in where.values())
