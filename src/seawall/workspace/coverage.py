"""What a person states about collection: when it ran, and when it did not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.model import COVERAGE, TABLES
from seawall.protocols import CleanBatch, RowKeys

if TYPE_CHECKING:
    from seawall.lake import Lake
    from seawall.workspace.workspace import Workspace

STATED = "stated"
ASSUMED = "assumed"


def state(workspace: Workspace, *, platform: str, start: datetime, end: datetime, complete: bool) -> None:
    """See ``Workspace.state_coverage``."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ConfigurationError("The times need a zone.", where="start and end", mend="Give them in UTC.")
    if start >= end:
        raise ConfigurationError("The end is not after the start.", where="start and end", mend="Swap or correct them.")
    workspace.casebook.audit.append(workspace.reviewer, "coverage", {"stated": _words(platform, start, end, complete)})
    with workspace.writing() as lake:
        _enter(lake, STATED, platform, start, end, complete)


def assume_history(workspace: Workspace, but: Collection[str] = ()) -> list[str]:
    """Enter from the first to the last imported message as collected, for each platform of which nothing is told yet.

    Without it, the first row of a live source would turn all that was imported before into time that nobody
    watched. The names of these platforms.

    Args:
        workspace: where.
        but: platforms whose live source never tells what it covers: a single row would turn all that follows it into
            time that nobody watched.
    """
    with workspace.writing() as lake:
        spans = lake.query(
            "SELECT platform, min(sent_at) AS first, max(sent_at) AS last FROM messages "
            "WHERE platform NOT IN (SELECT platform FROM coverage) "
            "AND batch NOT IN (SELECT batch FROM batches WHERE starts_with(feed, 'live:')) "
            "GROUP BY platform ORDER BY platform",
            {"messages": ["platform", "sent_at", "batch"], "coverage": ["platform"], "batches": ["batch", "feed"]},
        ).to_pylist()
        spans = [row for row in spans if row["platform"] not in but]
        for row in spans:
            _enter(lake, ASSUMED, row["platform"], row["first"], row["last"] + timedelta(microseconds=1), True)
    return [row["platform"] for row in spans]


def _words(platform: str, start: datetime, end: datetime, complete: bool) -> str:
    return f"{platform} {start.astimezone(UTC).isoformat()} {end.astimezone(UTC).isoformat()} {complete}"


def _enter(lake: Lake, how: str, platform: str, start: datetime, end: datetime, complete: bool) -> None:
    from seawall.lake.ledger import batch_id

    digest = hashlib.sha256(_words(platform, start, end, complete).encode()).hexdigest()[:32]
    feed = f"{how}:{digest}:0"
    row = {
        "source": how,
        "platform": platform,
        "channel_id": None,
        "start": start,
        "end": end,
        "complete": complete,
        "how": how,
        "batch": batch_id(feed, 1),
    }
    tables = {name: schema.empty_table() for name, schema in TABLES.items() if name != "batches"}
    tables["coverage"] = pa.Table.from_pylist([row], COVERAGE)
    lake.commit(
        CleanBatch(0, tables, _no_keys(), _no_keys(), np.empty(0, np.int64)),
        feed=feed,
        number=1,
        last=True,
        source=how,
        platform=platform,
        extractor=f"{how}/1",
        checkpoint=None,
    )


def _no_keys() -> RowKeys:
    numbers = np.empty(0, np.uint64)
    return RowKeys(numbers, numbers, np.empty(0, np.int64), np.empty(0, np.bool_))
