from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput, check_batches, check_source
from seawall.errors import ConfigurationError, InputError
from seawall.protocols import BATCH_RECORDS, ReadOptions
from seawall.sources import SOURCES, open_inputs, recognise
from seawall.sources.channel_columns import KIND_NOT_KNOWN
from seawall.sources.columns import FIELDS, guesses, layout_seen
from seawall.sources.generic import KINDS_ASSUMED, Generic
from seawall.sources.synonyms import folded
from seawall.sources.times import UTC_ASSUMED
from tests.sources.tables import HEADER, ROW, batches, messages, parquet, rejected, rows

GENERIC = Generic()
AT = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)
OBJECT = b'{"id":1,"author":"rosa","time":1777817100,"text":"roses"}\n'


def test_it_keeps_the_contract_of_sources() -> None:
    """The source passes the public conformance checks, and is surest of its own examples."""
    check_source(GENERIC, SOURCES)


def test_columns_are_found_by_the_names_that_tools_use() -> None:
    """The synonyms of Twitter, 4CAT and chat tools are found without any --map."""
    for header in (
        "id,author,created_at,body",
        "tweetid;user_screen_name;tweet_time;tweet_text",
        "message_id\tNick\tDate Time\tMessage",
        "post_id|username|unix_timestamp|content",
    ):
        mark = next(mark for mark in ",;\t|" if mark in header)
        when = "1777817100" if "unix" in header else "2026-05-03 14:05"
        (found,) = messages(GENERIC, f"{header}\n1{mark}@rosa{mark}{when}{mark}roses\n".encode())
        assert (found["message_id"], found["account"]["handle"], found["sent_at"]) == ("1", "rosa", AT)
        assert (found["text"], found["kind"], found["visibility"]) == ("roses", "post", None)


def test_the_three_formats_tell_the_same(tmp_path: Path) -> None:
    """One table as CSV, NDJSON and Parquet gives the same messages."""
    lines = [
        {"id": "1", "author": "rosa", "time": "2026-05-03T14:05:00Z", "text": "roses, red", "reply_to": None},
        {
            "id": "2",
            "author": "linden",
            "time": "2026-05-03T14:06:00Z",
            "text": 'said "ivy"\nand left',
            "reply_to": "1",
        },
    ]
    text = "id,author,time,text,reply_to\n" + "".join(
        ",".join('"' + (value or "").replace('"', '""') + '"' for value in line.values()) + "\n" for line in lines
    )
    told = [
        messages(GENERIC, content)
        for content in (
            text.encode(),
            "\n".join(map(json.dumps, lines)).encode(),
            parquet(tmp_path, pa.Table.from_pylist(lines)),
        )
    ]
    for found in told:
        assert [{**row, "position": 0} for row in found] == [{**row, "position": 0} for row in told[0]]
    assert [row["kind"] for row in told[0]] == ["post", "reply"]


def test_a_csv_record_stands_at_the_line_where_it_begins() -> None:
    """Line breaks in quotes, blank lines and CRLF do not shift the positions."""
    content = HEADER + b'1,a,2026-05-03,"one\r\ntwo"\r\n\r\n2,b,2026-05-03,three\r\n'
    found = messages(GENERIC, content)
    assert [row["position"] for row in found] == [2, 5]
    assert found[0]["text"] == "one\r\ntwo"


def test_nested_objects_are_reached_with_dots() -> None:
    """Fields of objects in objects are found by name and can be mapped; lists of objects give their names."""
    line = {
        "id_str": "9",
        "user": {"id_str": "42", "screen_name": "rosa"},
        "created_at": "Sun May 03 14:05:00 +0000 2026",
        "full_text": "roses",
        "entities": {
            "user_mentions": [{"screen_name": "linden", "id_str": "43"}],
            "hashtags": [{"text": "garden"}],
            "urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}],
        },
        "deep": {"er": {"note": "x"}},
    }
    (found,) = messages(GENERIC, json.dumps(line).encode() + b"\n", mapping={"thread_of": "deep.er.note"})
    assert found["account"] == {"id": "42", "handle": "rosa", "name": None}
    assert (found["sent_at"], found["thread_of"]) == (AT, "x")
    assert [one["handle"] for one in found["mentions"]] == ["linden"]
    assert (found["links"], found["hashtags"]) == (["https://example.org/a"], ["garden"])


