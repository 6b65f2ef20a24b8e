from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.checks.sources import check_source
from seawall.errors import ConfigurationError
from seawall.protocols import ReadOptions
from seawall.sources import SOURCES, open_inputs, recognise
from seawall.sources.x_operations import UTC_BY_CONVENTION, XOperations
from tests.sources.tables import HEADER, ROW, batches, messages, parquet, rows

SOURCE = XOperations()


def test_it_keeps_the_contract_of_sources() -> None:
    """The source passes the public conformance checks, and is surest of its own examples."""
    check_source(SOURCE, SOURCES)


def read(path: Path) -> tuple[pa.Table, int, set[str]]:
    (file,) = open_inputs([path])
    assert recognise(file).name == "x_operations"
    found = list(SOURCE.read(file, ReadOptions()))
    assumed = {sentence for batch in found for sentence in batch.assumptions}
    return (
        pa.concat_tables([batch.messages for batch in found]),
        sum(batch.rejected.num_rows for batch in found),
        assumed,
    )


def test_the_released_header_is_read_with_all_it_tells(shared_data: Path) -> None:
    """Reposts, replies, quotes, mentions, links, hashtags and counts of the 20 synthetic rows are all there."""
    table, wrong, assumed = read(shared_data / "adapters" / "x_information_operations" / "sample_20.csv")
    assert (table.num_rows, wrong, assumed) == (20, 0, {UTC_BY_CONVENTION})
    told = table.to_pylist()
    assert {row["visibility"] for row in told} == {"public"}
    post, repost, reply = told[0], told[1], told[4]
    assert (post["kind"], post["hashtags"], post["links"], post["mentions"]) == ("post", ["gardening"], [], [])
    assert (post["followers"], post["following"], post["language"]) == (412, 388, "en")
    assert post["account_created_at"] == datetime(2016, 3, 14, tzinfo=UTC)
    assert (repost["kind"], repost["repost_of"]) == ("repost", "1115000000000000123")
    assert repost["repost_of_account"]["id"] == repost["mentions"][0]["id"] == "900000000000000001"
    assert repost["links"] == ["https://example.org/seed-swap"]
    assert (reply["kind"], reply["reply_to"], reply["reply_to_account"]["id"]) == (
        "reply",
        "1116000000000023757",
        "900000000000000001",
    )
    assert "\n" in reply["text"]
    assert "quote" in {row["kind"] for row in told}


def test_a_file_with_a_header_only_has_no_records(shared_data: Path) -> None:
    """A released file without rows is recognised and gives no batch."""
    (file,) = open_inputs([shared_data / "adapters" / "x_information_operations" / "header_only.csv"])
    assert recognise(file).name == "x_operations"
    assert sum(batch.records for batch in SOURCE.read(file, ReadOptions())) == 0


def test_the_style_of_fivethirtyeight_is_read_whole(shared_data: Path) -> None:
    """148,363 rows with month/day dates: 1 July 2015 first, the last in August."""
    table, wrong, assumed = read(shared_data / "ira" / "ira_sample.csv.gz")
    assert (table.num_rows, wrong, assumed) == (148_363, 0, {UTC_BY_CONVENTION})
    times = table["sent_at"].combine_chunks()
    assert times[0].as_py() == datetime(2015, 7, 1, tzinfo=UTC)
    assert max(times.to_pylist()) < datetime(2015, 9, 1, tzinfo=UTC)
    assert table["account"][0].as_py() == {"id": None, "handle": "POLITWEECS", "name": None}


def test_both_styles_of_the_same_rows_agree(shared_data: Path) -> None:
    """The 500 rows with ISO dates and R / Q tell the same as the same rows in the published style."""
    iso, _, _ = read(shared_data / "ira" / "ira_sample_iso.csv")
    published, _, _ = read(shared_data / "ira" / "ira_sample.csv.gz")
    for name in ("sent_at", "kind", "text", "language", "followers", "following"):
        assert iso[name].to_pylist() == published[name][:500].to_pylist()


def test_the_parquet_tells_what_its_columns_hold(shared_data: Path) -> None:
    """Each column of the first batch of the large file equals what pyarrow reads, one by one."""
    path = shared_data / "ira" / "ira_dev.parquet"
    batch = next(SOURCE.read(open_inputs([path])[0], ReadOptions()))
    plain = next(pq.ParquetFile(path).iter_batches(batch_size=batch.records)).to_pylist()
    kinds = {"R": "repost", "Q": "quote"}
    for row, told in zip(plain[::97], batch.messages.to_pylist()[::97], strict=True):
        assert told["message_id"] == str(row["message_id"])
        assert told["account"]["handle"] == row["author_id"]
        assert told["sent_at"] == row["publish_date"]
        assert (told["text"] or "") == (row["content"] or "")
        assert told["kind"] == kinds.get(row["post_type"], "repost" if row["retweet"] else "post")
        assert told["followers"] == (None if row["followers"] < 0 else row["followers"])
    assert batch.assumptions == ()


def test_unknown_counts_are_not_told() -> None:
    """-1, empty and words for nothing become null, floats become whole numbers, and lists survive odd quoting."""
    content = (
        b"tweetid,userid,tweet_text,tweet_time,follower_count,following_count,hashtags,user_mentions\n"
        b"1,42,roses,2019-04-12 07:03,-1,12.0,\"['a', 'b']\",\"['1', '2']\"\n"
        b"2,42,roses,2019-04-12 07:03,absent,,[],\n"
        b"3,42,roses,2019-04-12 07:03,nan,7,\"[a, b]\",__import__('os')\n"
    )
    first, second, third = messages(SOURCE, content)
    assert (first["followers"], first["following"], first["hashtags"]) == (None, 12, ["a", "b"])
    assert [one["id"] for one in first["mentions"]] == ["1", "2"]
    assert (second["followers"], second["following"], second["hashtags"], second["mentions"]) == (None, None, [], None)
    assert (third["followers"], third["following"], third["hashtags"]) == (None, 7, ["a", "b"])


def test_the_same_columns_in_parquet_tell_the_same(tmp_path: Path) -> None:
    """The examples, stored as Parquet, give the same messages as the CSV."""
    import pyarrow.csv as pc

    for _, content in SOURCE.examples():
        path = tmp_path / "example.csv"
        path.write_bytes(content)
        stored = parquet(tmp_path, pc.read_csv(path, convert_options=pc.ConvertOptions(strings_can_be_null=True)))
        left, right = (rows(batches(SOURCE, each), "messages") for each in (content, stored))
        assert [{**row, "position": 0} for row in left] == [{**row, "position": 0} for row in right]


def test_another_table_is_refused_with_the_way_out() -> None:
    """A table without the columns is a ConfigurationError that names them and the generic source."""
    with pytest.raises(ConfigurationError, match="--source generic"):
        messages(SOURCE, HEADER + ROW)
