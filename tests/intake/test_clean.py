"""The whole of intake: nothing in clear comes out, nothing is lost, and the same record gives the same keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seawall.errors import ConfigurationError
from seawall.intake import Intake, Pseudonyms
from seawall.model import (
    IDENTITIES,
    RAW_CHANNELS,
    RAW_COVERAGE,
    RAW_DELETIONS,
    RAW_INTERACTIONS,
    REJECTED,
)
from seawall.protocols import NO_EDIT, RawBatch, ReadOptions
from tests.intake.batches import (
    FILE,
    NOW,
    PUBLIC,
    WHEN,
    batch,
    check_shape,
    clean,
    everything,
    messages,
    rows_of,
    table,
    who,
)

# --- messages ---------------------------------------------------------------------------------------


def test_a_public_message_becomes_a_row_of_the_lake() -> None:
    """Every field that a source tells arrives in its column, under pseudonyms, with where it came from."""
    raw = batch(
        {
            "message_id": "55",
            "channel_id": "club",
            "account": who("1", "Fern_M", "Fern Meadow"),
            "kind": "reply",
            "text": "Thanks @moss_k! Seeds: https://x.com/moss_k/status/9?s=20 #Tulips fern.m@garden.example",
            "language": "English",
            "reply_to": "54",
            "reply_to_account": who("2", "moss_k"),
            "media": [{"kind": "image", "bytes": 5, "sha256": "ab"}],
            "edited_at": WHEN + timedelta(minutes=2),
            "followers": 12,
        }
    )
    result = clean(raw)
    check_shape(result)
    (row,) = rows_of(result, "messages")
    assert row["message_id"] == "x:55"
    assert row["reply_to"] == "x:54"
    assert row["account_id"][0] == "a"
    assert row["channel_id"][0] == "c"
    assert row["text"] == "Thanks @[account]! Seeds: https://x.com/[profile]/status/9?s=20 #Tulips [email]"
    assert (row["language"], row["language_confidence"]) == ("en", None)
    assert row["hashtags"] == ["tulips"]
    assert [(link["domain"], link["place"]) for link in row["links"]] == [("x.com", "x_status")]
    assert row["media"][0]["sha256"] == "ab"
    assert row["raw_ref"] == {"file": FILE, "position": 1}
    assert (row["platform"], row["source"], row["batch"], row["collected_at"]) == ("x", "test", 7, NOW)
    assert result.message_keys.edited[0] == (WHEN + timedelta(minutes=2)).timestamp() * 1_000_000
    (account,) = rows_of(result, "accounts")
    assert (account["account_id"], account["followers"], account["first_seen"]) == (row["account_id"], 12, WHEN)


def test_ids_within_a_channel_are_scoped() -> None:
    """Where ids count per channel, the same number in two channels is two messages."""
    rows = [{"message_id": "1", "channel_id": "a"}, {"message_id": "1", "channel_id": "b", "reply_to": "0"}]
    result = clean(replace(batch(*rows), ids_within_channel=True))
    one, two = rows_of(result, "messages")
    assert one["message_id"] != two["message_id"]
    assert two["message_id"] == f"x:{two['channel_id']}:1"
    assert two["reply_to"] == f"x:{two['channel_id']}:0"


def test_a_message_without_id_gets_one_from_its_content() -> None:
    """Repeated rows without id share id and content and are counted; another text is another id."""
    result = clean(batch({"text": "peas"}, {"text": "peas"}, {"text": "beans"}, {"message_id": "", "text": "beans"}))
    ids = result.tables["messages"]["message_id"].to_pylist()
    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert ids[0].startswith("x:~")
    assert result.message_keys.counted.all()
    assert (result.message_keys.edited == NO_EDIT).all()


CHANGES: list[tuple[str, Any, bool]] = [
    ("text", "beans", True),
    ("account", who(id="2"), True),
    ("account", who(id="1", handle="new", name="New"), False),
    ("sent_at", WHEN + timedelta(seconds=1), True),
    ("kind", "repost", True),
    ("channel_id", "other", True),
    ("reply_to", "9", True),
    ("repost_of", "9", True),
    ("thread_of", "9", True),
    ("language", "de", True),
    ("mentions", [who(id="5")], True),
    ("mentions", [], True),
    ("media", [{"kind": "image"}], True),
    ("links", ["http://a.org/"], True),
    ("followers", 99, False),
    ("edited_at", WHEN, False),
    ("position", 9, False),
]


@pytest.mark.parametrize(("field", "value", "differs"), CHANGES)
def test_the_content_key_covers_what_was_written(field: str, value: Any, differs: bool) -> None:
    """A change of what the source tells of a message changes its content key; counts, names and places do not."""
    base = {"message_id": "1", "text": "peas"}
    before, after = clean(batch(base)), clean(batch({**base, field: value}))
    assert (before.message_keys.contents[0] != after.message_keys.contents[0]) == differs
    assert before.message_keys.ids[0] == after.message_keys.ids[0]


def test_keys_do_not_depend_on_neighbours_or_reply_keys_but_on_the_key() -> None:
    """A row's keys are its own, the same in another batch and run, and useless under another key."""
    row = {"message_id": "1", "text": "peas", "mentions": [who("2"), who("3")]}
    alone = clean(batch(row))
    among = clean(
        batch({"message_id": "0"}, row, {"message_id": "2", "mentions": [who("4")]}), PUBLIC, reply_key=b"r" * 32
    )
    assert alone.message_keys.ids[0] == among.message_keys.ids[1]
    assert alone.message_keys.contents[0] == among.message_keys.contents[1]
    other = clean(batch(row), key=b"k" * 32)
    assert alone.message_keys.contents[0] != other.message_keys.contents[0]
    assert rows_of(alone, "messages")[0]["account_id"] != rows_of(other, "messages")[0]["account_id"]


