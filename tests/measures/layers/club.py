"""Messages of a gardening club for the tests of the layered network: random ones, and some with a known story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

FIRST = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)

LINK = pa.struct([("url", pa.string()), ("domain", pa.string())])
MEDIA = pa.struct([("sha256", pa.string()), ("pdq", pa.string()), ("quality", pa.int16())])

SCHEMA = pa.schema(
    [
        ("message_id", pa.string()),
        ("account_id", pa.string()),
        ("sent_at", pa.timestamp("us", "UTC")),
        ("platform", pa.string()),
        ("text_key", pa.uint64()),
        ("repost_of", pa.string()),
        ("reply_to", pa.string()),
        ("mentions", pa.list_(pa.string())),
        ("links", pa.list_(LINK)),
        ("hashtags", pa.list_(pa.string())),
        ("media", pa.list_(MEDIA)),
    ]
)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Messages from what matters in each; ``at`` is in seconds after the first of May's rides."""
    filled = []
    for number, row in enumerate(rows):
        message = dict.fromkeys(SCHEMA.names) | {"message_id": f"m{number}", "platform": "garden"} | row
        message["sent_at"] = None if row.get("at") is None else FIRST + timedelta(seconds=row["at"])
        message.pop("at", None)
        filled.append(message)
    return pa.Table.from_pylist(filled, schema=SCHEMA)


def _lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.lists(values, max_size=3)


TAGS = st.sampled_from(["tulips", "roses", "ferns", "", None])
LINKS = st.none() | st.fixed_dictionaries(
    {"url": st.sampled_from(["https://a.example/1", "https://b.example/2", "", None]), "domain": st.just("a.example")}
)
HASHES = st.sampled_from(["0a" * 32, "1b" * 32, "", None])
FILES = st.fixed_dictionaries({"sha256": HASHES, "pdq": HASHES, "quality": st.sampled_from([None, 20, 50, 90])})

MESSAGE = st.fixed_dictionaries(
    {
        "message_id": st.sampled_from([*(f"m{k}" for k in range(12)), None]),
        "account_id": st.sampled_from(["ann", "bob", "cleo", "", None]),
        "at": st.sampled_from([0, 3, 4.5, 60, 61, 400, None]),
        "text_key": st.sampled_from([7, 8, 2**63 + 1, None]),
        "repost_of": st.sampled_from(["m1", "m2", "elsewhere", "", None, None, None]),
        "reply_to": st.sampled_from(["m1", "m3", "", None]),
        "mentions": _lists(st.sampled_from(["dan", "eve", None])),
        "links": _lists(LINKS),
        "hashtags": _lists(TAGS),
        "media": _lists(FILES),
    }
)

MESSAGES = st.lists(MESSAGE, max_size=14)
