"""What a Word file looks like: page, styles by name, the head, the box, the line at the foot."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

from app.reports.exports import parts, pdf
from app.reports.exports.parts import Paper, Run
from app.reports.exports.wordml import (
    INK,
    LAKE,
    MUTED,
    RAIL,
    TEXT_WIDTH,
    Writer,
    element,
    spoken,
)

SERIF = {"ascii": "Cambria", "hAnsi": "Cambria", "cs": "Times New Roman", "eastAsia": "SimSun"}
SANS = {"ascii": "Calibri", "hAnsi": "Calibri", "cs": "Arial", "eastAsia": "Microsoft YaHei"}
# Name, based on, size in points, face, colour, bold, space before and after, rail before it.
STYLES = (
    ("Normal", None, 10.5, SERIF, INK, False, 0, 6, False),
    ("Title", "Normal", 17, SERIF, INK, True, 6, 12, False),
    ("Origin", "Normal", 10, SANS, INK, False, 12, 4, False),
    ("Heading 1", "Normal", 13, SERIF, INK, True, 18, 6, True),
    ("Heading 2", "Normal", 11.5, SERIF, INK, True, 14, 4, False),
    ("Heading 3", "Normal", 11.5, SERIF, INK, True, 12, 2, True),
    ("Numbered", "Normal", 10.5, SERIF, INK, False, 0, 6, True),
    ("Point", "Normal", 10.5, SERIF, INK, False, 0, 2, False),
    ("Statement", "Normal", 11, SERIF, INK, False, 8, 3, True),
    ("Source", "Normal", 9, SANS, MUTED, False, 0, 3, False),
    ("Quote", "Normal", 9.5, SERIF, INK, False, 0, 4, False),
    ("Few", "Normal", 10.5, SERIF, INK, False, 6, 3, True),
    ("Label", "Normal", 9, SANS, INK, False, 6, 3, False),
    ("Caption", "Normal", 9, SANS, MUTED, False, 6, 3, False),
    ("Caution", "Normal", 9, SANS, INK, False, 14, 6, False),
    ("Head", "Normal", 8.5, SANS, MUTED, True, 2, 2, False),
    ("Cell", "Normal", 9, SANS, INK, False, 2, 2, False),
    ("Small", "Normal", 8, SANS, INK, False, 1, 1, False),
    ("Note", "Normal", 8, SANS, MUTED, False, 2, 8, False),
    ("Edition", "Normal", 9, SANS, INK, False, 14, 3, False),
    ("Imprint", "Normal", 9, SANS, MUTED, False, 0, 2, False),
    ("Footer", "Normal", 8, SANS, MUTED, False, 0, 0, False),
)
RULED = ("Heading 1", "Edition")
INSET = ("Source", "Quote")


def prepare(file: Any, paper: Paper) -> None:
    """Set the page, the styles and the foot of a new file."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(22), Mm(24)
    for row in STYLES:
        style(file, *row, arabic=1 if paper.direction == "rtl" else 0)
    current(file)
    border(file.styles["Caution"], "right" if paper.direction == "rtl" else "left", "24")
    points = file.styles["Point"].paragraph_format
    points.left_indent, points.first_line_indent = Twips(RAIL) + Mm(7), -Mm(7)
    points.tab_stops.add_tab_stop(Twips(RAIL) + Mm(7))
    link(file)
    table(file)
    said(file, paper.language)
    if paper.direction == "rtl":
        mirror(section)
    foot(file, paper)


