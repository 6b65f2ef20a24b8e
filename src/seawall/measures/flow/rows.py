"""Tables of links and of messages, as they are handed in -> who wrote where on which day, and who linked to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.measures.flow.acts import DAY, Acts, Ints, Known, Linked, Mask
from seawall.measures.flow.scene import PASSING, Name, Places
from seawall.measures.keys import Keys, identity_keys, microseconds, presence
from seawall.measures.place import place_keys
from seawall.measures.tables import as_table, require_columns

WROTE = ("at", "channel", "account")
LINKS = (*WROTE, "url", "domain", "place")
COVERAGE = ("start", "end")
HALF = DAY // 2


@dataclass(frozen=True)
class Read:
    """What ``flows`` works on; communities are numbered by name."""

    names: list[Name]
    acts: Acts
    linked: Linked
    tie: Keys  # of each row of ``links``
    messages: Keys  # the message of each row of ``links``
    places: Places
    known: Mapping[Name, Known]
    left_out: dict[str, int] = field(default_factory=dict)


def read(links: Any, channels: Any, members: Any, coverage: Any) -> Read:
    """Check and number what was handed to ``flows``; see there."""
    left_out: dict[str, int] = {}
    table = as_table(links)
    require_columns(table, LINKS)
    home = _homes(channels)
    linking = _Wrote.of(table, home, "links", left_out)
    keyed = place_keys(table.select(["url", "domain", "place"])).take(pa.array(linking.rows))
    role = keyed["role"]
    kept = np.ones(len(linking.rows), bool)
    leave_out(left_out, "links_without_address", kept, pc.is_null(role).to_numpy())
    leave_out(left_out, "links_that_pass", kept, pc.is_in(role, pa.array(PASSING)).to_numpy())
    linking, keyed = linking.part(kept), keyed.filter(pa.array(kept))
    wrote = [linking]
    if members is not None:
        other = as_table(members)
        require_columns(other, WROTE)
        wrote.append(_Wrote.of(other, home, "members", left_out))
    community = pa.chunked_array([one.community for one in wrote], pa.string())
    names: list[Name] = [("", name) for name in pc.unique(community).sort().to_pylist()]
    spread = pa.array([name for _, name in names], pa.string())
    code = np.asarray(pc.index_in(community, spread).to_numpy(), np.int64)
    places, place = Places.of(keyed)
    message = table["message"] if "message" in table.column_names else None
    own = linking.at.view(np.uint64) if message is None else identity_keys(message)[linking.rows]
    at = np.concatenate([one.at for one in wrote])
    account = np.concatenate([one.account for one in wrote])
    number = len(linking.rows)
    return Read(
        names,
        Acts.of(code, account, at // DAY),
        Linked.of(code[:number], place, linking.account, linking.at, own),
        own,
        own if message is not None else np.arange(number, dtype=np.uint64),
        places,
        _known(names, coverage, at, left_out),
        left_out,
    )


@dataclass(frozen=True)
class _Wrote:
    """That somebody wrote somewhere: the rows of a table that tell it."""

    rows: Ints
    community: pa.Array
    account: Keys
    at: Ints

    @classmethod
    def of(cls, table: pa.Table, home: Mapping[str, str] | None, name: str, left_out: dict[str, int]) -> _Wrote:
        at, timed = microseconds(table["at"])
        community = _community(table["channel"], home)
        kept = np.ones(len(table), bool)
        leave_out(left_out, f"{name}_without_time", kept, None if timed is None else ~timed)
        leave_out(left_out, f"{name}_without_channel", kept, pc.is_null(community).to_numpy(zero_copy_only=False))
        leave_out(left_out, f"{name}_without_account", kept, ~presence(table["account"]))
        rows = np.flatnonzero(kept)
        return cls(rows, community.take(pa.array(rows)), identity_keys(table["account"])[rows], at[rows])

    def part(self, kept: Mask) -> _Wrote:
        return _Wrote(self.rows[kept], self.community.filter(pa.array(kept)), self.account[kept], self.at[kept])


def leave_out(left_out: dict[str, int], reason: str, kept: Mask, wrong: Mask | None) -> None:
    """Take what is wrong out of ``kept``, and count it where there is any."""
    number = 0 if wrong is None else int(np.count_nonzero(wrong & kept))
    if number and wrong is not None:
        left_out[reason] = left_out.get(reason, 0) + number
        kept &= ~wrong


def _homes(channels: Any) -> Mapping[str, str] | None:
    if channels is None:
        return None
    table = as_table(channels)
    require_columns(table, ("channel", "community"))
    return dict(zip(map(str, table["channel"].to_pylist()), table["community"].to_pylist(), strict=True))


def _community(channel: pa.ChunkedArray, home: Mapping[str, str] | None) -> pa.Array:
    named = channel.cast(pa.string()).combine_chunks()
    if home is None:
        return named
    encoded = named.dictionary_encode()
    homes = [home.get(one) for one in encoded.dictionary.to_pylist()]
    return pa.array(homes, pa.string()).take(encoded.indices)


def _known(names: list[Name], coverage: Any, at: Ints, left_out: dict[str, int]) -> dict[Name, Known]:
    """What was collected of each community, and of all together under ("", None)."""
    first = int(at.min() // DAY) if len(at) else 0
    number = (int(at.max() // DAY) - first + 1) if len(at) else 0
    everything = {("", None): Known(first, np.ones(number, bool))}
    if coverage is None:
        return everything | dict.fromkeys(names, everything["", None])
    table = as_table(coverage)
    require_columns(table, COVERAGE)
    start, started = microseconds(table["start"])
    end, ended = microseconds(table["end"])
    if (started is not None and not started.all()) or (ended is not None and not ended.all()):
        raise MeasureError("A time of coverage is missing.", where="coverage", mend="Leave out such rows.")
    kept = np.ones(len(start), bool)
    leave_out(left_out, "coverage_that_ends_before_it_starts", kept, end <= start)
    told = table["channel"].cast(pa.string()).to_pylist() if "channel" in table.column_names else [None] * len(start)
    spans: dict[str | None, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(kept).tolist():
        spans.setdefault(told[row], []).append((int(start[row]), int(end[row])))
    general = spans.get(None, [])
    return {name: days_collected(spans.get(name[1], general), first, number) for name in [*names, ("", None)]}


def days_collected(spans: list[tuple[int, int]], first: int, number: int) -> Known:
    """Days of which at least half lies within intervals (UTC microseconds), which may overlap."""
    held = np.zeros(number, np.int64)
    done = first * DAY
    for begin, end in sorted(spans):
        begin, end = max(begin, done), min(end, (first + number) * DAY)
        if begin >= end:
            continue
        days = np.arange(begin // DAY, (end - 1) // DAY + 1)
        held[days - first] += np.minimum((days + 1) * DAY, end) - np.maximum(days * DAY, begin)
        done = end
    return Known(first, held >= HALF)
