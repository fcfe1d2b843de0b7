"""A paper as PDF: set by typst from data, tagged for everybody's reader (PDF/UA-1)."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
import typst

from app.reports.exports import fonts, parts
from app.reports.exports.parts import Paper, Run

TEMPLATE = Path(__file__).with_name("document.typ")
BAR = """
#import "bar.typ": bar
#set page(width: 160mm, height: 14pt, margin: 0pt, fill: white)
#set text(size: 10pt, fill: rgb("#0e282e"), dir: if sys.inputs.dir == "rtl" { rtl } else { ltr })
#bar(json(bytes(sys.inputs.counts)))
"""
MARK = """
#import "bar.typ": mark
#set page(width: 12mm, height: 12mm, margin: 0pt, fill: white)
#mark
"""
# A cell of a table's body as typst tags it: its kind, and that the head of its column is its head.
CELL = re.compile(
    rb"(\n\d+ 0 obj\n<</Type/StructElem/S/)TD(/P \d+ 0 R(?:/Lang\([^)]*\))?/A\[)"
    rb"(<</O/Table/Headers\[\(U\d+x(\d+)y\d+\)\]>>)"
)
ROW_HEAD = b"<</O/Table/Scope/Row>>"
MOST_ROWS = 1_000  # of a list: a print of 25,000 rows takes 6 GB of memory and 2,000 pages
SCHEMES = ("https://", "http://")


def pdf(paper: Paper) -> bytes:
    """Return ``paper`` as PDF/UA-1; the same paper gives the same bytes anywhere, at any time.

    Letters that no face of ours can draw stand as □, and the last lines say so.
    """
    made_at = datetime.fromisoformat(paper.snapshot_at.replace("Z", "+00:00")).astimezone(UTC)
    made = typst.Compiler(font_paths=fonts.book(), root=TEMPLATE.parent).compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"paper": json.dumps(data(paper), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=made_at,
    )
    assert isinstance(made, bytes)
    return with_row_heads(made)


def with_row_heads(made: bytes) -> bytes:
    """Return a PDF of typst's in which the first cell of each row is tagged as the row's head.

    typst can say that itself (`pdf.header-cell`), but only behind a flag for things that may
    change, which its Python package does not have. So the tag is written over: as long as the old
    one, so that every byte after it stays where the file's index says. The cells beside it no
    longer name the head of their column as their only head: readers find both by their scopes.
    """

    def tag(cell: re.Match[bytes]) -> bytes:
        before, after, old, column = cell.groups()
        kind, new = (b"TH", ROW_HEAD) if column == b"0" else (b"TD", b"")
        return before + kind + after + new.ljust(len(old))

    return CELL.sub(tag, made)


def bar(counts: tuple[int, int], *, is_rtl: bool = False) -> bytes:
    """Return the bar of a difference of view as PNG, 160 mm wide on paper."""
    made = typst.Compiler(font_paths=fonts.book(), root=TEMPLATE.parent).compile(
        BAR.encode("utf-8"),
        format="png",
        ppi=200,
        sys_inputs={"counts": json.dumps(counts), "dir": "rtl" if is_rtl else "ltr"},
    )
    assert isinstance(made, bytes)
    return made


@cache
def mark() -> bytes:
    """Return the mark as PNG, 12 mm wide on paper."""
    made = typst.Compiler(root=TEMPLATE.parent).compile(MARK.encode(), format="png", ppi=300)
    assert isinstance(made, bytes)
    return made


def data(paper: Paper) -> dict[str, Any]:
    """Return all that the template prints, as plain values."""
    uncovered = Uncovered()
    found = uncovered.plain(printable(paper))
    words = uncovered.text(parts.text(paper.title))
    found["title_words"] = words.strip() or paper.edition
    found["qr"] = qr(paper.address)
    found["short_sha256"] = f"{paper.sha256[:8]}…{paper.sha256[-8:]}"
    found["address_words"] = words_of(paper.address)
    found["latest_words"] = words_of(paper.latest)
    found["uncovered"] = uncovered.is_any
    return found


def printable(paper: Paper) -> Paper:
    """Return ``paper`` with the lists that are too long to print left to its other files."""
    chapters = (
        replace(chapter, parts=tuple(short(part, paper) for part in chapter.parts))
        for chapter in paper.chapters
    )
    return replace(paper, chapters=tuple(chapters))


def short(part: parts.Part, paper: Paper) -> parts.Part:
    """Return a part, or where the rows of a very long list are found instead."""
    if not (isinstance(part, parts.Table) and part.is_long and len(part.rows) > MOST_ROWS):
        return part
    words = paper.labels["in_other_files"] % {"number": len(part.rows)}
    return parts.Points(((Run(part.caption, "strong"), Run(f": {words}")),))


class Uncovered:
    """Turns parts into plain values and remembers whether a letter could not be printed."""

    def __init__(self) -> None:
        self.is_any = False

    def plain(self, thing: Any) -> Any:
        """Return ``thing`` as plain values, each part with the name of its kind."""
        if isinstance(thing, str):
            return self.text(thing)
        if isinstance(thing, tuple):
            return [self.plain(each) for each in thing]
        if is_dataclass(thing):
            made = {each.name: self.plain(getattr(thing, each.name)) for each in fields(thing)}
            if isinstance(thing, parts.Run):
                made["direction"] = thing.direction
            return {"part": type(thing).__name__, **made}
        if isinstance(thing, dict):
            return {key: self.plain(value) for key, value in thing.items()}
        return thing

    def text(self, text: str) -> str:
        """Return ``text`` as our faces can draw it."""
        drawn = fonts.drawable(text)
        self.is_any = self.is_any or drawn.count(fonts.MISSING) > text.count(fonts.MISSING)
        return drawn


def qr(address: str) -> str:
    """Return the code of ``address`` as SVG: one path, quiet zone included."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=1, xmldecl=False, svgns=True, dark="#0e282e", omitsize=True
    )
    return out.getvalue().decode("utf-8")


def words_of(address: str) -> str:
    """Return an address as people type it."""
    for scheme in SCHEMES:
        address = address.removeprefix(scheme)
    return address
