"""Processes that commit batches until they are killed; they say each number after ``commit`` has returned.

``python -m tests.lake.killed`` reads the paths of lakes, and for each forks a process that commits; so that the
imports are paid for once. The batches are always the same, with duplicates, edits, deletions and rows without
ids among them. A line that is whole ends with a full stop.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from seawall.lake import Lake, index
from seawall.protocols import CleanBatch
from tests.forked import serve
from tests.lake.worlds import START, account, clean, commit

ROWS = 40
BATCHES = 12


def batch(number: int) -> CleanBatch:
    """The same batch for the same number, in every process."""
    start = ROWS * number
    rows: list[dict[str, object]] = [
        {"message_id": f"club:{start + place}", "text": f"bed {start + place}", "account_id": account(place)}
        for place in range(ROWS)
    ]
    rows += [{"message_id": f"club:{start - 1}", "text": f"bed {start - 1}"}] if number else []
    edit = {
        "message_id": f"club:{start - 2}",
        "text": "later",
        "edited": number,
        "edited_at": START + timedelta(number),
    }
    rows += [edit] if number else []
    acts = [{"interaction_id": f"m{start + place}", "parent": place} for place in range(0, ROWS, 3)]
    acts += [{"interaction_id": f"own{number}"}]
    return clean(rows, acts, deletions=[{"message_id": f"club:{start}"}], accounts=[{"account_id": account(number)}])


def counted(number: int) -> CleanBatch:
    """Rows without ids, the same words again and again."""
    return clean([{"message_id": f"club:~{place % 3}", "text": str(place % 3)} for place in range(7)], counted=True)


def commit_all(lake: Lake) -> None:
    """Commit what is missing of both feeds."""
    for feed, make in (("generic 00", batch), ("generic 01", counted)):
        progress = lake.progress(feed)
        for number in range(1 + (progress.number if progress else 0), BATCHES + 1):
            commit(lake, make(number - 1), feed=feed, number=number, last=number == BATCHES)
            print("ack", feed, number, ".", flush=True)
    print("done .", flush=True)


def main(folder: Path) -> None:
    index.FAN = 3  # so that merges are met often
    with Lake.open(folder, write=True) as lake:
        commit_all(lake)


if __name__ == "__main__":
    serve(main)
