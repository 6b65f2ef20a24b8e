"""Pseudonyms: the same thing gives the same text under one key, and no other key or kind gives it."""

from __future__ import annotations

from hashlib import blake2b

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError
from seawall.intake.pseudonyms import Pseudonyms, new_keys, normal_contact, normal_handle, normal_name
from seawall.model import RAW_IDENTITY

KEY, REPLY_KEY = bytes(range(32)), bytes(range(32, 64))
PSEUDONYMS = Pseudonyms(KEY, REPLY_KEY)
PART = st.none() | st.sampled_from(["", " ", "@", "Fern", "fern", "@fern", "7", "Fern  Meadow"]) | st.text(max_size=8)
IDENTITY = st.none() | st.fixed_dictionaries({"id": PART, "handle": PART, "name": PART})


def identities(*rows: dict[str, str | None] | None) -> pa.StructArray:
    return pa.array(list(rows), RAW_IDENTITY)


def keyed(kind: str, platform: str, value: str) -> str:
    data = f"{platform}\0{value}".encode()
    return blake2b(data, key=KEY, digest_size=10, person=kind.encode()).hexdigest()


def told(value: str | None) -> bool:
    return value is not None and value.strip(" @\u200e\u200f\ufeff\t\n\r\f\v") != ""


def slow_account(row: dict[str, str | None] | None) -> str | None:
    """The reference: one identity at a time."""
    if row is None:
        return None
    if told(row["id"]):
        return "a" + keyed("account", "x", str(row["id"]))
    if told(row["handle"]):
        return "h" + keyed("handle", "x", normal_handle(str(row["handle"])))
    return "h" + keyed("name", "x", normal_name(str(row["name"]))) if told(row["name"]) else None


@given(st.lists(IDENTITY, max_size=8))
def test_accounts_are_as_the_reference(rows: list[dict[str, str | None] | None]) -> None:
    """Id before handle before name; what is empty is not told; each under its own kind."""
    clean = [
        row and {part: value and value.encode("utf-8", "replace").decode() for part, value in row.items()}
        for row in rows
    ]
    assert PSEUDONYMS.accounts("x", identities(*clean)).to_pylist() == [slow_account(row) for row in clean]


def test_a_handle_is_the_same_however_it_is_written() -> None:
    """Case, the @ and invisible marks do not make another account; the platform does."""
    handles = pa.array(["Fern_M", "@fern_m", " fern_m\u200e", "ＦＥＲＮ_m"])
    assert len(set(PSEUDONYMS.handles("x", handles).to_pylist())) == 1
    assert PSEUDONYMS.handles("y", handles)[0] != PSEUDONYMS.handles("x", handles)[0]


def test_an_alias_is_what_the_bare_handle_gives() -> None:
    """A record that tells id and handle (or else a name) tells the pseudonym that the handle alone would get."""
    rows = identities(
        {"id": "7", "handle": "fern", "name": "Fern M"},
        {"id": "8", "handle": None, "name": "Moss"},
        {"id": None, "handle": "fern", "name": None},
        {"id": "9", "handle": None, "name": None},
    )
    bare = PSEUDONYMS.accounts(
        "x", identities({"id": None, "handle": "FERN", "name": None}, {"id": None, "handle": None, "name": "moss"})
    )
    assert PSEUDONYMS.alias_keys("x", rows).to_pylist() == [*bare.to_pylist(), None, None]


def test_kinds_and_keys_do_not_meet() -> None:
    """The same value as an id, handle, name, channel, message, contact or reply gives different texts."""
    value = pa.array(["seeds"])
    found = [
        *(
            PSEUDONYMS.accounts("x", identities(dict.fromkeys(RAW_IDENTITY.names) | {part: "seeds"}))[0].as_py()[1:]
            for part in RAW_IDENTITY.names
        ),
        PSEUDONYMS.channels("x", value)[0].as_py()[1:],
        PSEUDONYMS.messages("x", value)[0].as_py(),
        PSEUDONYMS.contacts(pa.array(["handle"]), value)[0].as_py(),
        PSEUDONYMS.replies(value)[0].as_py(),
        Pseudonyms(REPLY_KEY, KEY).channels("x", value)[0].as_py()[1:],
        Pseudonyms(KEY, KEY).replies(value)[0].as_py(),
    ]
    assert len(set(found)) == len(found)
    assert {len(text) for text in found} == {20}
    assert PSEUDONYMS.index_key != PSEUDONYMS.spare_index_key


def test_replies_depend_on_their_own_key_only() -> None:
    """Reply keys change with the reply key, and not with the other one."""
    keys = pa.array([2**64 - 1, None, 5], pa.uint64())
    assert PSEUDONYMS.replies(keys) == Pseudonyms(bytes(32), REPLY_KEY).replies(keys)
    assert PSEUDONYMS.replies(keys) != Pseudonyms(KEY, bytes(32)).replies(keys)
    assert PSEUDONYMS.replies(keys)[1].as_py() is None


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Club@Garden.example", " club@garden.example"),
        ("phone", "+44 20 7946 0001", "442079460001"),
        ("handle", "@Fern", "fern"),
    ],
)
def test_two_spellings_of_a_contact_are_one(kind: str, one: str, other: str) -> None:
    """The same outside address gives the same key however it is written."""
    assert normal_contact(kind, one) == normal_contact(kind, other)


def test_a_key_of_another_length_is_refused() -> None:
    """Half a key is a damaged file, not a weaker key."""
    key, reply_key = new_keys()
    for bad in ((key[:16], reply_key), (key, b"")):
        with pytest.raises(ConfigurationError):
            Pseudonyms(*bad)
