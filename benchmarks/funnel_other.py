"""A second generator of worlds with funnels, built otherwise than ``seawall.simulate`` and never fitted to.

Agents in a loop over days and hours, log-normal waits, answers that set off answers, people who sleep; swift funnels,
slow ones with days to weeks between approaches, ones that change their account after some persons, ones that split one
script over several accounts. Its world has the columns of ``seawall.simulate.World``. Behaviour only; ids and words are
placeholders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.funnel_other_alikes import ROLES, LookAlike
from benchmarks.funnel_other_hubs import Funnel, Truth
from benchmarks.funnel_other_replay import Replay
from benchmarks.funnel_other_scene import Scene
from benchmarks.funnel_other_town import Town

TIME = pa.timestamp("us", "UTC")
BEGIN = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
PREVALENCE = 1e-3
STAGES = ("approached_at", "followed_back_at", "direct_at", "contact_at", "sustained_at", "handed_off_at")


@dataclass(frozen=True, slots=True)
class OtherWorld:
    """Interactions and the truth about them, in the columns of ``seawall.simulate.World``."""

    interactions: pa.Table
    hubs: pa.Table
    pairs: pa.Table
    accounts: pa.Table
    settings: dict[str, Any]


def other_world(
    seed: int, *, record: pa.Table | None = None, accounts: int = 10_000, days: int = 84, plant: bool = True
) -> OtherWorld:
    """A world.

    Args:
        seed: of every draw.
        record: a real background, ``at, kind, source, target``; else a platform of its own making.
        accounts, days: of the platform of its own making.
        plant: False leaves out every funnel and look-alike: clean traffic.
    """
    scene: Scene = Replay(seed, record) if record is not None else Town(seed, accounts, days)
    truth = Truth()
    people = len(scene.persons)
    if plant:
        _plant(scene, truth, max(2, round(people * PREVALENCE)))
    scene.run()
    begin = scene.begin if isinstance(scene, Replay) else BEGIN
    return _written(scene, truth, begin, people, {"seed": seed, "record": record is not None, "days": scene.days})


def _plant(scene: Scene, truth: Truth, hubs: int) -> None:
    """As many look-alikes as accounts of funnels, which begin when at least half of the time is left."""
    left, number = hubs, 0
    while left:
        size = min(left, scene.random.choice((1, 1, 1, 2, 3, 4)))
        funnel = Funnel(scene, truth, f"funnel {number}", size)
        funnel.begin(scene.random.uniform(0.04, 0.4) * scene.end)
        left, number = left - size, number + 1
    roles = scene.random.sample(ROLES, len(ROLES))
    for place in range(hubs):
        LookAlike(scene, truth, roles[place % len(roles)], scene.random.uniform(0.02, 0.4) * scene.end)


def _written(scene: Scene, truth: Truth, begin: float, people: int, settings: dict[str, Any]) -> OtherWorld:
    names = _names(scene, people)
    rows = sorted((row for row in scene.rows if row[0] < scene.end), key=lambda row: row[0])
    at, kinds, sources, targets, channels, contacts, addresses, keys, lengths = (
        list(column) for column in zip(*rows, strict=True)
    )
    interactions = pa.table(
        {
            "interaction_id": [f"act-{number}" for number in range(len(rows))],
            "at": _times(at, begin),
            "kind": pa.array(kinds, pa.string()),
            "source": pa.array([names[who] for who in sources], pa.string()),
            "target": pa.array([None if who is None else names[who] for who in targets], pa.string()),
            "channel": pa.array(channels, pa.string()),
            "contact_kind": pa.array(contacts, pa.string()),
            "contact_key": pa.array(addresses, pa.string()),
            "reply_key": pa.array(keys, pa.string()),
            "length_class": pa.array(lengths, pa.string()),
        }
    )
    worked = {pair["hub"] for pair in truth.pairs}
    hubs = [hub for hub in truth.hubs if hub["account"] in worked]
    return OtherWorld(
        interactions,
        _hubs(hubs, names, begin),
        _pairs(truth, names, begin, scene.end),
        _accounts(scene, names, begin),
        settings,
    )


def _names(scene: Scene, people: int) -> list[str]:
    """Names that tell nothing: those of the record, and for the planted ones some of the same kind."""
    if isinstance(scene, Replay):
        taken = set(scene.names)
        extra = (str(number) for number in range(10**7, 10**8) if str(number) not in taken)
        return [*scene.names, *(next(extra) for _ in range(len(scene.persons) - people))]
    numbers = list(range(len(scene.persons)))
    scene.random.shuffle(numbers)
    return [f"plot-{number}" for number in numbers]


def _times(seconds: list[float | None], begin: float) -> pa.Array:
    known = np.array([value is not None and np.isfinite(value) for value in seconds], bool)
    values = np.array([value if value is not None else 0.0 for value in seconds], float)
    return pa.array(((values + begin) * 1e6).astype(np.int64), pa.int64(), mask=~known).cast(TIME)


def _hubs(hubs: list[dict[str, Any]], names: list[str], begin: float) -> pa.Table:
    return pa.table(
        {
            "account": pa.array([names[hub["account"]] for hub in hubs], pa.string()),
            "role": pa.array([hub["role"] for hub in hubs], pa.string()),
            "group": pa.array([hub["group"] for hub in hubs], pa.string()),
            "decoy": pa.array([hub["decoy"] for hub in hubs], pa.bool_()),
            "starts": _times([hub["starts"] for hub in hubs], begin),
            "ends": _times([hub["ends"] for hub in hubs], begin),
        }
    )


def _pairs(truth: Truth, names: list[str], begin: float, end: float) -> pa.Table:
    pairs = [pair for pair in truth.pairs if pair["approached_at"] < end]
    stages = {name: [pair.get(name) for pair in pairs] for name in STAGES}
    handed = [pair.get("handed_to") for pair in pairs]
    return pa.table(
        {
            "hub": pa.array([names[pair["hub"]] for pair in pairs], pa.string()),
            "newcomer": pa.array([names[pair["newcomer"]] for pair in pairs], pa.string()),
            "role": pa.array([pair["role"] for pair in pairs], pa.string()),
            **{
                name: _times([None if at is None or at >= end else at for at in times], begin)
                for name, times in stages.items()
            },
            "handed_to": pa.array([None if who is None else names[who] for who in handed], pa.string()),
        }
    )


def _accounts(scene: Scene, names: list[str], begin: float) -> pa.Table:
    joined = [person.joined for person in scene.persons]
    return pa.table({"account": pa.array(names, pa.string()), "created_at": _times(list(joined), begin)})
