"""Counts of series by one query in DuckDB's SQL: slow, and plain to read."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from seawall.detectors.surge_kinds import AUTHORS, KINDS, LISTED, TEXT
from seawall.measures.bursts.plan import FIRST_MONDAY

_SIGNS = dict(zip((*KINDS, *LISTED), "pclmdaix", strict=True))
"""The first letter of a key of the query -> the kind of series."""


def counts(
    messages: pa.Table, width: int, kinds: Sequence[str], indicators: Sequence[str] = (), clusters: Sequence[str] = ()
) -> list[tuple[str, str, str | None, int, int]]:
    """``kind, platform, name, bin, count``, sorted."""
    return _asked(messages, counting(width, kinds, indicators, clusters))


def texts(messages: pa.Table, least: int) -> list[str]:
    """The texts of which there are so many copies by several accounts."""
    return [name for (name,) in _asked(messages, common_texts(least))]


def _asked(messages: pa.Table, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("messages", messages)
        return sorted(connection.sql(sql).fetchall(), key=repr)


def counting(width: int, kinds: Sequence[str], indicators: Sequence[str], clusters: Sequence[str]) -> str:
    """The query that counts all kinds of series in one pass. Every message is spread over the keys of its series."""
    keys = [
        "['p']",
        f"['c' || channel_id, 'l' || nullif(language, 'und'){', ' + repr('a') if 'accounts' in kinds else ''}]",
    ]
    if "media" in kinds:
        keys.append(f"list_transform({_media_words()}, lambda one: 'm' || one)")
    if "domain" in kinds:
        keys.append("list_distinct(list_transform(links, lambda one: 'd' || one.domain))")
    keys += [
        f"list_distinct(list_transform(list_filter({_marks()}, lambda one: one IN ({_quoted(names)})), "
        f"lambda one: '{_SIGNS[kind]}' || one))"
        for kind, names in (("indicator", indicators), ("cluster", clusters))
        if kind in kinds and names
    ]
    cases = " ".join(f"WHEN '{sign}' THEN '{kind}'" for kind, sign in _SIGNS.items())
    return f"""
        SELECT
            CASE key[1] {cases} END AS kind, platform, nullif(key[2:], '') AS name, bin,
            CASE key WHEN 'a' THEN count(DISTINCT account_id) FILTER (key = 'a') ELSE count(*) END AS count
        FROM (
            SELECT platform, sent_at, account_id, unnest(list_concat({", ".join(keys)})) AS key,
                CAST(floor((epoch_us(sent_at) - {FIRST_MONDAY}) / {width}) AS BIGINT) AS bin
            FROM messages WHERE kind <> 'edit'
        )
        WHERE length(key) > 1 OR key IN ('p', 'a')
        GROUP BY platform, key, bin
    """  # noqa: S608 - names are quoted, numbers of our own


def common_texts(least: int) -> str:
    """The query for the names of texts."""
    return f"""
        SELECT DISTINCT '{TEXT}' || text_key AS name FROM messages WHERE kind <> 'edit' AND text_key IS NOT NULL
        GROUP BY platform, text_key HAVING count(*) >= {least} AND count(DISTINCT account_id) >= {AUTHORS}
    """  # noqa: S608 - numbers of our own


def _media_words() -> str:
    kinds = "list_distinct(list_filter(list_transform(media, lambda one: one.kind), lambda one: one IS NOT NULL))"
    return f"""CASE
        WHEN kind = 'service' THEN []
        WHEN len({kinds}) > 0 THEN {kinds}
        WHEN len(links) > 0 THEN ['link'] ELSE ['text'] END"""


def _marks() -> str:
    links = ", ".join(f"list_transform(links, lambda one: one.{part})" for part in ("domain", "url"))
    return f"list_concat({links}, ['{TEXT}' || text_key])"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
