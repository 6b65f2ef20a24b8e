"""How wide the bins of a table of counts are, by how far apart its rows stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.cli.count_months import MONTH
from seawall.errors import ConfigurationError, MeasureError
from seawall.measures.bursts.plan import DAY, FIRST_MONDAY, HOUR, MINUTE, WEEK, parse_bin

USUAL = "1d"
_WIDTHS = {
    "4w": 4 * WEEK,
    "2w": 2 * WEEK,
    "1w": WEEK,
    "1d": DAY,
    **{f"{hours}h": hours * HOUR for hours in (12, 8, 6, 4, 3, 2, 1)},
    **{f"{minutes}m": minutes * MINUTE for minutes in (30, 20, 15, 10, 5, 2, 1)},
}
_A_MONTH = (28 * DAY, 31 * DAY)
_NEARLY_ALL = 0.95
"""Of the distances between rows: local days have 23 or 25 hours twice a year."""


class Bins(NamedTuple):
    """The width that is used, and sentences on why and on what follows."""

    text: str
    sentences: list[str]


def check_bin(stated: str) -> None:
    """Refuse a width that is none.

    Raises:
        ConfigurationError: it is none.
    """
    if stated == MONTH:
        return
    try:
        parse_bin(stated)
    except MeasureError as error:
        mend = f"Write a number and a unit, as 5m, 1h, 1d or 1w, or {MONTH} for calendar months."
        raise ConfigurationError(error.what, where="option --bin", mend=mend) from error


def choose_bins(rows: pa.Table, stated: str | None) -> Bins:
    """The stated width, else that by which the rows stand apart, else a day.

    Args:
        rows: ``series`` (dictionary), ``at`` (UTC microseconds).
        stated: what --bin says; it has been checked.
    """
    micros = rows.column("at").cast(pa.int64()).to_numpy()
    apart = _distances(rows, micros)
    found = _spacing(apart)
    if stated is not None:
        return Bins(stated, [] if stated == MONTH else _too_narrow(apart, stated))
    if found is None and len(apart) and ((apart >= _A_MONTH[0]) & (apart <= _A_MONTH[1])).mean() > _NEARLY_ALL:
        return Bins(MONTH, ["Bins are calendar months, as the rows stand apart; --bin says otherwise."])
    text = found or USUAL
    why = f"Bins are {text} wide, as the rows stand apart" if found else f"Bins are {text} wide"
    sentences = [f"{why}; --bin says otherwise."]
    if found and ((micros - FIRST_MONDAY) % _WIDTHS[text]).any():
        begins = "on Mondays" if text.endswith("w") else "at midnight UTC" if text == "1d" else "at round times of UTC"
        sentences.append(f"Some rows do not begin where bins do ({begins}): each counts for the bin that it lies in.")
    return Bins(text, sentences)


def without_running_bin(rows: pa.Table, width: int, now: datetime) -> tuple[pa.Table, str | None]:
    """The rows without those of the bin that is not over yet, if it is their last one, and a sentence on that."""
    micros = rows.column("at").cast(pa.int64()).to_numpy()
    moment = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    bins = (micros - FIRST_MONDAY) // width
    running = (moment - FIRST_MONDAY) // width
    if not len(bins) or bins.max() != running or bins.min() == running:
        return rows, None
    kept = rows.filter(pa.array(bins < running))
    return kept, f"The last bin is not over yet: its {len(rows) - len(kept):,} rows were left out."


def _distances(rows: pa.Table, micros: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """From each distinct time of a series to its next, in microseconds."""
    codes = _codes(rows)
    if not _in_order(codes, micros):
        order = np.lexsort((micros, codes))
        codes, micros = codes[order], micros[order]
    apart = np.diff(micros)[np.diff(codes) == 0]
    return np.asarray(apart[apart > 0])


def _in_order(codes: npt.NDArray[np.int64], micros: npt.NDArray[np.int64]) -> bool:
    """Whether rows stand series by series, each in the order of time, as tables mostly do."""
    later = np.diff(codes)
    return bool(((later > 0) | ((later == 0) & (np.diff(micros) >= 0))).all())


def _codes(rows: pa.Table) -> npt.NDArray[np.int64]:
    column = rows.column("series").combine_chunks()
    return np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _spacing(apart: npt.NDArray[np.int64]) -> str | None:
    """The widest usual bin of which nearly all distances are multiples, and most are just one."""
    for text, width in _WIDTHS.items():
        if len(apart) and (apart % width == 0).mean() >= _NEARLY_ALL:
            return text if (apart == width).mean() > 0.5 else None
    return None


def _too_narrow(apart: npt.NDArray[np.int64], stated: str) -> list[str]:
    width = parse_bin(stated)
    if not len(apart) or np.median(apart) < 2 * width or (apart % width != 0).mean() > 1 - _NEARLY_ALL:
        return []
    return ["Most rows stand several bins apart, and each bin between them counts as zero; a wider --bin may be meant."]
