"""Nobody is named beyond what they chose: canaries looked for in every byte of every form."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
import zlib

import pypdf
import pytest

from app.core import attribution
from app.core.attribution import LADDER
from tests.reports import printing, sample

pytestmark = pytest.mark.engines("sqlite")  # nothing here asks a database
PAIRS = list(itertools.product(LADDER, LADDER))


def facts(index: int) -> dict[str, str]:
    """Return facts that are found nowhere else."""
    return {
        "name": f"Canaryname{index:02}x",
        "organisation": f"Canaryorganisation{index:02}x",
        "stakeholder_group": "technical",
        "country": "KE",
    }


def document():
    """Return an edition with one source and one entry for each choice under each cap."""
    authors = [
        attribution.author(facts(index), choice, cap) for index, (choice, cap) in enumerate(PAIRS)
    ]
    sources = tuple(sample.source(100 + i, author=author) for i, author in enumerate(authors))
    entries = tuple(sample.entry(100 + i, author=author) for i, author in enumerate(authors))
    said = sample.Statement("9.1", {"en": "said so."}, "some", 16, 90, sources)
    theme = sample.Theme(9, {"en": "Names"}, 90, 1, statements=(said,))
    return sample.edition(
        questions=(sample.Question(1, {"en": "Why?"}, (theme,)),), contributions=entries
    )


def allowed() -> set[str]:
    """Return the canaries that may be read."""
    found = set()
    for index, (choice, cap) in enumerate(PAIRS):
        level = attribution.lower(choice, cap)
        said = set(attribution.SAYS[level]) & {"name", "organisation"}
        found |= {facts(index)[name] for name in said}
    return found


def readable(form: str, made: bytes) -> str:
    """Return everything a curious person can read out of a file."""
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(made)) as entries:
            return "\n".join(entries.read(name).decode("latin-1") for name in entries.namelist())
    if form == "pdf":
        reader = pypdf.PdfReader(io.BytesIO(made))
        texts = [re.sub(r"\s", "", page.extract_text()) for page in reader.pages]
        return "\n".join((*texts, str(reader.metadata), *streams(made)))
    return made.decode()


def streams(made: bytes) -> list[str]:
    """Return the streams of a PDF file, unpacked where they are packed."""
    found = [made.decode("latin-1")]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", made, re.S):
        try:
            found.append(zlib.decompressobj().decompress(stream).decode("latin-1"))
        except zlib.error:
            found.append(stream.decode("latin-1"))
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_form_names_anybody_beyond_choice_and_rule(app, language):
    may = allowed()
    assert 0 < len(may) < 2 * len(PAIRS)

    for form, made in printing.everything(app, document(), language).items():
        found = set(re.findall(r"Canary(?:name|organisation)\d\dx", readable(form, made)))
        assert found == may, form


def test_the_metadata_names_nobody_at_all(app):
    made = printing.everything(app, document())

    with zipfile.ZipFile(io.BytesIO(made["docx"])) as entries:
        properties = [entries.read(name) for name in entries.namelist() if "docProps" in name]
    reader = pypdf.PdfReader(io.BytesIO(made["pdf"]))
    metadata = reader.trailer["/Root"]["/Metadata"].get_object().get_data()

    for known in (*properties, metadata, str(reader.metadata).encode()):
        assert b"Canary" not in known
        assert b"Rapporteur" not in known
        assert b"python-docx" not in known
