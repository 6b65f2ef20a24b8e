"""Exports of Slack, as folders and as zip files."""

from __future__ import annotations

import html
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput, check_batches
from seawall.errors import InputError
from seawall.protocols import Input, RawBatch, ReadOptions
from seawall.sources import digest, recognise, survey_paths
from seawall.sources.bundles import SLACK_MARK
from seawall.sources.slack import Slack
from seawall.sources.slack_message import time_of
from seawall.sources.slack_rooms import NOT_LISTED
from tests.sources.reading import _told

SLACK = Slack()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(file: Input) -> list[RawBatch]:
    found = list(SLACK.read(file, ReadOptions()))
    check_batches(found, "this export")
    return found


def rows(file: Input, table: str = "messages") -> list[dict[str, Any]]:
    return [_told(row) for batch in read(file) for row in getattr(batch, table).to_pylist()]


def bundle(*lines: Any) -> MemoryInput:
    content = SLACK_MARK + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return MemoryInput("slack export", content)


def message(text: Any = "beans", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": text, "ts": "1712905297.001013"} | more


def only(told: dict[str, Any], table: str = "messages", channel: str = "garden") -> dict[str, Any]:
    lists = ({"users": [{"id": "U1", "name": "marta"}]}, {"channels": [{"id": "C1", "name": "garden"}]})
    (row,) = rows(bundle(*lists, {"folder": channel, "messages": [told]}), table)
    return row


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=1).encode())
    return folder


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.json"), reverse=True):
            archive.write(file, file.relative_to(folder).as_posix())
    return path


EXPORT = {
    "users.json": [{"id": "U1", "name": "marta"}],
    "channels.json": [{"id": "C1", "name": "garden"}],
    "garden/2024-04-12.json": [message()],
    "garden/2024-04-13.json": [message(ts="1712991697.000001")],
}


@pytest.fixture(scope="module")
def fixture(shared_data: Path) -> Path:
    return shared_data / "adapters/slack"


def plainly(folder: Path) -> list[dict[str, Any]]:
    """What an export tells, by the slow and obvious way."""
    people = {one["id"]: one for one in json.loads((folder / "users.json").read_text())}
    (channel,) = json.loads((folder / "channels.json").read_text())

    def who(stable: str) -> dict[str, str]:
        return {"id": stable, "handle": people[stable]["name"], "name": people[stable]["profile"]["display_name"]}

    found: list[dict[str, Any]] = []
    for day in sorted((folder / channel["name"]).iterdir()):
        for one in json.loads(day.read_text()):
            seconds, micros = map(int, one["ts"].split("."))
            kind = one.get("subtype")
            row = {
                "position": len(found) + 1,
                "message_id": one["ts"],
                "channel_id": channel["id"],
                "account": who(one["user"]) if "user" in one else {"id": one["bot_id"], "name": one["username"]},
                "declared_bot": "bot_id" in one,
                "sent_at": EPOCH + timedelta(seconds=seconds, microseconds=micros),
                "visibility": "public",
                "kind": "service",
            }
            if kind in (None, "thread_broadcast", "bot_message"):
                text = re.sub(r"<(https?:[^|>]*)\|[^>]*>", r"\1", one["text"])
                row["text"] = html.unescape(
                    re.sub(r"<@\w+>", "@[account]", re.sub(r"<#[^>]*>", "#[channel]", text)).replace("<!here>", "here")
                )
                row["mentions"] = [who(stable) for stable in re.findall(r"<@(\w+)>", one["text"])]
                row["kind"] = "post"
            if one.get("thread_ts", one["ts"]) != one["ts"]:
                row |= {"kind": "reply", "thread_of": one["thread_ts"], "reply_to": one["thread_ts"]}
                row |= {"reply_to_account": who(one["parent_user_id"])} if "parent_user_id" in one else {}
            if "edited" in one:
                row["edited_at"] = datetime.fromtimestamp(float(one["edited"]["ts"]), UTC)
            if kind in ("channel_join", "channel_leave"):
                row["acts"] = [{"kind": kind.partition("_")[2]}]
            for reaction in one.get("reactions", []):
                row["acts"] = [
                    {"kind": "reaction", "source": who(user), "target": row["account"]} for user in reaction["users"]
                ]
            if "files" in one:
                row["media"] = [{"kind": "image", "bytes": file["size"]} for file in one["files"]]
            found.append(row)
    return found


def test_an_export_tells_what_a_plain_reading_finds(fixture: Path, tmp_path: Path) -> None:
    """Twenty messages of two days, field by field, from the folder and from a zip of it with the same digest."""
    found = survey_paths([fixture])
    (file,) = found.inputs
    (packed,) = survey_paths([zipped(fixture, tmp_path / "export.zip")]).inputs
    assert (file.label, found.left_out) == (str(fixture), ())
    assert recognise(file).name == recognise(packed).name == "slack"
    assert rows(file) == rows(packed) == plainly(fixture)
    assert digest(file) == digest(packed)
    (channel,) = rows(file, "channels")
    assert channel == {
        "channel_id": "C0GARDEN01",
        "kind": "room",
        "visibility": "public",
        "created_at": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    }


