from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.lake import Lake
from seawall.model import TABLES
from tests.lake.worlds import START, account, clean, commit, handle, ids

DAY = timedelta(days=1)


def rows(lake: Lake, table: str, *columns: str, **bounds: Any) -> list[dict[str, Any]]:
    found = lake.reader(table, columns, **bounds).read_all().to_pylist()
    return sorted(found, key=lambda row: str(list(row.values())))


def test_a_reader_gives_the_models_columns_and_types(lake: Lake):
    """Every table reads as its schema in the model, 64-bit hashes unsigned, nulls as nulls."""
    full = {"text": "prune the roses", "text_key": 2**64 - 1, "hashtags": ["roses"], "links": None, "mentions": []}
    commit(lake, clean([full, {"text_key": None}], [{"interaction_id": "i1"}]))
    for name, schema in TABLES.items():
        assert lake.reader(name).read_all().schema.equals(schema)
    read = lake.reader("messages").read_all()
    assert sorted(read["text_key"].to_pylist(), key=str) == [2**64 - 1, None]
    assert {row["hashtags"] and row["hashtags"][0] for row in read.to_pylist()} == {"roses", None}


def test_edits_are_folded_into_their_message(lake: Lake):
    """A message is read with its latest revision's words and its own kind, channel and time."""
    commit(lake, clean([{"text": "ride at nine", "kind": "reply"}, {"text": "sow peas"}]))
    for number, word in ((2, "ten"), (3, "eleven")):
        edit = {"text": f"ride at {word}", "edited": number, "edited_at": START + number * DAY}
        commit(lake, clean([edit]), number=number)
    read = rows(lake, "messages", "message_id", "text", "kind", "edited_at")
    assert read == [
        {"message_id": "club:0", "text": "ride at eleven", "kind": "reply", "edited_at": START + 3 * DAY},
        {"message_id": "club:1", "text": "sow peas", "kind": "post", "edited_at": None},
    ]
    assert lake.count("messages") == 2


def test_interactions_of_an_edited_message_are_read_once(lake: Lake):
    """An edit repeats its message's interactions and may add one: each is read once, in its time only."""
    commit(lake, clean([{"text": "ride"}], [{"interaction_id": "m0", "parent": 0}, {"interaction_id": "own"}]))
    acts = [{"interaction_id": name, "parent": 0, "at": START} for name in ("m0", "m1")]
    commit(lake, clean([{"text": "ride at nine", "edited": 2}], acts), number=2)
    commit(lake, clean([{"text": "ride at ten", "edited": 3}], acts), number=3)
    assert [row["interaction_id"] for row in rows(lake, "interactions", "interaction_id")] == ["m0", "m1", "own"]
    assert lake.count("interactions") == 3
    assert rows(lake, "interactions", "interaction_id", start=START + DAY) == []


def test_a_direct_message_that_was_edited_is_one_interaction(lake: Lake):
    """The later revision of an interaction replaces what is told of its words."""
    commit(lake, clean(acts=[{"interaction_id": "d1", "kind": "dm", "length_class": "short", "content": "1"}]))
    later = {"interaction_id": "d1", "kind": "dm", "length_class": "long", "content": "2", "edited": 5}
    assert commit(lake, clean(acts=[later]), number=2).revisions == 1
    assert rows(lake, "interactions", "interaction_id", "length_class") == [
        {"interaction_id": "d1", "length_class": "long"}
    ]


def test_a_notice_of_deletion_is_folded_into_its_message(lake: Lake):
    """The first notice tells when; a message that told it itself keeps its own."""
    commit(lake, clean([{}, {"deleted_at": START}, {}]))
    notices = [{"message_id": "club:0", "deleted_at": START + DAY}, {"message_id": "club:1", "deleted_at": START + DAY}]
    commit(lake, clean(deletions=notices), number=2)
    commit(lake, clean(deletions=[{"message_id": "club:0", "deleted_at": START + 2 * DAY}]), number=3)
    read = rows(lake, "messages", "message_id", "deleted_at")
    assert [row["deleted_at"] for row in read] == [START + DAY, START, None]


def test_handles_are_resolved_late(lake: Lake):
    """An alias that comes after the messages still leads from handle to account, in mentions and interactions too."""
    message = {"account_id": handle(2), "mentions": [handle(2), handle(3), account(9)]}
    acts = [{"interaction_id": "i1", "source_account": handle(2), "target_account": handle(3)}]
    commit(
        lake,
        clean([message, {"mentions": None}], acts, accounts=[{"account_id": handle(2)}, {"account_id": account(2)}]),
    )
    aliases = [{"handle_key": handle(2), "account_id": account(2)}]
    aliases += [{"handle_key": handle(3), "account_id": account(number)} for number in (3, 4)]
    commit(lake, clean([{"message_id": "club:7"}], aliases=aliases), number=2)
    read = rows(lake, "messages", "message_id", "account_id", "mentions")
    assert read[0]["account_id"] == account(2)
    assert read[0]["mentions"] == [account(2), handle(3), account(9)]
    assert read[1]["mentions"] is None
    act = {"source_account": account(2), "target_account": handle(3)}
    assert rows(lake, "interactions", "source_account", "target_account") == [act]
    assert [row["account_id"] for row in rows(lake, "accounts", "account_id")] == [account(2)]


