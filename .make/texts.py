"""The texts in several languages: collect, compile, and check that they are in step.

``texts.py update``   collects from code and templates, and brings every language in step
``texts.py compile``  writes the binary form of what changed since
``texts.py check``    exits 1 when texts were not collected, or a complete language lacks one
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path("translations")
TEMPLATE = FOLDER / "messages.pot"
COMPLETE = ("fr", "ar")
READY = ("es", "ru", "zh_Hans_CN")
# `_` and N_ are known to Babel. What a refusal says of a field is translated where it is shown,
# so the third word of `Invalid.field` and `FieldError` is a text without any further mark.
KEYWORDS = ("_l", "field:3", "FieldError:3", "refuse:2")


def compile_all() -> None:
    """Write the ``.mo`` beside every ``.po`` that is newer, each whole or not at all."""
    for source in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo  # costs time, and is seldom needed

        fresh = target.with_suffix(f".new-{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, read(source))
        fresh.replace(target)


def read(source: Path, locale: str | None = None):
    """Return the catalog in ``source``."""
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        return read_po(file, locale=locale)


def collect(target: Path) -> None:
    """Write every marked text of code and templates to ``target``."""
    pybabel(
        *("extract", "-F", str(FOLDER / "babel.cfg"), "-o", str(target)),
        *("--add-location", "file", "--sort-by-file", "--project", "Open Talks"),
        *("--copyright-holder", "the Open Talks authors"),
        *("--add-comments", "Translators:", "--strip-comments"),
        *(word for keyword in KEYWORDS for word in ("--keyword", keyword)),
        ".",
    )


def update() -> None:
    """Collect anew, and bring the file of every language in step without guessing."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "messages.pot")
        collect(fresh)
        if not TEMPLATE.exists() or dated(fresh) != dated(TEMPLATE):
            TEMPLATE.write_bytes(fresh.read_bytes())
    for locale in (*COMPLETE, *READY):
        source = FOLDER / locale / "LC_MESSAGES" / "messages.po"
        common = ("-i", str(TEMPLATE), "-d", str(FOLDER), "-l", locale)
        if source.exists():
            quiet = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date")
            pybabel("update", *common, *quiet)
        else:
            pybabel("init", *common)


def dated(file: Path) -> list[str]:
    """Return the lines of ``file`` without the date of its making."""
    return [line for line in file.read_text().splitlines() if "POT-Creation-Date" not in line]


def check() -> list[str]:
    """Return what is wrong, a sentence each; print how far every language is."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "messages.pot")
        collect(fresh)
        wanted = keys(read(fresh))
    faults = []
    if wanted != (keys(read(TEMPLATE)) if TEMPLATE.exists() else set()):
        faults.append(f"{TEMPLATE} is not in step with the texts: run make translations.")
    for locale in (*COMPLETE, *READY):
        source = FOLDER / locale / "LC_MESSAGES" / "messages.po"
        catalog = read(source, locale) if source.exists() else None
        missing = wanted - (translated(catalog) if catalog else set())
        print(f"  {locale:<11}{len(wanted) - len(missing)} of {len(wanted)} texts")
        if missing and locale in COMPLETE:
            first = sorted(str(text) for _, text in missing)[:3]
            faults.append(f"{locale} lacks {len(missing)} texts, among them: {' | '.join(first)}")
        for message, errors in catalog.check() if catalog else ():
            faults.append(f"{locale}: {message.id!r}: {errors[0]}")
    return faults


def keys(catalog) -> set:
    """Return what identifies the texts of ``catalog``: context and English words."""
    return {(message.context, message.id) for message in catalog if message.id}


def translated(catalog) -> set:
    """Return the keys of those texts that have all their forms, confirmed by a person."""
    done = set()
    for message in catalog:
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and all(forms) and not message.fuzzy:
            done.add((message.context, message.id))
    return done


def pybabel(*arguments: str) -> None:
    """Run Babel's own command; it says itself what it dislikes."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments]
    if outcome := subprocess.run(command, check=False).returncode:
        sys.exit(outcome)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            if faults := check():
                sys.exit("\n".join(faults))
        case _:
            sys.exit(__doc__)
