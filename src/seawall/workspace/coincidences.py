"""Messages of each platform and day, and what was collected of it, read from the lake."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.surge_collected import Collected
from seawall.errors import InputError
from seawall.model import UTC_MICROSECONDS
from seawall.protocols import Progress
from seawall.workspace.opened import OpenedFolder

_COUNTS = """
SELECT platform AS series, date_trunc('day', sent_at) AS at, count(*) AS count, min(sent_at) AS first_at,
    max(sent_at) AS last_at
FROM messages WHERE visibility <> 'direct' AND kind NOT IN ('edit', 'service') GROUP BY ALL ORDER BY ALL
"""


def counts_of(workspace: OpenedFolder, platform: str | None, progress: Progress | None) -> tuple[pa.Table, pa.Table]:
    """``series, at, count`` by platform, and ``series, start, end`` of what was collected.

    Raises:
        InputError: there is no such platform, or no message.
    """
    if progress is not None:
        progress("counting messages", 0, None)
    with workspace.reading() as lake:
        found = lake.query(_COUNTS, {"messages": ["platform", "sent_at", "visibility", "kind"]})
        coverage = lake.reader("coverage").read_all().to_pylist()
    if platform is not None:
        found = found.filter(pc.equal(found["series"], platform))
    if not len(found):
        raise InputError(
            "There is no message in which a surge could be seen." if platform is None else "No message is of it.",
            where=str(workspace.path) if platform is None else "platform",
            mend="Add an export, or name a platform that seawall coverage lists.",
        )
    edges = found.group_by("series").aggregate([("first_at", "min"), ("last_at", "max")]).to_pylist()
    spans = {row["series"]: (row["first_at_min"], row["last_at_max"] + timedelta(microseconds=1)) for row in edges}
    collected = Collected(coverage, spans)
    rows = [(name, begin, end) for name in spans for begin, end in collected.of(name)]
    kinds = (("series", pa.string()), ("start", UTC_MICROSECONDS), ("end", UTC_MICROSECONDS))
    known = pa.table({name: pa.array([row[part] for row in rows], kind) for part, (name, kind) in enumerate(kinds)})
    return found.select(["series", "at", "count"]), known