def test_accounts_and_channels_are_one_row_each(lake: Lake):
    """First and last time seen are the extremes; counts and titles are the latest that was told."""
    for number, followers in ((1, 5), (2, 9), (3, None)):
        told = {
            "account_id": account(1),
            "followers": followers,
            "first_seen": START,
            "last_seen": START + number * DAY,
        }
        channel = {"channel_id": "c1", "kind": "broadcast", "title": f"Bees {number}", "members": None}
        commit(lake, clean([{"message_id": f"club:{number}"}], accounts=[told], channels=[channel]), number=number)
    read = rows(lake, "accounts", "first_seen", "last_seen", "followers")
    assert read == [{"first_seen": START, "last_seen": START + 3 * DAY, "followers": 9}]
    assert rows(lake, "channels", "title", "members") == [{"title": "Bees 3", "members": None}]
    assert lake.count("accounts") == lake.count("channels") == 1


def test_bounds_of_time_take_the_start_and_leave_the_end(lake: Lake):
    """A reader from start to end gives start <= sent_at < end, whatever the file."""
    for number in range(4):
        commit(lake, clean([{"message_id": f"club:{number}", "sent_at": START + number * DAY}]), number=number + 1)
    read = rows(lake, "messages", "message_id", start=START + DAY, end=START + 3 * DAY)
    assert [row["message_id"] for row in read] == ["club:1", "club:2"]
    assert rows(lake, "messages", "message_id", start=(START + 3 * DAY).replace(tzinfo=None)) == [
        {"message_id": "club:3"}
    ]


def test_a_condition_chooses_rows(lake: Lake):
    """``where`` is a condition over the columns that were asked for."""
    commit(lake, clean([{"text": "prune the roses"}, {"text": "ride at nine"}]))
    assert rows(lake, "messages", "message_id", "text", where="text LIKE '%rose%'")[0]["message_id"] == "club:0"


@pytest.mark.parametrize(("table", "columns"), [("mesages", None), ("messages", ["txt"])])
def test_an_unknown_table_or_column_is_told(lake: Lake, table: str, columns: list[str] | None):
    """What the lake does not have is named, and what it has."""
    with pytest.raises(MeasureError, match="messages"):
        lake.reader(table, columns)


def test_an_open_reader_sees_its_own_moment(lake: Lake):
    """Batches that are committed while a stream is read are not in it: whole batches only, of one moment."""
    commit(lake, clean([{"message_id": "club:a"}]))
    stream = lake.reader("messages", ["message_id"])
    commit(lake, clean([{"message_id": "club:b"}]), number=2)
    lake.compact()
    assert stream.read_all()["message_id"].to_pylist() == ["club:a"]
    assert ids(lake) == ["club:a", "club:b"]


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("message"), st.integers(0, 4), st.integers(0, 3)),
        st.tuples(st.just("edit"), st.integers(0, 4), st.integers(0, 3)),
        st.tuples(st.just("delete"), st.integers(0, 4), st.integers(1, 3)),
        st.tuples(st.just("alias"), st.integers(0, 3), st.integers(0, 3)),
    ),
    max_size=14,
)


@settings(max_examples=25)
@given(EVENTS)
def test_what_is_read_is_what_a_dict_would_tell(tmp_path_factory, events):
    """Messages, edits, deletions and aliases in any order, one a batch, fold as a slow reference folds them."""
    texts: dict[str, str] = {}
    authors: dict[str, int] = {}
    deleted: dict[str, Any] = {}
    owners: dict[int, set[int]] = {}
    with Lake.create(tmp_path_factory.mktemp("lake")) as lake:
        for number, (what, first, second) in enumerate(events, 1):
            name = f"club:{first}"
            if what in ("message", "edit"):
                row = {"message_id": name, "account_id": handle(second), "text": f"{what} {number}"}
                if what == "edit":
                    row |= {"edited": number, "edited_at": START + number * DAY}
                if commit(lake, clean([row]), number=number).kept:
                    texts[name] = row["text"]
                    authors.setdefault(name, second)
            elif what == "delete":
                commit(lake, clean(deletions=[{"message_id": name, "deleted_at": START + second * DAY}]), number=number)
                deleted.setdefault(name, START + second * DAY)
            else:
                alias = {"handle_key": handle(first), "account_id": account(second)}
                commit(lake, clean(aliases=[alias]), number=number)
                owners.setdefault(first, set()).add(second)
        expected = [
            {
                "message_id": name,
                "account_id": _owner(authors[name], owners),
                "text": text,
                "deleted_at": deleted.get(name),
            }
            for name, text in texts.items()
        ]
        read = rows(lake, "messages", "message_id", "account_id", "text", "deleted_at")
        assert read == sorted(expected, key=lambda row: str(list(row.values())))
        assert lake.check() == []


def _owner(number: int, owners: dict[int, set[int]]) -> str:
    known = owners.get(number, set())
    return account(next(iter(known))) if len(known) == 1 else handle(number)
