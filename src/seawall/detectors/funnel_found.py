"""What the measure found -> hubs as an alert tells them: accounts, newcomers with their stages, and terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detectors.funnel_dealings import acquainted, one_script, reached
from seawall.model import STAGES

MEASURED = {
    "at": "at",
    "kind": "kind",
    "source_account": "source",
    "target_account": "target",
    "channel_id": "channel",
    "contact_kind": "contact_kind",
    "contact_key": "contact_key",
    "reply_key": "reply_key",
}
"""Columns of the lake's interactions, and what the measure calls them."""

SCRIPT = "shared_script"
"""The term of the measure that speaks of accounts which use one script."""


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a hub's score, in nats, and the sentence that quotes the numbers behind it."""

    name: str
    value: float
    says: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who was approached."""

    account: str
    stage: str
    first_at: datetime
    last_at: datetime
    reached: Mapping[str, datetime]  # stage -> when, where the interactions tell it

    def came_to(self, stage: str) -> bool:
        """Whether it came to this stage: one on the way to a further one may have been left out."""
        return stage in (STAGES[0], self.stage) or stage in self.reached


@dataclass(frozen=True, slots=True)
class Hub:
    """An account that approached newcomers as in a funnel, or several with one script."""

    accounts: tuple[str, ...]  # the one that began first, first
    score: float  # nats: the highest of them
    terms: tuple[Term, ...]  # of the one with that score
    newcomers: tuple[Newcomer, ...]  # in the order of their approach
    alert_at: datetime
    acquainted: int  # newcomers who had dealings with other newcomers
    was_approached: bool  # one of the accounts was led on by another hub before

    @property
    def first_at(self) -> datetime:
        """When the first newcomer was approached."""
        return self.newcomers[0].first_at

    @property
    def last_at(self) -> datetime:
        """When the latest act between a hub and a newcomer was."""
        return max(one.last_at for one in self.newcomers)

    def came_to(self, stage: str) -> list[Newcomer]:
        """The newcomers with whom it came to this stage."""
        return [one for one in self.newcomers if one.came_to(stage)]


def as_measured(rows: pa.Table) -> pa.Table:
    """Interactions of the lake under the names that the measure knows."""
    return rows.select(list(MEASURED)).rename_columns(list(MEASURED.values()))


def for_measure(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of the lake's interactions under the names that the measure knows."""
    return batch.rename_columns([MEASURED.get(name, name) for name in batch.schema.names])


def of_lake(rows: pa.Table) -> pa.Table:
    """Rows that the measure tells under the names that the lake knows."""
    names = {told: name for name, told in MEASURED.items()}
    return rows.rename_columns([names.get(name, name) for name in rows.column_names])


def found_in(result: Any, rows: pa.Table) -> list[Hub]:
    """The hubs whose score has crossed the bound, the one that began first at the head.

    Args:
        result: ``seawall.measures.Funnels``.
        rows: the interactions of these hubs, and those of their newcomers among one another; more change nothing.
    """
    crossed = {row["hub"]: row for row in result.hubs.filter(pc.is_valid(result.hubs["alert_at"])).to_pylist()}
    if not crossed:
        return []
    pairs = result.pairs.filter(pc.is_in(result.pairs["hub"], value_set=pa.array(list(crossed), pa.string())))
    newcomers: dict[str, list[Newcomer]] = {hub: [] for hub in crossed}
    for hub, newcomer in _newcomers(pairs, rows):
        newcomers[hub].append(newcomer)
    scripted = [hub for hub, row in crossed.items() if any(one["name"] == SCRIPT for one in row["terms"])]
    groups = [*one_script(rows, scripted), *([hub] for hub in crossed if hub not in set(scripted))]
    hubs = [
        _hub(part, crossed, newcomers, rows, result.explain) for group in groups for part in _apart(group, newcomers)
    ]
    return sorted(hubs, key=lambda hub: (hub.first_at, hub.alert_at, -hub.score, hub.accounts))


