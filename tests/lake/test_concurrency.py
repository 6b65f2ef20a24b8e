from __future__ import annotations

import threading

from seawall.lake import Lake
from tests.lake.worlds import clean, commit, reopened


def test_readers_beside_the_writer_see_whole_batches_only(lake: Lake):
    """Whatever the moment, messages and interactions of the same batches are there, all of them."""
    rows, batches = 50, 25
    done = threading.Event()
    seen: list[tuple[int, int]] = []

    def read() -> None:
        with reopened(lake) as reading:
            while not done.is_set():
                moment = reading.query(
                    "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM interactions)",
                    {"messages": ["batch"], "interactions": ["batch"]},
                )
                seen.append(tuple(column[0].as_py() for column in moment.columns))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, batches + 1):
        made = [{"message_id": f"club:{number}:{place}"} for place in range(rows)]
        acts = [{"interaction_id": f"{number}:{place}", "parent": place} for place in range(rows)]
        commit(lake, clean(made, acts), number=number)
        if number % 10 == 0:
            lake.compact()
    done.set()
    reader.join()
    assert len({count for count, _ in seen}) > 1
    for messages, interactions in seen:
        assert messages == interactions
        assert messages % rows == 0
