"""Local times of a named zone -> UTC, with what the clock change does to them counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.errors import ConfigurationError

_QUARTER = 15 * 60 * 1_000_000
"""Clocks change at whole quarters of an hour, so one lookup serves all times within one."""

_FAR = 5_000_000_000 * 1_000_000


class Moved(NamedTuple):
    """Times in UTC microseconds, and how many fell on a clock change."""

    micros: npt.NDArray[np.int64]
    twice: int  # happened twice; the earlier was taken
    never: int  # fell into the hour that was skipped; moved on by it
    zone: str

    @property
    def sentence(self) -> str:
        """What was assumed, for people."""
        words = [f"Times carry no zone; {self.zone} was taken, as stated."]
        if self.twice:
            words.append(f"{self.twice} of them happened twice when clocks went back: the earlier was taken.")
        if self.never:
            words.append(f"{self.never} of them were skipped when clocks went forward: they were moved on.")
        return " ".join(words)


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name.

    Raises:
        ConfigurationError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            "There is no such time zone.", where="--timezone", mend='Use a name such as "UTC" or "Europe/Berlin".'
        ) from error


def local_to_utc(micros: npt.NDArray[np.int64], name: str) -> Moved:
    """Local times, as microseconds since 1970 by the local clock -> UTC.

    >>> summer = np.array([1_435_708_800_000_000])  # 2015-07-01 00:00 in Berlin
    >>> int(local_to_utc(summer, "Europe/Berlin").micros[0]) - int(summer[0]) == -7200 * 10**6
    True

    Raises:
        ConfigurationError: there is no zone of that name.
    """
    zone = zone_named(name)
    encoded = pa.array(np.clip(micros, -_FAR, _FAR) // _QUARTER).dictionary_encode()
    quarters, where = (part.to_numpy(zero_copy_only=False) for part in (encoded.dictionary, encoded.indices))
    first = np.empty(len(quarters), np.int64)
    second = np.empty(len(quarters), np.int64)
    epoch = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    for place, quarter in enumerate(quarters):
        local = epoch + timedelta(microseconds=int(quarter) * _QUARTER)
        first[place] = _offset(local, zone)
        second[place] = _offset(local.replace(fold=1), zone)
    before, after = first[where], second[where]
    return Moved(micros - before, int((before > after).sum()), int((before < after).sum()), name)


def _offset(local: datetime, zone: ZoneInfo) -> int:
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta(0)
    return offset // timedelta(microseconds=1)