# --- visibility -------------------------------------------------------------------------------------

GROUP = table(RAW_CHANNELS, [{"channel_id": "g", "kind": "group", "visibility": "closed", "title": "Secret beds"}])
SECRET = {
    "message_id": "900900",
    "channel_id": "g",
    "text": "zucchini #marrow https://garden.org/zucchini",
    "hashtags": ["marrow"],
    "media": [{"kind": "image", "bytes": 5, "sha256": "feed"}],
    "reply_to_account": who("2"),
}


def test_closed_text_is_kept_on_a_basis_only() -> None:
    """Without a basis a closed message keeps who, when, to whom, and which place, and none of its words."""
    result = clean(batch(SECRET, channels=GROUP), ReadOptions())
    check_shape(result)
    (row,) = rows_of(result, "messages")
    assert row["visibility"] == "closed"
    assert (row["text"], row["text_key"], row["hashtags"], row["language"]) == (None, None, None, None)
    assert row["links"] == [{"url": None, "domain": "garden.org", "place": "web"}]
    assert (row["media"][0]["bytes"], row["media"][0]["sha256"]) == (5, None)
    assert [found["kind"] for found in rows_of(result, "interactions")] == ["reply"]
    for word in ("zucchini", "marrow", "900900", "secret beds", "feed"):
        assert word not in everything(result)
    (kept,) = rows_of(clean(batch(SECRET, channels=GROUP), ReadOptions(), basis="the club's consent"), "messages")
    assert kept["text"] == SECRET["text"]
    assert kept["links"][0]["url"] == "https://garden.org/zucchini"
    assert "900900" not in kept["message_id"]


DUO = table(
    RAW_CHANNELS, [{"channel_id": "d", "kind": "direct", "participants": [who("1"), who("2")], "title": "Fern & Moss"}]
)


def test_a_direct_message_becomes_an_interaction_without_its_words() -> None:
    """Who wrote to whom, how long, whether an address was passed and whether the words repeat; never the words."""
    raw = batch(
        {"message_id": "77001", "channel_id": "d", "text": "call me: fern.m@garden.example"},
        {"message_id": "77002", "channel_id": "d", "text": "Good morning", "account": who("2")},
        {"message_id": "77003", "channel_id": "d", "text": "good  MORNING!"},
        channels=DUO,
    )
    result = clean(raw, ReadOptions())
    check_shape(result)
    assert rows_of(result, "messages") == []
    one, two, three = rows_of(result, "interactions")
    assert [row["kind"] for row in (one, two, three)] == ["dm"] * 3
    assert (one["source_account"], one["target_account"]) == (two["target_account"], two["source_account"])
    assert (one["contact_kind"], one["length_class"], one["reported"]) == ("email", "short", False)
    assert one["contact_key"] is not None
    assert two["reply_key"] == three["reply_key"] != one["reply_key"]
    assert (result.parents == -1).all()
    assert len(set(result.interaction_keys.ids.tolist())) == 3
    for word in ("morning", "call", "fern", "garden", "7700"):
        assert word not in everything(result)
    assert rows_of(result, "channels")[0]["visibility"] == "direct"


