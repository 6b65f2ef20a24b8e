"""The worlds of the funnel's benchmark: which generator, on which ground, on which side of the splits.

Split by hub: no world for fitting or for setting a bound has a hub of a world for judging. Split by time: on recorded
platforms the first half of the record is for fitting and bounds, the second half for judging. Settings of the project's
generator come from its fitting ranges on the one side and from its wide ranges on the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from benchmarks import funnel_backgrounds
from benchmarks.funnel_other import other_world
from seawall.evaluation import World
from seawall.simulate import FunnelSettings, background, funnel_world

Generator = Literal["project", "other"]
Ground = Literal["synthetic", "CollegeMsg", "Ubuntu IRC"]
ACCOUNTS, DAYS = 10_000, 60
OTHER_DAYS = 84
RECORDS = {"CollegeMsg": funnel_backgrounds.collegemsg, "Ubuntu IRC": funnel_backgrounds.ubuntu_irc}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is judged.

    Args:
        generator: the project's, or the differently built one.
        ground: synthetic (each generator has its own), or a record.
    """

    generator: Generator
    ground: Ground

    def __str__(self) -> str:
        return f"{self.generator} generator, {self.ground}"


def places() -> list[Place]:
    """Every generator on every ground; records only where the data are there."""
    grounds: tuple[Ground, ...] = ("synthetic", "CollegeMsg", "Ubuntu IRC")
    if not funnel_backgrounds.DATA.exists():
        grounds = ("synthetic",)
    return [Place(generator, ground) for generator in ("project", "other") for ground in grounds]


@cache
def halves(ground: Ground) -> tuple[pa.Table, pa.Table]:
    """The record up to its median row, and from there on."""
    record = RECORDS[ground]().sort_by("at")
    return record.slice(0, len(record) // 2), record.slice(len(record) // 2)


def clean(place: Place, seed: int, later: bool = False) -> pa.Table:
    """Traffic with nothing planted: a synthetic platform, or a half of a record with the side of life that it lacks."""
    if place.ground != "synthetic":
        return other_world(seed, record=halves(place.ground)[later], plant=False).interactions
    if place.generator == "other":
        return other_world(seed, accounts=ACCOUNTS, days=OTHER_DAYS, plant=False).interactions
    return background(seed, accounts=ACCOUNTS, days=DAYS)


def fitting_world(ground: Ground, seed: int) -> World:
    """A world of the project's generator from its fitting ranges; on the small record with more hubs, to learn from."""
    return _project(ground, seed, wide=False, **({"hubs": 4, "decoys": 4} if ground == "CollegeMsg" else {}))


def world(place: Place, seed: int) -> World:
    """A world to judge on, a hub in a thousand accounts and as many look-alikes."""
    if place.generator == "project":
        return _project(place.ground, seed, wide=True)
    if place.ground == "synthetic":
        return other_world(seed, accounts=ACCOUNTS, days=OTHER_DAYS)
    return other_world(seed, record=halves(place.ground)[1])


def _project(ground: Ground, seed: int, *, wide: bool, **told: Any) -> World:
    settings = FunnelSettings.drawn(np.random.default_rng(seed), wide=wide, accounts=ACCOUNTS, days=DAYS, **told)
    if ground == "synthetic":
        return funnel_world(seed, settings=settings)
    return funnel_world(seed, background=clean(Place("project", ground), seed, later=wide), settings=settings)
