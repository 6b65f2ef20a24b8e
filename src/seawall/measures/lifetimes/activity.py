"""First and last messages of channels -> spells, with dormancy as an end and gaps in collection as what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.gaps import Gaps
from seawall.measures.lifetimes.looks import AT, SpellsFound
from seawall.measures.lifetimes.times import DAY, instants
from seawall.measures.tables import as_table, require_columns

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DORMANT = "dormant"
DORMANT_DAYS = 30.0
CHANNELS_LEFT_OUT = {
    "age_unknown": "they were there when collection began, and nothing tells since when",
    "spoke_after_end": "they spoke after the end that is told of them",
}


def spells_of_activity(channels: Any, collected: Any, *, dormant: float = DORMANT_DAYS) -> SpellsFound:
    """Spells of channels of one platform, from when they spoke.

    - A spell starts at ``created_at`` where that is told, with ``entry`` the first message; else with the first
      message. A channel of unknown age that spoke within ``dormant`` days after collection began may be older: it is
      left out.
    - It ends at ``ended_at`` where that is told, of the kind ``end_reason``. Else it is "dormant" from the moment at
      which it has been silent for ``dormant`` days, if all of them were collected; where a gap lies in its silence, it
      may have spoken meanwhile, so that the end lies between the first moment and the one that counts from the gap.
    - What has not been silent for so long was alive when collection ended, or as long as its silence can be told.

    Args:
        channels: a row a channel: ``channel``, ``first_at``, ``last_at`` (its first and last message), and optionally
            ``created_at``, ``ended_at``, ``end_reason``; other columns are kept.
        collected: ``start``, ``end`` of the times in which everything was collected, at least one.
        dormant: days of silence, above 0.

    Returns:
        Spells with ``thing``, ``start``, ``entry``, ``last_alive``, ``end`` (always told) and ``event`` (the kind of
        end; null where it was alive), and the other columns of ``channels``.

    Raises:
        MeasureError: a column is missing, a time cannot be read, or a parameter cannot be used.

    >>> last = ["2026-04-01", "2026-06-01"]
    >>> channels = pa.table({"channel": ["a", "b"], "first_at": ["2026-03-01"] * 2, "last_at": last})
    >>> collected = pa.table({"start": ["2026-01-01"], "end": ["2026-06-20"]})
    >>> [(row["thing"], row["event"]) for row in spells_of_activity(channels, collected).spells.to_pylist()]
    [('a', 'dormant'), ('b', None)]
    """
    if not 0.0 < dormant < 100_000.0:
        raise MeasureError("Dormancy needs some days of silence.", where="parameter dormant", mend="As in: 30")
    table = as_table(channels)
    require_columns(table, ("channel", "first_at", "last_at"))
    spans = Gaps.of(collected, dated=True)
    if not len(spans.start):
        raise MeasureError("Nothing was collected.", where="parameter collected", mend="Give one interval or more.")
    first, last = (instants(table.column(name), name)[0] for name in ("first_at", "last_at"))
    created, has_created = _optional(table, "created_at")
    ended, has_ended = _optional(table, "ended_at")
    older = has_created & (created <= first)
    step = round(dormant * DAY)
    left_out = {
        "age_unknown": ~older & (first < spans.start[0] + step),
        "spoke_after_end": has_ended & (ended < last),
    }
    silent = _silent_since(last, spans, step)
    over = ~has_ended & (silent + step <= spans.end[-1])
    until = np.minimum(last + step, spans.end[-1])
    end = np.where(has_ended, ended, np.where(over, silent + step, until))
    kept = ~(left_out["age_unknown"] | left_out["spoke_after_end"])
    columns = {
        "thing": table.column("channel"),
        "start": pa.array(np.where(older, created, first)).cast(AT),
        "entry": pa.array(first, mask=~older).cast(AT),
        "last_alive": pa.array(last + step, mask=~(over & (silent > last))).cast(AT),
        "end": pa.array(end).cast(AT),
        "event": _kinds(table, has_ended, over),
    }
    used = {"channel", "first_at", "last_at", "created_at", "ended_at", "end_reason"}
    columns |= {name: table.column(name) for name in table.column_names if name not in used}
    counts = {reason: int(wrong.sum()) for reason, wrong in left_out.items()}
    return SpellsFound(
        pa.table(columns).filter(pa.array(kept)), {reason: many for reason, many in counts.items() if many}
    )


def _optional(table: pa.Table, name: str) -> tuple[Ints, Bools]:
    if name in table.column_names:
        return instants(table.column(name), name)
    return np.zeros(len(table), np.int64), np.zeros(len(table), np.bool_)


def _silent_since(last: Ints, spans: Gaps, step: int) -> Ints:
    """From when on a channel was surely silent for ``step``: its last message, or the end of a gap soon after."""
    begins, ends = spans.end[:-1], spans.start[1:]  # of the gaps
    since = np.maximum(last, spans.start[0])
    for _ in range(len(begins)):
        place = np.searchsorted(ends, since, side="right")  # the first gap that is not over by then
        there = place < len(begins)
        near = there & (begins[np.minimum(place, len(begins) - 1)] < since + step)
        if not near.any():
            break
        since = np.where(near, ends[np.minimum(place, len(begins) - 1)], since)
    silent: Ints = since
    return silent


def _kinds(table: pa.Table, has_ended: Bools, over: Bools) -> pa.Array:
    told = table.column("end_reason").to_pylist() if "end_reason" in table.column_names else [None] * len(table)
    words = [
        (word or "unknown") if ended else DORMANT if silent else None
        for word, ended, silent in zip(told, has_ended.tolist(), over.tolist(), strict=True)
    ]
    return pa.array(words, pa.string())
