"""Small frames for the tests of the journal: messages of gardening clubs."""

from __future__ import annotations

from seawall.journal import Frame, Journal, framed, pack
from seawall.protocols import CleanBatch
from tests.lake.worlds import clean


def batch(number: int, rows: int = 3) -> CleanBatch:
    made = [{"message_id": f"club:{number}:{place}", "text": f"bed {place} is dug"} for place in range(rows)]
    return clean(made, [{"interaction_id": f"act{number}:{place}", "parent": place - 1} for place in range(rows)])


def frame(number: int, feed: str = "live:garden:club", rows: int = 3) -> Frame:
    return framed(
        pack(batch(number, rows)),
        feed=feed,
        number=number,
        source="garden",
        platform="club",
        extractor="garden/1",
        checkpoint=str(number),
        epoch=0,
        accepted_at=1_777_800_000.0 + number,
    )


def numbers(journal: Journal) -> list[int]:
    return [held.header.number for held in journal.frames()]
