from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from seawall.casebook import Role
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of, write_hostile_messages
from tests.web.pages.seen import (
    assert_no_inline,
    assert_no_markup,
    assert_pictures_have_tables,
    network_of,
    some_account,
    some_channel,
)


def test_the_timeline_of_a_filter(console: Served) -> None:
    """A filter counts the messages that fit it, in a picture with its table and in JSON alike."""
    channel, browser = some_channel(console), console.as_(Role.ANALYST)
    page = browser.get(f"/explore?channel={channel}").text
    wanted = console.workspace().messages(["channel_id"])["channel_id"].to_pylist().count(channel)
    assert f"{wanted:,} messages fit the filter." in text_of(page).replace(str(wanted), f"{wanted:,}")
    assert_pictures_have_tables(page)
    assert_no_inline(page)
    told = browser.get(f"/explore/timeline.json?channel={channel}").json()
    assert sum(count for count in told["observed"] if count) == wanted


def test_messages_a_page_at_a_time(console: Served) -> None:
    """The table holds 200 messages a page, the latest first, and the pages together hold all of them once."""
    browser, path, seen = console.as_(Role.REVIEWER), "/explore?view=table&start=2026-05-20", []
    while path:
        page = browser.get(path).text
        times = re.findall(r'<th scope="row"[^>]*data-value="([^"]+)"', page)
        assert len(times) <= 200
        seen += times
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = html.unescape(found[1]) if found else ""
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == console.workspace().message_page(_since("2026-05-20")).total > 200


def test_hostile_messages_are_harmless(console: Served, tmp_path: Path) -> None:
    """Markup, directions and addresses in a text stand in the table as characters."""
    write_hostile_messages(console, tmp_path, [HOSTILE, "\u202eseed swap \U000e0041\u200b", "=1+1"])
    page = console.as_(Role.REVIEWER).get("/explore?view=table&start=2026-06-10").text
    assert_harmless(page)
    assert "\U000e0041" not in page
    assert "alert(&#39;beds&#39;)" in page


def test_hostile_addresses_are_harmless(console: Served) -> None:
    """Whatever the fields of an address hold stands in the page as a value, and breaks nothing."""
    browser = console.as_(Role.REVIEWER)
    for name in ("start", "end", "platform", "channel", "account", "text", "window", "least", "page", "view", "every"):
        for view in ("timeline", "table", "network"):
            answer = browser.get("/explore", params={"view": view, name: HOSTILE})
            assert answer.status_code == 200
            assert_no_markup(answer.text)


def test_a_network_and_its_tables(console: Served) -> None:
    """The six who vote together are found; accounts, pairs and groups stand in tables that need no script."""
    browser = console.as_(Role.ANALYST)
    told = network_of(browser)
    assert {"nodes", "edges", "groups", "unit", "source", "whole_groups", "as_of"} <= told.keys()
    assert (told["accounts"], told["pairs"], len(told["groups"])) == (6, 15, 1)
    assert all(len(node) == 6 and len(edge) == 3 for node in told["nodes"] for edge in told["edges"])
    page = browser.get("/explore?view=network").text
    assert_no_inline(page)
    assert "15 pairs of accounts acted together in 1 group." in text_of(page)
    assert '<link rel="preload" as="fetch" crossorigin="anonymous" href="/explore/network.json?view=network">' in page
    assert page.count("/explore/edge?") >= 15
    for account in (node[0] for node in told["nodes"]):
        assert f'href="/accounts/{account}"' in page


