"""Worlds and judgements made by hand or at random, for the tests of the evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from seawall.evaluation.judgement import NEVER, Judgement

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TIME = pa.timestamp("us", "UTC")


def day(number: float | None) -> datetime | None:
    """A moment in the days of the made world."""
    return None if number is None else BEGIN + timedelta(days=number)


@dataclass(frozen=True)
class Said:
    """A result."""

    hubs: pa.Table


def said(rows: dict[str, tuple[float, float | None]]) -> Said:
    """Account -> score and the day of its alert."""
    return Said(
        pa.table(
            {
                "hub": pa.array(list(rows), pa.string()),
                "score": pa.array([score for score, _ in rows.values()], pa.float64()),
                "alert_at": pa.array([day(at) for _, at in rows.values()], TIME),
            }
        )
    )


@dataclass
class Club:
    """A world of 30 days: accounts a0..a(n-1), and the planted ones that are added."""

    size: int = 20
    planted: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    acts: list[tuple[float, str, str]] = field(default_factory=lambda: [(0, "a0", "a1"), (30, "a1", "a0")])

    def plant(
        self, account: str, group: str = "g", role: str = "funnel", decoy: bool = False, starts: float = 1
    ) -> None:
        """Add a hub or a look-alike."""
        ends = day(starts + 20)
        self.planted.append(
            {"account": account, "role": role, "group": group, "decoy": decoy, "starts": day(starts), "ends": ends}
        )

    def person(
        self, hub: str, who: str, approached: float, contact: float | None = None, handed_off: float | None = None
    ) -> None:
        """Add a person whom a hub approached."""
        self.persons.append(
            {
                "hub": hub,
                "newcomer": who,
                "role": "funnel",
                "approached_at": day(approached),
                "contact_at": day(contact),
                "handed_off_at": day(handed_off),
                "handed_to": None if handed_off is None else "handler",
            }
        )

    @property
    def accounts(self) -> pa.Table:
        """Everybody who joined."""
        return pa.table({"account": [f"a{number}" for number in range(self.size)]})

    @property
    def interactions(self) -> pa.Table:
        """The acts."""
        names = ["at", "kind", "source", "target"]
        rows = [dict(zip(names, (day(at), "mention", source, target), strict=True)) for at, source, target in self.acts]
        kinds = pa.schema([("at", TIME), ("kind", pa.string()), ("source", pa.string()), ("target", pa.string())])
        return pa.Table.from_pylist(rows, kinds)

    @property
    def hubs(self) -> pa.Table:
        """The planted accounts."""
        words = [(name, pa.string()) for name in ("account", "role", "group")]
        kinds = [*words, ("decoy", pa.bool_()), ("starts", TIME), ("ends", TIME)]
        return pa.Table.from_pylist(self.planted, pa.schema(kinds))

    @property
    def pairs(self) -> pa.Table:
        """The persons."""
        words = [(name, pa.string()) for name in ("hub", "newcomer", "role", "handed_to")]
        times = [(name, TIME) for name in ("approached_at", "contact_at", "handed_off_at")]
        return pa.Table.from_pylist(self.persons, pa.schema([*words, *times]))


def two_funnels() -> Club:
    """h1 and h2 are hubs of one funnel, h3 of another; shop and dove are look-alikes."""
    club = Club()
    for hub, group in (("h1", "g1"), ("h2", "g1"), ("h3", "g2")):
        club.plant(hub, group, starts=10 if hub == "h3" else 1)
    club.plant("shop", "s", "sales", decoy=True)
    club.plant("dove", "d", "dating", decoy=True)
    club.person("h1", "a1", 1, contact=3, handed_off=12)
    club.person("h1", "a2", 2, contact=6, handed_off=20)
    club.person("h1", "a3", 3, contact=8)
    club.person("h1", "a4", 4)
    club.person("h2", "a5", 5, contact=7, handed_off=9)
    club.person("h2", "a6", 6)
    club.person("h3", "a7", 10, contact=11, handed_off=15)
    club.person("h3", "a8", 11, contact=13)
    club.person("h3", "a9", 12)
    return club


def _alerts(count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from([2, 5, 8, 11, NEVER]), min_size=count, max_size=count)


def _scores(count: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.sampled_from([-np.inf, 0.0, 1.0, 2.0, 3.0, 4.0]), min_size=count, max_size=count)


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    """Small ones, with many equal scores."""
    quiet, hubs, decoys = draw(st.integers(1, 12)), draw(st.integers(1, 5)), draw(st.integers(0, 3))
    persons = draw(st.integers(0, 12))
    units = np.unique(draw(st.lists(st.integers(0, 2), min_size=hubs, max_size=hubs)), return_inverse=True)[1]
    times = st.lists(st.sampled_from([1, 3, 5, 7, 9, NEVER]), min_size=persons, max_size=persons)
    return Judgement(
        draw(st.sampled_from([1.0, 10.0, 300.0, 3000.0])),
        np.array(draw(_scores(quiet))),
        np.array(draw(_alerts(quiet))),
        np.array(draw(_scores(hubs))),
        np.array(draw(_alerts(hubs))),
        units.astype(np.int64),
        np.array(draw(_scores(decoys)), float),
        np.array(draw(_alerts(decoys)), np.int64),
        ("sales",) * decoys,
        np.array(draw(st.lists(st.integers(0, hubs - 1), min_size=persons, max_size=persons)), np.int64),
        np.array(draw(st.lists(st.sampled_from([1, 3, 5, 7, 9]), min_size=persons, max_size=persons)), np.int64),
        np.array(draw(times), np.int64),
        np.array(draw(times), np.int64),
    )
