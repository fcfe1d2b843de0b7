"""Build a virtual environment aside and put it in place when it is whole.

``environment.py FOLDER REQUIREMENTS...`` runs under the Python that the environment is for.
Nothing happens where the stamp in FOLDER says that it holds these requirements for this
Python: no pip, no network. Interrupted at any point, FOLDER is as it was before, or new.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from only_one import only_one

STAMP = "open-talks-stamp"


def main(folder: Path, requirements: list[Path]) -> None:
    """Make ``folder`` hold exactly ``requirements``, and nothing of what was there before."""
    wanted = fingerprint(requirements)
    if is_whole(folder, wanted):
        return
    with only_one():
        if is_whole(folder, wanted):  # somebody else built it while we waited
            return
        new = folder.with_name(f"{folder.name}.new-{os.getpid()}")
        finished = adopt(folder, wanted)
        if finished is None:
            build(new, folder, requirements, wanted)
        replace(finished or new, folder)


def fingerprint(requirements: list[Path]) -> str:
    """Return what the environment depends on, as one word: requirements and Python."""
    digest = hashlib.sha256(f"{sys.version}\n{os.path.realpath(sys.executable)}\n".encode())
    for file in requirements:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_whole(folder: Path, wanted: str) -> bool:
    """Tell whether ``folder`` is an environment with the stamp ``wanted`` that can start."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == wanted and (folder / "bin/python").exists()


def adopt(folder: Path, wanted: str) -> Path | None:
    """Clear away what interrupted builds left; return one that only lacked its renaming."""
    finished = None
    for left in sorted(folder.parent.glob(f"{folder.name}.[no][el][wd]-*")):
        if finished is None and is_whole(left, wanted):
            finished = left
        else:
            shutil.rmtree(left, ignore_errors=True)
    return finished


def build(new: Path, folder: Path, requirements: list[Path], wanted: str) -> None:
    """Build in ``new`` what will live in ``folder``; leave nothing behind when that fails."""
    version = sys.version.split()[0]
    print(f"Setting up {folder} with Python {version} (once, about a minute) ...", flush=True)
    python = str(new / "bin/python")
    files = [word for file in requirements for word in ("-r", str(file))]
    try:
        run(sys.executable, "-m", "venv", str(new))
        run(
            *(python, "-m", "pip", "install", "--quiet", "--no-input", "--no-user"),
            *("--disable-pip-version-check", "--progress-bar", "off", "--use-pep517"),
            *("--require-hashes", "--no-deps", *files),  # the lock is complete: nothing to resolve
        )
        settle(new, folder)
        (new / STAMP).write_text(wanted)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def run(*command: str) -> None:
    """Run a command, whose own words have said why when it fails; it ends when we are ended."""
    process = subprocess.Popen(command, start_new_session=True)  # Ctrl-C reaches us alone
    try:
        code = process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise
    if code:
        what = " ".join(command[1:4])
        sys.exit(f"Set-up stopped, nothing was changed: {what} failed ({code}).")


def settle(new: Path, folder: Path) -> None:
    """Write the final address into the scripts, which name their Python by its whole path."""
    before, after = (os.fsencode(path.absolute()) for path in (new, folder))
    for file in [*(new / "bin").iterdir(), new / "pyvenv.cfg"]:
        if file.is_symlink() or not file.is_file():
            continue
        text = file.read_bytes()
        # Programs of machine code live here too; only what is text holds the address.
        if b"\0" not in text[:1024] and before in text:
            file.write_bytes(text.replace(before, after))


def replace(new: Path, folder: Path) -> None:
    """Put ``new`` in the place of ``folder``."""
    old = folder.with_name(f"{folder.name}.old-{os.getpid()}")
    if folder.exists() or folder.is_symlink():
        folder.rename(old)
    new.rename(folder)
    if old.is_symlink():
        old.unlink()
    shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    # Ended politely, we tidy up as after Ctrl-C.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    try:
        main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
    except KeyboardInterrupt:
        sys.exit(130)