def test_map_wins_over_names_and_takes_constants() -> None:
    """--map names the column where names are silent; ==value gives every record the value."""
    content = b"who,when,what,text\nrosa,2026-05-03T14:05:00Z,roses,ivy\n"
    (found,) = messages(
        GENERIC, content, mapping={"account": "who", "sent_at": "when", "text": "what", "channel_id": "=plots"}
    )
    assert (found["account"]["handle"], found["text"], found["channel_id"]) == ("rosa", "roses", "plots")


def test_a_missing_column_is_told_with_the_nearest() -> None:
    """The message says what is missing, the nearest names, how to state it, and the columns seen."""
    with pytest.raises(ConfigurationError) as raised:
        messages(GENERIC, b"id,autor,tyme,text\n1,rosa,2026-05-03,roses\n")
    words = str(raised.value)
    for part in ("sent_at and account", "tyme", "autor", "--map sent_at=COLUMN", "table.csv"):
        assert part in words


@pytest.mark.parametrize("mapping", [{"text": "txet"}, {"tekst": "text"}])
def test_a_wrong_map_is_told_with_the_nearest(mapping: dict[str, str]) -> None:
    """A field or column that does not exist is answered with the nearest that does."""
    with pytest.raises(ConfigurationError, match="text"):
        messages(GENERIC, HEADER + ROW, mapping=mapping)


def test_a_table_without_a_header_does_not_show_its_first_record() -> None:
    """Where the first line is a record, no word of it is repeated in the message."""
    with pytest.raises(ConfigurationError, match="header") as raised:
        messages(GENERIC, b"Linden Green,2026-05-03,secret rose\nRosa Thorn,2026-05-03,tulip\n")
    assert not any(word in str(raised.value) for word in ("Linden", "Green", "secret", "rose"))


def test_a_column_that_stands_twice_must_be_chosen() -> None:
    """Two columns of one name are numbered, and the user is asked which is meant."""
    content = b"author,time,text,text\nrosa,2026-05-03,roses,ivy\n"
    with pytest.raises(ConfigurationError, match=r"text\.3"):
        messages(GENERIC, content)
    assert messages(GENERIC, content, mapping={"text": "text.4"})[0]["text"] == "ivy"


def test_bad_records_are_set_aside_with_their_reasons() -> None:
    """Ragged rows, undecodable bytes, NUL, stray quotes and non-times are rejected by line; the others are kept."""
    content = HEADER + ROW + b"1,2,3\n1,2,3,4,5\n2,a,2026-05-03,\xff\n2,a,2026-05-03,x\0y\n"
    content += b'2,a,2026-05-03,"x"y\n2,a,2026-05-03,"never closed\n2,a,soon,x\n2,a,9999-12-31,x\n2,a,,x\n' + ROW
    found = {position: (name, reason) for position, name, reason in rejected(GENERIC, content)}
    assert sorted(found) == list(range(3, 12))
    for position, words in (
        (3, "3 fields, the header has 4"),
        (4, "5 fields, the header has 4"),
        (5, "UTF-8"),
        (6, "NUL"),
        (7, "quote"),
        (8, "quote"),
        (9, "known form"),
        (10, "2199"),
        (11, "no time"),
    ):
        assert words in found[position][1]
    assert [row["position"] for row in messages(GENERIC, content)] == [2, 12]


