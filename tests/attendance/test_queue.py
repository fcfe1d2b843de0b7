"""The queue of the door's script, run by the Node that the playwright wheel carries."""

import re
import subprocess
from pathlib import Path

import playwright

ROOT = Path(__file__).parents[2]
NODE = Path(playwright.__file__).parent / "driver/node"


def test_no_scan_is_lost_whatever_the_network_does():
    run = subprocess.run(
        [NODE, "--test", "tests/attendance/queue.test.mjs"],
        cwd=ROOT,
        env={"QUEUE": (ROOT / "static/door/queue.js").as_uri(), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]
    assert re.search(r"pass 20\b", run.stdout), run.stdout[-500:]
