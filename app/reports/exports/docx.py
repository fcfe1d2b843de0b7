"""A paper as a Word file: styles, headings, real tables, languages; the same paper, same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import docx as word
import segno
from docx.shared import Mm, Twips

from app.reports.exports import parts, pdf, wordstyles
from app.reports.exports.parts import Line, Paper, Run
from app.reports.exports.wordml import RAIL, Writer, element

EPOCH = (1980, 1, 1, 0, 0, 0)  # what a zip file calls the beginning of time


def docx(paper: Paper) -> bytes:
    """Return ``paper`` as DOCX; the same paper gives the same bytes anywhere, at any time."""
    file = word.Document()
    wordstyles.prepare(file, paper)
    body = Body(file, paper)
    body.top()
    for chapter in paper.chapters:
        body.chapter(chapter)
    body.foot()
    properties(file, paper)
    out = BytesIO()
    file.save(out)
    return still(out.getvalue())


def still(made: bytes) -> bytes:
    """Return a zip file again with the dates of its entries taken out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as given, zipfile.ZipFile(out, "w") as kept:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, given.read(name), compresslevel=6)
    return out.getvalue()


def properties(file: Any, paper: Paper) -> None:
    """Say title, language and day of the file; no author, and nothing of who made it."""
    package = file.part.package
    for number in [each for each, rel in package.rels.items() if "thumbnail" in rel.reltype]:
        del package.rels[number]  # a picture of the empty file it began as
    known = file.core_properties
    made_at = datetime.fromisoformat(paper.snapshot_at.replace("Z", "+00:00")).replace(tzinfo=None)
    known.title = parts.text(paper.title)[:255]
    known.language = paper.language
    known.subject = paper.edition
    known.author = known.last_modified_by = known.comments = known.keywords = known.category = ""
    known.created = known.modified = made_at
    known.revision = 1


