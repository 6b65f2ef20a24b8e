"""Links of the lake -> the places that emerge, with what was told of collection, and the world's popular domains."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.detectors.emerging_links import PlatformSpans, coverage_of
from seawall.errors import InputError
from seawall.measures import Emerging
from seawall.measures.emergence.asking import Asked
from seawall.measures.emergence.measure import EmergingMeasure
from seawall.parts import Mapped, Rows
from seawall.protocols import Engine, Progress
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.placing import READ, links_in, note_reading

COVERAGE = ("platform", "channel_id", "start", "end", "complete")


def emerging_of(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    popular: Any,
    known: Sequence[str] | None,
    communities: Any,
    q: float,
    progress: Progress | None,
) -> Emerging:
    """See ``PlaceReading.emerging``."""
    listed = popular_domains(popular) if isinstance(popular, str | Path) else popular
    note_reading(workspace, start, end, "emerging", {})
    with workspace.engine(progress) as engine, workspace.reading() as lake, lake.at_one_moment():
        rows = lake.reader("coverage", COVERAGE).read_all().to_pylist()
        links = Mapped(lake.rows("messages", READ, start=start, end=end), links_in)
        asked = Asked.of(
            communities=communities,
            popular=listed,
            known=known,
            coverage=coverage_of(_platforms(rows, links, engine), rows),
            q=q,
            until=end,
        )
        found: Emerging = engine.run(EmergingMeasure(asked), links)
    return found


def _platforms(coverage: list[dict[str, Any]], links: Rows, engine: Engine) -> list[str]:
    """The platforms of the links, where a gap of a whole platform makes them matter."""
    if all(row["complete"] or row["channel_id"] is not None for row in coverage):
        return []
    named: list[str] = engine.run(PlatformSpans(), links)["platform"].to_pylist()
    return named


def popular_domains(path: str | Path) -> pa.Table:
    """The domains of a list of popular ones: ``rank,domain`` a line as Tranco has them, or domains alone.

    Raises:
        InputError: the file cannot be read, or holds no domain.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as lines:
            found = list(_domains(csv.reader(lines)))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError(
            "The list of popular domains cannot be read.", where=str(path), mend="Give a CSV file: rank,domain."
        ) from None
    if not found:
        raise InputError("The list of popular domains holds none.", where=str(path), mend="A line is rank,domain.")
    return pa.table({"domain": found})


def _domains(rows: Iterator[list[str]]) -> Iterator[str]:
    for row in rows:
        name = row[-1].strip().lower() if row else ""
        if "." in name:
            yield name