def test_a_day_by_itself_is_refused(fixture: Path, tmp_path: Path) -> None:
    """Its channel and who could read it are unknown; the message says what to import instead."""
    (file,) = survey_paths([fixture / "general/2024-04-12.json"]).inputs
    assert recognise(file).name == "slack"
    with pytest.raises(InputError, match=r"which channel a day belongs to.*channels\.json"):
        read(file)


@pytest.mark.parametrize("above", ["", "Garden export/"])
def test_an_export_may_lie_deeper_and_beside_other_files(tmp_path: Path, above: str) -> None:
    """What is no part of it is read by itself or told as left out; two exports in a folder are two."""
    folder = write(tmp_path / "all", {above + name: content for name, content in EXPORT.items()})
    write(folder, {f"{above}integration_logs.json": [], "notes.csv": b"author,time,text\nrosa,2026-05-03,roses\n"})
    found = survey_paths([folder])
    assert [file.name for file in found.inputs] == ["slack export", "notes.csv"]
    assert len(found.left_out) == 1
    write(folder, {f"second/{name}": content for name, content in EXPORT.items()})
    assert [file.name for file in survey_paths([folder]).inputs].count("slack export") == 2


def test_another_source_may_be_stated_for_the_files() -> None:
    """The files of an export are one input only for who reads it as one."""
    assert SLACK.recognise(MemoryInput("users.json", b'[{"id": "U1", "name": "marta"}]')) == 0.0


def test_damage_spoils_its_own_day_only(tmp_path: Path) -> None:
    """A day that is cut off, one that is empty, and a list that is none: the other days are read."""
    damaged = EXPORT | {
        "garden/2024-04-14.json": b'[{"type": "message", "ts": "17',
        "garden/2024-04-15.json": b"",
        "garden/2024-04-16.json": {"no": "list"},
        "garden/2024-04-17.json": [message(ts="1713340000.000001")],
        "groups.json": b"[{]",
    }
    (file,) = survey_paths([write(tmp_path, damaged)]).inputs
    assert [row["message_id"] for row in rows(file)] == ["1712905297.001013", "1712991697.000001", "1713340000.000001"]
    assert len(rows(file, "rejected")) == 4


