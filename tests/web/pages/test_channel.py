from __future__ import annotations

import json
from pathlib import Path

from seawall.casebook import Role
from seawall.protocols import ReadOptions
from tests.web.conftest import Served
from tests.web.pages.cases import HOSTILE, assert_harmless, text_of
from tests.web.pages.seen import assert_no_inline, assert_pictures_have_tables, some_channel


def test_a_channel_in_counts(console: Served) -> None:
    """The page tells how much was written in a channel, when and by how many, with the surges that name it."""
    channel = some_channel(console)
    page = console.as_(Role.ANALYST).get(f"/channels/{channel}").text
    rows = console.workspace().messages(["channel_id", "account_id"]).to_pylist()
    mine = [row["account_id"] for row in rows if row["channel_id"] == channel]
    assert f"{len(mine):,} messages by {len(set(mine))} accounts" in text_of(page).replace(" ;", ";")
    assert_pictures_have_tables(page)
    assert_no_inline(page)
    assert "1 alert names it." in text_of(page)
    assert f"/explore?channel={channel}" in page


def test_a_hostile_title_is_harmless(console: Served, tmp_path: Path) -> None:
    """The title of a broadcast channel is shown as characters, on its page and wherever it is named."""
    export = {
        "name": HOSTILE,
        "type": "public_channel",
        "id": 4711,
        "messages": [
            {"id": 1, "type": "message", "date_unixtime": "1780000000", "from": "x", "from_id": "channel4711",
             "text": "Beans.", "text_entities": [{"type": "plain", "text": "Beans."}]}
        ],
    }  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps(export), encoding="utf-8")
    workspace = console.workspace()
    workspace.add(tmp_path / "result.json", options=ReadOptions())
    rows = workspace.messages(["channel_id", "platform"]).to_pylist()
    channel = next(row["channel_id"] for row in rows if row["platform"] == "telegram")
    browser = console.as_(Role.REVIEWER)
    pages = [browser.get(path).text for path in (f"/channels/{channel}", "/explore?view=table&platform=telegram")]
    for page in pages:
        assert_harmless(page)
        assert "alert(&#39;beds&#39;)" in page


def test_nothing_is_hidden(console: Served) -> None:
    """A channel that nothing is known of, and a channel for someone who may see none, are answered alike."""
    assert console.as_(Role.REVIEWER).get("/channels/nowhere").status_code == 404
    channel = some_channel(console)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.SAFEGUARDING):
        answers = {console.as_(role).get(f"/channels/{one}").status_code for one in (channel, "nowhere")}
        assert answers in ({403}, {404})
