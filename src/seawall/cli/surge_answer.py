"""What the surges command answers: windows with what they rest on, for people, for machines and as a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from seawall.brief.words import counted, interval, minute, number, small, span
from seawall.cli.count_facts import Facts
from seawall.errors import ConfigurationError, StorageError
from seawall.lake.disk import write_durably
from seawall.spreadsheets import harmless
from seawall.workspace.settings import disk_refused

SUFFIXES = (".csv", ".parquet")
TITLES = ("series", "when (UTC)", "", "seen", "expected", "factor (95 %)", "q", "note")


@dataclass(frozen=True, slots=True)
class Answer:
    """The windows in which series left what was expected of them, and what had to be assumed."""

    file: str
    rows: int
    bin: str
    facts: Facts
    windows: pa.Table  # that of ``Question.windows``
    assumptions: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The answer in one sentence with its numbers."""
        within = len(set(self.windows.column("series").to_pylist()))
        whole = counted(len(self.facts.series), "series", "series")
        found = (
            f"{counted(len(self.windows), 'window')} in {within:,} of {whole}" if within else f"No window in {whole}"
        )
        first = min(one.start for one in self.facts.series)
        last = max(one.end for one in self.facts.series)
        return f"{found}, {span(first, last)} (UTC), bins of {self.bin}."

    def as_dict(self) -> dict[str, Any]:
        """The answer for machines; what is no finite number is null."""
        return {
            "file": self.file,
            "rows": self.rows,
            "bin": self.bin,
            "assumptions": list(self.assumptions),
            "series": [asdict(one) for one in self.facts.series],
            "windows": [
                {name: _finite(value) for name, value in window.items()} for window in self.windows.to_pylist()
            ],
        }

    def cells(self) -> list[Sequence[object]]:
        """The windows as people read them, under ``TITLES``."""
        return [
            (
                window["series"],
                when(window),
                "▲ up" if window["direction"] == "up" else "▼ down",
                number(window["observed"]),
                number(window["expected"]),
                interval(window["factor"], window["factor_low"], window["factor_high"]),
                small(window["q"]),
                _note(window),
            )
            for window in self.windows.to_pylist()
        ]


def when(window: dict[str, Any]) -> str:
    """From when to when: in days where it begins and ends with days, else to the minute.

    >>> from datetime import UTC, datetime
    >>> when({"start": datetime(2026, 5, 3, 14, tzinfo=UTC), "end": datetime(2026, 5, 5, tzinfo=UTC)})
    '3 May 2026 14:00 UTC to 5 May 2026 00:00 UTC'
    """
    start, end = window["start"], window["end"]
    whole = all(at.time() == time() for at in (start, end))
    return span(start, end) if whole else f"{minute(start)} to {minute(end)}"


def _note(window: dict[str, Any]) -> str:
    notes = []
    if window["history"] == "short":
        notes.append("short history: uncertain")
    if window["unknown"]:
        notes.append(f"{counted(window['unknown'], 'bin')} not collected")
    return "; ".join(notes)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def check_out(path: Path, inputs: Sequence[Path], option: str, suffixes: Sequence[str]) -> None:
    """Refuse a place for a result before anything is computed.

    Raises:
        ConfigurationError: its ending is of no known format, or it is one of the inputs.
        StorageError: its folder is not there.
    """
    if path.suffix.lower() not in suffixes:
        raise ConfigurationError(
            f"The ending of the file tells its format, and this one is none of {', '.join(suffixes)}.",
            where=f"option {option}",
            mend=f"As in: {option} windows{suffixes[0]}",
        )
    if any(path.resolve() == one.resolve() for one in inputs):
        raise ConfigurationError(
            "This would overwrite what is read.", where=f"option {option}", mend="Name another file."
        )
    if not path.parent.is_dir():
        raise StorageError("There is no such folder.", where=str(path.parent), mend="Make it, or check the path.")


def write_windows(windows: pa.Table, path: Path) -> None:
    """Write windows as CSV or Parquet, by the ending of the name; what is there already is replaced as a whole.

    In CSV no name of a series can be taken for a formula, see ``harmless``.

    Raises:
        StorageError: the disk refuses.
    """
    if path.suffix.lower() != ".parquet":
        for name in ("start", "end"):
            seconds = windows.column(name).cast(pa.timestamp("s", tz="UTC"), safe=False)
            written = pc.strftime(seconds, format="%Y-%m-%dT%H:%M:%SZ")
            windows = windows.set_column(windows.column_names.index(name), name, written)
    write_table(windows, path)


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as CSV or Parquet, by the ending of the name; what is there already is replaced as a whole.

    In CSV no text can be taken for a formula, see ``harmless``.

    Raises:
        StorageError: the disk refuses.
    """
    content = pa.BufferOutputStream()
    if path.suffix.lower() == ".parquet":
        pq.write_table(table, content)
    else:
        pa_csv.write_csv(harmless(table), content)
    write_result(path, content.getvalue().to_pybytes())


def write_result(path: Path, content: bytes) -> None:
    """Write a file that is either as before or complete, whatever happens meanwhile.

    Raises:
        StorageError: the disk refuses.
    """
    try:
        write_durably(path, content)
    except OSError as error:
        raise disk_refused(error, path) from error
