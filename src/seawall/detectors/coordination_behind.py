"""Some of the messages behind each pair of a group, so that a picture can lead to them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

Acts = dict[tuple[str, Any], list[tuple[int, str]]]
"""What an account shared -> when (UTC microseconds) and in which message, in the order of time."""

SHOWN = 3
"""So many of the things of a pair are told, those on which it was closest in time."""


def with_messages(
    edges: Iterable[Mapping[str, Any]], together: pa.Table, windows: Mapping[str, float], kind: str | None = None
) -> Iterator[dict[str, Any]]:
    """Each edge with ``behind``: of some of its things the kind and the two messages that were closest in time.

    Args:
        edges: ``source`` and ``target``, both in the group.
        together: see ``Network.among`` and ``LayeredNetwork.among``.
        windows: of each layer, seconds within which two acts are together.
        kind: what is shared, where ``together`` does not tell by its column ``layer``.
    """
    reach = {layer: round(window * 1_000_000) for layer, window in windows.items()}
    accounts: dict[str, Acts] = {}
    kinds = [kind] * len(together) if kind is not None else together["layer"].to_pylist()
    columns = [together[name].to_pylist() for name in ("object", "account", "message")]
    times = together["at"].cast(pa.int64()).to_pylist()
    for layer, thing, account, message, at in zip(kinds, *columns, times, strict=True):
        accounts.setdefault(account, {}).setdefault((layer, thing), []).append((at, message))
    for acts in accounts.values():
        for shared in acts.values():
            shared.sort()
    for edge in edges:
        ours, theirs = accounts.get(edge["source"], {}), accounts.get(edge["target"], {})
        meetings = sorted((*_closest(ours[key], theirs[key]), key[0]) for key in ours.keys() & theirs.keys())
        behind = sorted(meeting[1:] for meeting in meetings[:SHOWN] if meeting[0] <= reach[meeting[-1]])
        yield {**edge, "behind": [[layer, ours_sent, theirs_sent] for _, ours_sent, theirs_sent, layer in behind]}


def _closest(ours: Sequence[tuple[int, str]], theirs: Sequence[tuple[int, str]]) -> tuple[int, int, str, str]:
    """How far apart, when, and which messages: the two acts that were closest, the earliest of several such."""

    def meetings() -> Iterator[tuple[int, int, str, str]]:
        for at, message in ours:
            place = bisect_left(theirs, (at, ""))
            for other_at, other in theirs[max(0, place - 1) : place + 1]:
                yield abs(other_at - at), min(at, other_at), message, other

    return min(meetings())
