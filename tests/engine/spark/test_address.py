from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine.spark.address import Address
from seawall.errors import ConfigurationError, ConnectError
from tests.servers.synapse import free_port


@pytest.mark.parametrize(
    ("told", "master", "shown"),
    [
        ("local", "local[1,2]", "local"),
        ("local[*]", "local[*,2]", "local"),
        ("local[4]", "local[4,2]", "local"),
        ("spark://club.example", "spark://club.example", "spark://club.example:7077"),
        ("spark://a:1,b:2", "spark://a:1,b:2", "spark://a:1,b:2"),
        ("spark://[::1]:7077", "spark://[::1]:7077", "spark://[::1]:7077"),
        ("sc://club.example/;token=tulip", "sc://club.example/;token=tulip", "sc://club.example:15002"),
        ("sc://club.example:1;token=tulip", "sc://club.example:1;token=tulip", "sc://club.example:1"),
    ],
)
def test_addresses_are_read_and_shown_without_their_tokens(told: str, master: str, shown: str) -> None:
    """What Spark is told holds everything, what people are shown holds no token."""
    address = Address.read(told)
    assert (address.master, address.shown) == (master, shown)
    assert "tulip" not in repr(address)


@pytest.mark.parametrize(
    "told",
    [
        *("", "locall", "local[0]", "local[99999]", "local[x]", "sparkk://h:1", "spark://", "spark://h:port"),
        *("spark://h:70777", "spark://me:tulip@h:1", "spark://h:1/tulip", "sc://", "sc://:5", "yarn", "spark://,"),
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(told: str) -> None:
    """The error says what can be given, and repeats nothing that could be a secret."""
    with pytest.raises(ConfigurationError, match="spark://HOST:PORT") as error:
        Address.read(told)
    assert "tulip" not in str(error.value)


@given(st.text())
def test_any_text_is_an_address_or_refused(told: str) -> None:
    """Nothing else can happen."""
    try:
        Address.read(told)
    except ConfigurationError:
        return
    assert told.startswith(("local", "spark://", "sc://"))


def test_a_port_without_anybody_is_told_at_once() -> None:
    """The message shows the address without its token."""
    with pytest.raises(ConnectError, match="Nobody answers") as error:
        Address.read(f"sc://127.0.0.1:{free_port()}/;token=tulip").knock()
    assert "127.0.0.1" in str(error.value)
    assert "tulip" not in str(error.value)


def test_one_of_several_masters_is_enough() -> None:
    """A cluster with a master in reserve is reached through the one that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert Address.read(f"spark://127.0.0.1:{free_port()},127.0.0.1:{port}").knock() == "127.0.0.1"