def test_a_network_that_is_being_computed(console: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a network is computed the page says so and how to look again; nobody waits in front of an empty page."""
    from seawall.workspace.looking_network import NetworkSeen

    working = NetworkSeen("working", "reading messages", 1, 4)
    workspace = type(console.workspace())
    monkeypatch.setattr(workspace, "network_seen", lambda *_, **__: working)
    page = console.as_(Role.ANALYST).get("/explore?view=network").text
    assert "reading messages: 1 of 4" in text_of(page)
    assert "Look again" in page
    assert "data-poll" in page
    assert 'rel="preload"' not in page


def test_the_messages_behind_a_pair(console: Served) -> None:
    """A pair leads to both messages of each meeting, with their times and the lag; the reading is audited."""
    browser = console.as_(Role.ANALYST)
    told = network_of(browser)
    source, target = (told["nodes"][place][0] for place in told["edges"][0][:2])
    page = browser.get("/explore/edge", params={"source": source, "target": target}).text
    assert "These two accounts met on 12 pairs of messages." in text_of(page)
    assert page.count("Vote for bed number") == 24
    assert re.search(r'class="n"><bdi dir="ltr">[+-]\d+\.\d<', page)
    assert any(entry["detail"].get("for") == "edge" for entry in console.workspace(Role.AUDITOR).audit_entries())


def test_a_pair_of_nobody_is_hidden(console: Served) -> None:
    """A pair with an account that is not there, or of one account alone, is answered like what may not be seen."""
    browser, account = console.as_(Role.ANALYST), some_account(console)
    for source, target in ((account, "h000"), (account, account), ("", account), (HOSTILE, account)):
        answer = browser.get("/explore/edge", params={"source": source, "target": target})
        assert answer.status_code == 404
        assert_harmless(answer.text)


def test_the_copied_python_runs(console: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands under "The same as Python" runs as it is beside the folder, in each view."""
    channel, browser = some_channel(console), console.as_(Role.ANALYST)
    network_of(browser, f"?channel={channel}")
    monkeypatch.chdir(console.folder.parent)
    monkeypatch.setattr("getpass.getuser", lambda: console.names[Role.ANALYST])
    defined: dict[str, dict[str, Any]] = {}
    for view in ("timeline", "table", "network"):
        page = browser.get(f"/explore?view={view}&channel={channel}&start=2026-04-01").text
        text = html.unescape(re.search(r'<code id="python-code">(.*?)</code>', page, re.DOTALL)[1])  # type: ignore[index]
        defined[view] = {}
        exec(compile(text, view, "exec"), defined[view])  # noqa: S102 - what is tested is that it runs
    assert len(defined["table"]["rows"]) == 200
    told = browser.get(f"/explore/timeline.json?channel={channel}&start=2026-04-01").json()
    assert [count for _, count in defined["timeline"]["counts"]] == [count for count in told["observed"] if count]
    assert len(defined["network"]["found"]) == 15


def test_views_are_kept_for_oneself(console: Served) -> None:
    """A view is kept under a name, found again, replaced by one of the same name, and thrown away; others have none."""
    browser = console.as_(Role.REVIEWER)
    keep = {"filters": "view=table&platform=forum", "name": " Forum,  at night "}
    answer = browser.send_form("/explore/views", **keep)
    assert answer.headers["location"] == "/explore?view=table&platform=forum"
    page = browser.get("/explore").text
    assert re.search(r'href="/explore\?view=table&amp;platform=forum"><bdi[^>]*>Forum, at night<', page)
    assert "Forum, at night" not in console.as_(Role.LEAD).get("/explore").text
    browser.send_form("/explore/views", filters="view=network", name="Forum, at night")
    assert browser.get("/explore").text.count(">Forum, at night<") == 1
    browser.send_form("/explore/views/forget", filters="", name="Forum, at night")
    assert "Forum, at night" not in browser.get("/explore").text


def test_a_view_without_a_name(console: Served) -> None:
    """A view without a name is not kept, and the page says so beside the field."""
    answer = console.as_(Role.REVIEWER).send_form("/explore/views", filters="platform=forum", name="  ")
    assert answer.status_code == 422
    assert "Give the view a name." in answer.text


def test_too_many_views(console: Served) -> None:
    """Beyond thirty views another one is refused with what to do, and the thirty stay."""
    browser = console.as_(Role.REVIEWER)
    views = [{"name": f"view {number}", "query": "view=table"} for number in range(30)]
    console.workspace(Role.REVIEWER).set_preferences(console.names[Role.REVIEWER], {"views": views})
    answer = browser.send_form("/explore/views", filters="", name="one more")
    assert answer.status_code == 422
    assert "Throw one away first." in answer.text
    assert "view 29" in browser.get("/explore").text


def test_who_may_not_explore(console: Served) -> None:
    """Auditors and administrators get nothing of the records."""
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.SAFEGUARDING):
        browser = console.as_(role)
        for path in ("/explore", "/explore/timeline.json", "/explore/network.json", "/explore/edge?source=a&target=b"):
            assert browser.get(path).status_code in (403, 404)


def _since(day: str) -> Any:
    from datetime import UTC, datetime

    from seawall.workspace.looking_filter import MessageFilter

    return MessageFilter(start=datetime.fromisoformat(day).replace(tzinfo=UTC))
