"""Files under static/: small on the way, a year in caches, the same for who cannot unzip."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests import make

ZIPPED = {"Accept-Encoding": "br, gzip"}


@pytest.fixture
def ask(client):
    """Ask for something and close what was opened for it."""

    def asked(path: str, method: str = "GET", **headers: str) -> TestResponse:
        with client.open(path, method=method, headers=headers) as answer:
            assert answer.data is not None
            return answer

    return asked


@pytest.mark.parametrize("path", ["css/public.css", "js/live.js", "door/door.js"])
def test_texts_are_sent_with_gzip_to_those_who_take_it(ask, path):
    small = ask(f"/static/{path}", **ZIPPED)
    whole = ask(f"/static/{path}")

    assert small.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in whole.headers
    assert gzip.decompress(small.data) == whole.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(whole.data) / 1.5
    for answer in (small, whole):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_kept_file_is_asked_for_and_not_sent_again(ask):
    first = ask("/static/css/public.css", **ZIPPED)
    etag = first.headers["ETag"]
    again = ask("/static/css/public.css", **ZIPPED, **{"If-None-Match": etag})

    assert etag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")


def test_a_look_at_the_head_says_what_a_look_at_the_file_does(ask):
    head = ask("/static/css/public.css", "HEAD", **ZIPPED)
    whole = ask("/static/css/public.css", **ZIPPED)

    assert head.data == b""
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_faces_and_pieces_go_as_they_are(ask, app):
    face = min(Path(app.static_folder).glob("fonts/*.woff2"))
    answer = ask(f"/static/fonts/{face.name}", **ZIPPED)
    piece = ask("/static/css/public.css", **ZIPPED, Range="bytes=0-9")

    assert "Content-Encoding" not in answer.headers
    assert answer.data == face.read_bytes()
    assert (piece.status_code, len(piece.data)) == (206, 10)
    assert "Content-Encoding" not in piece.headers


def test_what_is_not_there_is_not_found(ask):
    assert ask("/static/css/none.css", **ZIPPED).status_code == 404


def test_a_first_visit_weighs_little_as_it_is_sent(ask, clock):
    make.edition()
    page = ask("/probe/document/1", **ZIPPED)
    found = re.findall(r'(?:href|src)="(/static/[^"#]+)', gzip.decompress(page.data).decode())
    files = {each for each in found if "woff2" not in each and "icons/" not in each}

    assert any("document.css" in each for each in files)
    assert len(page.data) + sum(len(ask(each, **ZIPPED).data) for each in files) < 40_000
