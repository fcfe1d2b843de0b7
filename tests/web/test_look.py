"""The promises of the stylesheets, signs and base templates, kept by counting."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
PHYSICAL = re.compile(
    r"[{;]\s*((?:(?:margin|padding|border|inset)-)?(?:left|right|top|bottom)\b|(?:min-|max-)?(?:width|height)|"
    r"(?:text-align|float|clear):\s*(?:left|right))\s*[:;]"
)


def packed(path: str) -> int:
    """Return the size of a static file as it travels."""
    return len(gzip.compress((STATIC / path).read_bytes(), 9))


def without_media(css: str) -> str:
    """Return ``css`` without the conditions of its media queries, where widths are meant."""
    return re.sub(r"@media[^{]*", "", css)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("css/public.css", 10_000),
        ("css/staff.css", 5_000),
        ("css/door.css", 5_000),
        ("icons.svg", 2_000),
        ("fonts/figures.woff2", 2_700),
    ],
)
def test_nothing_a_page_loads_is_heavier_than_promised(path, limit):
    assert packed(path) <= limit


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_stylesheets_use_logical_properties_only(sheet):
    assert PHYSICAL.findall(without_media(sheet.read_text("utf-8"))) == []


def test_the_search_for_physical_properties_finds_some():
    found = PHYSICAL.findall(
        "a{margin-left:0; width:1px; vertical-align:top; inset-inline-start:0; text-align: left;}"
    )

    assert found == ["margin-left", "width", "text-align: left"]


def test_parts_name_tokens_and_no_colours_of_their_own():
    css = (STATIC / "css/public.css").read_text("utf-8")
    parts = css[css.index("@layer base {") : css.index("@layer media {")]

    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", parts))

    assert colours <= {"#fff", "#000"}  # on deep grounds; QR codes are black on white always


def test_every_sign_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'icon\("([\w-]+)"\)', template.read_text("utf-8")))

    assert named
    assert named <= drawn
    assert {"format", "world-cafe", "town-hall", "online-round"} <= drawn


def test_templates_hold_no_inline_style_or_script():
    found = [
        str(template.relative_to(ROOT))
        for template in (ROOT / "templates").rglob("*.html")
        if "mail" not in template.parts
        and re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)(?![^>]*ld\+json)",
                      template.read_text("utf-8"))
    ]  # fmt: skip

    assert found == []


def test_vendored_files_are_the_ones_we_looked_at():
    listed = [
        line.split(maxsplit=1)
        for line in (STATIC / "vendor/HASHES").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    wrong = [
        path
        for digest, path in listed
        if hashlib.sha256((STATIC / path).read_bytes()).hexdigest() != digest
    ]
    present = {
        str(file.relative_to(STATIC))
        for folder in ("vendor", "fonts")
        for file in (STATIC / folder).rglob("*")
        if file.is_file() and file.name != "HASHES"
    }

    assert wrong == []
    assert present - {path for _, path in listed} == set()