def test_a_reported_direct_message_stays_with_its_text() -> None:
    """What a participant reported is kept as a message, with the report beside it."""
    result = clean(
        batch({"message_id": "1", "channel_id": "d", "text": "peas", "reported": True}, channels=DUO), ReadOptions()
    )
    check_shape(result)
    assert [(row["visibility"], row["text"]) for row in rows_of(result, "messages")] == [("direct", "peas")]
    assert [(row["kind"], row["reported"]) for row in rows_of(result, "interactions")] == [("dm", True)]
    assert result.parents.tolist() == [0]


def test_visibility_is_asked_for() -> None:
    """Without any word on visibility the import is refused, not guessed."""
    with pytest.raises(ConfigurationError, match="--visibility"):
        clean(batch({"text": "peas"}), ReadOptions())


# --- derived tables ---------------------------------------------------------------------------------


def test_interactions_follow_from_messages() -> None:
    """Mentions, replies, reposts and acts become interactions that hang on their message."""
    raw = batch(
        {"message_id": "0"},
        {
            "message_id": "1",
            "text": "hello @moss and @ivy",
            "reply_to_account": who("2"),
            "repost_of_account": who("3"),
            "acts": [{"kind": "join", "target": None}, {"kind": "invite", "target": who("4")}],
        },
        {"message_id": "2", "text": "hello @moss", "mentions": [who("9")]},
    )
    result = clean(raw)
    check_shape(result)
    found = [(row["kind"], parent) for row, parent in zip(rows_of(result, "interactions"), result.parents, strict=True)]
    assert sorted(found) == sorted(
        [("mention", 1), ("mention", 1), ("mention", 2), ("reply", 1), ("repost", 1), ("join", 1), ("invite", 1)]
    )
    ids = [row["interaction_id"] for row in rows_of(result, "interactions")]
    assert len(set(ids)) == len(ids)
    assert [len(row["mentions"] or ()) for row in rows_of(result, "messages")] == [0, 2, 1]
    again = clean(raw, PUBLIC, reply_key=b"r" * 32)
    assert [row["interaction_id"] for row in rows_of(again, "interactions")] == ids


def test_an_act_belongs_to_whoever_acted() -> None:
    """A reaction is its own account's, a join is the message's, and two who react alike are told apart."""
    reactions = [{"kind": "reaction", "target": who("1"), "source": who(name)} for name in ("4", "5")]
    raw = batch({"message_id": "1", "account": who("1"), "acts": [*reactions, {"kind": "join", "target": None}]})
    result = clean(raw)
    (author,) = {row["account_id"] for row in rows_of(result, "messages")}
    found = [(row["kind"], row["source_account"] == author) for row in rows_of(result, "interactions")]
    assert sorted(found) == [("join", True), ("reaction", False), ("reaction", False)]
    assert len({row["source_account"] for row in rows_of(result, "interactions")}) == 3
    assert len({row["interaction_id"] for row in rows_of(result, "interactions")}) == 3


def test_the_key_of_a_text_holds_no_address() -> None:
    """Copies that differ only in a telephone number or an e-mail address share a key, which anybody can compute."""
    raw = batch(
        {"message_id": "1", "text": "Bulbs for sale, call +49 30 1234567 or fern@garden.example"},
        {"message_id": "2", "text": "Bulbs for sale, call +49 40 7654321 or moss@garden.example"},
    )
    first, second = rows_of(clean(raw), "messages")
    assert first["text_key"] == second["text_key"]


def test_recorded_interactions_are_records_of_their_own() -> None:
    """A table of interactions keeps kinds, times and keys; the contact and the reply are hashed."""
    by = {"at": WHEN, "source_account": who("1")}
    mail = {"contact_kind": "email", "contact": "Fern@garden.example", "reply": "sha-of-words"}
    rows = [
        {"position": 1, "interaction_id": "i1", "kind": "follow", "target_account": who("2"), **by},
        {"position": 2, "kind": "dm", **by, **mail},
        {"position": 3, "kind": "wave", **by},
        {"position": 4, "kind": "follow", **by, "source_account": None},
    ]
    result = clean(RawBatch("x", 4, messages(), interactions=table(RAW_INTERACTIONS, rows)))
    check_shape(result)
    follow, dm = rows_of(result, "interactions")
    assert follow["interaction_id"] == "x:i1"
    assert result.interaction_keys.counted.tolist() == [False, True]
    assert dm["contact_kind"] == "email"
    assert [(row["position"], row["field"]) for row in rows_of(result, "quarantine")] == [
        (3, "kind"),
        (4, "source_account"),
    ]
    assert "fern" not in everything(result)
    assert "sha-of-words" not in everything(result)
    from_text = clean(
        batch({"channel_id": "d", "message_id": "1", "text": "I am fern@garden.example"}, channels=DUO), ReadOptions()
    )
    assert rows_of(from_text, "interactions")[0]["contact_key"] == dm["contact_key"]


