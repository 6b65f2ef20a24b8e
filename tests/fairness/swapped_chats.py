"""One club told four times: the same acts, by people with other names, pronouns, languages, customs and places."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from seawall.detectors.funnel_example import BEGIN, MEMBERS, _club, _led

HUB = f"a{MEMBERS:020x}"
RIDERS = 5
"""Members who post the same links within seconds."""


@dataclass(frozen=True)
class People:
    """Who the members are said to be: nothing of it is an act."""

    names: tuple[str, ...]
    pronouns: str
    locale: str
    role: str
    said: str  # with {name} and {number}
    invited: str


VARIANTS = (
    People(
        ("Fern", "Basil", "Olive", "Heather"), "she/her", "en-GB", "Harvest festival choir",
        "{name} dug bed {number} before breakfast, lovely soil.", "Ride number {number} starts at the old mill:",
    ),
    People(
        ("Yusuf", "Amina", "Layla", "Idris"), "he/him", "ar-EG", "Eid picnic helpers",
        "{name} حفر الحوض رقم {number} قبل الفطور والتربة طيبة.", "تبدأ الجولة رقم {number} عند الطاحونة القديمة:",
    ),
    People(
        ("Zofia", "Mieczysław", "Kasia", "Wojtek"), "they/them", "pl-PL", "Parish fete",
        "{name} przekopał grządkę {number} przed śniadaniem, ziemia dobra.", "Rajd numer {number} rusza spod młyna:",
    ),
    People(
        ("Rivka", "Dov", "Ama", "Kwaku"), "xe/xem", "gsw-CH", "Sukkot stall",
        "{name} het s Beet {number} vor em Zmorge umegrabt, e schöni Ärde.", "D Usfahrt {number} faht bi de Mühli aa:",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Club:
    """The club's exports.

    Args:
        people: who its members are said to be.
        keys: gives every account another id on the platform.
    """

    people: People
    keys: int = 0

    def write(self, folder: Path) -> Path:
        """A folder of exports as DiscordChatExporter makes them: the club's channel, and direct conversations."""
        folder.mkdir(parents=True)
        public, private = self._acts()
        self._export(folder / "club.json", "GuildTextChat", "700", public)
        for number, (pair, rows) in enumerate(sorted(private.items(), key=lambda one: one[1][0]["at"])):
            del pair
            self._export(folder / f"direct {number:03}.json", "DirectTextChat", f"9{number:03}", rows)
        return folder

    def _acts(self) -> tuple[list[dict[str, Any]], dict[frozenset[str], list[dict[str, Any]]]]:
        fate = random.Random(4)
        acts = [row for row in _club(fate) if row["kind"] != "dm"]
        acts += [row for newcomer in range(12) for row in _led(fate, newcomer)]
        acts += _rides(fate)
        public, private = [], dict[frozenset[str], list[dict[str, Any]]]()
        for row in sorted(acts, key=lambda one: one["at"]):
            if row["kind"] == "dm":
                private.setdefault(frozenset((row["source_account"], row["target_account"])), []).append(row)
            else:
                public.append(row)
        return public, private

    def _export(self, path: Path, kind: str, channel: str, rows: list[dict[str, Any]]) -> None:
        told = {
            "guild": {"id": "1", "name": self.people.role, "preferredLocale": self.people.locale},
            "channel": {"id": channel, "type": kind, "name": self.people.role, "topic": self.people.pronouns},
            "messages": [self._message(row, f"{channel}{number:06}") for number, row in enumerate(rows)],
        }
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    def _message(self, row: dict[str, Any], number: str) -> dict[str, Any]:
        mentioned = [self._user(row["target_account"])] if row["kind"] not in ("ride", "dm") else []
        return {
            "id": number,
            "type": "Default",
            "timestamp": row["at"].isoformat(),
            "content": self._text(row, number),
            "author": self._user(row["source_account"]),
            "attachments": [],
            "embeds": [],
            "reactions": [],
            "mentions": mentioned,
        }

    def _text(self, row: Mapping[str, Any], number: str) -> str:
        if row["kind"] == "ride":
            return f"{self.people.invited.format(number=row['ride'])} https://cycling.example/ride/{row['ride']}"
        words = row.get("reply_key") or number
        address = " fern@allotment.example.org" if "contact_key" in row else ""
        return self.people.said.format(name=self.people.names[0], number=words) + address

    def _user(self, account: str) -> dict[str, Any]:
        number = int(account[1:], 16)
        name = self.people.names[number % len(self.people.names)]
        stable = random.Random(f"{self.keys} {number}").getrandbits(60)
        return {
            "id": str(stable),
            "name": f"{name}{number}",
            "discriminator": "0000",
            "nickname": f"{name} ({self.people.pronouns})",
            "isBot": False,
            "locale": self.people.locale,
            "roles": [{"name": self.people.role}],
        }


def _rides(fate: random.Random) -> Iterator[dict[str, Any]]:
    """Five members post the address of each ride within half a minute."""
    for ride in range(14):
        at: datetime = BEGIN + timedelta(days=4 * ride, minutes=fate.randrange(900))
        for rider in range(RIDERS):
            told = {"kind": "ride", "source_account": f"a{rider * 7:020x}", "target_account": None, "ride": ride}
            yield told | {"at": at + timedelta(seconds=5 * rider + fate.randrange(4))}
