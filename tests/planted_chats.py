"""Exports of Discord, Slack, WhatsApp and Reddit with planted identifiers; see ``planted``."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.planted import Marks


def write_chats(folder: Path, marks: Marks, rows: int) -> Iterator[tuple[Path, list[str]]]:
    """The exports, each with the options that ``seawall add`` needs for it."""
    basis = ["--basis", "members agreed"]
    yield _discord(folder / "rides.json", marks, rows, "GuildNews"), ["--visibility", "public"]
    yield _discord(folder / "direct.json", marks, rows, "DirectTextChat"), []
    yield _slack(folder / "slack.zip", marks, rows), basis
    yield _whatsapp(folder / "_chat.txt", marks, rows), basis
    yield _reddit(folder / "RC_2026-05.ndjson", marks, rows), []


def _discord(path: Path, marks: Marks, rows: int, kind: str) -> Path:
    def user() -> dict[str, Any]:
        told = {"id": marks._next(), "name": marks.handle(), "discriminator": "0000", "nickname": marks.name()}
        return told | {"isBot": False, "roles": [{"name": marks.name()}], "avatarUrl": marks.profile()}

    def message(number: int) -> dict[str, Any]:
        mentioned = user()
        return {
            "id": f"1228000000000{number:06}",
            "type": "Default",
            "timestamp": f"2026-05-03T10:{number // 60 % 60:02d}:{number % 60:02d}.000+00:00",
            "content": f"@{mentioned['nickname']}: {marks.text()} <@{marks._next()}>",
            "author": user(),
            "attachments": [{"fileName": f"{marks.handle()}.png", "url": marks.profile(), "fileSizeBytes": 9}],
            "embeds": [{"title": marks.text(), "url": marks.profile(), "author": {"name": marks.name()}}],
            "reactions": [{"users": [user()]}],
            "mentions": [mentioned],
            "interaction": {"user": user()},
        }

    channel = {"id": "77", "type": kind, "category": marks.name(), "name": marks.name(), "topic": marks.text()}
    if kind == "GuildNews":
        channel["name"] = "Club news"  # the title of a public broadcast channel stays readable
    told = {"guild": {"id": marks._next(), "name": marks.name()}, "channel": channel}
    path.write_text(json.dumps(told | {"messages": [message(number) for number in range(rows)]}), encoding="utf-8")
    return path


def _slack(path: Path, marks: Marks, rows: int) -> Path:
    """The name of a folder is that of its channel."""
    people = [
        {"id": f"U{marks._next()}", "name": marks.handle(), "profile": {"display_name": marks.name()}}
        for _ in range(rows)
    ]
    channel, group = marks.handle(), marks.handle()
    messages = [
        {
            "type": "message",
            "user": one["id"],
            "text": f"<@{one['id']}|{one['name']}> in <#C1|{channel}>: {marks.text()} <{marks.profile()}|here>",
            "ts": f"{1777800000 + number}.000100",
            "user_profile": {"real_name": marks.name(), "image_72": marks.profile()},
            "files": [{"name": f"{marks.handle()}.pdf", "mimetype": "application/pdf", "size": 9}],
            "reactions": [{"name": "tulip", "users": [f"U{marks._next()}"]}],
            "attachments": [{"title_link": marks.profile(), "author_name": marks.name(), "text": marks.text()}],
        }
        for number, one in enumerate(people)
    ]
    members = [one["id"] for one in people]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", json.dumps(people))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": channel, "topic": {"value": marks.text()}}]))
        archive.writestr("groups.json", json.dumps([{"id": "G1", "name": group, "members": members}]))
        archive.writestr(f"{channel}/2026-05-03.json", json.dumps(messages))
        archive.writestr(f"{group}/2026-05-03.json", json.dumps(messages))
    return path


def _whatsapp(path: Path, marks: Marks, rows: int) -> Path:
    lines = [f'13/05/2026, 09:00 - {marks.name()} created group "{marks.name()}"']
    for number in range(rows):
        header = f"13/05/2026, {9 + number // 60:02d}:{number % 60:02d} - "
        author = marks.name()
        lines += [
            f"{header}{author}: @\u2068{marks.name()}\u2069 {marks.text()}",
            f"{header}{author}: {marks.handle()}.jpg (file attached)\n{marks.text()}",
            f"{header}{author} added {marks.name()}, {marks.name()} and {marks.name()}",
        ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _reddit(path: Path, marks: Marks, rows: int) -> Path:
    lines = [
        json.dumps(
            {
                "id": f"k{number:04}",
                "author": marks.handle(),
                "author_fullname": f"t2_{marks._next()}",
                "author_flair_text": marks.name(),
                "body": f"u/{marks.handle()} and /u/{marks.handle()}: {marks.text()}",
                "created_utc": 1777800000 + number,
                "subreddit": f"u_{marks.handle()}",
                "link_id": "t3_9",
                "parent_id": "t3_9",
                "permalink": marks.profile(),
            }
        )
        for number in range(rows)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
