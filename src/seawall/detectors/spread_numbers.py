"""What is counted of each episode, a row each: this goes from where copies lie to where episodes are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.spread_copies import Ints
from seawall.detectors.spread_episodes import REACHED, Episodes, Look
from seawall.detectors.spread_known import Known

_OF_EACH: tuple[tuple[str, pa.DataType], ...] = (
    ("platform", pa.string()),
    ("repost", pa.bool_()),
    ("cluster", pa.uint64()),
    ("start", pa.int64()),
    ("last", pa.int64()),
    ("copies", pa.int64()),
    *((what, pa.int64()) for what in REACHED),
    ("earlier", pa.int64()),
)


def peak(look: Look) -> str:
    """The column of the most that were reached for the first time within the span."""
    what, span = look
    return f"{what}_{span}"


def peak_at(look: Look) -> str:
    """The column of when that span began, UTC microseconds."""
    return f"{peak(look)}_at"


def before(look: Look) -> str:
    """The column of the largest peak of the earlier episodes of the same text."""
    return f"{peak(look)}_before"


def looks_at(spans: Sequence[int]) -> list[Look]:
    """Every look."""
    return [(what, span) for what in REACHED for span in spans]


def schema(spans: Sequence[int]) -> pa.Schema:
    """The columns: of which text, when, how many copies and what they reached, how many episodes came before, peaks."""
    names = [name(look) for look in looks_at(spans) for name in (peak, peak_at, before)]
    return pa.schema([*_OF_EACH, *((name, pa.int64()) for name in names)])


def numbers(found: Episodes, spans: Sequence[int]) -> pa.Table:
    """A row for each episode, in their order."""
    heads = found.copies.table.select(["platform", "repost"]).take(pa.array(found.first))
    places = np.arange(len(found))
    _, first, group = np.unique(found.group, return_index=True, return_inverse=True)
    columns = {
        "platform": heads["platform"],
        "repost": heads["repost"],
        "cluster": found.copies.cluster[found.first],
        "start": found.start,
        "last": found.last,
        "copies": found.end - found.first,
        **found.reached,
        "earlier": places - first[group],
    }
    for look in looks_at(spans):
        columns |= {peak(look): found.peaks[look], peak_at(look): found.peak_at[look], before(look): found.before[look]}
    return pa.table(columns, schema=schema(spans))


def judged(table: pa.Table, known: Known, silence: int) -> Ints:
    """The rows of episodes that are compared: of texts that were new, and that several accounts or channels had."""
    copied = (table["accounts"].to_numpy() >= 2) | (table["channels"].to_numpy() >= 2)
    start = table["start"].to_numpy()
    new = np.zeros(len(table), bool)
    for platform in pc.unique(table["platform"]).to_pylist():
        of_it = pc.equal(table["platform"], platform).to_numpy()
        new[of_it] = known.new(platform, start[of_it], silence)
    return np.flatnonzero(copied & new)