def style(
    file: Any,
    name: str,
    based_on: str | None,
    size: float,
    face: dict[str, str],
    colour: str,
    bold: bool,
    before: float,
    after: float,
    rail: bool,
    *,
    arabic: float,
) -> None:
    """Set one paragraph style, making it where the file has none of that name.

    ``arabic`` is what letters of Arabic are larger by: they are drawn smaller.
    """
    known = {each.name for each in file.styles}
    made = (
        file.styles[name] if name in known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if based_on:
        made.base_style = file.styles[based_on]
    properties = made.element.get_or_add_rPr()
    for each in list(properties):
        properties.remove(each)
    fonts = element("rFonts", **face)
    properties.append(fonts)
    for tag in ("b", "bCs"):
        properties.append(element(tag, val="1" if bold else "0"))
    properties.append(element("color", val=colour))
    for tag, points in (("sz", size), ("szCs", size + arabic)):
        properties.append(element(tag, val=str(int(points * 2))))
    shape(made, name, before, after, rail)


def shape(made: Any, name: str, before: float, after: float, rail: bool) -> None:
    """Set the space around a paragraph, its rail and its rule."""
    form = made.paragraph_format
    old = made.element.get_or_add_pPr().find(qn("w:pBdr"))
    if old is not None:
        made.element.pPr.remove(old)
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.15
    form.keep_with_next = name.startswith(("Heading", "Few"))
    form.keep_together = name == "Statement"
    if rail:
        form.left_indent, form.first_line_indent = Twips(RAIL), -Twips(RAIL)
        form.tab_stops.add_tab_stop(Twips(RAIL))
    elif name in INSET:
        form.left_indent = Twips(RAIL)
    if name in ("Title", "Origin"):
        form.alignment = 1
    if name in RULED:
        border(made, "top", "12")


def border(made: Any, side: str, width: str) -> None:
    """Draw a rule beside a paragraph style."""
    edge = element(side, val="single", sz=width, space="6", color=INK)
    made.element.get_or_add_pPr().insert_element_before(
        element("pBdr", edge), "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi",
        "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
    )  # fmt: skip


def current(file: Any) -> None:
    """Say that the file is one of today's Word, which puts the edges of tables on the margins."""
    for each in file.settings.element.iter(qn("w:compatSetting")):
        if each.get(qn("w:name")) == "compatibilityMode":
            each.set(qn("w:val"), "15")


def link(file: Any) -> None:
    """Make the style of links, which the empty file lacks."""
    made = file.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    made.font.color.rgb = RGBColor.from_string(LAKE)
    made.font.underline = True


def table(file: Any) -> None:
    """Make the style of tables: a strong rule under the head, hairlines between rows."""
    made = file.styles.add_style("Figures", WD_STYLE_TYPE.TABLE)
    gap = {"w": "60", "type": "dxa"}
    strong = {"val": "single", "sz": "8", "space": "0", "color": INK}
    made.element.append(
        element(
            "tblPr",
            element("tblBorders", element("bottom", **HAIR), element("insideH", **HAIR)),
            element("tblCellMar", element("left", **gap), element("right", **gap)),
        )
    )
    head = element("tcPr", element("tcBorders", element("bottom", **strong)))
    made.element.append(element("tblStylePr", head, type="firstRow"))


def said(file: Any, language: str) -> None:
    """Say the language of the whole file."""
    defaults = file.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    properties = defaults.find(qn("w:rPr"))
    for each in properties.findall(qn("w:lang")):
        properties.remove(each)
    properties.append(spoken(language))


def mirror(section: Any) -> None:
    """Let the pages of a section run from right to left."""
    section._sectPr.insert_element_before(element("bidi"), "w:rtlGutter", "w:docGrid")


def head(writer: Writer, paper: Paper) -> Any:
    """Return the head: mark and body at the start, number, day and language at the end."""
    end = [
        tuple(Run(run.text, "strong", language=run.language) for run in line) if not index else line
        for index, line in enumerate(paper.facts)
    ]
    left, right = TEXT_WIDTH * 6 // 10 - MARK, TEXT_WIDTH * 4 // 10
    cells = (
        column(writer, MARK, (), "left"),
        column(writer, left, paper.head, "left"),
        column(writer, right, tuple(end), "right"),
    )
    holder = Paragraph(cells[0].find(qn("w:p")), writer)
    writer.picture(holder, BytesIO(pdf.mark()), Mm(12), "")
    return layout(writer, (MARK, left, right), (cells,), {"bottom": RULE})


MARK = 850  # 15 mm, in twentieths of a point
RULE = {"val": "single", "sz": "12", "space": "0", "color": INK}
HAIR = {"val": "single", "sz": "4", "space": "0", "color": "C5D3D5"}


def box(writer: Writer, paper: Paper) -> Any:
    """Return the box: summary, action required, references."""
    left, right = TEXT_WIDTH * 26 // 100, TEXT_WIDTH * 74 // 100
    rows = tuple(
        (
            column(writer, left, ((Run(name, "strong"),),), "left"),
            column(writer, right, (line,), "left", "Normal"),
        )
        for name, line in paper.box
    )
    edges = {"top": RULE, "left": RULE, "bottom": RULE, "right": RULE, "insideH": HAIR}
    return layout(writer, (left, right), rows, edges, inset="255")


def column(
    writer: Writer, width: int, lines: tuple[parts.Line, ...], align: str, style: str = "Cell"
) -> Any:
    """Return a cell of the head or the box, a paragraph for each line."""
    made = [
        writer.paragraph(line, style, align=align, fixed=style == "Cell") for line in lines or ((),)
    ]
    return element("tc", element("tcPr", element("tcW", w=str(width), type="dxa")), *made)


def layout(
    writer: Writer, widths: tuple[int, ...], rows: tuple, edges: dict, *, inset: str = "0"
) -> Any:
    """Return a table that only places things side by side: no head, no rows of data."""
    gap = "113" if inset != "0" else "28"
    margins = {"top": gap, "left": inset, "bottom": gap, "right": inset}
    properties = element("tblPr", element("bidiVisual") if writer.is_rtl else None)
    properties.extend(
        (
            element("tblW", w=str(sum(widths)), type="dxa"),
            element("tblBorders", *(element(side, **look) for side, look in edges.items())),
            element("tblLayout", type="fixed"),
            element(
                "tblCellMar",
                *(element(side, w=width, type="dxa") for side, width in margins.items()),
            ),
            element("tblLook", firstRow="0", firstColumn="0", noVBand="1", noHBand="1"),
        )
    )
    grid = element("tblGrid", *(element("gridCol", w=str(width)) for width in widths))
    return element("tbl", properties, grid, *(element("tr", *cells) for cells in rows))


def foot(file: Any, paper: Paper) -> None:
    """Write the line at the foot of each page: edition, snapshot, page of pages."""
    footer = file.sections[0].footer
    writer = Writer(footer.part, paper.language)
    made = writer.paragraph((Run(f"{paper.edition} · {paper.snapshot} · "),), "Footer")
    for index, words in enumerate(parts.PLACEHOLDER.split(paper.labels["page"])):
        if index % 2:
            made.append(field("PAGE" if words == "page" else "NUMPAGES"))
        elif words:
            made.append(writer.run(Run(words)))
    first = footer.paragraphs[0]._p
    first.addprevious(made)
    first.getparent().remove(first)


def field(code: str) -> Any:
    """Return a number that Word fills in."""
    return element("fldSimple", element("r", *[_digit()]), instr=code)


def _digit() -> Any:
    made = element("t")
    made.text = "1"
    return made
