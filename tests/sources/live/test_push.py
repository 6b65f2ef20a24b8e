"""Events that a platform posts become the records that they tell, each by itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import ConfigurationError, InputError
from seawall.model import Visibility
from seawall.protocols import LIVE_RECORDS, Connection, RawBatch, ReadOptions
from seawall.sources.live import live_by_name
from seawall.sources.live.events import LONGEST_EVENT, MOST_FIELDS, events
from seawall.sources.live.push import MOST_EVENTS, PushSource

PUBLIC = ReadOptions(visibility=Visibility.PUBLIC)
CLUB = Connection("club", "push", "", PUBLIC, secrets={"token": "k" * 40})
MESSAGE = {"message_id": "7", "author": "rosa", "sent_at": "2026-05-03T14:05:00Z", "text": "Ride at nine?"}
FORMS = ("messages", "interactions", "deletions", "rejected")


def lines(*told: Any) -> bytes:
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in told).encode()


def taken(*told: Any, connection: Connection = CLUB, key: str | None = None) -> RawBatch:
    (batch,) = PushSource().raw(connection, lines(*told), key=key)
    return batch


def test_messages_edits_deletions_and_interactions_can_be_told_in_one_body() -> None:
    """One body holds every form of event; each becomes its record, at its line."""
    edit = MESSAGE | {"text": "Ride at ten?", "edited_at": "2026-05-03T14:06:00Z"}
    gone = {"message_id": "7", "channel_id": "rides", "deleted_at": "2026-05-03T14:07:00Z"}
    tie = {"source": "a1", "target": "a2", "kind": "follow", "at": 1777817100, "event_id": "t1"}
    batch = taken(MESSAGE, "", edit, gone, tie)
    assert batch.records == 4
    assert batch.messages["position"].to_pylist() == [1, 3]
    assert [row and row.minute for row in batch.messages["edited_at"].to_pylist()] == [None, 6]
    (deletion,) = batch.deletions.to_pylist()
    assert (deletion["position"], deletion["message_id"], deletion["channel_id"]) == (4, "7", "rides")
    (interaction,) = batch.interactions.to_pylist()
    assert (interaction["position"], interaction["kind"], interaction["interaction_id"]) == (5, "follow", "t1")
    assert batch.platform == "club"


def test_what_cannot_be_read_is_rejected_with_its_line_and_field_and_without_values() -> None:
    """Each unusable event names its line, its field and the reason; nothing that it said is repeated."""
    secret = "tulip-4711"  # noqa: S105
    told = [
        f'{{"text": "{secret}"',
        MESSAGE | {"sent_at": secret},
        {key: value for key, value in MESSAGE.items() if key != "author"} | {"x": secret},
        MESSAGE | {"author": None},
        MESSAGE | {"visibility": secret},
        {"source": "a", "target": "b", "kind": secret, "at": 1777817100},
        [secret],
        {f"k{number}": secret for number in range(MOST_FIELDS + 1)},
        MESSAGE | {"text": secret * (LONGEST_EVENT // len(secret) + 1)},
        {"message_id": "7", "deleted_at": secret},
    ]
    batch = taken(*told)
    assert (batch.records, batch.rejected.num_rows) == (10, 10)
    fields = dict(zip(batch.rejected["position"].to_pylist(), batch.rejected["field"].to_pylist(), strict=True))
    assert fields == {
        1: "record", 2: "sent_at", 3: "account", 4: "account", 5: "visibility",
        6: "kind", 7: "record", 8: "record", 9: "record", 10: "deleted_at",
    }  # fmt: skip
    assert secret not in str(batch.rejected.to_pylist())


def test_visibility_is_told_with_the_event_or_the_connection() -> None:
    """Where neither the event nor the connection tells who could read it, it is refused; nothing is guessed."""
    untold = Connection("club", "push", "")
    batch = taken(MESSAGE, MESSAGE | {"visibility": "Closed"}, connection=untold)
    assert batch.messages["visibility"].to_pylist() == ["closed"]
    assert batch.rejected.to_pylist()[0]["field"] == "visibility"


def test_events_without_ids_are_known_again_by_the_key_of_their_request() -> None:
    """The same body with the same Idempotency-Key tells the same ids; another key or none tells others or none."""
    bare = {key: value for key, value in MESSAGE.items() if key != "message_id"}
    tie = {"source": "a1", "target": "a2", "kind": "follow", "at": 1777817100}

    def ids(key: str | None) -> list[str | None]:
        batch = taken(bare, bare, tie, MESSAGE, key=key)
        return [*batch.messages["message_id"].to_pylist(), *batch.interactions["interaction_id"].to_pylist()]

    first = ids("one")
    assert first == ids("one")
    assert len({*first}) == 4
    assert first[2] == "7"
    assert {*first} & {*ids("two")} == {"7"}
    assert ids(None) == [None, None, "7", None]


def test_a_mapping_names_the_fields_of_a_platform() -> None:
    """What the operator maps counts for events that have the field, and a constant for all."""
    options = ReadOptions(mapping={"text": "words", "channel_id": "=rides"}, visibility=Visibility.PUBLIC)
    batch = taken(
        {"id": 1, "by": "x", "user_id": 9, "time": 1777817100, "words": "Hello"},
        MESSAGE,
        connection=Connection("club", "push", "", options),
    )
    assert batch.messages["text"].to_pylist() == ["Hello", "Ride at nine?"]
    assert batch.messages["channel_id"].to_pylist() == ["rides", "rides"]


def test_long_bodies_are_cut_into_batches_and_longer_ones_refused() -> None:
    """A batch holds at most LIVE_RECORDS events, and a body at most MOST_EVENTS."""
    body = lines(MESSAGE) + b"\n"
    batches = PushSource().raw(CLUB, body * (LIVE_RECORDS + 1))
    assert [batch.records for batch in batches] == [LIVE_RECORDS, 1]
    assert batches[1].messages["position"].to_pylist() == [LIVE_RECORDS + 1]
    assert PushSource().raw(CLUB, b"\n" * 100_000) == []
    with pytest.raises(InputError, match="more than"):
        PushSource().raw(CLUB, b"{}\n" * (MOST_EVENTS + 1))


def test_the_source_says_what_it_needs() -> None:
    """A short token is refused, and a connection without a visibility is told that its events must tell it."""
    source = live_by_name("push")
    with pytest.raises(ConfigurationError, match="could be guessed"):
        asyncio.run(source.check(Connection("club", "push", "", secrets={"token": "short"})))
    assert asyncio.run(source.check(CLUB)).missing == ()
    rights = asyncio.run(source.check(Connection("club", "push", "", secrets={"token": "k" * 40})))
    assert "visibility" in rights.missing[0]


def test_listening_gives_nothing_and_ends_at_once_when_closed() -> None:
    """The source of what is pushed never gives a batch by itself, and lets itself be ended."""

    async def listen() -> None:
        heard = PushSource().listen(CLUB, None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await anext(heard)
        await heard.aclose()

    asyncio.run(listen())


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    words,
    st.lists(words, max_size=3),
    st.sampled_from(["2026-05-03", "03/05/2026", "2026-05-03T14:05:00+02:00", "1777817100", "public", "a b", "reply"]),
)
IDS = ("id", "message_id", "author", "user_id", "source", "target")
WORDS = ("text", "body", "kind", "visibility", "reported", "x", "hashtags", "links", "mentions", "reply_to")
TIMES = ("time", "sent_at", "at", "deleted_at", "edited_at")
names = st.sampled_from([*IDS, *WORDS, *TIMES])
objects = st.dictionaries(names, values, max_size=9)


@given(st.lists(st.one_of(objects, objects.map(lambda extra: MESSAGE | extra)), min_size=1, max_size=4))
def test_what_an_event_means_does_not_depend_on_what_comes_with_it(told: list[dict[str, Any]]) -> None:
    """Events read together tell the same rows as each read by itself, and each is in exactly one table."""
    texts = [json.dumps(one).encode() for one in told]
    together = events(texts, PUBLIC)
    alone = [events([text], PUBLIC, positions=[place]) for place, text in enumerate(texts, 1)]
    for form in FORMS:
        rows = sorted((row for batch in alone for row in getattr(batch, form).to_pylist()), key=str)
        assert sorted(getattr(together, form).to_pylist(), key=str) == rows
    assert sorted(place for form in FORMS for place in getattr(together, form)["position"].to_pylist()) == list(
        range(1, len(told) + 1)
    )


@given(st.binary(max_size=200))
def test_whatever_is_posted_is_counted_and_never_raises(body: bytes) -> None:
    """Random bytes are rejected line by line."""
    for batch in PushSource().raw(CLUB, body):
        assert batch.records == sum(getattr(batch, form).num_rows for form in FORMS)
