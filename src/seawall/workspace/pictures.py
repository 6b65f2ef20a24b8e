"""From what alerts carry to what a brief draws: timelines with windows, networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import networkx as nx

from seawall.brief import Edge, Network, Node, SurgeWindow, Timeline
from seawall.casebook import KeptAlert
from seawall.model import Alert


def windows_of(alerts: Iterable[KeptAlert], *, platform: str) -> tuple[SurgeWindow, ...]:
    """The surges of a whole platform, by time."""
    found = [
        _window(kept.alert)
        for kept in alerts
        if kept.alert.detector == "surge"
        and [(subject.kind, subject.id) for subject in kept.alert.subjects] == [("platform", platform)]
    ]
    return tuple(sorted(found, key=lambda window: window.start))


def timeline_of(alert: Alert) -> Timeline | None:
    """The counts around a surge, with its window; None for an alert of another kind."""
    drawn = alert.details.get("picture")
    if not drawn:
        return None
    return Timeline(
        title=str(alert.details.get("series", "")),
        unit=str(drawn["unit"]),
        source=str(drawn["source"]),
        bin=timedelta(seconds=float(drawn["bin_seconds"])),
        at=tuple(datetime.fromisoformat(moment) for moment in drawn["at"]),
        observed=tuple(drawn["observed"]),
        expected=tuple(drawn["expected"]),
        low=tuple(drawn["low"]),
        high=tuple(drawn["high"]),
        windows=(_window(alert),),
    )


def network_of(alert: Alert) -> Network | None:
    """The accounts of a coordination alert; None for an alert of another kind."""
    edges = alert.details.get("edges")
    if not edges:
        return None
    return _network("Accounts that acted together", [alert])


def overall_network(alerts: Sequence[KeptAlert]) -> Network | None:
    """All accounts that coordination alerts speak of, in one picture; None where there are none."""
    found = [kept.alert for kept in alerts if kept.alert.details.get("edges")]
    return _network("All accounts that acted together", found) if found else None


def _network(title: str, alerts: Sequence[Alert]) -> Network:
    weights: dict[tuple[str, str], float] = {}
    activity: dict[str, float] = {}
    for alert in alerts:
        for edge in alert.details["edges"]:
            pair = (str(edge["source"]), str(edge["target"]))
            weights[pair] = weights.get(pair, 0) + float(edge["weight"])
        for account in alert.details.get("per_account", ()):
            activity[account["account"]] = activity.get(account["account"], 0) + float(account["messages"])
    graph: Any = nx.Graph(list(weights))
    groups = sorted(nx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    number = {account: index for index, group in enumerate(groups) for account in group}
    windows = sorted({float(alert.parameters.get("window_s", 0)) for alert in alerts})
    return Network(
        title=title,
        unit=f"things shared within {' or '.join(f'{window:g}' for window in windows)} seconds of each other",
        source="alerts of the detector coordination",
        nodes=tuple(Node(account, activity.get(account, 1.0), number[account]) for account in sorted(number)),
        edges=tuple(Edge(source, target, weight) for (source, target), weight in sorted(weights.items())),
    )


def _window(alert: Alert) -> SurgeWindow:
    low, high = alert.details.get("factor_interval") or (None, None)
    return SurgeWindow(
        start=alert.start,
        end=alert.end,
        observed=float(alert.observed or 0),
        expected=float(alert.expected or 0),
        factor=float(alert.details.get("factor") or 0),
        factor_low=low,
        factor_high=high,
        q=alert.q,
        direction=str(alert.details.get("direction", "up")),
    )
