"""Processes that are forked from one that has everything loaded, so that the imports are paid for once."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


def serve(main: Callable[[Path], None]) -> None:
    """Read paths, and for each fork a process that works there until it ends or is killed.

    Nothing before a fork may start a thread. It says the process's id, then how it ended (0, or the signal below 0; an
    exception is 1). A line that is whole ends with a full stop.
    """
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _run(main, Path(line.rstrip("\n")))
        print("\npid", process, ".", flush=True)
        _, status = os.waitpid(process, 0)
        print("\nended", os.waitstatus_to_exitcode(status), ".", flush=True)


def _run(main: Callable[[Path], None], folder: Path) -> NoReturn:
    code = 1
    try:
        main(folder)
        code = 0
    except BaseException:  # noqa: BLE001 - the exit code tells it
        traceback.print_exc()
    finally:
        os._exit(code)


def ended_well(line: str) -> bool | None:
    """Whether a process ended by itself or by the kill, as ``serve`` says; None where the line says something else."""
    words = line.split()
    if len(words) != 3 or words[0] != "ended":
        return None
    return words[1] in ("0", str(-signal.SIGKILL))