class Body:
    """Appends the parts of one paper to the file, one after the other."""

    def __init__(self, file: Any, paper: Paper) -> None:
        self.file = file
        self.paper = paper
        self.writer = Writer(file.part, paper.language)
        self.end = file.element.body.sectPr
        self.writes: dict[type, Callable[[Any], None]] = {
            parts.Paragraph: self.paragraph,
            parts.Points: self.points,
            parts.Heading: self.heading,
            parts.Sentence: self.sentence,
            parts.Difference: self.difference,
            parts.Few: self.few,
            parts.Table: self.table,
            parts.Facts: self.facts,
        }

    def add(self, made: Any) -> None:
        """Append one element before the end of the section."""
        self.end.addprevious(made)

    def put(self, line: Line, style: str = "Normal", **more: Any) -> None:
        """Append one paragraph."""
        self.add(self.writer.paragraph(line, style, **more))

    def top(self) -> None:
        """Write the head, origin, title, box and caution."""
        paper = self.paper
        self.add(wordstyles.head(self.writer, paper))
        if paper.origin:
            self.put(paper.origin, "Origin")
        self.put(paper.title, "Title")
        if paper.translation:
            self.put((Run(paper.translation),), "Origin")
        if paper.box:
            self.add(wordstyles.box(self.writer, paper))
        self.put(paper.caution, "Caution")

    def chapter(self, chapter: parts.Chapter) -> None:
        """Write one chapter with all its parts."""
        title = (Run(chapter.title),)
        self.put(title, "Heading 1", anchor=chapter.anchor, rail=chapter.numeral)
        for part in chapter.parts:
            self.writes[type(part)](part)

    def paragraph(self, part: parts.Paragraph) -> None:
        """Write a numbered paragraph."""
        self.put(part.words, "Numbered", rail=str(part.number))

    def points(self, part: parts.Points) -> None:
        """Write a list."""
        for index, item in enumerate(part.items, 1):
            self.put(item, "Point", rail=f"{index}." if part.is_numbered else "•")

    def heading(self, part: parts.Heading) -> None:
        """Write a question or a theme, with how many contributed."""
        style = f"Heading {part.level}"
        self.put(part.words, style, anchor=part.anchor, rail=part.number)
        if part.about:
            self.put(part.about, "Source", follow=True)

    def sentence(self, part: parts.Sentence) -> None:
        """Write a sentence, who spoke against it, and the codes of its sources."""
        rail = f"§\u00a0{part.number}"
        follow = bool(part.against or part.sources)
        self.put(part.words, "Statement", anchor=part.anchor, rail=rail, follow=follow)
        if part.against:
            self.put(part.against, "Source", follow=bool(part.sources))
        if part.sources:
            codes = [(Run(each.reference, "code", each.href),) for each in part.sources]
            self.put((Run(f"{part.summary}: "), *parts.joined(codes, "  ")), "Source")

    def difference(self, part: parts.Difference) -> None:
        """Write both sides: a bar with words for it, then the sentences."""
        title = (Run(self.paper.labels["differences"], "strong"),)
        self.put(title, "Label", follow=True, indent=RAIL)
        self.put((Run(part.words),), "Caption", follow=True, indent=RAIL)
        holder = self.file.add_paragraph(style="Label")
        form = holder.paragraph_format
        form.left_indent, form.keep_with_next = Twips(RAIL), True
        png = BytesIO(pdf.bar(part.counts, is_rtl=self.writer.is_rtl))
        self.writer.picture(holder, png, Mm(147), part.words)
        for label, side in zip(part.labels, part.sides, strict=True):
            for line in side:
                self.put((Run(f"{label}: ", "strong"), *line), "Source")
        if part.sources:
            self.put((Run(part.summary),), "Source", follow=True)
            for each in part.sources:
                self.source(each)

    def source(self, one: parts.Source) -> None:
        """Write one passage in its own language and direction."""
        code = Run(one.reference, "code", one.href)
        self.put((code, Run(f" · {one.role} · {one.about}")), "Source", follow=True)
        self.put((Run(one.quote, language=one.language),), "Quote")

    def few(self, part: parts.Few) -> None:
        """Write a view held by few: how many, then its sentences."""
        words = (*part.words, Run(f" · {part.dots}"))
        self.put(words, "Few", anchor=part.anchor, rail="●" * part.said)
        for each in part.sentences:
            self.sentence(each)

    def table(self, part: parts.Table) -> None:
        """Write a table under its caption, its note below it."""
        self.put((Run(part.caption),), "Caption", anchor=part.anchor, follow=True)
        self.add(self.writer.table(part))
        self.put((Run(part.note),) if part.note else (), "Note")

    def facts(self, part: parts.Facts) -> None:
        """Write words with what they mean."""
        if part.title:
            self.put((Run(part.title, "strong"),), "Label", follow=True, indent=RAIL)
        for name, words in part.rows:
            self.put((*(Run(run.text, "strong") for run in name), Run(" – "), *words), "Source")

    def foot(self) -> None:
        """Write the edition line, and the way to the page and to the latest edition."""
        paper = self.paper
        line = " · ".join(part for part in (paper.edition, paper.snapshot, paper.prepared) if part)
        self.put((Run(line),), "Edition")
        if paper.sha256:
            self.put((Run(f"sha256 {paper.sha256}", "code"),), "Imprint")
        for name in ("read", "latest"):
            address = paper.address if name == "read" else paper.latest
            link = Run(pdf.words_of(address), "code", address)
            self.put((Run(f"{paper.labels[name]}: "), link), "Imprint")
        code = BytesIO()
        segno.make(paper.address, error="m", micro=False).save(code, kind="png", scale=6, border=2)
        holder = self.file.add_paragraph(style="Label")
        self.writer.picture(holder, BytesIO(code.getvalue()), Mm(20), paper.labels["code"])
        if self.writer.is_rtl:
            for each in self.file.element.body.iter(holder._p.tag):
                ensure_bidi(each)


def ensure_bidi(paragraph: Any) -> None:
    """Let a paragraph that says nothing of its direction run from right to left."""
    known = paragraph.get_or_add_pPr()
    if not any(each.tag.endswith("}bidi") for each in known):
        known.insert_element_before(
            element("bidi"), "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc",
        )  # fmt: skip
