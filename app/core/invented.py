"""Invented people: who takes part in a rehearsal. The same seed gives the same people."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

from app.core.vocabulary import Mode, StakeholderGroup


@dataclass(frozen=True)
class Circle:
    """Names of one script and language, given first (or family first), and where they are at home.

    ``organisations`` are made up like the rest.
    """

    language: str
    countries: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    organisations: tuple[str, ...]
    family_first: bool = False

    def names(self) -> list[str]:
        """Return every name there is, as it is written."""
        pairs = product(self.given, self.family)
        if self.family_first:
            return [f"{family}{given}" for given, family in pairs]
        return [f"{given} {family}" for given, family in pairs]


CIRCLES = (
    Circle(
        "en", ("KE", "UG", "TZ"),
        ("Wanjiku", "Baraka", "Neema", "Otieno"), ("Mwangi", "Achieng", "Kimani", "Juma"),
        ("Lakeside Users", "Rift Exchange", ""),
    ),
    Circle(
        "fr", ("SN", "CI", "CM"),
        ("Aïssatou", "Moussa", "Mariama", "Étienne"), ("Diop", "Koné", "Mbarga", "Sarr"),
        ("Réseau du fleuve", "Association des ondes", ""),
    ),
    Circle(
        "ar", ("EG", "JO", "MA"),
        ("ليلى", "يوسف", "سلمى", "كريم"), ("حداد", "المنصور", "بن سعيد", "الشريف"),
        ("جمعية الشبكة للجميع", "مختبر الواحة", ""),
    ),
    Circle(
        "es", ("PE", "MX", "CL"),
        ("Lucía", "Joaquín", "Itzel", "Tomás"), ("Quispe", "Ledesma", "Ñancupil", "Arévalo"),
        ("Red Andina Abierta", "Cátedra de Redes", ""),
    ),
    Circle(
        "zh-Hans", ("CN", "SG"),
        ("思远", "雅雯", "子涵", "志强"), ("王", "林", "陈", "欧阳"),
        ("网络经济研究小组", "海港云", ""), family_first=True,
    ),
    Circle(
        "ru", ("KZ", "KG"),
        ("Айгуль", "Виктор", "Динара", "Тимур"), ("Ким", "Черных", "Цой", "Дурды"),
        ("Форум степных операторов", ""),
    ),
    Circle(
        "en", ("IN", "LK"),
        ("अनीता", "Ravi", "மீனா", "Arjun"), ("मेनन", "Iyer", "குமார்", "Perera"),
        ("Coastal Software Guild", ""),
    ),
    Circle(
        "en", ("FI", "SE", "PL"),
        ("Aino", "Håkan", "Zofia", "Jürgen"), ("Mäkinen", "Åström", "Wójcik", "Groß"),
        ("Northern Exchange", "Open Fjord", ""),
    ),
    Circle(
        "en", ("TO", "FJ", "WS"),
        ("Mele", "Sione", "Losa", "Tevita"), ("Taufa", "Faleolo", "Fifita", "Vakatora"),
        ("Island Communications", ""),
    ),
    Circle(
        "en", ("JP", "KR"),
        ("典子", "健太", "지우", "서연"), ("林 ", "田中 ", "김 ", "박 "),
        ("Routing Commons Lab", ""), family_first=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """Somebody who does not exist; ``group`` is a stakeholder group's key."""

    name: str
    organisation: str
    country: str
    group: str
    language: str


@dataclass(frozen=True)
class Person(Somebody):
    """One of those at a rehearsal; ``mode`` is how they take part."""

    mode: Mode


def people(count: int, *, modes: dict[Mode, int | None], seed: int = 1) -> list[Person]:
    """Return ``count`` people, two thirds in the room where ``modes`` offer one.

    ``modes`` are the places of each mode (``None``: unlimited); whom one cannot take goes to the
    other, and who fits nowhere waits. At most 160, the number of names.
    """
    chance = random.Random(seed)  # noqa: S311  (names, not secrets)
    circles = [(circle, chance.sample(circle.names(), k=len(circle.names()))) for circle in CIRCLES]
    groups = list(StakeholderGroup)
    found = []
    for number, mode in enumerate(shared_out(count, modes)):
        circle, names = circles[number % len(circles)]
        found.append(
            Person(
                name=names[number // len(circles)],
                organisation=chance.choice(circle.organisations),
                country=chance.choice(circle.countries),
                group=groups[(number + number // len(groups)) % len(groups)].value,
                language=circle.language,
                mode=mode,
            )
        )
    return found


def shared_out(count: int, modes: dict[Mode, int | None]) -> list[Mode]:
    """Return the modes of ``count`` people, mixed evenly."""
    if len(modes) < 2:
        return [next(iter(modes))] * count
    room, online = modes[Mode.ON_SITE], modes[Mode.ONLINE]
    seated = min(count - count // 3, count if room is None else room)
    remote = min(count - seated, count if online is None else online)
    if room is None or room > seated:
        seated = min(count - remote, count if room is None else room)
    remote = count - seated
    return [
        Mode.ONLINE if number * remote // count != (number + 1) * remote // count else Mode.ON_SITE
        for number in range(count)
    ]
