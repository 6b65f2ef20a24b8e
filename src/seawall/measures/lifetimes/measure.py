"""How long things last: the call on a table of spells."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.errors import MeasureError
from seawall.measures.lifetimes.bands import quantile
from seawall.measures.lifetimes.curve import Curve, curve
from seawall.measures.lifetimes.spells import Spells, read_spells
from seawall.measures.lifetimes.times import DAY

TOLD = b"seawall"
"""The key in the metadata of a result's schema."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def survival(
    spells: Any,
    *,
    until: datetime | float | None = None,
    confidence: float = 0.95,
    bands: str = "log-log",
    gaps: Any = None,
) -> pa.Table:
    """Which part of spells lasts how long: Kaplan and Meier's estimate with Greenwood's bands, point by point.

    Args:
        spells: anything with ``__arrow_c_stream__`` (pyarrow, pandas, polars), a row a spell, in any order:

            - ``start``: when it began. Timestamps (without a zone: UTC), dates, ISO 8601 strings, or numbers of days.
            - ``end``: when it ended, in the same form; null while it is alive, whatever ``event`` says. A word for an
              end beside a null contradicts it: such a row is left out.
            - ``event`` (optional): whether ``end`` is an end: true or 1; false, 0, null, "" or a word as "alive" or
              "censored" say that it was last seen alive then. Any other word is the kind of its end. Without the column
              each ``end`` is one.
            - ``entry`` (optional): when observation began, if later than ``start`` (delayed entry); as ``start``, or
              as a duration or a number of days since it. Null: from the start.
            - ``last_alive`` (optional): when it was last seen alive, if the end is only known to lie between then and
              ``end`` (interval censoring). Null beside an end: the end is exact.
            - ``kind`` (optional): the kind of end, where ``event`` does not name it; see ``cumulative_incidence``.
              Every kind is an end here.
            - ``group`` (optional): any value; each has a curve of its own.
            - ``thing`` (or ``id``, ``channel``, ``channel_id``, ``place``, ``url``; optional): whose spell it is, so
              that spells which overlap are seen.
        until: when observation ended, the latest time in the table where None. What has no end was alive then (or at
            ``last_alive``), and what ended later was.
        confidence: of the bands.
        bands: "log-log" (exponential Greenwood, as ``lifelines``), "log" or "plain".
        gaps: a table of ``start`` and ``end`` in which nobody looked, for ends that were observed, not told: an end in
            there, or when looking began again, lies anywhere between; who was alive then was last seen before it.

    Returns:
        One row an age at which anything changed, by ``group`` and ``time``: ``time`` (float64, days since the start),
        ``survival``, ``low``, ``high`` (float64), ``at_risk`` (int64: spells under observation at this age),
        ``events``, ``censored`` (int64: spells that ended at this age, or were last seen). With ``entry`` also
        ``entered`` (int64: spells whose observation began), with ends between two ages ``since`` (float64, days: the
        step lies between then and ``time``), and ``group`` where there is one. Where all have ended both limits are 0:
        nothing is known of the spread there.

        What was left out, and why, is in ``left_out(result)``: spells without a start, that end before they start,
        begin after ``until``, tell an end but not when, were alive after their end, were never under observation, or
        share time with another spell of the same thing (all of them; of rows that repeat each other one stays).

    Ends between two ages give Turnbull's estimate, with bands from the observed information. The limits hold for each
    age, not for the whole curve at once. Equal to lifelines 0.30.3 to 1e-9 where that has the case.

    Raises:
        MeasureError: a column is missing or of the wrong kind, a parameter cannot be used, or no spell is left. It
            names rows by position, never by value.

    >>> channels = pa.table({"start": [0, 0, 0, 10], "end": [30, 100, None, None]})
    >>> for row in survival(channels, until=200).to_pylist():
    ...     print(f"day {row['time']:3.0f}: {row['survival']:.2f} ({row['low']:.2f} to {row['high']:.2f})")
    day   0: 1.00 (1.00 to 1.00)
    day  30: 0.75 (0.13 to 0.96)
    day 100: 0.50 (0.06 to 0.84)
    day 190: 0.50 (0.06 to 0.84)
    day 200: 0.50 (0.06 to 0.84)
    """
    z = quantile(confidence)
    read = read_spells(spells, until, gaps)
    parts = [(value, curve(part)) for value, part in read.by_group()]
    columns = _columns([one for _, one in parts], read, z, bands)
    if read.groups is not None:
        places = np.repeat(np.arange(len(parts)), [len(one.survival) for _, one in parts])
        columns["group"] = read.groups.take(pa.array(places))
    return described(pa.table(columns), read, {"confidence": confidence, "bands": bands})


def _columns(parts: list[Curve], read: Spells, z: float, form: str) -> dict[str, Any]:
    limits = [one.limits(z, form) for one in parts]
    tables = [one.risk for one in parts]
    columns: dict[str, Any] = {
        "time": np.concatenate([one.at for one in tables]) / DAY,
        "survival": np.concatenate([one.survival for one in parts]),
        "low": np.concatenate([low for low, _ in limits]),
        "high": np.concatenate([high for _, high in limits]),
        "at_risk": np.concatenate([one.present for one in tables]),
        "events": np.concatenate([one.ended for one in tables]),
        "censored": np.concatenate([one.censored for one in tables]),
    }
    if read.delayed:
        columns["entered"] = np.concatenate([one.entered for one in tables])
    if read.interval:
        columns["since"] = np.concatenate([one.since for one in parts]) / DAY
    return columns


def described(table: pa.Table, read: Spells, parameters: dict[str, Any]) -> pa.Table:
    """A result that says in its schema's metadata what it was made of."""
    told = {
        "spells": len(read.age),
        "ended": int(read.ended.sum()),
        "left_out": read.left_out,
        "until": None if read.until is None else (EPOCH + timedelta(microseconds=read.until)).isoformat(),
        "interval": read.interval,
        "parameters": parameters,
    }
    return table.replace_schema_metadata({TOLD: json.dumps(told)})


def told(result: pa.Table) -> dict[str, Any]:
    """What a result of this package was made of: ``spells``, ``ended``, ``left_out``, ``until`` and ``parameters``.

    Raises:
        MeasureError: the table does not say.
    """
    if TOLD not in (result.schema.metadata or {}):
        raise MeasureError("This table does not say what it was made of.", mend="Pass what survival returned.")
    content: dict[str, Any] = json.loads(result.schema.metadata[TOLD])
    return content


def left_out(result: pa.Table) -> dict[str, int]:
    """How many spells were left out of a result of this package, by reason (see ``REASONS``).

    >>> left_out(survival(pa.table({"start": [0, 9], "end": [5, 3]})))
    {'end_before_start': 1}
    """
    counts: dict[str, int] = told(result)["left_out"]
    return counts