def test_bad_json_lines_are_set_aside_with_their_reasons() -> None:
    """Broken, too deep, non-object lines, half surrogates and NUL are rejected by line; the others are kept."""
    deep = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    bad = [b'{"id":', deep, b"[1]", b'{"text":"\\ud800 "}', b'{"text":"\\u0000"}', b'{"text":"\xff"}', b"null"]
    content = OBJECT + b"\n".join(bad) + b"\n\n" + OBJECT
    found = {position: reason for position, _, reason in rejected(GENERIC, content)}
    assert list(found) == [2, 3, 4, 5, 6, 7, 8]
    assert "deep" in found[3]
    assert "surrogate" in found[5]
    assert "NUL" in found[6]
    assert "UTF-8" in found[7]
    assert [row["position"] for row in messages(GENERIC, content)] == [1, 10]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_other_encodings_are_read_or_asked_for(encoding: str) -> None:
    """A byte order mark is enough; without one the message names the likely encoding, and stating it reads all."""
    text = (HEADER + ROW).decode().replace("roses", "розы и плющ") + "2,linden,2026-05-03,тюльпаны\n" * 5
    content = text.encode(encoding)
    if encoding in ("utf-16-le", "cp1251"):
        with pytest.raises(InputError, match=f"--encoding {encoding}"):
            messages(GENERIC, content)
        found = messages(GENERIC, content, encoding=encoding)
    else:
        found = messages(GENERIC, content)
    assert [row["text"] for row in found] == ["розы и плющ"] + ["тюльпаны"] * 5


def test_what_a_stated_encoding_cannot_say_is_set_aside() -> None:
    """A byte that the stated encoding does not have rejects its record, and nothing is replaced silently."""
    content = HEADER + ROW + b"2,a,2026-05-03,\x98\n"
    assert [position for position, _, _ in rejected(GENERIC, content, encoding="cp1251")] == [3]


def test_a_line_of_a_hundred_megabytes_is_skipped(tmp_path: Path) -> None:
    """A record beyond the limit is rejected by its line; the records around it are kept."""
    for head, row, start in ((HEADER, ROW, b"2,a,2026-05-03,"), (OBJECT, OBJECT, b'{"text":"')):
        path = tmp_path / "long"
        path.write_bytes(head + row + start + b"x" * 100_000_000 + b"\n" + row)
        (file,) = open_inputs([path])
        found = list(GENERIC.read(file, ReadOptions()))
        assert [(row["position"], row["reason"]) for row in rows(found, "rejected")] == [(3, "longer than 16 MB")]
        assert rows(found, "messages")[-1]["position"] == 4


def test_an_unclosed_quote_in_a_large_file_rejects_one_line() -> None:
    """What follows a stray quote is read, though the quote could have swallowed it all."""
    count = 60_000
    content = HEADER + ROW * 10 + b'2,a,2026-05-03,"never closed\n' + ROW * count
    found = batches(GENERIC, content)
    assert [row["position"] for row in rows(found, "rejected")] == [12]
    assert sum(batch.messages.num_rows for batch in found) == count + 10


def test_lines_that_were_skipped_are_counted_in_the_reason() -> None:
    """Where reading again would take too long, the reason says how many lines were skipped with the record."""
    lines = 30_000
    found = rejected(GENERIC, HEADER + b'x","\n' * lines)
    skipped = [int(reason.split("; ")[1].split()[0]) for _, _, reason in found if "skipped" in reason]
    assert len(found) + sum(skipped) == lines


def test_batches_are_full_and_the_same_however_the_bytes_come(tmp_path: Path) -> None:
    """Batches hold BATCH_RECORDS records, whether the file is plain or packed, and are the same each time."""
    import gzip

    content = HEADER + b"".join(b"%d,rosa,%d,roses\n" % (at, 1777817100 + at) for at in range(BATCH_RECORDS + 7))
    (tmp_path / "a.csv").write_bytes(content)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    told = [list(GENERIC.read(file, ReadOptions())) for file in open_inputs([tmp_path])]
    assert [batch.records for batch in told[0]] == [BATCH_RECORDS, 7]
    assert [batch.messages for batch in told[0]] == [batch.messages for batch in told[1]]
    check_batches(told[0], "plain")


def test_long_texts_make_smaller_batches(tmp_path: Path) -> None:
    """A batch holds about 32 MB of text at most, in CSV as in Parquet."""
    text = "x" * 1_000_000
    content = HEADER + b"".join(b"%d,rosa,2026-05-03,%s\n" % (at, text.encode()) for at in range(70))
    table = pa.table({"author": ["rosa"] * 70, "time": [1777817100] * 70, "text": [text] * 70})
    for found in (batches(GENERIC, content), batches(GENERIC, parquet(tmp_path, table))):
        assert sum(batch.records for batch in found) == 70
        assert all(batch.messages.nbytes < 40 << 20 for batch in found)


