"""One world and one result -> arrays from which every figure is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.errors import MeasureError
from seawall.evaluation.worlds import FUNNEL, Result, World, as_utc, utc

NEVER = np.iinfo(np.int64).max
DAY = 86_400_000_000
MONTH = 30.0

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The truth about the accounts of a world beside what was said about them.

    Positive is an account that acted as hub of a funnel. A planted account that only takes persons over (a hand-off) is
    no hub and is not counted at all. Times are microseconds since 1970 in UTC, NEVER where it did not happen.

    Args:
        days: how long the world lasts.
        background: scores of the accounts that nobody planted, one each; minus infinity where nothing was said.
        background_alerts: when each of them was alerted.
        scores, alerts: of the hubs of funnels.
        units: which funnel each of these hubs belongs to, from 0.
        decoy_scores, decoy_alerts: of the lawful look-alikes.
        decoy_roles: what each of them is.
        person_hubs: of each person approached by a funnel, the place of the hub.
        approached, contact, handed_off: when that happened to each person.
    """

    days: float
    background: Floats
    background_alerts: Ints
    scores: Floats
    alerts: Ints
    units: Ints
    decoy_scores: Floats
    decoy_alerts: Ints
    decoy_roles: tuple[str, ...]
    person_hubs: Ints
    approached: Ints
    contact: Ints
    handed_off: Ints

    @property
    def accounts(self) -> int:
        """How many accounts are counted."""
        return len(self.background) + len(self.scores) + len(self.decoy_scores)

    @property
    def prevalence(self) -> float:
        """The part of the accounts that are hubs of funnels."""
        return len(self.scores) / self.accounts

    @property
    def exposure(self) -> float:
        """Months of 30 days times ten thousand accounts."""
        return self.accounts / 1e4 * self.days / MONTH


def evaluate(world: World, result: Result, *, after: datetime | None = None) -> Judgement:
    """Lay what a measure said beside the truth.

    Args:
        world: with its truth.
        result: scores and alerts of accounts; an account without a row counts as one about which nothing was said.
        after: the later side of a split by time and hub: hubs and look-alikes that began before it are left out, and
            so are alerts about the background before it; naive times are UTC.

    Raises:
        MeasureError: no hub of a funnel is left to find, an account is scored twice, or the result has other ids.
    """
    begins = None if after is None else as_utc(after)
    hubs, left_out = _planted(world, begins)
    lost = pc.and_(pc.invert(hubs["decoy"]), pc.equal(hubs["role"], FUNNEL))
    funnels, decoys = hubs.filter(lost), hubs.filter(hubs["decoy"])
    if not len(funnels):
        raise MeasureError(
            "The world has no funnel to find.", mend="Plant one, or choose an earlier moment to split at."
        )
    ids, others = funnels["account"].combine_chunks(), decoys["account"].combine_chunks()
    planted = pa.concat_arrays([ids, others, left_out.cast(ids.type)])
    everybody = all_accounts(world, ids.type)
    background = everybody.filter(pc.invert(pc.is_in(everybody, planted)))
    said = _Said(result, ids.type)
    first, last = _span(world)
    start = first if begins is None else max(first, begins.cast(pa.int64()).as_py())
    quiet, alerts = said.about(background)
    units = np.unique(
        funnels["group"].combine_chunks().cast(pa.string()).to_numpy(False).astype(str), return_inverse=True
    )
    scores, hub_alerts = said.about(ids)
    decoy_scores, decoy_alerts = said.about(others)
    return Judgement(
        max((last - start) / DAY, 1.0),
        quiet,
        np.where(alerts < start, NEVER, alerts),
        scores,
        hub_alerts,
        units[1].astype(np.int64),
        decoy_scores,
        decoy_alerts,
        tuple(map(str, decoys["role"].to_pylist())),
        *_persons(world, ids),
    )


def all_accounts(world: World, kind: pa.DataType) -> pa.Array:
    """Every account of a world once, whoever only acts or is acted on included."""
    told = world.accounts
    told = told["account"] if isinstance(told, pa.Table) else pa.array(told) if isinstance(told, list | tuple) else told
    lists = [told, world.interactions["source"], world.interactions["target"], world.hubs["account"]]
    chunks = [pc.unique(column.cast(kind)) for column in lists]
    return pc.drop_null(pc.unique(pa.concat_arrays(chunks)))


def _planted(world: World, begins: pa.Scalar | None) -> tuple[pa.Table, pa.Array]:
    """The planted accounts that count, and those that are left out: too early, or hubs of nothing."""
    hubs = world.hubs
    counts = pc.or_(hubs["decoy"], pc.equal(hubs["role"], FUNNEL))
    if begins is not None:
        counts = pc.and_(counts, pc.greater_equal(utc(hubs["starts"]), begins))
    taken_over = pa.array([], hubs["account"].type)
    if "handed_to" in world.pairs.column_names:
        taken_over = pc.drop_null(pc.unique(world.pairs["handed_to"].combine_chunks().cast(hubs["account"].type)))
        taken_over = taken_over.filter(pc.invert(pc.is_in(taken_over, hubs["account"].combine_chunks())))
    out = hubs.filter(pc.invert(counts))["account"].combine_chunks()
    return hubs.filter(counts), pa.concat_arrays([out, taken_over])


class _Said:
    """Scores and alerts by account."""

    def __init__(self, result: Result, kind: pa.DataType) -> None:
        hubs = result.hubs
        try:
            self.ids = hubs["hub"].combine_chunks().cast(kind)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise MeasureError("The result has ids of another type than the world.", where="column hub") from error
        if len(pc.unique(self.ids)) != len(self.ids):
            raise MeasureError("The result scores an account twice.", where="column hub")
        self.scores = pc.fill_null(hubs["score"].cast(pa.float64()), -np.inf).to_numpy()
        self.alerts = pc.fill_null(utc(hubs["alert_at"]).cast(pa.int64()), NEVER).to_numpy()

    def about(self, accounts: pa.Array) -> tuple[Floats, Ints]:
        places = pc.fill_null(pc.index_in(accounts, self.ids), -1).to_numpy(zero_copy_only=False)
        if not len(self.ids):
            return np.full(len(places), -np.inf), np.full(len(places), NEVER)
        told = places >= 0
        return np.where(told, self.scores[places], -np.inf), np.where(told, self.alerts[places], NEVER)


def _span(world: World) -> tuple[int, int]:
    ends = pc.min_max(utc(world.interactions["at"])).as_py()
    if ends["min"] is None:
        raise MeasureError("The world has no interactions.")
    return tuple(pa.scalar(ends[name], pa.timestamp("us", "UTC")).cast(pa.int64()).as_py() for name in ("min", "max"))


def _persons(world: World, hubs: pa.Array) -> tuple[Ints, Ints, Ints, Ints]:
    pairs = world.pairs
    places = pc.index_in(pairs["hub"].combine_chunks().cast(hubs.type), hubs)
    pairs = pairs.filter(pc.is_valid(places))
    times: list[Any] = []
    for name in ("approached_at", "contact_at", "handed_off_at"):
        column = utc(pairs[name]).cast(pa.int64()) if name in pairs.column_names else pa.nulls(len(pairs), pa.int64())
        times.append(pc.fill_null(column, NEVER).to_numpy(zero_copy_only=False))
    return pc.drop_null(places).to_numpy().astype(np.int64), times[0], times[1], times[2]
