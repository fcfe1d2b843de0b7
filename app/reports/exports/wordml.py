"""Paragraphs, runs and tables as Word's XML: languages, directions, links and header rows said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.text.paragraph import Paragraph

from app.core import document as documents
from app.core import languages
from app.reports.exports import parts
from app.reports.exports.parts import Field, Line, Run, Table

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LAKE, MUTED, INK = "00566A", "476067", "0E282E"
TEXT_WIDTH = 9070  # twentieths of a point: 160 mm between the margins of an A4 page
RAIL = 737  # 13 mm, the column in which numbers stand
DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative val="1" '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst>'
)
LRM = "\u200e"  # holds words that run from left to right together inside those that do not


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """Return ``w:tag`` with attributes and children; ``None`` is no child."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(child for child in children if child is not None)
    return made


class Writer:
    """Writes parts of one paper; knows its language, its direction and where links are kept."""

    def __init__(self, part: Any, language: str) -> None:
        self.part = part
        self.language = language
        self.is_rtl = languages.nearest(language).direction == "rtl"
        self.bookmarks = 0
        self.drawings = 0
        self.links: dict[str, str] = {}

    def paragraph(
        self, line: Line, style: str = "Normal", *, anchor: str = "", rail: str = "", **more: Any
    ) -> Any:
        """Return a paragraph; ``rail`` stands before it, in its own column.

        ``more`` may hold ``align``, ``follow`` (stay with the next), ``indent`` and ``fixed``: a
        paragraph that is wholly in another language takes its direction too, unless it has a rail
        or is fixed. Word's left is where a paragraph starts, so in Arabic the right.
        """
        foreign = "" if rail or more.get("fixed") else parts.one_language(line)
        rtl = documents.direction(foreign) == "rtl" if foreign else self.is_rtl
        properties = element("pPr", element("pStyle", val=style.replace(" ", "")))
        if more.get("follow"):
            properties.append(element("keepNext"))
        properties.append(element("bidi", val="1" if rtl else "0"))
        if indent := more.get("indent"):
            properties.append(element("ind", left=str(indent), firstLine="0"))
        if align := more.get("align"):
            properties.append(element("jc", val=align))
        made = element("p", properties)
        content = [*self.rail(rail), *self.line(self.held(line) if rtl else line)]
        made.extend(self.marked(anchor, content) if anchor else content)
        return made

    def rail(self, words: str) -> list[Any]:
        """Return what stands before a paragraph, and the step to its text."""
        if not words:
            return []
        size = "14" if words.strip("●") == "" else ""  # four dots find room
        return [self.run(Run(words), colour=LAKE, size=size), element("r", element("tab"))]

    def held(self, line: Line) -> Line:
        """Return a line with marks around what runs from left to right, for a line that does not.

        Without them full stops, brackets and the dash of a time would jump to its other side.
        """
        runs = list(line)
        ltr = [not self.runs_from_right(run) and not run.text.isspace() for run in runs]
        for index, run in enumerate(runs):
            if ltr[index]:
                before = "" if index and ltr[index - 1] else LRM
                after = "" if ltr[index + 1 : index + 2] == [True] else LRM
                runs[index] = replace(run, text=f"{before}{run.text}{after}")
        return tuple(runs)

    def runs_from_right(self, run: Run) -> bool:
        """Return whether words run from right to left."""
        if run.kind in ("code", "figure", "clock"):
            return False
        return run.direction == "rtl" if run.language else self.is_rtl

    def line(self, line: Line) -> list[Any]:
        """Return the runs of a line, links included."""
        return [self.linked(run) if run.href else self.run(run) for run in line]

    def run(self, run: Run, colour: str = "", size: str = "") -> Any:
        """Return words with their language; right-to-left ones say so."""
        language = run.language or self.language
        properties = element("rPr")
        if run.href:
            properties.append(element("rStyle", val="Hyperlink"))
        if run.kind == "code":
            properties.append(element("rFonts", ascii="Consolas", hAnsi="Consolas", cs="Consolas"))
        if run.kind in ("strong", "figure"):
            properties.extend((element("b"), element("bCs")))
        if colour:
            properties.append(element("color", val=colour))
        if size or run.kind == "code":
            properties.extend(element(tag, val=size or "17") for tag in ("sz", "szCs"))
        if self.runs_from_right(run):
            properties.append(element("rtl"))
        properties.append(spoken(language))
        return element("r", properties, *text(run.text))

    def linked(self, run: Run) -> Any:
        """Return words that lead somewhere: to a bookmark of the paper or to an address."""
        if run.href.startswith("#"):
            return element("hyperlink", self.run(run), anchor=bookmark(run.href[1:]))
        made = element("hyperlink", self.run(run))
        made.set(qn("r:id"), self.relation(run.href))
        return made

    def relation(self, address: str) -> str:
        """Return the number under which the file keeps an address."""
        if address not in self.links:
            self.links[address] = f"rIdL{len(self.links) + 1}"
            self.part.rels.add_relationship(
                RELATIONSHIP_TYPE.HYPERLINK, address, self.links[address], is_external=True
            )
        return self.links[address]

    def marked(self, anchor: str, content: Sequence[Any]) -> list[Any]:
        """Return content with a bookmark around it that links can lead to."""
        self.bookmarks += 1
        number = str(self.bookmarks)
        start = element("bookmarkStart", id=number, name=bookmark(anchor))
        return [start, *content, element("bookmarkEnd", id=number)]

    def table(self, table: Table, style: str = "Figures") -> Any:
        """Return a table with a header row that comes again on each page."""
        widths = [TEXT_WIDTH * share // sum(table.widths) for share in table.widths]
        look = element("tblLook", firstRow="1", firstColumn="1", noVBand="1", noHBand="1")
        properties = element("tblPr", element("tblStyle", val=style))
        if self.is_rtl:
            properties.append(element("bidiVisual"))
        properties.extend(
            (
                element("tblW", w=str(sum(widths)), type="dxa"),
                element("tblLayout", type="fixed"),
                look,
                element("tblCaption", val=table.caption),
            )
        )
        grid = element("tblGrid", *(element("gridCol", w=str(width)) for width in widths))
        small = "Small" if table.is_long else "Cell"
        whole = not table.is_long and len(table.rows) <= 20
        last = len(table.rows) - 1
        return element(
            "tbl",
            properties,
            grid,
            self.row(table.head, widths, "Head", is_head=True, follow=True),
            *(
                self.row(row, widths, small, follow=whole and index < last)
                for index, row in enumerate(table.rows)
            ),
        )

    def row(
        self,
        fields: Sequence[Field],
        widths: Sequence[int],
        style: str,
        *,
        is_head: bool = False,
        follow: bool = False,
    ) -> Any:
        """Return a row; a head row is marked as one, others are not torn by a page's end.

        Words after a column of figures keep away from them; ``follow`` keeps it with the next row.
        """
        after = [False, *(each.is_number for each in fields)]
        long = max(len(run.text) for field in fields for run in (*field.words, Run(""))) > 700
        properties = element(
            "trPr",
            None if long else element("cantSplit"),
            element("tblHeader") if is_head else None,
        )
        return element(
            "tr",
            properties,
            *(
                self.cell(field, width, style, follow=follow, apart=apart and not field.is_number)
                for field, width, apart in zip(fields, widths, after, strict=False)
            ),
        )

    def cell(self, field: Field, width: int, style: str, *, follow: bool, apart: bool) -> Any:
        """Return one cell; numbers stand at its end."""
        more = {"align": "right"} if field.is_number else {"indent": 280 if apart else 0}
        return element(
            "tc",
            element("tcPr", element("tcW", w=str(width), type="dxa")),
            self.paragraph(field.words, style, follow=follow, **more),
        )

    def picture(self, paragraph: Paragraph, png: Any, width: Any, words: str) -> None:
        """Put a picture into a paragraph, with words for those who do not see it; one without
        words is marked as decoration.
        """
        inline = paragraph.add_run().add_picture(png, width=width)._inline
        self.drawings += 1
        for side in "TBLR":
            inline.set(f"dist{side}", "0")
        named = inline.docPr
        named.set("id", str(self.drawings))
        named.set("name", f"Picture {self.drawings}")
        named.set("descr", words)
        if not words:
            named.append(parse_xml(DECORATIVE))


def text(words: str) -> list[Any]:
    """Return words as text elements, with their line ends; what XML cannot hold is left out."""
    found: list[Any] = []
    for index, line in enumerate(ILLEGAL.sub("", words).split("\n")):
        if index:
            found.append(element("br"))
        made = element("t")
        made.text = line
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        found.append(made)
    return found


def spoken(language: str) -> Any:
    """Return the tag that says in which language words are.

    Word keeps one for each kind of script; Latin letters inside Arabic or Chinese are English.
    """
    if documents.direction(language) == "rtl":
        tag = {"ar": "ar-SA"}.get(language, language)
        return element("lang", val="en-US", bidi=tag)
    if language.startswith(("zh", "ja", "ko")):
        tag = {"zh-Hans": "zh-CN"}.get(language, language)
        return element("lang", val="en-US", eastAsia=tag)
    return element("lang", val=language)


def bookmark(anchor: str) -> str:
    """Return the name of a bookmark: letters, digits and lines below, 40 at most, one an anchor."""
    name = re.sub(r"\W", "_", f"_{anchor}")
    if len(name) <= 40 and name[1:] == re.sub(r"[.-]", "_", anchor):
        return name
    return f"{name[:31]}_{hashlib.sha256(anchor.encode()).hexdigest()[:8]}"
