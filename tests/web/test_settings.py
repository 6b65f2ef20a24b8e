"""How a console may be served."""

from __future__ import annotations

import pytest

from seawall.errors import ConfigurationError
from seawall.web.settings import ConsoleSettings

GOOD = [
    "http://127.0.0.1:8767",
    "http://localhost",
    "http://[::1]:80",
    "https://console.example",
    "https://192.0.2.1:8443",
]
WITHOUT_TLS = ["http://console.example", "http://192.0.2.1:8767", "http://0.0.0.0:8767", "http://localhost.example"]
NO_ADDRESS = ["console.example", "ftp://console.example", "https://", "https://console.example/path", "https://a@b", ""]


@pytest.mark.parametrize("origin", GOOD)
def test_addresses_that_can_be_served(origin: str) -> None:
    """Loopback addresses may go without TLS; cookies are for TLS alone where there is TLS."""
    assert ConsoleSettings(origin).secure is origin.startswith("https")


@pytest.mark.parametrize("origin", WITHOUT_TLS)
def test_other_machines_are_not_served_without_tls(origin: str) -> None:
    """Without TLS the console is for this machine alone, and says why."""
    with pytest.raises(ConfigurationError, match="Without TLS"):
        ConsoleSettings(origin)


@pytest.mark.parametrize("origin", NO_ADDRESS)
def test_what_is_no_address_is_refused(origin: str) -> None:
    """The address is scheme, name and port, nothing else."""
    with pytest.raises(ConfigurationError, match="not one"):
        ConsoleSettings(origin)


def test_unknown_languages_are_refused() -> None:
    """A language that the console does not speak is named as such, with those it does."""
    with pytest.raises(ConfigurationError, match="en, ar"):
        ConsoleSettings(language="tlh")
