"""The pages, a module each; their routes are those of the console."""

from __future__ import annotations

from types import ModuleType

from seawall.web.pages import (
    account,
    appeals,
    audit,
    campaign,
    case,
    case_acts,
    channel,
    explore,
    health,
    home,
    indicators,
    kept,
    organisation,
    overview,
    passkeys,
    probes,
    quality,
    queue,
    requests,
    reviewers,
    safeguarding,
    sign_in,
    sources,
    together,
    you,
    you_sign_in,
)

PAGES: tuple[ModuleType, ...] = (
    home,
    queue,
    together,
    case,
    case_acts,
    campaign,
    appeals,
    safeguarding,
    requests,
    audit,
    reviewers,
    health,
    you,
    you_sign_in,
    sign_in,
    organisation,
    passkeys,
    kept,
    probes,
    overview,
    explore,
    channel,
    account,
    indicators,
    sources,
    quality,
)
"""Each has ``pages``, its routes."""
