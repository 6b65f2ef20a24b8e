"""The pages, a module each; their routes are those of the console."""

from __future__ import annotations

from types import ModuleType

from seawall.web.pages import audit, health, home, kept, passkeys, probes, reviewers, sign_in, you, you_sign_in

PAGES: tuple[ModuleType, ...] = (
    home,
    audit,
    reviewers,
    health,
    you,
    you_sign_in,
    sign_in,
    passkeys,
    kept,
    probes,
)
"""Each has ``pages``, its routes."""