def test_a_damaged_member_is_named_after_all_others_were_read(tmp_path: Path) -> None:
    """The zip's damage is an InputError that comes last."""
    long = [message(sha256(b"%d" % n).hexdigest() * 2, ts=f"17128{n:05}.000001") for n in range(5000)]
    path = zipped(write(tmp_path / "a", EXPORT | {"garden/2024-04-11.json": long}), tmp_path / "z.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("garden/2024-04-11.json")
    middle = member.header_offset + member.compress_size // 2
    content[middle : middle + 20] = bytes(20)
    path.write_bytes(content)
    (file,) = survey_paths([path]).inputs
    reading = SLACK.read(file, ReadOptions())
    assert {"1712905297.001013", "1712991697.000001"} <= set(next(reading).messages["message_id"].to_pylist())
    with pytest.raises(InputError, match="member"):
        next(reading)
    assert digest(file) == digest(file)


@pytest.mark.parametrize(
    ("listed", "told", "visibility", "participants"),
    [
        ("channels", {"name": "garden", "members": ["U1", "U2"]}, "public", None),
        ("groups", {"name": "garden", "members": ["U1", "U2"]}, "closed", ["U1", "U2"]),
        ("mpims", {"name": "garden", "members": ["U1", "U2", "U3"]}, "closed", ["U1", "U2", "U3"]),
        ("dms", {"members": ["U1", "U2"]}, "direct", ["U1", "U2"]),
    ],
)
def test_the_list_of_a_channel_tells_who_could_read_it(
    listed: str, told: dict[str, Any], visibility: str, participants: list[str] | None
) -> None:
    """Folders have the name of their channel, those of direct messages its id; names are never titles."""
    folder = told.get("name", "C1")
    file = bundle({listed: [{"id": "C1", **told}]}, {"folder": folder, "messages": [message()]})
    (channel,) = rows(file, "channels")
    assert (channel["channel_id"], channel["visibility"], "title" in channel) == ("C1", visibility, False)
    assert [one["id"] for one in channel.get("participants", [])] == (participants or [])
    assert rows(file)[0]["visibility"] == visibility


def test_a_folder_that_no_list_tells_is_asked_for() -> None:
    """Its name stands for its id, which is said; who could read it is not told."""
    file = bundle({"folder": "garden", "messages": [message()]})
    (batch,) = read(file)
    assert (batch.assumptions, batch.ids_within_channel) == ((NOT_LISTED,), True)
    assert rows(file)[0]["channel_id"] == "garden"
    assert "visibility" not in rows(file)[0]


@pytest.mark.parametrize(
    ("text", "plain", "links"),
    [
        ("&lt;b&gt; &amp;amp;", "<b> &amp;", []),
        ("<@U1|marta> <@U9>", "@[account] @[account]", []),
        ("<#C1|garden> <!channel> <!subteam^S1|@growers>", "#[channel] channel @[account]", []),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18", []),
        ("<https://a.example/?b&amp;c>", "https://a.example/?b&c", []),
        ("<https://a.example|a.example>", "https://a.example", []),
        ("<https://a.example|here>", "here", ["https://a.example"]),
        ("<mailto:club@a.example|club@a.example>", "club@a.example", []),
        ("<|a> < > <>", "a   <>", []),
    ],
)
def test_marks_in_text_are_read(text: str, plain: str, links: list[str]) -> None:
    """Names become tokens, addresses that the text hides links."""
    row = only(message(text))
    assert (row["text"], row.get("links", [])) == (plain, links)


def test_changes_and_deletions_are_told() -> None:
    """A change is the message as it is now; a deletion names the message; a tombstone has no words."""
    changed = only(
        {"type": "message", "subtype": "message_changed", "ts": "1712905999.000000"}
        | {"message": message("peas", edited={"user": "U1", "ts": "1712905300.000000"})}
    )
    assert (changed["message_id"], changed["text"]) == ("1712905297.001013", "peas")
    assert changed["edited_at"] == datetime(2024, 4, 12, 7, 1, 40, tzinfo=UTC)
    gone = {"type": "message", "subtype": "message_deleted", "ts": "1712905999.5", "deleted_ts": "1712905297.001013"}
    assert only(gone, "deletions") == {
        "position": 1,
        "message_id": "1712905297.001013",
        "channel_id": "C1",
        "deleted_at": datetime(2024, 4, 12, 7, 13, 19, 500_000, tzinfo=UTC),
    }
    stone = only(message("This message was deleted.", subtype="tombstone"))
    assert (stone["kind"], "text" in stone) == ("service", False)


def test_a_shared_message_is_a_quote() -> None:
    """Ids count per channel, so that what stands in another channel is told by its author only."""
    shared = {
        "is_share": True,
        "channel_id": "C1",
        "ts": "1712900000.000001",
        "author_id": "U2",
        "from_url": "https://a",
    }
    row = only(message("see", attachments=[shared]))
    assert (row["kind"], row["repost_of"], row["repost_of_account"]) == ("quote", "1712900000.000001", {"id": "U2"})
    elsewhere = only(message("see", attachments=[shared | {"channel_id": "C2"}]))
    assert "repost_of" not in elsewhere


def test_who_invites_is_told_with_the_join() -> None:
    """A join by invitation is two acts."""
    row = only(message("joined", subtype="channel_join", inviter="U2"))
    assert [(act["kind"], act.get("source")) for act in row["acts"]] == [("join", None), ("invite", {"id": "U2"})]


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"ts": None}, "ts"), ({"ts": "soon"}, "ts"), ({"user": None}, "user"), ({"type": "event"}, "type")],
)
def test_what_must_be_told_is_named_where_it_is_missing(changed: dict[str, Any], field: str) -> None:
    """A rejection names the field."""
    assert only(message() | changed, "rejected")["field"] == field


@given(st.integers(10**8, 6 * 10**9), st.integers(0, 999_999))
def test_a_ts_is_exact_to_the_microsecond(seconds: int, micros: int) -> None:
    """No digit is lost to a float, for any time."""
    assert time_of(f"{seconds}.{micros:06}") == seconds * 1_000_000 + micros


@given(st.lists(st.text(max_size=8), max_size=6), st.integers(1, 40))
def test_texts_come_out_as_they_were_however_the_files_are_broken_into_lines(texts: list[str], indent: int) -> None:
    """Any text, in files that are written on many lines, comes out of the one stream unchanged but for its marks."""
    told = [message(text.replace("<", "").replace("&", ""), ts=f"17129{n:05}.000001") for n, text in enumerate(texts)]
    day = json.dumps(told, indent=indent).replace("\n", "\r\n").translate({10: 32, 13: 32})
    file = MemoryInput("slack export", SLACK_MARK + f'{{"folder": "g", "messages": {day}}}\n'.encode())
    assert [row.get("text", "") for row in rows(file)] == [one["text"] for one in told]


def test_what_apps_show_is_media_and_what_is_gone_is_not() -> None:
    """Images and videos in blocks and attachments of apps count; previews of links and deleted files do not."""
    told = only(
        message(
            files=[{"name": "ride.mp4"}, {"mimetype": "image/png", "mode": "tombstone"}, {"mimetype": "audio/mp4"}],
            blocks=[{"type": "image", "image_url": "https://garden.example/a.png"}, {"type": "section"}, 7],
            attachments=[
                {"image_url": "https://garden.example/b.png", "image_bytes": 9, "blocks": [{"type": "video"}]},
                {"image_url": "https://garden.example/c.png", "from_url": "https://garden.example/"},
            ],
        )
    )
    kinds = [one["kind"] for one in told["media"]]
    assert kinds == ["video", "audio", "image", "image", "video"]
