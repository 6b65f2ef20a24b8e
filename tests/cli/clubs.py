"""Tables of made-up counts and lives of gardening clubs, for the tests of seawall surges and seawall survival."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
WAVE = range(200, 210)
CLUBS = ("compost", "roses", "tulips")

SPELLS = "place,opened,closed,how,sort"

Row = tuple[str, str, int]


def club_rows(days: int = 300, clubs: Sequence[str] = CLUBS, wave: Iterable[str] = ("tulips",)) -> list[Row]:
    """Daily counts of about 40; on the days of WAVE fourfold in the clubs of ``wave``."""
    rng = np.random.default_rng(11)
    rows = []
    for club in clubs:
        usual = rng.poisson(rng.gamma(30, 40 / 30, days))
        for day in range(days):
            factor = 4 if club in set(wave) and day in WAVE else 1
            rows.append(((BEGIN + timedelta(days=day)).strftime("%Y-%m-%d"), club, int(usual[day]) * factor))
    return rows


def lives(many: int = 60) -> list[tuple[str, str, str, str, str]]:
    """Lives of clubs' forums, those of half of them much shorter; what lives after 300 days has no end."""
    rng = np.random.default_rng(12)
    rows = []
    for number in range(many):
        start, sort = rng.uniform(0, 200), ("forum", "room")[number % 2]
        end = start + rng.exponential(160 if sort == "forum" else 30)
        told = (BEGIN + timedelta(days=end)).isoformat() if end < 300 else ""
        how = ("renamed", "dormant", "taken_down")[number % 3] if told else ""
        rows.append((f"club{number}", (BEGIN + timedelta(days=start)).isoformat(), told, how, sort))
    return rows


def write_csv(path: Path, rows: Iterable[Sequence[object]], header: str = "time,series,count", mark: str = ",") -> Path:
    """A CSV file with these rows."""
    lines = [header, *(mark.join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
