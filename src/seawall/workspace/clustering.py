"""Clusters of copies in the lake: which texts were copied most, how fast, and how one of them spread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.brief import Cascade, CopyGroup
from seawall.detectors import SpreadDetector
from seawall.detectors.spread_copies import COLUMNS, text_names
from seawall.detectors.spread_episodes import Episodes
from seawall.detectors.spread_known import HOUR
from seawall.detectors.spread_most import MostCopied, as_one, copies_in
from seawall.detectors.spread_over import copies_of
from seawall.detectors.spread_picture import cascade
from seawall.detectors.spread_texts import kinds_of, near_texts
from seawall.errors import ConfigurationError
from seawall.lake import Lake
from seawall.lake.among import among
from seawall.model import UTC_MICROSECONDS, Visibility
from seawall.protocols import Engine, Progress, Window
from seawall.workspace.opened import OpenedFolder
from seawall.workspace.spread_shown import cascade_of, copy_groups
from seawall.workspace.window import lake_window

NAME = re.compile("[0-9a-fA-F]{16}")
MOST_READ = 2_000
"""Of one cluster the texts of so many messages are read, the first ones."""
KINDS = ("verbatim", "edited", "obfuscated", "not compared")
CLUSTERS = pa.schema(
    [
        ("cluster", pa.string()),
        ("messages", pa.int64()),
        ("accounts", pa.int64()),
        ("channels", pa.int64()),
        ("platforms", pa.int64()),
        ("texts", pa.int64()),
        ("hour_accounts", pa.int64()),
        ("hour_at", UTC_MICROSECONDS),
        ("first_at", UTC_MICROSECONDS),
        ("last_at", UTC_MICROSECONDS),
        ("first_message", pa.string()),
        *((kind.replace(" ", "_"), pa.int64()) for kind in KINDS),
        ("text", pa.string()),
    ]
)
"""A cluster: counts; the most accounts that it reached anew within an hour, and when; its copies by kind; the text of
its first public message."""


@dataclass(frozen=True)
class ClusterShown:
    """One cluster."""

    summary: dict[str, Any]  # a row of CLUSTERS
    cascade: Cascade
    copies: tuple[CopyGroup, ...]  # of public messages, the first one first
    read: int  # of so many messages the text was read


def clusters(
    workspace: OpenedFolder,
    start: datetime | None,
    end: datetime | None,
    least: int,
    most: int,
    progress: Progress | None,
) -> pa.Table:
    """See ``ClusterReading.clusters``."""
    with workspace.engine(progress) as engine, workspace.reading() as lake, lake.at_one_moment():
        workspace.casebook.audit.append(workspace.reviewer, "read", {"table": "clusters"})
        window = _window(lake, engine, start, end)
        near = _near(window, progress)
        copies = window.engine.run(MostCopied(near, least, most), window.table("messages", COLUMNS))
        if not len(copies):
            return CLUSTERS.empty_table()
        found = as_one(copies, near)
        return _rows(lake, window, found, _fastest_first(found))


def cluster(
    workspace: OpenedFolder, name: str, start: datetime | None, end: datetime | None, progress: Progress | None
) -> ClusterShown:
    """See ``ClusterReading.cluster``."""
    with workspace.engine(progress) as engine, workspace.reading() as lake, lake.at_one_moment():
        workspace.casebook.audit.append(workspace.reviewer, "read", {"cluster": name})
        window = _window(lake, engine, start, end)
        near = _near(window, progress)
        messages = window.engine.parts(window.table("messages", COLUMNS))
        table = copies_in(messages.each(copies_of), _named(name), near)
        if not len(table):
            raise _unknown()
        found = as_one(table, near)
        (summary,) = _rows(lake, window, found, [0]).to_pylist()
        texts = list(_public(lake, found.copies.table["message"].slice(0, MOST_READ).to_pylist()))
        return ClusterShown(summary, cascade_of(cascade(found.copies)), copy_groups(texts), len(texts))


def _named(name: str) -> pa.Table:
    if not NAME.fullmatch(name):
        raise _unknown()
    return pa.table({"cluster": pa.array([int(name, 16)], pa.uint64())})


def _unknown() -> ConfigurationError:
    return ConfigurationError(
        "No cluster of copies has this name.",
        where="cluster",
        mend="List them with: seawall clusters DIR (a cluster is named by the text that was seen first).",
    )


def _window(lake: Lake, engine: Engine, start: datetime | None, end: datetime | None) -> Window:
    return lake_window(lake, SpreadDetector(), engine, start=start, end=end)


def _near(window: Window, progress: Progress | None) -> pa.Table:
    _say(progress, "joining copies", 0)
    near = near_texts(window, SpreadDetector().similarity)
    _say(progress, "counting copies", 1)
    return near


def _say(progress: Progress | None, what: str, done: int) -> None:
    if progress is not None:
        progress(what, done, 2)


def _fastest_first(found: Episodes) -> list[int]:
    hour, size = found.peaks["accounts", HOUR], found.end - found.first
    places: list[int] = np.lexsort((found.copies.cluster[found.first], -size, -hour)).tolist()
    return places


def _rows(lake: Lake, window: Window, found: Episodes, places: list[int]) -> pa.Table:
    parts = [found.copies.part(found.rows(place)) for place in places]
    kinds = kinds_of(window, parts)
    firsts = [part.table["message"][0].as_py() for part in parts]
    texts = {row["message_id"]: row["text"] for row in _public(lake, firsts)}
    rows = []
    for place, copies, of_kind, first in zip(places, parts, kinds, firsts, strict=True):
        rows.append(
            {
                "cluster": text_names([int(copies.cluster[0])])[0],
                "messages": len(copies),
                "accounts": int(found.reached["accounts"][place]),
                "channels": int(found.reached["channels"][place]),
                "platforms": int(pc.count_distinct(copies.table["platform"]).as_py()),
                "texts": int(pc.count_distinct(copies.table["key"]).as_py()),
                "hour_accounts": int(found.peaks["accounts", HOUR][place]),
                "hour_at": int(found.peak_at["accounts", HOUR][place]),
                "first_at": int(copies.at[0]),
                "last_at": int(copies.at[-1]),
                "first_message": first,
                **{kind.replace(" ", "_"): of_kind.get(kind, 0) for kind in KINDS},
                "text": texts.get(first),
            }
        )
    return pa.Table.from_pylist(rows, CLUSTERS)


def _public(lake: Lake, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Those of the messages that are public and of which a text is kept."""
    columns = ("message_id", "sent_at", "visibility", "language", "text")
    for row in lake.reader("messages", columns, where=among("message_id", ids)).read_all().to_pylist():
        if row["visibility"] == Visibility.PUBLIC and row["text"]:
            yield row
