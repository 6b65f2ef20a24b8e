"""Links and places out of a workspace: what is imported, and nothing that was said in private."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

import seawall
from seawall.errors import InputError, MeasureError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.workspace import TableExpander, Workspace
from seawall.workspace.placing import LINKS

TEXTS = [
    ("rosa", "beds", "See https://t.me/Garden_Club/12 and http://bit.ly/3"),
    ("tom", "rides", "https://t.me/garden_club"),
    ("tom", "rides", "no link"),
    ("mia", "rides", "https://chat.club.example/home https://bit.ly/3"),
]


@pytest.fixture
def club(tmp_path: Path) -> Workspace:
    export = tmp_path / "club.ndjson"
    rows = [
        {"id": str(n), "author": author, "channel": channel, "time": f"2026-05-0{n + 1}T09:00:00Z", "text": text}
        for n, (author, channel, text) in enumerate(TEXTS)
    ]
    export.write_text("\n".join(map(json.dumps, rows)))
    workspace = seawall.create(tmp_path / "club")
    workspace.add(export, options=ReadOptions(visibility=Visibility.PUBLIC, platform="forum"))
    return workspace


def test_links_are_rows_of_messages(club: Workspace) -> None:
    """One row a link with its message, channel and account; a span of time takes those in it; the read is audited."""
    links = club.links()
    assert links.schema == LINKS
    assert links.num_rows == 5
    assert len(set(links["message"].to_pylist())) == 3
    assert club.links(start=links["at"][1].as_py().replace(day=2)).num_rows == 3
    reads = [entry["detail"] for entry in club.audit_entries() if entry["act"] == "read"]
    assert [one["for"] for one in reads if "for" in one] == ["links", "links"]


def test_places_count_channels(club: Workspace) -> None:
    """A handle and a message of it are one place; the first place is the one of most channels."""
    found = club.places()
    first = found.table.slice(0, 2).to_pylist()
    assert {row["kind"] for row in first} == {"telegram_handle", "shortener"}
    assert all((row["channels"], row["messages"], row["accounts"]) == (2, 2, 2) for row in first)
    assert not any("garden_club" in row["place"].lower() for row in found.table.to_pylist())


def test_your_own_table_is_read_from_the_folder(club: Workspace) -> None:
    """places.csv says what a host is; a table that is handed in takes its place; a wrong one is named."""
    assert "rocketchat" not in club.places().table["kind"].to_pylist()
    (club.path / "places.csv").write_text("host,kind,role\nchat.club.example,rocketchat,\n")
    assert ("chat.club.example", "rocketchat", "chat") in told(club)
    other = pa.table({"host": ["chat.club.example"], "kind": ["forum"], "role": ["social"]})
    assert ("chat.club.example", "forum", "social") in told(club, table=other)
    (club.path / "places.csv").write_text("host,sort\na.example,b\n")
    with pytest.raises(InputError, match="kind is missing"):
        club.places()
    (club.path / "places.csv").write_text("host,kind,role\na.example,b,shop\n")
    with pytest.raises(MeasureError, match="row 1"):
        club.places()


def told(club: Workspace, **options: pa.Table) -> set[tuple[str, str, str]]:
    rows = club.places(**options).table.to_pylist()
    return {(row["place"], row["kind"], row["role"]) for row in rows}


def test_short_links_stand_for_what_an_operator_says(club: Workspace, tmp_path: Path) -> None:
    """With an expander the target takes the place of the short link, canonical and without names; the lake stays."""
    before = club.links()
    path = tmp_path / "targets.csv"
    path.write_text("short,target\nhttps://bit.ly/3,https://T.me/s/Garden_Club?utm_source=x\n")
    links = club.links(expander=TableExpander.read(path))
    assert links["place"].to_pylist().count("shortener") == 0
    assert (
        len({url for url in links["url"].to_pylist() if url.startswith("https://t.me/~") and url.count("/") == 3}) == 1
    )
    assert club.links() == before


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("short\nhttps://bit.ly/3\n", "target is missing"),
        ("short,target\nhttps://bit.ly/3,\n", "line 2"),
        ("short,target\nhttp://bit.ly/3,http://a.org\nhttps://bit.ly/3,http://b.org\n", "two targets"),
        ("", "no table"),
    ],
)
def test_a_table_of_short_links_is_checked(tmp_path: Path, text: str, match: str) -> None:
    """What is missing or told twice is named by its line."""
    path = tmp_path / "targets.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=match):
        TableExpander.read(path)
    with pytest.raises(InputError, match="no such file"):
        TableExpander.read(tmp_path / "nowhere.csv")


def test_private_words_lead_nowhere(tmp_path: Path) -> None:
    """Links of direct conversations are left out; a closed group tells kinds and domains, not addresses."""
    export = tmp_path / "club.csv"
    export.write_text("id,author,channel,time,text\n1,rosa,beds,2026-05-01T09:00:00Z,https://t.me/garden_club\n")
    workspace = seawall.create(tmp_path / "closed")
    workspace.add(export, options=ReadOptions(visibility=Visibility.CLOSED, platform="forum"))
    assert workspace.links()["url"].to_pylist() == [None]
    (row,) = workspace.places().table.to_pylist()
    assert (row["place"], row["kind"]) == ("t.me", "telegram")
    direct = seawall.create(tmp_path / "direct")
    direct.add(export, options=ReadOptions(visibility=Visibility.DIRECT, platform="forum"))
    assert direct.links().num_rows == 0
    assert len(direct.places()) == 0


def test_a_channel_of_the_lake_is_the_place_that_links_lead_to(tmp_path: Path) -> None:
    """A channel that was imported and a message elsewhere that links to it meet: address and place are equal."""
    export = tmp_path / "channels.csv"
    export.write_text(
        "id,author,channel,channel_kind,channel_handle,time,text\n"
        "1,rosa,one,broadcast,Garden_Club,2026-05-01T09:00:00Z,Roses\n"
        "2,tom,two,group,rides,2026-05-02T09:00:00Z,Come to https://t.me/s/garden_club/7\n"
    )
    workspace = seawall.create(tmp_path / "channels")
    workspace.add(export, options=ReadOptions(visibility=Visibility.PUBLIC, platform="telegram"))
    with workspace.reading() as lake:
        channels = lake.reader("channels").read_all().to_pylist()
    (garden,) = (row for row in channels if row["handle"] == "garden_club")
    (place,) = workspace.places().table.to_pylist()
    assert place["place"] == garden["address"]
    assert {row["handle"] for row in channels} == {"garden_club", "rides"}