FUTURE = "more than two days in the future"


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (NOW + timedelta(days=2), None),
        (NOW + timedelta(days=2, seconds=1), FUTURE),
        (NOW.replace(year=2199), FUTURE),
        (NOW.replace(year=2006), None),
        (NOW.replace(year=1989), "before 1990"),
    ],
)
def test_records_of_an_impossible_time_are_set_aside(at: datetime, reason: str | None) -> None:
    """Messages, edits, interactions and deletions dated in the future, or before there were platforms, are set aside
    with the reason; a wrong year in the past cannot be told."""
    by = {"position": 3, "interaction_id": "i", "at": at, "kind": "follow", "source_account": who("1")}
    gone = {"position": 4, "message_id": "7", "deleted_at": at}
    told = batch({"message_id": "1", "sent_at": at}, {"message_id": "2", "edited_at": at})
    raw = replace(told, records=4, interactions=table(RAW_INTERACTIONS, [by]), deletions=table(RAW_DELETIONS, [gone]))
    result = clean(raw)
    check_shape(result)
    kept = [result.tables[name].num_rows for name in ("messages", "interactions", "deletions")]
    found = [(row["field"], row["reason"]) for row in rows_of(result, "quarantine")]
    fields = ("sent_at", "edited_at", "at", "deleted_at")
    assert (kept, found) == (([2, 1, 1], []) if reason is None else ([0, 0, 0], [(name, reason) for name in fields]))


def test_the_future_begins_after_the_latest_time_that_is_known() -> None:
    """A clock that was set back makes nothing of what is written now a record of the future."""
    raw = batch({"message_id": "1", "sent_at": NOW}, {"message_id": "2", "sent_at": NOW + timedelta(days=3)})
    intake = Intake(Pseudonyms(bytes(32), bytes(32)), source="test", basis=None, keep_identities=False)
    back = {"file": FILE, "options": PUBLIC, "batch": 7, "collected_at": NOW - timedelta(days=90)}
    assert intake.clean(raw, **back).tables["messages"].num_rows == 0
    assert intake.clean(raw, **back, latest=NOW).tables["messages"]["message_id"].to_pylist() == ["x:1"]


def test_an_interaction_names_a_closed_message_as_the_lake_does() -> None:
    """A reaction in a closed group points at its message under the same id, and shows no raw one."""
    reaction = {"position": 2, "interaction_id": "900901", "at": WHEN, "kind": "reaction", "source_account": who("3")}
    recorded = table(RAW_INTERACTIONS, [{**reaction, "message_id": "900900", "channel_id": "g"}])
    result = clean(replace(batch(SECRET, channels=GROUP, interactions=recorded), records=2), ReadOptions())
    check_shape(result)
    assert rows_of(result, "interactions")[-1]["message_id"] == rows_of(result, "messages")[0]["message_id"]
    assert "90090" not in everything(result)


def test_an_account_in_an_id_becomes_its_pseudonym() -> None:
    """Where ids begin with their author's id, what answers, likes or deletes still points at the same message."""
    post = {"message_id": "did:plc:fern/post/1", "account": who("did:plc:fern"), "visibility": "public"}
    reply = {**post, "message_id": "did:plc:moss/post/2", "account": who("did:plc:moss")}
    reply["reply_to"] = "did:plc:fern/post/1"
    by = {"at": WHEN, "kind": "reaction", "source_account": who("did:plc:moss"), "visibility": "public"}
    like = {"position": 3, "interaction_id": "did:plc:moss/like/3", "message_id": "did:plc:fern/post/1", **by}
    gone = {"position": 4, "message_id": "did:plc:fern/post/1", "visibility": "public", "deleted_at": NOW}
    raw = replace(
        batch(post, reply, interactions=table(RAW_INTERACTIONS, [like]), deletions=table(RAW_DELETIONS, [gone])),
        records=4,
        ids_name_accounts=True,
    )
    result = clean(raw, ReadOptions())
    check_shape(result)
    posted, answer = rows_of(result, "messages")
    assert posted["message_id"] == f"x:{posted['account_id']}/post/1"
    assert answer["reply_to"] == posted["message_id"]
    assert rows_of(result, "deletions")[0]["message_id"] == posted["message_id"]
    liked = rows_of(result, "interactions")[-1]
    assert (liked["message_id"], liked["interaction_id"]) == (posted["message_id"], f"x:{answer['account_id']}/like/3")
    assert "did:plc" not in everything(result)


