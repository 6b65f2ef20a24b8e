from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.checks.sources import check_source
from seawall.errors import ConfigurationError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.sources import SOURCES, open_inputs, recognise
from seawall.sources.shares import PUBLIC_SHARES, Shares
from tests.sources.tables import batches, messages, rejected

SOURCE = Shares()
HEADER = b"object_id,account_id,content_id,timestamp_share\n"


def test_it_keeps_the_contract_of_sources() -> None:
    """The source passes the public conformance checks, and is surest of its own examples."""
    check_source(SOURCE, SOURCES)


def test_a_share_is_a_public_repost_without_text() -> None:
    """A row becomes a repost of its object with the content's id, public as said, on the platform stated."""
    (found,) = messages(SOURCE, HEADER + b"seed-swap,a1,m1,1623881091\n")
    assert (found["message_id"], found["repost_of"], found["account"]["id"]) == ("m1", "seed-swap", "a1")
    assert (found["kind"], found["visibility"], found["text"]) == ("repost", "public", None)
    assert found["sent_at"] == datetime(2021, 6, 16, 22, 4, 51, tzinfo=UTC)
    (batch,) = batches(SOURCE, HEADER + b"seed-swap,a1,m1,1623881091\n", platform="x")
    assert (batch.platform, batch.assumptions) == ("x", (PUBLIC_SHARES,))


def test_a_stated_visibility_is_kept() -> None:
    """What the user states is not overruled, and then nothing is assumed."""
    (batch,) = batches(SOURCE, HEADER + b"seed-swap,a1,m1,1623881091\n", visibility=Visibility.CLOSED)
    assert batch.messages["visibility"].to_pylist() == ["closed"]
    assert batch.assumptions == ()


def test_a_share_of_nothing_is_set_aside() -> None:
    """A row without object, account or time is rejected by its line and field."""
    found = rejected(SOURCE, HEADER + b",a1,m1,1623881091\no,,m1,1623881091\no,a1,m1,never\no,a1,,1623881091\n")
    assert [(position, name) for position, name, _ in found] == [(2, "object_id"), (3, "account_id"), (4, "sent_at")]


def test_a_missing_column_is_named() -> None:
    """The message names all four columns and the missing one."""
    with pytest.raises(ConfigurationError, match="Missing: content_id"):
        messages(SOURCE, b"object_id,account_id,timestamp_share\no,a,1623881091\n")


@pytest.mark.parametrize("name", ["russian_coord_tweets.csv.gz", "russian_coord_tweets.parquet"])
def test_the_published_table_is_read_whole(shared_data: Path, name: str) -> None:
    """All 35,125 rows are read in their order, from CSV and from Parquet alike."""
    folder = shared_data / "coordination"
    (file,) = open_inputs([folder / name])
    assert recognise(file).name == "shares"
    table = pa.concat_tables([batch.messages for batch in SOURCE.read(file, ReadOptions())])
    plain = pq.read_table(folder / "russian_coord_tweets.parquet")
    assert table["message_id"].to_pylist() == plain["content_id"].to_pylist()
    assert table["repost_of"].to_pylist() == plain["object_id"].to_pylist()
    seconds = [int(at.timestamp()) for at in table["sent_at"].to_pylist()]
    assert seconds == plain["timestamp_share"].to_pylist()
