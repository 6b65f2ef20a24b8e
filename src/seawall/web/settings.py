"""How a console is served: under which address, and in which language to those who have chosen none."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from seawall.errors import ConfigurationError
from seawall.model.loopback import is_loopback

LANGUAGES = {"en": "English", "ar": "العربية"}
"""Code -> the language's own name."""

RIGHT_TO_LEFT = frozenset({"ar"})

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """How a console is served.

    Args:
        origin: the address that people type, as ``https://console.example`` or ``http://127.0.0.1:8767``.
        language: "en" or "ar", for whoever has chosen none.

    Raises:
        ConfigurationError: an address that is none, plain http for another machine, or an unknown language.
    """

    origin: str = "http://127.0.0.1:8767"
    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise ConfigurationError(
                "The console does not speak this language.",
                where="language",
                mend=f"Choose one of: {', '.join(LANGUAGES)}.",
            )
        told = urlsplit(self.origin)
        if told.scheme not in ("http", "https") or not told.hostname or told.path or told.query or told.username:
            raise ConfigurationError(
                "The address of the console is not one.",
                where="origin",
                mend="Give scheme, name and port alone, as https://console.example.",
            )
        if told.scheme == "http" and not is_loopback(told.hostname):
            raise ConfigurationError(
                "Without TLS, anyone on the way could read what the console shows and sign in as somebody else.",
                where="origin",
                mend="Serve it on 127.0.0.1, or put it behind TLS and give its address with https://.",
            )

    @property
    def secure(self) -> bool:
        """Whether people reach it through TLS."""
        return self.origin.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which it answers."""
        return frozenset({*LOOPBACK_NAMES, (urlsplit(self.origin).hostname or "").lower()})
