"""Signing in at the operator's own identity provider (OpenID Connect), where keys/oidc.json names one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seawall.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.web.console import Console

SETTINGS = "oidc.json"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider, as keys/oidc.json tells."""

    issuer: str
    client_id: str
    client_secret: str
    label: str  # what the button says


def provider_of(console: Console) -> Provider | None:
    """The provider of a console; None where there is none.

    Raises:
        ConfigurationError: its settings cannot be read.
    """
    return read_provider(console.workspace.path / "keys" / SETTINGS)


def read_provider(path: Path) -> Provider | None:
    """A provider's settings: JSON with issuer, client_id, client_secret and, if wanted, label.

    Raises:
        ConfigurationError: they cannot be read, or something is missing.
    """
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        provider = Provider(
            str(told["issuer"]).rstrip("/"),
            str(told["client_id"]),
            str(told["client_secret"]),
            str(told.get("label") or "single sign-on"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "The settings of the identity provider cannot be used.",
            where=f"keys/{SETTINGS}",
            mend="Give a JSON object with issuer, client_id and client_secret.",
        ) from error
    if not provider.issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ConfigurationError(
            "The identity provider must be reached through TLS.",
            where=f"keys/{SETTINGS}, field issuer",
            mend="Give an address with https://.",
        )
    return provider
