"""The faces of printed pages, installed with us, and which letters they can draw."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

FIGURES = Path(__file__).parents[3] / "static/fonts"
FILES = {
    "fontpkg_noto_serif": ("files/NotoSerif[wdth,wght].ttf",),
    "fontpkg_noto_sans": ("files/NotoSans[wdth,wght].ttf",),
    "pylopdf_fonts_ar": ("NotoNaskhArabic-Variable.ttf", "NotoSansArabic-Variable.ttf"),
    "pylopdf_fonts_zh_cn": ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"),
}
MISSING = "□"
JOINERS = ("\u200c", "\u200d")  # Arabic and Indic scripts need them inside words


@cache
def book() -> typst.Fonts:
    """Return all faces we print with; none of the machine's own, so that every machine agrees."""
    folders = sorted({str(path.parent) for path in paths()})
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,  # DejaVu Sans Mono, for codes and check sums
        font_paths=[*folders, str(FIGURES)],
    )


def paths() -> list[Path]:
    """Return the files of the faces that carry texts."""
    return [Path(str(files(package))) / name for package, names in FILES.items() for name in names]


@cache
def covered() -> tuple[frozenset[int], ...]:
    """Return for each face the code points it can draw."""
    found = []
    for path in paths():
        with TTFont(path, lazy=True) as face:
            found.append(frozenset(face.getBestCmap()))
    return tuple(found)


def drawable(text: str) -> str:
    """Return ``text`` with □ for each letter that no face can draw, so that printing never fails.

    A letter and its marks are drawn by one face or not at all; what is never drawn (control
    characters, private use, joiners that no face needs) is left out. Lines stay lines.
    """
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    for cluster in clusters(unicodedata.normalize("NFC", text)):
        if cluster == "\n" or _drawn(cluster):
            out.append(cluster)
        elif cluster[0].isspace():
            out.append(" ")
        elif unicodedata.category(cluster[0]) in ("Cc", "Cf", "Cs", "Mn", "Me"):
            continue
        else:
            out.append(cluster[0] if _drawn(cluster[0]) else MISSING)
    return "".join(out)


def clusters(text: str) -> list[str]:
    """Return ``text`` cut before each letter, marks and joiners with the letter they belong to."""
    found: list[str] = []
    for letter in text:
        belongs = unicodedata.category(letter).startswith("M") or letter in JOINERS
        if belongs and found and found[-1] != "\n":
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _drawn(cluster: str) -> bool:
    if unicodedata.category(cluster[0]) in ("Cc", "Co", "Cs", "Cn"):
        return False
    codes = set(map(ord, cluster))
    return any(codes <= face for face in covered())