def test_a_cut_file_gives_its_records_and_then_the_error(tmp_path: Path) -> None:
    """The whole records before the damage come as batches; then comes the InputError; no half record is kept."""
    import gzip
    import random

    lines = [f"{at},rosa,2026-05-03,{random.Random(at).random()}\n" for at in range(5000)]
    packed = gzip.compress(HEADER + "".join(lines).encode())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    reading = GENERIC.read(open_inputs([path])[0], ReadOptions())
    kept = next(reading).messages
    assert 1000 < kept.num_rows < 5000
    assert kept["text"].to_pylist() == [line.rstrip().split(",")[3] for line in lines[: kept.num_rows]]
    with pytest.raises(InputError, match="cut off"):
        next(reading)


@pytest.mark.parametrize("harm", [lambda whole: whole[:300], lambda whole: whole[:40] + b"\xff" * 60 + whole[100:]])
def test_damaged_parquet_is_an_input_error(tmp_path: Path, harm: object) -> None:
    """A cut or altered Parquet file is recognised, and is then an InputError."""
    table = pa.table({"author": ["rosa"], "time": [1777817100], "text": ["roses"]})
    content = harm(parquet(tmp_path, table))  # type: ignore[operator]
    assert recognise(MemoryInput("a.parquet", content)).name == "generic"
    with pytest.raises(InputError, match="damaged"):
        batches(GENERIC, content)


def test_strange_types_of_parquet_are_read(tmp_path: Path) -> None:
    """Dictionaries, large strings, bytes, nested columns, float ids and lists become what they mean."""
    table = pa.table(
        {
            "id": pa.array([1.0, 2.0]),
            "user": pa.array([{"username": "rosa"}, {"username": "linden"}]),
            "time": pa.array([AT, None], pa.timestamp("ms", "UTC")),
            "text": pa.array(["roses", "ivy"]).dictionary_encode(),
            "channel": pa.array(["plots", "plots"], pa.large_string()),
            "hashtags": pa.array([["garden"], None]),
            "lang": pa.array([b"en", b"\xff"], pa.binary()),
        }
    )
    found = batches(GENERIC, parquet(tmp_path, table))
    (kept,) = rows(found, "messages")
    assert (kept["message_id"], kept["account"]["handle"], kept["text"]) == ("1", "rosa", "roses")
    assert (kept["channel_id"], kept["hashtags"], kept["language"], kept["sent_at"]) == ("plots", ["garden"], "en", AT)
    assert [row["position"] for row in rows(found, "rejected")] == [2]


def test_interactions_need_a_kind() -> None:
    """A table of sources and targets is read as interactions once its kind is told, by a column or a constant."""
    content = b"src,dst,unixtime\n1,2,1082040961\n3,,1082040961\n"
    with pytest.raises(ConfigurationError, match="kind==dm"):
        batches(GENERIC, content)
    found = batches(GENERIC, content, mapping={"kind": "=dm"})
    (kept,) = rows(found, "interactions")
    assert (kept["kind"], kept["source_account"]["id"], kept["target_account"]["id"]) == ("dm", "1", "2")
    assert rejected(GENERIC, content, mapping={"kind": "=dm"}) == [(3, "target_account", "no account is told")]


def test_who_joins_or_leaves_needs_nobody_else() -> None:
    """A join or a leave without a target is kept; what is directed at somebody is not."""
    content = b"src,dst,unixtime,kind\n1,,1082040961,join\n2,,1082040962,leave\n3,,1082040963,follow\n"
    found = batches(GENERIC, content)
    assert [(row["kind"], row["target_account"]) for row in rows(found, "interactions")] == [
        ("join", None),
        ("leave", None),
    ]
    assert rejected(GENERIC, content) == [(4, "target_account", "no account is told")]


