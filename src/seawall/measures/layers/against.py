"""What speaks against reading a community as coordinated: each is a question that its acts answer with a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.measures.keys import present
from seawall.measures.layers.messages import Messages
from seawall.measures.layers.objects import field_of, flat

MOST = 0.5
"""More than this part of something is most of it."""

OWN = 0.8
"""If so large a part of a community's links leads to one domain, it is as if it were their own."""

REGULAR = 0.8
"""How close together times of the hour or day stand to be regular: length of their mean direction, 0 to 1."""

LEAST_TIMES = 10
"""Of fewer occasions nothing is said about how regular they are."""

PERIODS = {"day": 86_400, "hour": 3_600, "half-hour": 1_800, "quarter of an hour": 900}


@dataclass(frozen=True, slots=True)
class Against:
    """One thing that speaks against it.

    Attributes:
        kind: "popular_object", "one_domain", "news_desk", "declared_bots", "whole_minutes" or "one_occasion".
        share: the part that it makes up, 0 to 1.
        sentence: for a reader.
    """

    kind: str
    share: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a community.

    Args:
        messages: of the network.
        together: see ``LayeredNetwork.among``.
        objects: its objects, by layer.
        rows: of the messages that took part, each once.
        accounts: its members.
        bots: accounts that declare themselves automatic; None = not known.
    """

    messages: Messages
    together: pa.Table
    objects: pa.Table
    rows: pa.Array
    accounts: tuple[Any, ...]
    bots: pa.Array | None


def against(look: Look) -> tuple[Against, ...]:
    """All that applies."""
    if not len(look.together):
        return ()
    found = (question(look) for question in QUESTIONS)
    return tuple(answer for answer in found if answer is not None)


def popular_object(look: Look) -> Against | None:
    """One object makes up most of the occasions of the layer in which they met most often."""
    layers = (
        look.objects.group_by("layer")
        .aggregate([("occasions", "sum")])
        .sort_by([("occasions_sum", "descending"), ("layer", "ascending")])
    )
    layer, total = layers["layer"][0].as_py(), layers["occasions_sum"][0].as_py()
    top = look.objects.filter(pc.equal(look.objects["layer"], layer))
    share = top["occasions"][0].as_py() / total
    if share <= MOST:
        return None
    return Against(
        "popular_object",
        share,
        f"One object makes up {share:.0%} of what they shared: it may simply have been popular.",
    )


def one_occasion(look: Look) -> Against | None:
    """Most of it happened within one hour."""
    at = np.sort(look.together["at"].cast(pa.int64()).to_numpy())
    within = np.searchsorted(at, at + 3_600_000_000, side="right") - np.arange(len(at))
    share = float(within.max() / len(at))
    if share <= MOST:
        return None
    return Against(
        "one_occasion", share, f"{share:.0%} of it happened within one hour: it may be one event, seen by all."
    )


def one_domain(look: Look) -> Against | None:
    """One registrable domain makes up most of their links."""
    share = _top_domain(look)
    if share is None or share <= MOST:
        return None
    return Against("one_domain", share, f"{share:.0%} of their links lead to one domain: they may work for it.")


def news_desk(look: Look) -> Against | None:
    """Nearly all links lead to one domain, and the occasions begin at the same time of the hour or day."""
    share = _top_domain(look)
    if share is None or share < OWN:
        return None
    starts = look.together.group_by("occasion").aggregate([("at", "min")])["at_min"].cast(pa.int64()).to_numpy() / 1e6
    if len(starts) < LEAST_TIMES:
        return None
    period, concentration = max(((name, _concentration(starts, s)) for name, s in PERIODS.items()), key=lambda p: p[1])
    if concentration < REGULAR:
        return None
    return Against(
        "news_desk",
        share,
        f"{share:.0%} of their links lead to one domain, at the same time of each {period}: like a news desk.",
    )


def declared_bots(look: Look) -> Against | None:
    """Some of the accounts declare themselves automatic."""
    if look.bots is None:
        return None
    declared = pc.sum(pc.is_in(pa.array(look.accounts), look.bots)).as_py()
    share = declared / len(look.accounts)
    if declared == 0:
        return None
    return Against(
        "declared_bots",
        share,
        f"{declared} of {len(look.accounts)} accounts ({share:.0%}) declare themselves automatic.",
    )


def whole_minutes(look: Look) -> Against | None:
    """All times fall on whole minutes, so that nothing is known of seconds."""
    if np.any(look.together["at"].cast(pa.int64()).to_numpy() % 60_000_000):
        return None
    return Against(
        "whole_minutes", 1.0, "Times are told to the minute: what happened within one minute counts as one moment."
    )


QUESTIONS: tuple[Callable[[Look], Against | None], ...] = (
    popular_object, one_occasion, one_domain, news_desk, declared_bots, whole_minutes,
)  # fmt: skip


def _top_domain(look: Look) -> float | None:
    """The part of their links that leads to the most linked domain; None without links or domains."""
    if "links" not in look.messages.table.column_names:
        return None
    rows, links = flat(look.messages.table["links"])
    if not pa.types.is_struct(links.type) or "domain" not in [field.name for field in links.type]:
        return None
    taking_part = np.zeros(len(look.messages), np.bool_)
    taking_part[look.rows.to_numpy()] = True
    domains = field_of(links, "domain")
    told = present(domains)
    domains = domains.filter(pa.array(taking_part[rows] if told is None else taking_part[rows] & told))
    if not len(domains):
        return None
    return float(pc.max(pc.value_counts(domains).field("counts")).as_py() / len(domains))


def _concentration(times: npt.NDArray[Any], period: float) -> float:
    """The length of the mean direction of times on a circle."""
    angle = 2 * np.pi * (times % period) / period
    return float(np.hypot(np.cos(angle).mean(), np.sin(angle).mean()))
