"""What a person states about collection: when it ran, and when it did not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seawall.errors import ConfigurationError
from seawall.lake.ledger import batch_id
from seawall.model import COVERAGE, TABLES
from seawall.protocols import CleanBatch, RowKeys

if TYPE_CHECKING:
    from seawall.workspace.workspace import Workspace

STATED = "stated"


def state(workspace: Workspace, *, platform: str, start: datetime, end: datetime, complete: bool) -> None:
    """See ``Workspace.state_coverage``."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ConfigurationError("The times need a zone.", where="start and end", mend="Give them in UTC.")
    if start >= end:
        raise ConfigurationError("The end is not after the start.", where="start and end", mend="Swap or correct them.")
    told = f"{platform} {start.astimezone(UTC).isoformat()} {end.astimezone(UTC).isoformat()} {complete}"
    feed = f"{STATED}:{hashlib.sha256(told.encode()).hexdigest()[:32]}:0"
    row = {
        "source": STATED,
        "platform": platform,
        "channel_id": None,
        "start": start,
        "end": end,
        "complete": complete,
        "how": STATED,
        "batch": batch_id(feed, 1),
    }
    tables = {name: schema.empty_table() for name, schema in TABLES.items() if name != "batches"}
    tables["coverage"] = pa.Table.from_pylist([row], COVERAGE)
    workspace.casebook.audit.append(workspace.reviewer, "coverage", {"stated": told})
    with workspace.writing() as lake:
        lake.commit(
            CleanBatch(0, tables, _no_keys(), _no_keys(), np.empty(0, np.int64)),
            feed=feed,
            number=1,
            last=True,
            source=STATED,
            platform=platform,
            extractor=f"{STATED}/1",
            checkpoint=None,
        )


def _no_keys() -> RowKeys:
    numbers = np.empty(0, np.uint64)
    return RowKeys(numbers, numbers, np.empty(0, np.int64), np.empty(0, np.bool_))