def test_kinds_in_other_words_are_understood() -> None:
    """Retweet, likes and private messages become kinds of the model; an unknown kind rejects an interaction."""
    content = b"source,target,time,kind\n1,2,1777817100,retweet\n1,2,1777817100,like\n1,2,1777817100,hug\n"
    found = batches(GENERIC, content)
    assert [row["kind"] for row in rows(found, "interactions")] == ["repost", "reaction"]
    assert [row["field"] for row in rows(found, "rejected")] == ["kind"]
    told = batches(
        GENERIC, HEADER.replace(b"\n", b",type\n") + ROW.replace(b"\n", b",RT\n") + ROW.replace(b"\n", b",?\n")
    )
    assert [row["kind"] for row in rows(told, "messages")] == ["repost", "post"]
    assert KINDS_ASSUMED in told[0].assumptions


def test_what_was_assumed_is_said() -> None:
    """Times without a zone are read as UTC and that is said; a stated zone is used and said."""
    content = HEADER + b"1,rosa,2026-05-03 16:05,roses\n"
    assert batches(GENERIC, content)[0].assumptions[0] == UTC_ASSUMED
    (found,) = batches(GENERIC, content, timezone="Europe/Berlin")
    assert found.messages["sent_at"][0].as_py() == AT
    assert "Europe/Berlin" in found.assumptions[0]


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=30), st.sampled_from(",;\t|"))
def test_any_text_survives_csv(pairs: list[tuple[str, str]], delimiter: str) -> None:
    """Whatever a field holds, quoted as CSV quotes, is read back, and every record is accounted for."""
    import csv
    import io

    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["author", "time", "text"])
    writer.writerows([f"x{author}", "1777817100", text] for author, text in pairs)
    found = messages(GENERIC, written.getvalue().encode())
    assert [row["text"] or "" for row in found] == [text for _, text in pairs]


def test_ubuntu_irc_reads_whole(shared_data: Path) -> None:
    """The log of IRC channels reads without a rejection: 232,963 lines, system lines as service messages."""
    (file,) = open_inputs([shared_data / "interactions" / "ubuntu_irc.ndjson.gz"])
    assert recognise(file).name == "generic"
    found = list(GENERIC.read(file, ReadOptions()))
    kinds = pa.concat_tables([batch.messages.select(["kind"]) for batch in found])["kind"].value_counts().to_pylist()
    assert {one["values"]: one["counts"] for one in kinds} == {"post": 209_003, "service": 23_960}
    assert sum(batch.rejected.num_rows for batch in found) == 0


def test_college_messages_read_whole(shared_data: Path) -> None:
    """The table of private messages without text becomes 59,835 interactions."""
    (file,) = open_inputs([shared_data / "interactions" / "collegemsg.csv.gz"])
    found = list(GENERIC.read(file, ReadOptions(mapping={"kind": "=dm"})))
    assert sum(batch.interactions.num_rows for batch in found) == 59_835


def test_it_says_which_columns_it_took_for_which_fields() -> None:
    """By their names, in every batch; those that --map states are not said, and with all stated nothing is."""
    content = b"id,author,when,body,text color\n1,rosa,2026-05-03T14:05:00Z,roses,red\n"
    (batch,) = batches(GENERIC, content, mapping={"sent_at": "when"})
    (said,) = batch.assumptions
    assert said.startswith("Columns were taken by their names: message_id from id, account_handle from author, text")
    named = {"message_id": "id", "account_handle": "author", "sent_at": "when", "text": "body"}
    (stated,) = batches(GENERIC, content, mapping=named)
    assert stated.assumptions == ()


KNOWN = sorted({word for fields in FIELDS.values() for words in fields.values() for word in words.split()})


@given(st.lists(st.sampled_from(KNOWN) | st.text(max_size=20), min_size=1, max_size=6, unique=True))
def test_what_it_says_of_columns_holds_no_other_names(header: list[str]) -> None:
    """Of a table whose first line is somebody's words, only names that tools use for columns are told."""
    layout = layout_seen(header, {})
    sentence = guesses(layout, {})
    assert (sentence is not None) is bool(layout.columns)
    told = re.findall(r"from ([^,;]+)[,;]", sentence or "")
    assert {folded(name) for name in told} <= {folded(name) for name in KNOWN}


