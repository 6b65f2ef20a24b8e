"""Run the steps of an import beside one another: one parses while one cleans and one writes."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

_END = object()


def ahead(items: Iterable[Item], depth: int = 2) -> Iterator[Item]:
    """The same items in the same order, produced by a thread of their own, at most ``depth`` ahead.

    An exception in the producer is raised here, after the items before it. Closing this iterator stops
    the producer, so that nothing is left running.

    >>> list(ahead(range(3)))
    [0, 1, 2]
    """
    ready: queue.Queue[object] = queue.Queue(maxsize=depth)
    stop = threading.Event()
    failure: list[BaseException] = []

    def put(item: object) -> bool:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def produce() -> None:
        iterator = iter(items)
        try:
            for item in iterator:
                if not put(item):
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the consumer, which raises it
            failure.append(error)
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()
            put(_END)

    thread = threading.Thread(target=produce, name="seawall-ahead", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not _END:
            yield item  # type: ignore[misc]
        if failure:
            raise failure[0]
    finally:
        stop.set()
        thread.join()


def side_by_side(make: Callable[[Item], Made], items: Iterable[Item], workers: int) -> Iterator[Made]:
    """``make`` of each item, in order, for ``workers`` items at once; an error is raised at its item's place.

    >>> list(side_by_side(abs, [-1, 2, -3], workers=2))
    [1, 2, 3]
    """
    waiting: deque[Future[Made]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="seawall-side")
    try:
        for item in items:
            waiting.append(pool.submit(make, item))
            if len(waiting) >= workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
