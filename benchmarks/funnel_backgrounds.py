"""Backgrounds for funnels: three real ones from ../shared/data/interactions, and synthetic ones.

The real ones tell who did what towards whom and when. None of them has outside addresses or keys of words, so a funnel
would stand out by having any: ``dressed`` gives them to ordinary rows too, by the laws of the synthetic background.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from seawall.demo.addressed import Addressed, Row, interactions
from seawall.model import UTC_MICROSECONDS
from seawall.simulate import background, dressed

DATA = Path(os.environ.get("SEAWALL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "interactions"
REAL = ("collegemsg", "bitcoinalpha", "ubuntu_irc")
_JOINED = re.compile(r"^(?:=== |\* )?([^\s\[]{2,30}) (?:\[\S+\])?\s*has (joined|left|quit)")


def backgrounds(seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Each background by its name: the real ones, with all layers, where the data are there, and a synthetic one."""
    for name in REAL:
        if DATA.exists():
            yield name, real(name, seed, layers=True)
    yield "synthetic", background(seed)


def real(name: str, seed: int = 0, *, layers: bool = False) -> pa.Table:
    """A real background, dressed with keys and addresses by a seed.

    Args:
        name: one of ``REAL``.
        seed: of what is added.
        layers: add the layers that it lacks as well. Ratings alone are no place where anybody could be met: they
            always get them.
    """
    table = {"collegemsg": collegemsg, "bitcoinalpha": bitcoinalpha, "ubuntu_irc": ubuntu_irc}[name]()
    return dressed(table, seed, layers=layers or name == "bitcoinalpha")


def _edges(name: str) -> pa.Table:
    with gzip.open(DATA / name) as file:
        return pa_csv.read_csv(file)


def _at(seconds: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.multiply(seconds.cast(pa.int64()), 1_000_000).cast(UTC_MICROSECONDS)


def collegemsg() -> pa.Table:
    """Private messages of a student network: direct messages and nothing else."""
    rows = _edges("collegemsg.csv.gz")
    columns = {"at": _at(rows["unixtime"]), "kind": pa.array(["dm"] * rows.num_rows)}
    return _sorted(pa.table(columns | {"source": _ids(rows["src"]), "target": _ids(rows["dst"])}))


def bitcoinalpha() -> pa.Table:
    """Ratings of traders: who rates above 2 follows, others react; a bad rating is a report."""
    rows = _edges("bitcoinalpha.csv.gz")
    rating = rows["rating"]
    kind = pc.if_else(pc.greater(rating, 2), "follow", pc.if_else(pc.less(rating, 0), "report", "reaction"))
    columns = {"at": _at(rows["unixtime"]), "kind": kind}
    return _sorted(pa.table(columns | {"source": _ids(rows["src"]), "target": _ids(rows["dst"])}))


def ubuntu_irc() -> pa.Table:
    """Public chat: a line that begins with somebody's name answers or mentions them; joins and parts.

    The 163 days of the logs are spread over 14 years; they are put one after the other, a file a day, because a
    funnel of weeks has no place in single days that lie months apart.
    """
    rows: list[Row] = []
    day: dict[str, int] = {}
    origin: dict[str, datetime] = {}
    addressed = Addressed()
    with gzip.open(DATA / "ubuntu_irc.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            time = datetime.fromisoformat(told["time"])
            number = day.setdefault(told["file"], len(day))
            first = origin.setdefault(told["file"], time)
            at = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=number) + (time - first)
            at += timedelta(hours=first.hour, minutes=first.minute, milliseconds=told["line"] % 60_000)
            nick = told["nick"]
            if nick is None:
                found = _JOINED.match(told["text"])
                if found:
                    rows.append((at, "join" if found[2] == "joined" else "leave", found[1], None))
                continue
            towards = addressed.line(nick, told["text"])
            if towards is not None:
                rows.append((at, towards[0], nick, towards[1]))
    return _sorted(interactions(rows, "#ubuntu"))


def _ids(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values.cast(pa.string())


def _sorted(table: pa.Table) -> pa.Table:
    return table.sort_by("at")
