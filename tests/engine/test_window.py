from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from seawall.engine import LocalEngine, TableWindow
from seawall.errors import ConfigurationError

ROWS = pa.table(
    {
        "platform": ["garden", "club", "garden"],
        "sent_at": pa.array([0, 1, 2 * 86_400_000_000 - 1], pa.timestamp("us", "UTC")),
        "text": ["private", "private", "private"],
    }
)


@pytest.fixture
def window() -> TableWindow:
    return TableWindow(
        lambda _table, columns: ROWS.select(list(columns)).to_reader(max_chunksize=1),
        {"messages": ("platform", "sent_at")},
        LocalEngine(),
    )


def test_declared_columns_are_given(window: TableWindow) -> None:
    """Rows come with the columns that were asked for, and can be counted."""
    assert window.rows("messages", ["platform"]).read_all().to_pydict() == {"platform": ["garden", "club", "garden"]}
    assert window.count("messages") == 3


def test_undeclared_columns_and_tables_are_refused(window: TableWindow) -> None:
    """A column or table outside needs is a ConfigurationError that names it."""
    with pytest.raises(ConfigurationError, match="the column text"):
        window.rows("messages", ["platform", "text"])
    for ask in (window.count, lambda table: window.rows(table, [])):
        with pytest.raises(ConfigurationError, match="the table accounts"):
            ask("accounts")


def test_a_query_sees_declared_columns_in_utc(window: TableWindow) -> None:
    """Aggregates by day of UTC are right, and a table can be read twice in one query."""
    days = window.query(
        "SELECT date_trunc('day', sent_at) AS day, count(*) AS n FROM messages GROUP BY ALL ORDER BY ALL"
    )
    assert days.to_pylist() == [
        {"day": datetime(1970, 1, 1, tzinfo=UTC), "n": 2},
        {"day": datetime(1970, 1, 2, tzinfo=UTC), "n": 1},
    ]
    twice = window.query("SELECT count(*) AS n FROM messages a JOIN Messages b USING (platform)")
    named = window.query("WITH m AS (SELECT * FROM messages) SELECT count(*) AS n FROM m a JOIN m b USING (platform)")
    assert twice.to_pydict() == named.to_pydict() == {"n": [5]}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT text FROM messages",
        "SELECT * FROM accounts",
        "SELECT * FROM ROWS",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "COPY messages TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        "SET threads = 1",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "",
    ],
)
def test_a_query_reaches_nothing_else(window: TableWindow, sql: str) -> None:
    """Undeclared columns, other tables, Python's variables, files, settings and second statements are refused."""
    with pytest.raises(ConfigurationError):
        window.query(sql)


def test_an_error_of_a_query_quotes_no_value(window: TableWindow) -> None:
    """A value that cannot be cast is not in the message."""
    with pytest.raises(ConfigurationError) as caught:
        window.query("SELECT CAST(platform AS INTEGER) FROM messages")
    assert "garden" not in str(caught.value)