def test_a_table_of_deletions_is_known_by_what_it_lacks() -> None:
    """A message with the time of its deletion, and neither words nor a sender, is a deletion."""
    content = b"id,channel,deleted_at,visibility\n7,rides,2026-05-03T14:05:00Z,Public\n,rides,2026-05-03,\n8,,soon,\n"
    (batch,) = batches(GENERIC, content)
    (row,) = batch.deletions.to_pylist()
    assert (row["message_id"], row["channel_id"], row["deleted_at"], row["visibility"]) == ("7", "rides", AT, "public")
    assert batch.rejected.select(["position", "field"]).to_pylist() == [
        {"position": 3, "field": "message_id"},
        {"position": 4, "field": "deleted_at"},
    ]
    with pytest.raises(ConfigurationError, match="text"):
        batches(GENERIC, b"id,author,deleted_at\n7,rosa,2026-05-03\n")


def test_kinds_of_media_are_read_from_their_column() -> None:
    """Words, MIME types, names of files and lists of them; what is no media is not told."""
    told = ["photo", "video|image", "audio/ogg", "['clip', 'poll']", "ride.mp4", "link", ""]
    lines = [f'{number},rosa,2026-05-03T14:05:00Z,beans,"{word}"' for number, word in enumerate(told)]
    content = "\n".join(["id,author,time,text,media_type", *lines]).encode()
    (batch,) = GENERIC.read(MemoryInput("media.csv", content), ReadOptions())
    kinds = [[one["kind"] for one in media or ()] for media in batch.messages["media"].to_pylist()]
    assert kinds == [["image"], ["video", "image"], ["audio"], ["video"], ["video"], [], []]


def test_a_table_of_messages_tells_of_its_channels() -> None:
    """Columns about the channel become one row a channel, where its kind is told and known."""
    lines = [
        {"id": 1, "channel_id": "seeds", "channel_kind": "channel", "channel_handle": "@Seed_Club"},
        {
            "id": 2,
            "channel_id": "seeds",
            "channel_ended_at": "2026-05-04T00:00:00Z",
            "channel_end_reason": "taken_down",
        },
        {"id": 3, "channel_id": "rides", "channel_kind": "supergroup", "channel_created_at": "2026-05-01T00:00:00Z"},
        {"id": 4, "channel_id": "pots", "channel_kind": "shed"},
        {"id": 5, "channel_kind": "group"},
    ]
    told = {"author": "rosa", "time": "2026-05-03T14:05:00Z", "text": "roses"}
    data = "".join(json.dumps(line | told) + "\n" for line in lines).encode()
    (batch,) = batches(GENERIC, data, "t.ndjson")
    found = batch.channels.select(["channel_id", "kind", "handle", "created_at", "ended_at", "end_reason"]).to_pylist()
    first, end = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
    assert [tuple(row.values()) for row in found] == [
        ("rides", "group", None, first, None, None),
        ("seeds", "broadcast", "Seed_Club", None, end, "taken_down"),
    ]
    assert KIND_NOT_KNOWN in batch.assumptions


def test_hashes_of_media_stand_beside_their_kinds() -> None:
    """A hash in the same place as a kind is taken; lists of another length, and what is no hash, are not."""
    one, two = "AB" * 32, "cd" * 32
    lines = [
        {"media_kinds": ["photo", "video"], "media_sha256": [one, two]},
        {"media_kinds": ["photo"], "media_sha256": [one, two]},
        {"media_kinds": ["poll", "photo"], "media_sha256": [one, two]},
        {"media_kinds": ["photo"], "media_sha256": ["roses"]},
        {"media_sha256": [one]},
    ]
    told = {"author": "rosa", "time": "2026-05-03T14:05:00Z", "text": "roses"}
    found = messages(GENERIC, "".join(json.dumps(line | told) + "\n" for line in lines).encode())
    hashes = [None if row["media"] is None else [item["sha256"] for item in row["media"]] for row in found]
    assert hashes == [[one.lower(), two], [None], [two], [None], None]
