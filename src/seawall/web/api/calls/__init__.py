"""The calls, a module each; their routes are those of the interface."""

from __future__ import annotations

from types import ModuleType

from seawall.web.api.calls import (
    alerts,
    appeals,
    audit,
    campaigns,
    case_acts,
    cases,
    deciding,
    health,
    indicators,
    interface,
    moves,
    networks,
    people,
    places,
    quality,
    requests,
    sources,
    timelines,
)

CALLS: tuple[ModuleType, ...] = (
    interface,
    cases,
    case_acts,
    deciding,
    alerts,
    campaigns,
    appeals,
    requests,
    indicators,
    sources,
    timelines,
    networks,
    moves,
    places,
    audit,
    people,
    quality,
    health,
)
"""Each has ``calls``, its routes."""
