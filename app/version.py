"""Which program this is: the version people read, and the build that caches must not outlive."""

from __future__ import annotations

import hashlib
from pathlib import Path

VERSION = "0.1.0"


def build() -> str:
    """Return a fingerprint of everything that shapes a page: code, templates, texts, styles."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder, pattern in (
        ("app", "*.py"), ("templates", "*"), ("translations", "*.po"), ("static", "*"),
    ):  # fmt: skip
        for file in sorted((root / folder).rglob(pattern)):
            if file.is_file():
                digest.update(str(file.relative_to(root)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


BUILD = build()