def test_accounts_are_summed_over_the_batch() -> None:
    """One row an account: first and last seen, and the counts of its latest message that tells them."""
    later = WHEN + timedelta(hours=1)
    raw = batch(
        {"message_id": "1", "sent_at": later, "followers": 5, "following": -1},
        {"message_id": "2", "followers": 3, "following": 2, "account_created_at": WHEN - timedelta(days=9)},
        {"message_id": "3", "sent_at": later + timedelta(hours=1)},
    )
    (row,) = rows_of(clean(raw), "accounts")
    assert (row["first_seen"], row["last_seen"]) == (WHEN, later + timedelta(hours=1))
    assert (row["followers"], row["following"]) == (5, 2)
    assert row["created_at"] == WHEN - timedelta(days=9)


def test_aliases_tie_a_handle_to_its_account() -> None:
    """A record with id and handle lets the handle of another record be resolved."""
    result = clean(batch({"message_id": "1", "account": who("1", "Fern")}, {"message_id": "2", "text": "hi @fern"}))
    (alias,) = rows_of(result, "aliases")
    assert rows_of(result, "messages")[1]["mentions"] == [alias["handle_key"]]
    assert rows_of(result, "messages")[0]["account_id"] == alias["account_id"]
    assert alias["valid_from"] == WHEN


def test_only_public_broadcasts_keep_their_title() -> None:
    """The title of a group, a room or a closed broadcast is never stored."""
    kinds = [("broadcast", "public"), ("broadcast", "closed"), ("group", "public"), ("room", "public")]
    rows = [
        {"channel_id": str(number), "kind": kind, "visibility": seen, "title": f"title-{number}", "members": 50}
        for number, (kind, seen) in enumerate(kinds)
    ]
    result = clean(RawBatch("x", 0, messages(), channels=table(RAW_CHANNELS, rows)))
    assert [row["title"] for row in rows_of(result, "channels")] == ["title-0", None, None, None]


def test_deletions_and_coverage_use_the_same_ids() -> None:
    """A deletion names the message as the lake does, public or closed; coverage names the channel."""
    deleted = [{"position": 2, "message_id": "900900", "channel_id": "g", "deleted_at": NOW}]
    covered = [{"channel_id": "g", "start": WHEN, "end": NOW, "complete": True, "how": "export"}]
    raw = batch(
        SECRET, channels=GROUP, deletions=table(RAW_DELETIONS, deleted), coverage=table(RAW_COVERAGE, covered)
    )  # fmt: skip
    result = clean(raw, ReadOptions())
    (message,), (deletion,), (coverage,) = (rows_of(result, name) for name in ("messages", "deletions", "coverage"))
    assert deletion["message_id"] == message["message_id"]
    assert coverage["channel_id"] == message["channel_id"]


def test_bad_records_are_quarantined_without_their_values() -> None:
    """Each record that cannot be kept is told by position, field and reason; what the source rejected stays so."""
    rows = [
        {"sent_at": datetime(1989, 12, 31, tzinfo=UTC)},
        {"sent_at": NOW + timedelta(days=3)},
        {"account": who()},
        {"account": None},
        {"kind": "edit"},
        {"visibility": "secret-value"},
        {"message_id": "secret-value" * 100},
        {"acts": [{"kind": "secret-value", "target": None}]},
        {"message_id": "fine"},
    ]
    rejected = table(REJECTED, [{"position": 10, "field": "date", "reason": "no such day"}])
    result = clean(replace(batch(*rows, rejected=rejected), records=10))
    check_shape(result)
    found = [(row["position"], row["field"]) for row in rows_of(result, "quarantine")]
    fields = ["sent_at", "sent_at", "account", "account", "kind", "visibility", "message_id", "acts"]
    assert found == [*enumerate(fields, start=1), (10, "date")]
    assert "secret-value" not in everything(result)
    assert {row["file"] for row in rows_of(result, "quarantine")} == {FILE}


def test_identities_are_told_apart_and_only_on_request() -> None:
    """With a vault each naming is handed over once, in clear, beside the tables; without one, nothing is."""
    raw = batch(
        {"message_id": "1", "account": who("1", "fern", "Fern")},
        {"message_id": "2", "account": who("1", "fern", "Fern"), "mentions": [who("2", "moss")]},
        channels=GROUP,
    )
    assert clean(raw).identities is None
    kept = clean(raw, keep=True).identities
    assert kept is not None
    assert kept.schema == IDENTITIES
    rows = kept.to_pylist()
    assert sorted((row["id"], row["handle"], row["name"]) for row in rows) == sorted(
        [("1", "fern", "Fern"), ("2", "moss", None), ("g", None, "Secret beds")], key=str
    )
