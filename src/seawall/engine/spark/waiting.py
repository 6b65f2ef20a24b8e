"""Work beside the main thread, which meanwhile tells how far it is, keeps to a limit of time, and hears Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

LOOK_SECONDS = 0.25
END_SECONDS = 10.0
"""Work that was told to end is waited for so long."""

Result = TypeVar("Result")


def waited(
    work: Callable[[], Result],
    *,
    cancel: Callable[[], None],
    look: Callable[[], None] = lambda: None,
    seconds: float | None = None,
) -> Result:
    """What the work gives.

    Args:
        work: it runs in a thread of its own.
        cancel: makes the work end early.
        look: called again and again while it runs; if it raises, the work is ended.
        seconds: so long is waited; None = as long as it takes.

    Raises:
        TimeoutError: it took longer; it was told to end.
    """
    given: list[Result] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            given.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
            failed.append(error)
        finally:
            ended.set()

    ends = monotonic() + (float("inf") if seconds is None else seconds)
    thread = threading.Thread(target=run, name="seawall-spark", daemon=True)
    thread.start()
    try:
        while not ended.wait(max(0.0, min(LOOK_SECONDS, ends - monotonic()))):
            look()
            if monotonic() > ends:
                raise TimeoutError
    except BaseException:
        cancel()
        ended.wait(END_SECONDS)
        raise
    thread.join()
    if failed:
        raise failed[0]
    return given[0]
