"""What processes and all their children use, read from /proc: CPU-seconds, and the most memory of each kind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
EVERY_SECONDS = 0.25


@dataclass
class Peaks:
    """Bytes of resident memory at the highest, by kind of process: ``python`` and ``java``, a process at a time."""

    of_one: dict[str, int] = field(default_factory=dict)


def tree(roots: Iterable[int]) -> list[int]:
    """These processes and all that descend from them."""
    children: dict[int, list[int]] = {}
    for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        fields = _fields(pid)
        if fields is not None:
            children.setdefault(int(fields[1]), []).append(pid)
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting.extend(children.get(pid, ()))
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """What they have used so far, those of their children included that have ended and been waited for."""
    told = [_fields(pid) for pid in tree(roots)]
    return sum(sum(map(int, fields[11:15])) for fields in told if fields is not None) / TICKS


@contextmanager
def watched(roots: Iterable[int]) -> Iterator[Peaks]:
    """Look at the memory of the tree until the end of the block."""
    peaks, over, roots = Peaks(), threading.Event(), list(roots)

    def look() -> None:
        while not over.wait(EVERY_SECONDS):
            _look(roots, peaks)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()
        _look(roots, peaks)


def _look(roots: Iterable[int], peaks: Peaks) -> None:
    for pid in tree(roots):
        try:
            kind = "java" if Path(f"/proc/{pid}/comm").read_text().strip() == "java" else "python"
            bytes_ = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
        peaks.of_one[kind] = max(peaks.of_one.get(kind, 0), bytes_)


def _fields(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name: state, parent, ...; None where it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
