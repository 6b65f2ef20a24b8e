"""Processes that take in live batches until they are killed; each says what ``accept`` has acknowledged.

``python -m tests.killed_ingest`` reads the paths of workspaces, and for each forks a process that goes on where the
acknowledged checkpoint says; so that the imports are paid for once. The events are always the same, with duplicates,
edits in any order, deletions before their messages, rows without ids and coverage among them. How many batches are
accepted at once, and when they are flushed, is left to chance. A line that is whole ends with a full stop.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import seawall
from seawall.intake.clean import Intake
from seawall.intake.pseudonyms import Pseudonyms
from seawall.journal import pack
from seawall.lake import index, tidying
from seawall.protocols import RawBatch
from tests.forked import serve
from tests.workspace.live import CLUB, GARDEN, at, post, told, who

BATCHES = 40


def batch(number: int) -> RawBatch:
    """The same batch for the same number, in every process."""
    posts = [
        post(f"{number}-{place}", f"gardener{place}", minute=number, text=f"Bed {number}.{place} is dug.")
        for place in range(4)
    ]
    posts += [post(f"{number // 2}-0", "gardener0", minute=number // 2, text=f"Bed {number // 2}.0 is dug.")]
    posts += [post(f"{number + number % 5 - 2}-1", "gardener1", text=f"Edit {number}.", edited_at=at(100 + number % 7))]
    posts += [{**post("", "iris", minute=number % 3, text="Good morning.", mentions=[who("rosa")]), "message_id": None}]
    gone = [(f"{number + 3}-2", 200), (f"{number - 3}-3", 200)]
    return told(posts, gone=gone, watched=(number, number + 1), checkpoint=str(number))


def main(folder: Path) -> None:
    index.FAN, tidying.MANY_FILES = 3, 5  # so that merges and joins are met often
    chance = random.Random()
    with seawall.open(folder).ingest() as ingest:
        done = threading.Event()

        def flush() -> None:
            while not done.is_set():
                ingest.flush()
                ingest.compact_if_needed()
                done.wait(chance.uniform(0, 0.1))

        flushing = threading.Thread(target=flush)
        flushing.start()
        reached = ingest.checkpoint("club")
        number = 0 if reached is None else int(reached) + 1
        while number < BATCHES:
            count = min(chance.randint(1, 3), BATCHES - number)
            ingest.accept(CLUB, GARDEN, [batch(one) for one in range(number, number + count)])
            number += count
            print("ack", number - 1, ".", flush=True)
        done.set()
        flushing.join()
    print("done .", flush=True)


def warm() -> None:
    """Load kernels and models once for all forks."""
    intake = Intake(Pseudonyms(bytes(32), bytes(32)), source="garden", basis=None, keep_identities=False)
    pack(intake.clean(batch(5), file="live", options=CLUB.options, batch=0, collected_at=at(0)))


if __name__ == "__main__":
    warm()
    serve(main)
