"""What the tests of the pages to look at share."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import looking_jobs
from tests.web.conftest import Browser, Served

PATIENCE_SECONDS = 120
LINKS = tuple(
    (f"bed {bed}", f"gardener {bed}.{member}", f"Seeds are at https://seeds{bed % 3}.example/{member} and elsewhere.")
    for bed in range(6)
    for member in range(4)
)


def some_account(served: Served) -> str:
    """The pseudonym of an account of the club."""
    return str(served.workspace().messages(["account_id"])["account_id"][0].as_py())


def some_channel(served: Served) -> str:
    """The pseudonym of a channel of the club."""
    return str(served.workspace().messages(["channel_id"])["channel_id"][0].as_py())


def write_links(served: Served, links: Sequence[tuple[str, str, str]] = LINKS) -> None:
    """Let members link: channel, account and text of each message, an hour after the other."""
    path = served.folder.parent / "links.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("id", "author", "created_at", "channel", "text"))
        for place, (channel, account, text) in enumerate(links):
            at = datetime(2026, 6, 8, tzinfo=UTC) + timedelta(hours=place)
            out.writerow((f"link{place}", account, at.isoformat(), channel, text))
    served.workspace().add(path, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))


def some_place(served: Served) -> str:
    """A place that messages of the club link to; the places are there when it is told."""
    lead = served.workspace()
    if not any(lead.messages(["links"])["links"].to_pylist()):
        write_links(served)
        looking_jobs._jobs.clear()  # pages show for some minutes what was computed before
    seen = lead.places_seen(patience=PATIENCE_SECONDS)
    assert seen.found is not None, seen.problem
    return str(seen.found.table["place"][0].as_py())


def network_of(browser: Browser, query: str = "") -> dict[str, Any]:
    """The network's JSON once it is there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        answer = browser.get(f"/explore/network.json{query}")
        told: dict[str, Any] = answer.json()
        assert answer.status_code == (202 if told["state"] == "working" else 200)
        if told["state"] != "working":
            return told
        time.sleep(0.05)
    raise AssertionError("The network was never there.")


def assert_no_inline(page: str) -> None:
    """Nothing in the page needs a policy that allows inline styles or scripts."""
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert all(re.search(r"\ssrc=", one) for one in re.findall(r"<script[^>]*>", page))


def assert_pictures_have_tables(page: str) -> None:
    """Every picture is named, and its figure holds a table with the same numbers, a source and the zone."""
    figures = re.findall(r'<figure class="picture timeline.*?</figure>', page, re.DOTALL)
    assert figures
    for one in figures:
        assert re.search(r'<svg[^>]*role="img"[^>]*aria-label="[^"]+', one)
        assert '<details class="twin"' in one
        assert "<table" in one
        assert "Source:" in one
        assert "UTC" in one


def assert_no_markup(page: str) -> None:
    """What was typed into a field stands there again as characters; nothing of it is markup."""
    assert "<script>alert" not in page
    assert "<img" not in page
