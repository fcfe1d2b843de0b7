"""A paper as Markdown (CommonMark with tables), readable as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.reports.exports import parts
from app.reports.exports.parts import Line, Paper, Part

SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
OPENING = re.compile(r"^(\s*)([-+]|\d{1,9}[.)])(?=\s)")


def markdown(paper: Paper) -> str:
    """Return ``paper`` as Markdown, ended by one line end; the same paper gives the same text."""
    return "\n\n".join(block for block in blocks(paper) if block) + "\n"


def blocks(paper: Paper) -> Iterator[str]:
    """Yield its paragraphs, headings, lists and tables, one after the other."""
    for line in (*paper.head, *paper.facts):
        yield words(line)
    yield f"# {words(paper.title)}"
    yield words(paper.origin)
    yield plain(paper.translation)
    for label, line in paper.box:
        yield f"**{plain(label)}:** {words(line)}"
    yield f"> {words(paper.caution)}"
    for chapter in paper.chapters:
        yield f"## {f'{chapter.numeral} ' if chapter.numeral else ''}{plain(chapter.title)}"
        if chapter.anchor == "annex-sources":
            yield plain(paper.labels["inline"])
        else:
            for part in chapter.parts:
                yield from of_part(part, paper)
    yield "---"
    yield " · ".join(
        plain(each) for each in (paper.edition, paper.snapshot, paper.prepared) if each
    )
    yield f"sha256 `{paper.sha256}`" if paper.sha256 else ""
    for name, address in (("read", paper.address), ("latest", paper.latest)):
        yield f"{plain(paper.labels[name])}: <{address}>"


def of_part(part: Part, paper: Paper) -> Iterator[str]:
    """Yield the blocks of one part."""
    match part:
        case parts.Paragraph():
            yield f"{part.number}. {words(part.words)}" if part.number else words(part.words)
        case parts.Points():
            signs = [f"{i}." if part.is_numbered else "-" for i in range(1, len(part.items) + 1)]
            yield "\n".join(
                f"   {sign} {words(item)}" for sign, item in zip(signs, part.items, strict=True)
            )
        case parts.Heading():
            number = f"{part.number}. " if part.number else ""
            yield f"{'#' * (part.level + 1)} {plain(number)}{words(part.words)}"
            yield words(part.about)
        case parts.Sentence():
            yield from sentence(part)
        case parts.Difference():
            yield from difference(part, paper)
        case parts.Few():
            yield f"### {words(part.words)}"
            yield plain(part.dots)
            for each in part.sentences:
                yield from sentence(each)
        case parts.Table():
            yield from table(part)
        case parts.Facts():
            yield f"**{plain(part.title)}**" if part.title else ""
            yield "\n".join(f"- {words(name)}: {words(said)}" for name, said in part.rows)


def sentence(part: parts.Sentence) -> Iterator[str]:
    """Yield a sentence and, below it, everything it rests on."""
    yield f"**§ {part.number}** {words(part.words)}"
    yield words(part.against)
    if part.sources:
        yield f"{plain(part.summary)}:"
        yield sources(part.sources)


def sources(given: tuple[parts.Source, ...]) -> str:
    """Return passages as a list: number, role, who said it, the words."""
    return "\n".join(
        f"- [{plain(each.reference)}]({each.href}) · {plain(each.role)} · {plain(each.about)}: "
        + (plain(each.quote) if each.is_withdrawn else f"“{plain(each.quote)}”")
        for each in given
    )


def difference(part: parts.Difference, paper: Paper) -> Iterator[str]:
    """Yield both sides of a difference of view."""
    yield f"**{plain(paper.labels['differences'])}.** {plain(part.words)}"
    yield "\n".join(
        f"- {plain(label)}: {words(line)}"
        for label, side in zip(part.labels, part.sides, strict=True)
        for line in side
    )
    if part.sources:
        yield f"{plain(part.summary)}:"
        yield sources(part.sources)


def table(part: parts.Table) -> Iterator[str]:
    """Yield a table under its caption."""
    yield f"**{plain(part.caption)}**"
    lines = [[words(field.words) for field in row] for row in (part.head, *part.rows)]
    lines.insert(1, ["---:" if field.is_number else "---" for field in part.head])
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
    yield plain(part.note)


def words(line: Line) -> str:
    """Return a line with its strong words, codes and links marked."""
    found = []
    for run in line:
        text = plain(run.text)
        if run.kind in ("strong", "figure") and text.strip():
            text = f"**{text}**"
        if run.href and not run.href.startswith("#"):
            text = f"[{text}]({run.href})"
        found.append(text)
    return "".join(found)


def plain(text: str) -> str:
    """Return words on one line of which Markdown makes nothing but words."""
    line = SPECIAL.sub(r"\\\1", " ".join(text.split()) if "\n" in text else text)
    return OPENING.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", line)
