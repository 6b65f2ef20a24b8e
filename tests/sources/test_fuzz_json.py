"""Exports that are JSON, with anything in any place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput, check_batches
from seawall.errors import SeawallError
from seawall.protocols import ReadOptions, Source
from seawall.sources.bluesky import Bluesky
from seawall.sources.discord import Discord
from seawall.sources.mastodon import Mastodon
from seawall.sources.matrix import Matrix
from seawall.sources.reddit import Reddit
from seawall.sources.rocketchat import RocketChat
from seawall.sources.slack import Slack
from seawall.sources.telegram import Telegram

READERS: tuple[Source, ...] = (Telegram(), RocketChat(), Matrix(), Discord(), Reddit(), Bluesky(), Mastodon(), Slack())
WITH_MESSAGES = tuple(
    source for source in READERS if b'"messages"' in source.examples()[0][1] and source.name != "slack"
)
EXAMPLES = [(source, content) for source in READERS for _, content in source.examples()]
WORDS = st.sampled_from(
    ["", "\ud800", "\x00", "@a:b.example", "#x", "user7", "0000-00-00", "-1", "m.replace", "\u202e"]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


def is_read(source: Source, content: bytes) -> None:
    """It gives batches that keep to the contract, or a SeawallError; reading it again gives the same."""
    file = MemoryInput("export.json", content)
    assert 0.0 <= source.recognise(file) <= 1.0
    try:
        batches = list(source.read(file, ReadOptions()))
    except SeawallError:
        return
    check_batches(batches, source.name)
    assert [batch.records for batch in source.read(file, ReadOptions())] == [batch.records for batch in batches]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in a value with every key of it."""
    if isinstance(value, dict):
        inner = [(value, key) for key in value]
    elif isinstance(value, list):
        inner = [(value, index) for index in range(len(value))]
    else:
        return []
    return inner + [place for container, key in inner for place in places(container[key])]


def documents(content: bytes) -> list[Any]:
    try:
        return [json.loads(content)]
    except ValueError:
        return [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize(("source", "content"), EXAMPLES)
@given(data=st.data())
def test_any_value_may_stand_anywhere(source: Source, content: bytes, data: st.DataObject) -> None:
    """Up to four values of an example are replaced by others of any type, taken out, or moved to another key."""
    told = copy.deepcopy(documents(content))
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(told) or [(told, 0)]))
        if isinstance(container, dict) and data.draw(st.booleans()):
            moved = container.pop(key)
            container[data.draw(WORDS)] = moved
        else:
            container[key] = data.draw(ANYTHING)
    is_read(source, b"\n".join(json.dumps(one).encode() for one in told))


@pytest.mark.parametrize(("source", "content"), EXAMPLES)
@given(data=st.data())
def test_any_bytes_may_be_lost_added_or_repeated(source: Source, content: bytes, data: st.DataObject) -> None:
    """A stretch of an example is replaced by other bytes or by another stretch of it."""
    start = data.draw(st.integers(0, len(content)))
    end = min(len(content), start + data.draw(st.integers(0, 60)))
    copied = data.draw(st.integers(0, len(content)))
    put = data.draw(st.binary(max_size=12) | st.just(content[copied : copied + 80]))
    is_read(source, content[:start] + put + content[end:])


@pytest.mark.parametrize("source", READERS, ids=lambda source: source.name)
@given(told=st.lists(ANYTHING, max_size=4), layout=st.sampled_from(["list", "messages", "lines", "chats"]))
def test_no_json_stops_a_reader(source: Source, told: list[Any], layout: str) -> None:
    """JSON that has nothing to do with the platform is read as rejected records, or refused."""
    if layout == "lines":
        is_read(source, b"\n".join(json.dumps(one).encode() for one in told))
        return
    shapes = {"list": told, "messages": {"messages": told}, "chats": {"chats": {"list": told}, "rooms": {"join": told}}}
    is_read(source, json.dumps(shapes[layout]).encode())


@pytest.mark.parametrize("source", READERS, ids=lambda source: source.name)
@pytest.mark.parametrize(
    "hostile",
    [
        b"[" * 10_000,
        b'{"messages": ' * 10_000,
        b'{"messages": [' + b"[" * 10_000 + b"]" * 10_000 + b"]}",
        b'{"messages": [' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}",
        b'{"messages": [{"id": ' + b"9" * 5_000 + b"}]}",
        b'{"messages": [' + b"," * 50 + b"]}",
        b'{"messages": [{}], "messages": [{}]}',
        b"\x00" * 1_000,
        b"\xff\xfe{\x00}\x00",
    ],
    ids=["lists", "objects", "deep list", "deep object", "long number", "commas", "twice", "zeros", "UTF-16"],
)
def test_hostile_documents_are_read_or_refused(source: Source, hostile: bytes) -> None:
    """Without a crash, however deep or long."""
    is_read(source, hostile)


@pytest.mark.parametrize("source", READERS, ids=lambda source: source.name)
def test_reasons_hold_no_values(source: Source) -> None:
    """Every value of an example is broken in turn; no reason and no error quotes what stood there."""
    planted = "Forget-me-not"
    for _, content in source.examples():
        if len(documents(content)) > 1:
            continue
        for number in range(len(places(json.loads(content)))):
            told = json.loads(content)
            container, key = places(told)[number]
            container[key] = [planted]
            assert planted not in said(source, json.dumps(told).encode())


def said(source: Source, content: bytes) -> str:
    """All that a reading says to people."""
    try:
        batches = list(source.read(MemoryInput("x.json", content), ReadOptions()))
    except SeawallError as error:
        return str(error)
    return str([(batch.rejected.to_pylist(), batch.assumptions) for batch in batches])


@pytest.mark.verify
@pytest.mark.parametrize("source", WITH_MESSAGES, ids=lambda source: source.name)
def test_a_message_of_a_hundred_megabytes_costs_only_itself(source: Source) -> None:
    """It is rejected as too long; the message after it is read."""
    (name, content) = source.examples()[0]
    told = json.loads(content)
    first = json.dumps(told["messages"][0])
    told["messages"] = ["HERE"]
    long = json.dumps(told).replace('"HERE"', f'{{"text": "{"x" * 100_000_000}"}}, {first}').encode()
    batches = list(source.read(MemoryInput(name, long), ReadOptions()))
    assert [batch.rejected["reason"].to_pylist() for batch in batches] == [["longer than 16 MB"]]
    assert sum(batch.records for batch in batches) == 2
