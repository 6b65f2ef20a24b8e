"""What a group of coordinated accounts did together, counted for a sentence and for a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures import Network


@dataclass(frozen=True)
class Evidence:
    """The shares of a group that had company in the group.

    Args:
        accounts: the group, the account that was first at the head.
        edges: the links inside the group, heaviest first.
        together: see ``Network.among``.
    """

    accounts: tuple[str, ...]
    edges: pa.Table
    together: pa.Table

    @classmethod
    def of(cls, network: Network, group: pa.Array) -> Evidence:
        """Of a group in a network."""
        edges = network.edges
        inside = pc.and_(pc.is_in(edges["source"], group), pc.is_in(edges["target"], group))
        order = [("at", "ascending"), ("message", "ascending"), ("account", "ascending")]
        return cls(tuple(group.to_pylist()), edges.filter(inside), network.among(group).sort_by(order))

    @property
    def start(self) -> datetime:
        """Time of the first share."""
        first: datetime = pc.min(self.together["at"]).as_py()
        return first

    @property
    def end(self) -> datetime:
        """Time of the last share."""
        last: datetime = pc.max(self.together["at"]).as_py()
        return last

    @cached_property
    def shares(self) -> int:
        """How many messages took part."""
        return int(pc.count_distinct(self.together["message"]).as_py())

    @property
    def occasions(self) -> int:
        """How many times several of the accounts shared one thing together."""
        return int(pc.count_distinct(self.together["occasion"]).as_py())

    @property
    def objects(self) -> int:
        """How many things they shared together."""
        return len(self._by_object)

    @cached_property
    def typical(self) -> float:
        """Median over the links of the number of things that a pair shared."""
        return float(np.median(self.edges["weight"].to_numpy()))

    @cached_property
    def top_share(self) -> float:
        """The part of the occasions that concerns the most shared thing."""
        return float(self._by_object["occasion_count_distinct"][0].as_py() / self.occasions)

    @cached_property
    def whole_minutes(self) -> bool:
        """Whether all times fall on whole minutes."""
        return not np.any(self.together["at"].cast(pa.int64()).to_numpy() % 60_000_000)

    @cached_property
    def _by_object(self) -> pa.Table:
        counted = self.together.group_by("object").aggregate(
            [
                ("occasion", "count_distinct"),
                ("account", "count_distinct"),
                ("message", "count_distinct"),
                ("at", "min"),
            ]
        )
        return counted.sort_by(
            [("occasion_count_distinct", "descending"), ("at_min", "ascending"), ("object", "ascending")]
        )

    def top_objects(self, most: int) -> list[dict[str, Any]]:
        """The things that were shared together most often: key as text, and counts."""
        return [
            {
                "object": str(row["object"]),
                "occasions": row["occasion_count_distinct"],
                "accounts": row["account_count_distinct"],
                "messages": row["message_count_distinct"],
                "first_at": row["at_min"].isoformat(),
            }
            for row in self._by_object.slice(0, most).to_pylist()
        ]

    def per_account(self) -> list[dict[str, Any]]:
        """For each account, first one first: messages that took part, things, and when it began."""
        counted = self.together.group_by("account").aggregate(
            [("message", "count_distinct"), ("object", "count_distinct"), ("at", "min")]
        )
        rows = {row["account"]: row for row in counted.to_pylist()}
        return [
            {
                "account": account,
                "messages": rows[account]["message_count_distinct"],
                "objects": rows[account]["object_count_distinct"],
                "first_at": rows[account]["at_min"].isoformat(),
            }
            for account in self.accounts
            if account in rows
        ]

    def messages(self, most: int) -> tuple[str, ...]:
        """Ids of messages, those of occasions with the most accounts first."""
        sizes = self.together.group_by(["object", "occasion"]).aggregate([("account", "count_distinct"), ("at", "min")])
        order = sizes.sort_by(
            [("account_count_distinct", "descending"), ("at_min", "ascending"), ("object", "ascending")]
        )
        rank = pc.index_in(self.together["occasion"], order["occasion"].combine_chunks())
        ranked = self.together.append_column("rank", rank).sort_by(
            [("rank", "ascending"), ("at", "ascending"), ("message", "ascending")]
        )
        return tuple(dict.fromkeys(ranked["message"].to_pylist()))[:most]