def _newcomers(pairs: pa.Table, rows: pa.Table) -> Iterator[tuple[str, Newcomer]]:
    told = pairs.select(["hub", "newcomer", "stage", "first_at", "last_at"]).to_pylist()
    times = reached(rows, pairs)
    for place, row in enumerate(told):
        known = {stage: at for stage, column in times.items() if (at := column[place]) is not None}
        came = {stage: known[stage] for stage in STAGES[1 : STAGES.index(row["stage"]) + 1] if stage in known}
        yield row["hub"], Newcomer(row["newcomer"], row["stage"], row["first_at"], row["last_at"], came)


def _apart(group: Sequence[str], newcomers: Mapping[str, Sequence[Newcomer]]) -> Iterator[list[str]]:
    """The group, and by themselves the accounts that others of it approached: none is named beside who led it on."""
    approached = {one.account for hub in group for one in newcomers[hub]}
    rest = [hub for hub in group if hub not in approached]
    yield from ([rest] if rest else [])
    yield from ([hub] for hub in group if hub in approached)


def _hub(
    group: Sequence[str],
    crossed: Mapping[str, Mapping[str, Any]],
    newcomers: Mapping[str, Sequence[Newcomer]],
    rows: pa.Table,
    explain: Callable[[str], Sequence[str]],
) -> Hub:
    """One hub of the accounts of a group; who was approached by several of them came as far as the furthest."""
    accounts = sorted(group, key=lambda hub: (crossed[hub]["first_at"], crossed[hub]["alert_at"], hub))
    approached: dict[str, Newcomer] = {}
    for one in (one for hub in accounts for one in newcomers[hub]):
        known = approached.get(one.account)
        approached[one.account] = one if known is None else _both(known, one)
    best = max(accounts, key=lambda hub: float(crossed[hub]["score"]))
    ordered = sorted(
        approached.values(), key=lambda one: (one.first_at, one.last_at, STAGES.index(one.stage), one.account)
    )
    return Hub(
        accounts=tuple(accounts),
        score=float(crossed[best]["score"]),
        terms=tuple(_terms(crossed[best], explain(best))),
        newcomers=tuple(ordered),
        alert_at=min(crossed[hub]["alert_at"] for hub in accounts),
        acquainted=acquainted(rows, list(approached)),
        was_approached=_was_approached(accounts, crossed, newcomers),
    )


def _both(one: Newcomer, other: Newcomer) -> Newcomer:
    further = max(one, other, key=lambda each: STAGES.index(each.stage))
    return Newcomer(
        further.account,
        further.stage,
        min(one.first_at, other.first_at),
        max(one.last_at, other.last_at),
        {
            stage: min(at for each in (one, other) if (at := each.reached.get(stage)) is not None)
            for stage in STAGES
            if stage in one.reached or stage in other.reached
        },
    )


def _was_approached(
    accounts: Sequence[str], crossed: Mapping[str, Mapping[str, Any]], newcomers: Mapping[str, Sequence[Newcomer]]
) -> bool:
    """Whether another hub led one of the accounts to direct messages, and began before that one's score crossed."""
    seen = {hub: crossed[hub]["alert_at"] for hub in accounts}
    others = (one for hub, found in newcomers.items() if hub not in seen for one in found)
    return any(one.account in seen and one.came_to("direct") and one.first_at < seen[one.account] for one in others)


def _terms(row: Mapping[str, Any], sentences: Sequence[str]) -> Iterator[Term]:
    """The terms, the weightiest first; a sentence of the measure names its term in brackets at its end."""
    for term in sorted(row["terms"], key=lambda one: -abs(one["value"])):
        mark = f" ({term['name']} "
        says = next((told.partition(mark)[0] + "." for told in sentences if mark in told), "")
        yield Term(term["name"], float(term["value"]), says)
