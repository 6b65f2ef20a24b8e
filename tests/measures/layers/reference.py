"""The layers of the network, slow and obviously correct."""

from __future__ import annotations

from statistics import median
from typing import Any

Row = dict[str, Any]
Act = tuple[Any, Any, Any, float]  # object, account, message, at (seconds): as the reference of coordination takes it


def objects_of(row: Row, layer: str, known: dict[str, str]) -> list[Any]:
    """What one message acts on in a layer. ``known``: SHA-256 -> PDQ."""
    if layer == "repost":
        return [row["repost_of"]]
    if row["repost_of"]:
        return []
    if layer == "text":
        return [row["text_key"]]
    if layer == "reply":
        return [row["reply_to"]]
    if layer == "link":
        return [link["url"] for link in row["links"] or [] if link]
    if layer in ("hashtag", "hashtag_sequence"):
        tags = [tag for tag in row["hashtags"] or [] if tag]
        if layer == "hashtag":
            return list(tags)
        return [" ".join(tags)] if len(set(tags)) > 1 else []
    if layer == "mention":
        return list(row["mentions"] or [])
    return [picture(item, known) for item in row["media"] or []]


def picture(item: Row, known: dict[str, str]) -> str | None:
    """What a file is called."""
    if item["sha256"] in known:
        return "pdq:" + known[item["sha256"]]
    if good(item):
        return "pdq:" + item["pdq"]
    return "sha256:" + item["sha256"] if item["sha256"] else None


def good(item: Row) -> bool:
    """Whether its PDQ hash says something."""
    return bool(item["pdq"]) and (item["quality"] is None or item["quality"] >= 50)


def acts(rows: list[Row], layer: str) -> list[Act]:
    """All acts of a layer; a message without an id is one of its own."""
    known: dict[str, str] = {}
    for row in rows:
        for item in row["media"] or []:
            if good(item) and item["sha256"]:
                known.setdefault(item["sha256"], item["pdq"])
    found = []
    for number, row in enumerate(rows):
        if row["account_id"] and row["at"] is not None:
            message = row["message_id"] or number
            things = dict.fromkeys(thing for thing in objects_of(row, layer, known) if thing not in (None, ""))
            found += [(thing, row["account_id"], message, row["at"]) for thing in things]
    return found


def separate(acts: list[Act], window: float, first: str, second: str) -> int:
    """By how many separate messages two accounts met, of the one with fewer."""

    def met(ours: str, theirs: str) -> int:
        return len(
            {
                own[2]
                for own in acts
                for other in acts
                if own[1] == ours and other[1] == theirs and own[0] == other[0] and abs(own[3] - other[3]) <= window
            }
        )

    return min(met(first, second), met(second, first))


def window(shares: list[tuple[Any, float]], quantile: float = 0.1, part: float = 0.5) -> float | None:
    """What CooRnet's estimate_coord_interval does, step by step, of (object, seconds)."""
    times: dict[Any, list[float]] = {}
    for thing, at in shares:
        times.setdefault(thing, []).append(at)
    spread = {thing: [at - min(some) for at in sorted(some)] for thing, some in times.items() if len(some) > 1}
    if not spread:
        return None
    limit = quantile_7([seconds[1] for seconds in spread.values()], quantile)
    fast = [seconds for seconds in spread.values() if seconds[1] <= limit]
    beyond = [min(s for rank, s in enumerate(seconds, 1) if rank / len(seconds) > part) for seconds in fast]
    return quantile_7(beyond, part) or 1.0


def quantile_7(values: list[float], part: float) -> float:
    """R's usual quantile."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def fast_reposts(rows: list[Row], within: float) -> dict[tuple[str, str], tuple[int, int, float, float, float]]:
    """(source, target) -> fast, reposts, share, share of source, median."""
    usable = [row for row in rows if row["account_id"] and row["at"] is not None]
    original: dict[str, Row] = {}
    for row in usable:
        if row["message_id"]:
            held = original.setdefault(row["message_id"], row)
            if (row["at"], row["account_id"]) < (held["at"], held["account_id"]):
                original[row["message_id"]] = row
    delays: dict[tuple[str, str], list[float]] = {}
    every: dict[str, int] = {}
    for row in usable:
        if row["repost_of"]:
            every[row["account_id"]] = every.get(row["account_id"], 0) + 1
            of = original.get(row["repost_of"])
            if of is not None and of["account_id"] != row["account_id"] and row["at"] >= of["at"]:
                delays.setdefault((row["account_id"], of["account_id"]), []).append(row["at"] - of["at"])
    out = {}
    for (source, target), some in delays.items():
        fast = [delay for delay in some if delay <= within]
        if fast:
            out[source, target] = (
                len(fast), len(some), len(fast) / len(some), len(fast) / every[source], median(fast)
            )  # fmt: skip
    return out
