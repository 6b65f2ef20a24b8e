"""Processes that run ``seawall watch`` and are killed, forked from one that has paid for the imports.

``python -m tests.watch.forking`` reads command lines as JSON lists, and for each forks a process that runs the real
command; it says "pid N" at its start and "ended N" at its end.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import seawall.sources.live
import seawall.watch
import seawall.watch.replay
import seawall.workspace
from seawall.cli.main import main


def fork(arguments: list[str], errors: Path) -> int:
    """Start the command; what it writes goes to a file."""
    child = os.fork()
    if child:
        return child
    sys.argv = ["seawall", *arguments]
    with errors.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    code = 1
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def serve(errors: Path) -> None:
    """One command after the other."""
    for line in sys.stdin:
        child = fork(json.loads(line), errors)
        print("pid", child, flush=True)
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    assert all((seawall.watch, seawall.watch.replay, seawall.sources.live, seawall.workspace))
    serve(Path(sys.argv[1]))
