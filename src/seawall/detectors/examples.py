"""Small tables of the lake for the examples that every detector carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.model import MESSAGES

FIRST = datetime(2026, 5, 3, 14, 5, tzinfo=UTC)


def messages_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A messages table from what matters in each row; the rest is what a public post would have.

    Rows without ``sent_at`` follow one another by a minute from 3 May 2026 14:05 UTC.

    >>> messages_table([{"account_id": "a1"}]).column("message_id").to_pylist()
    ['garden:1']
    """
    filled = []
    for number, row in enumerate(rows):
        sent_at = row.get("sent_at", FIRST + timedelta(minutes=number))
        usual = {
            "message_id": f"garden:{number + 1}",
            "platform": "garden",
            "source": "example",
            "account_id": "a" + "0" * 20,
            "sent_at": sent_at,
            "collected_at": sent_at,
            "kind": "post",
            "visibility": "public",
            "raw_ref": {"file": "0" * 16, "position": number + 1},
            "batch": 1,
        }
        filled.append({**dict.fromkeys(MESSAGES.names), **usual, **row})
    return pa.Table.from_pylist(filled, schema=MESSAGES)
