"""What pages need, read beside the answers."""

from __future__ import annotations

import shutil
import threading

from seawall.casebook import Role
from seawall.web.serving import wait_for_readers
from seawall.web.warmth import Warmth
from tests.web.conftest import Served


def test_what_pages_need_is_read_beside_them(console: Served) -> None:
    """Health says whether it is in memory, and how long that took."""
    browser = console.as_(Role.LEAD)
    assert "with the first page" in browser.get("/health").text
    console.console.warmth.begin(console.console.workspace)
    wait_for_readers()
    assert console.console.warmth.check().told.endswith(" s")
    assert "Everything that was tried works." in browser.get("/health").text


def test_records_that_cannot_be_read_are_told(console: Served) -> None:
    """Where the records are gone, the line of Health is a bad one, and nothing else breaks."""
    shutil.rmtree(console.folder / "lake")
    warmth = Warmth()
    warmth.begin(console.console.workspace)
    wait_for_readers()
    assert not warmth.check().well
    assert warmth.check().told


def test_the_end_waits_for_what_is_read_beside_the_answers() -> None:
    """A thread of Seawall's own that still reads is waited for."""
    going, done = threading.Event(), threading.Event()

    def read() -> None:
        going.wait()
        done.set()

    threading.Thread(target=read, name="seawall-looking", daemon=True).start()
    end = threading.Thread(target=wait_for_readers)
    end.start()
    assert end.is_alive()
    going.set()
    end.join()
    assert done.is_set()
