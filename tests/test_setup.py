"""Set-up really runs: in a copy, with only the handful of commands it may count on."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMANDS = ("sh", "make", "dirname", "tail")  # git is not among them
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose requirements are empty, so that nothing comes from the network."""
    copy = tmp_path / "a checkout"  # a blank in the path must not matter
    copy.mkdir()
    shutil.copy(ROOT / "Makefile", copy)
    shutil.copytree(ROOT / ".make", copy / ".make", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "requirements.txt").write_text("# nothing\n")
    return copy


@pytest.fixture
def commands(tmp_path):
    """A folder for PATH with only what set-up needs, and no Python yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in COMMANDS:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def put_python(folder, name, *, body=f'exec "{sys.executable}" "$@"'):
    """Put a command ``name`` into ``folder`` that acts as ``body`` says."""
    command = folder / name
    command.write_text(f"#!/bin/sh\n{body}\n")
    command.chmod(0o755)


def without(module):
    """Return the body of a Python that runs what it is asked to, but has no ``module``."""
    hide = f"import sys; sys.modules['{module}'] = None; exec(sys.argv[1])"
    return f'exec "{sys.executable}" -I -c "{hide}" "$3"'


def start(checkout, commands, *command, **environment):
    """Start ``command`` in ``checkout``, in an otherwise empty environment."""
    return subprocess.Popen(
        command,
        cwd=checkout,
        env={"PATH": str(commands), "HOME": str(checkout), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments, **environment):
    """Run to the end; return exit code, output and complaints."""
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def build(checkout, commands):
    return start(checkout, commands, "sh", ".make/environment.sh", ".venv", "requirements.txt")


def test_the_first_python_that_really_works_is_taken(checkout, commands):
    put_python(commands, "python3.13", body="exit 127")
    put_python(commands, "python3.12", body=without("ensurepip"))
    put_python(commands, "python3.11", body="echo 'pyenv: python3.11: command not found'")
    put_python(commands, "python3")

    code, out, err = run(checkout, commands, "sh", ".make/python.sh")

    assert (code, out, err) == (0, f"{sys._base_executable}\n", "")


def test_a_name_that_fails_is_looked_for_further_along_the_path(checkout, commands, tmp_path):
    shims = tmp_path / "shims"
    shims.mkdir()
    put_python(shims, "python3", body="exit 127")
    put_python(commands, "python3")

    code, out, _ = run(checkout, f"{shims}:{commands}", "sh", ".make/python.sh")

    assert (code, out) == (0, f"{sys._base_executable}\n")


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("venv", f"python{VERSION}-venv"),
        ("ensurepip", f"python{VERSION}-venv"),
        ("ssl", f"libpython{VERSION}-stdlib"),
        ("sqlite3", f"libpython{VERSION}-stdlib"),
    ],
)
def test_a_missing_module_is_one_sentence_that_names_the_package(
    checkout, commands, module, package
):
    put_python(commands, "python3", body=without(module))

    assert run(checkout, commands, "sh", ".make/python.sh") == (
        1,
        "",
        f"Open Talks needs the package {package}: "
        f"Python {VERSION} is here, but has no module {module}.\n",
    )


def test_no_python_is_one_sentence(checkout, commands):
    assert run(checkout, commands, "sh", ".make/python.sh") == (
        1,
        "",
        "Open Talks needs the package python3 in version 3.11, 3.12 or 3.13, "
        "and python3-venv with it.\n",
    )


def test_a_busy_port_is_one_sentence_before_anything_is_made(checkout, commands):
    put_python(commands, "python3")
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        code, out, err = run(checkout, commands, "make", "run", PORT=str(port))

    sentence, *makes_own = err.splitlines()
    assert (code, out) == (2, "")  # make's own exit code for a command that left with 1
    assert sentence == (
        f"Port {port} on 127.0.0.1 is in use by another program; try: make run PORT={port + 1}"
    )
    assert [line for line in makes_own if not line.startswith("make: ***")] == []
    assert not (checkout / ".venv").exists()
    assert not (checkout / "instance").exists()


@pytest.mark.parametrize("port", ["-1", "0", "65536", "http", "²"])
def test_a_port_that_is_none_is_one_sentence(checkout, commands, port):
    put_python(commands, "python3")

    code, _, err = run(checkout, commands, "python3", ".make/port.py", PORT=port)

    assert (code, err) == (1, f"PORT must be a number from 1 to 65535, not {port!r}.\n")


def test_set_up_survives_being_killed_and_started_twice_and_is_skipped_when_done(
    checkout, commands
):
    put_python(commands, "python3")

    def killed_by(number):
        process = build(checkout, commands)
        deadline = time.monotonic() + 20
        while not list(checkout.glob(".venv.new-*/bin")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(number)
        process.communicate(timeout=20)
        assert process.returncode != 0
        assert not (checkout / ".venv").exists()
        return list(checkout.glob(".venv.new-*"))

    assert killed_by(signal.SIGTERM) == []  # asked politely, it tidies up
    assert len(killed_by(signal.SIGKILL)) == 1

    both = [build(checkout, commands) for _ in range(2)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in both] == [
        ("", 0),
        ("", 0),
    ]
    assert sorted(path.name for path in checkout.glob(".venv*")) == [".venv", ".venv.lock"]
    environment = (checkout / ".venv").stat().st_ino

    # Its scripts know where they live now.
    pip = subprocess.run([checkout / ".venv/bin/pip", "--version"], capture_output=True, text=True)
    assert str(checkout / ".venv") in pip.stdout

    # A second start does nothing; one that only lacked its last step is finished.
    again = build(checkout, commands)
    assert (*again.communicate(timeout=60), again.returncode) == ("", "", 0)
    os.rename(checkout / ".venv", checkout / ".venv.new-1")
    again = build(checkout, commands)
    assert (*again.communicate(timeout=60), again.returncode) == ("", "", 0)
    assert (checkout / ".venv").stat().st_ino == environment

    # Other requirements that cannot be had leave what was there.
    (checkout / "requirements.txt").write_text("no-hash==1.0\n")
    again = build(checkout, commands)
    assert "nothing was changed" in again.communicate(timeout=60)[1]
    assert again.returncode == 1
    assert (checkout / ".venv").stat().st_ino == environment
    assert sorted(path.name for path in checkout.glob(".venv*")) == [".venv", ".venv.lock"]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_requirement_has_a_reason_and_is_locked_with_hashes(name):
    wanted = [
        line
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-c"))
    ]
    lock = (ROOT / f"{name}.txt").read_text()
    locked = re.findall(
        r"^([a-z0-9.-]+)(?:\[\S+\])?==\S+.*((?:\n    --hash=sha256:\w{64}.*)+)", lock, re.M
    )

    assert [line for line in wanted if not re.search(r"\S  +# \S", line)] == []
    names = {re.match(r"[a-z0-9-]+", line).group() for line in wanted}
    assert names - {package for package, _ in locked} == set()
    assert len(locked) == len(re.findall(r"^[a-z]", lock, re.M))
    assert re.findall(r"^--|https?:|file:|^ *#.* /", lock, re.M) == []
