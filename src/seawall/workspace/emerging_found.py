"""Links of the lake -> the places that emerge, with what was told of collection, and the world's popular domains."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.emerging_links import coverage_of
from seawall.errors import InputError
from seawall.measures import Emerging, emerging
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.placing import links_of

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
    links = links_of(workspace, start, end, None, progress, "emerging")
    with workspace.reading() as lake:
        rows = lake.reader("coverage", COVERAGE).read_all().to_pylist()
    if progress is not None:
        progress("looking for places that emerge", 0, None)
    listed = popular_domains(popular) if isinstance(popular, str | Path) else popular
    in_channels = links.filter(pc.is_valid(links["channel"])) if len(links) else links
    return emerging(
        links,
        communities=communities,
        popular=listed,
        known=known,
        coverage=coverage_of(in_channels, rows),
        q=q,
        until=end,
    )


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
