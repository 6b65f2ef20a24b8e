"""Exported chats of WhatsApp."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.checks.sources import MemoryInput
from seawall.errors import ConfigurationError, InputError
from seawall.model import Visibility
from seawall.protocols import ReadOptions
from seawall.sources import raw_rows, recognise
from seawall.sources.times import UTC_ASSUMED
from seawall.sources.whatsapp import WhatsApp
from seawall.sources.whatsapp_chat import FEW_WRITERS
from tests.sources.reading import batches, rows

WHATSAPP = WhatsApp()
FIXTURES = ("dmy_android_24h", "dmy_dots_german", "mdy_android_12h", "ymd_ios_24h", "ymd_slash_ios_12h")
LRM, THIN = "\u200e", "\u202f"


def chat(*entries: str, end: str = "\n") -> bytes:
    return end.join((*entries, "")).encode()


def only(entry: str, *before: str, end: str = "\n", **stated: Any) -> dict[str, Any]:
    (row,) = rows(WHATSAPP, chat(*before, entry, end=end), **stated)[len(before) :]
    return row


def said(text: str, author: str = "Ilse") -> dict[str, Any]:
    return only(f"13/04/2024, 09:15 - {author}: {text}", "13/04/2024, 09:14 - Ilse: Good morning")


@pytest.mark.parametrize("name", FIXTURES)
def test_the_five_date_orders_tell_the_same(shared_data: Path, name: str) -> None:
    """Every entry of every fixture: time, author and words are those that were written down beside them."""
    folder = shared_data / "adapters/whatsapp"
    expected = json.loads((folder / "expected.json").read_text())["messages"]
    content = (folder / f"{name}.txt").read_bytes()
    found = rows(WHATSAPP, content)
    assert recognise(MemoryInput(f"{name}.txt", content)).name == "whatsapp"
    assert rows(WHATSAPP, content, "rejected") == [
        {"position": 1, "field": "author", "reason": "a notice of WhatsApp that names no account"}
    ]
    for row, told in zip(found, expected[1:], strict=True):
        at = row["sent_at"].replace(second=0 if len(told["time"]) == 16 else row["sent_at"].second, tzinfo=None)
        assert at.isoformat(timespec="minutes") == told["time"]
        assert (row["kind"] == "service") is told["system"]
        account = row["account"].get("name") or row["account"]["handle"]
        who = told["author"] or told["text"].partition(" created" if "created" in told["text"] else " added")[0]
        who = who.removesuffix(" left")
        assert account == ("+" + who.replace(" ", "").removeprefix("+") if who[0] == "+" else who)
        words = told["text"].removesuffix(" <This message was edited>")
        wordless = told["system"] or words in ("<Media omitted>", "This message was deleted")
        assert row.get("text") == (None if wordless else words)
    kinds = [one["kind"] for row in found for one in row.get("media", [])]
    assert kinds == ["image" if "ios" in name else "document"]
    acts = [(row["account"], act) for row in found for act in row.get("acts", [])]
    number = {"handle": "+00000000002"}
    assert acts == [({"name": "Karim"}, {"kind": "invite", "target": number}), (number, {"kind": "leave"})]


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("13/04/2024, 09:15 - ", "2024-04-13 09:15:00"),
        ("13.4.24, 09:15 - ", "2024-04-13 09:15:00"),
        ("13-04-2024 9:15 - ", "2024-04-13 09:15:00"),
        ("4/13/24, 9:15 AM - ", "2024-04-13 09:15:00"),
        (f"4/13/24, 12:15{THIN}AM - ", "2024-04-13 00:15:00"),
        ("13/04/24, 9:15\u00a0p.\u00a0m. - ", "2024-04-13 21:15:00"),
        ("13/04/24 12:15 pm – ", "2024-04-13 12:15:00"),
        ("13.4.2024 klo 9.15 - ", "2024-04-13 09:15:00"),
        ("13/04/2024 à 09:15 - ", "2024-04-13 09:15:00"),
        ("2024/4/13 下午9:15 - ", "2024-04-13 21:15:00"),
        ("2024. 4. 13. 오후 9:15 - ", "2024-04-13 21:15:00"),
        ("2024년 4월 13일 오전 9:15 - ", "2024-04-13 09:15:00"),
        ("\u200f١٣\u200f/٤\u200f/٢٠٢٤، ٩:١٥ م - ", "2024-04-13 21:15:00"),
        ("[13/04/2024, 09:15:07] ", "2024-04-13 09:15:07"),
        (f"[4/13/24, 9:15:07{THIN}PM] ", "2024-04-13 21:15:07"),
        (f"{LRM}[2024-04-13, 09:15:07] {LRM}", "2024-04-13 09:15:07"),
        ("[13.04.24, 09:15:07] ", "2024-04-13 09:15:07"),
    ],
)
def test_headers_of_many_countries_are_read(header: str, at: str) -> None:
    """Orders of dates, clocks of twelve hours, blanks, marks of direction, digits and words of other scripts."""
    row = only(f"{header}Ilse: beans")
    assert (row["sent_at"].strftime("%Y-%m-%d %H:%M:%S"), row["text"]) == (at, "beans")


@pytest.mark.parametrize(
    ("header", "field"), [("31/31/2024, 09:15 - ", "sent_at"), ("13/04/2024, 9:15 xyz - ", "sent_at")]
)
def test_what_is_no_time_is_rejected(header: str, field: str) -> None:
    """A day that there is not, and a half of the day in unknown words, are rejected; the others are read."""
    content = chat("13/04/2024, 09:15 - Ilse: beans", f"{header}Ilse: peas")
    assert [row["field"] for row in rows(WHATSAPP, content, "rejected")] == [field]
    assert [row["text"] for row in rows(WHATSAPP, content)] == ["beans"]


def test_the_order_of_dates_is_that_of_the_whole_file_or_asked_for() -> None:
    """One day above twelve decides for all entries; without one, and with both kinds, it must be stated."""
    first, last = "4/5/24, 9:15 - Ilse: a", "4/13/24, 9:15 - Ilse: b"
    assert [row["sent_at"].month for row in rows(WHATSAPP, chat(first, last))] == [4, 4]
    with pytest.raises(ConfigurationError, match=r"could be mistaken.*--date-order"):
        rows(WHATSAPP, chat(first))
    with pytest.raises(ConfigurationError, match="Some dates have the day first"):
        rows(WHATSAPP, chat(last, "13/4/24, 9:15 - Ilse: c"))
    assert only(first, date_order="dmy")["sent_at"].month == 5


def test_times_are_of_the_stated_zone_or_of_utc() -> None:
    """Which is said either way."""
    content = chat("13/07/2024, 09:15 - Ilse: a")
    (batch,) = batches(WHATSAPP, content)
    assert UTC_ASSUMED in batch.assumptions
    (berlin,) = batches(WHATSAPP, content, ReadOptions(timezone="Europe/Berlin"))
    assert berlin.messages["sent_at"][0].as_py() == datetime(2024, 7, 13, 7, 15, tzinfo=UTC)
    assert "Times carry no zone; Europe/Berlin was taken, as stated." in berlin.assumptions


@pytest.mark.parametrize(
    ("writers", "kind", "visibility", "participants", "says"),
    [
        (1, "direct", "direct", 1, False),
        (2, "direct", "direct", 2, False),
        (3, "group", "closed", 0, True),
        (5, "group", "closed", 0, True),
        (6, "group", "closed", 0, False),
    ],
)
def test_two_writers_are_a_direct_conversation(
    writers: int, kind: str, visibility: str, participants: int, says: bool
) -> None:
    """More are a group, which is joined by invitation; where few write, the user is told what to state."""
    content = chat(*(f"13/04/2024, 09:{n:02} - Gardener {n % writers}: a" for n in range(20)))
    (channel,) = rows(WHATSAPP, content, "channels")
    assert (channel["kind"], channel["visibility"], len(channel.get("participants", ()))) == (
        kind,
        visibility,
        participants,
    )
    assert {row["visibility"] for row in rows(WHATSAPP, content)} == {visibility}
    (batch,) = batches(WHATSAPP, content)
    assert (FEW_WRITERS in batch.assumptions) is says
    (stated,) = rows(WHATSAPP, content, "channels", visibility=Visibility.DIRECT)
    assert (stated["kind"], stated["visibility"]) == ("direct", "direct")


def test_a_chat_is_called_by_how_it_begins() -> None:
    """A later export of the same chat has the same channel, another chat another; the name of neither is used."""
    start = [f"13/04/2024, 09:{n:02} - Ilse: entry {n}" for n in range(5)]
    ids = {
        rows(WHATSAPP, chat(*entries), "channels")[0]["channel_id"]
        for entries in (start, [*start, "14/04/2024, 09:00 - Karim: more"])
    }
    (other,) = rows(WHATSAPP, chat(*start[1:]), "channels")
    assert len(ids) == 1
    assert other["channel_id"] not in ids


def test_in_files_of_ios_a_date_inside_a_text_begins_nothing() -> None:
    """There entries end with CR LF, and lines inside an entry with LF; with LF throughout nobody can tell."""
    inside = "[13/04/2024, 09:15:00] Ilse: a\n[13/04/2024, 09:16:00] Karim: b"
    after = "[13/04/2024, 09:17:00] Karim: c"
    assert [row["text"] for row in rows(WHATSAPP, chat(inside, after, end="\r\n"))] == [
        "a\n[13/04/2024, 09:16:00] Karim: b",
        "c",
    ]
    assert [row["text"] for row in rows(WHATSAPP, chat(inside, after))] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "words", "media"),
    [
        ("<Media omitted>", None, ["document"]),
        ("<Medien ausgeschlossen>", None, ["document"]),
        (f"{LRM}image omitted", None, ["image"]),
        (f"{LRM}Sticker weggelassen", None, ["image"]),
        (f"{LRM}Contact card omitted", None, ["document"]),
        ("beans.jpg (file attached)", None, ["image"]),
        (f"{LRM}VID-1.mp4 (Datei angehängt)\nThe bean table", "The bean table", ["video"]),
        (f"{LRM}<attached: 0001-AUDIO.opus>", None, ["audio"]),
        (f"The rota {LRM}<attached: rota.pdf>", "The rota", ["document"]),
        ("<b> is not media", "<b> is not media", []),
        ("This message was deleted", None, []),
        (f"{LRM}You deleted this message.", None, []),
        ("Cover them <This message was edited>", "Cover them", []),
        (f"Cover them {LRM}<Diese Nachricht wurde bearbeitet.>", "Cover them", []),
        ("", None, []),
        ("\u200fشكرا", "\u200fشكرا".strip("\u200f"), []),
    ],
)
def test_what_whatsapp_writes_is_no_text_of_the_author(text: str, words: str | None, media: list[str]) -> None:
    """Media, deletions and edits are told in words of the phone's language; names of files are not kept."""
    row = said(text)
    assert (row["kind"], row.get("text")) == ("post", words)
    assert [one.get("kind") for one in row.get("media", [])] == media


def test_mentions_are_names_between_isolates_or_numbers() -> None:
    """Both become tokens in the text."""
    row = said("@\u2068~Karim B.\u2069 and @491700000001, not @12 a@491700000001x")
    assert row["text"] == "@[account] and @[account], not @12 a@491700000001x"
    assert row["mentions"] == [{"name": "Karim B."}, {"handle": "+491700000001"}]
    assert said("thanks @\u2068Karim\u2069")["text"] == "thanks @[account]"


@pytest.mark.parametrize(
    ("notice", "account", "acts"),
    [
        ("Karim added Ilse, +49 170 0000001 and Noor", {"name": "Karim"}, ["Ilse", "+491700000001", "Noor"]),
        ("Karim removed Ilse", {"name": "Karim"}, ["Ilse"]),
        ("~ Karim joined using this group's invite link", {"name": "Karim"}, [None]),
        ("Karim left", {"name": "Karim"}, [None]),
        ('Karim changed the subject to "Ride: Sunday"', {"name": "Karim"}, []),
        ("Karim hat die Gruppe verlassen", {"name": "Karim"}, []),
    ],
)
def test_notices_are_service_records_of_whom_they_name(notice: str, account: Any, acts: list[Any]) -> None:
    """What happened is known in English only; who did it also where somebody who writes is named first."""
    row = only(f"13/04/2024, 09:16 - {notice}", "13/04/2024, 09:15 - Karim: a")
    told = [
        (act.get("source") or act.get("target") or {}) if act["kind"] != "leave" or "source" in act else {}
        for act in row.get("acts", [])
    ]
    assert (row["kind"], row["account"], "text" in row) == ("service", account, False)
    assert [one.get("name") or one.get("handle") for one in told] == acts


@pytest.mark.parametrize("notice", ["You were added", "Messages are end-to-end encrypted.", "You added Karim"])
def test_a_notice_that_names_nobody_is_set_aside(notice: str) -> None:
    """ "You" is whoever exported the chat, which the file does not tell."""
    content = chat("13/04/2024, 09:15 - Ilse: a", f"13/04/2024, 09:16 - {notice}")
    assert [row["field"] for row in rows(WHATSAPP, content, "rejected")] == ["author"]


def test_lines_before_the_first_entry_and_unreadable_ones_are_rejected() -> None:
    """Once for each stretch, by its first line."""
    content = b"\nlost end\nof a text\n" + chat("13/04/2024, 09:15 - Ilse: a", "13/04/2024, 09:16 - Ilse: b\0")
    content += b"13/04/2024, 09:17 - Ilse: c\xff\n"
    found = rows(WHATSAPP, content, "rejected")
    assert [(row["position"], row["reason"][:9]) for row in found] == [
        (2, "text befo"),
        (5, "holds a N"),
        (6, "not UTF-8"),
    ]
    with pytest.raises(InputError, match="no entry"):
        rows(WHATSAPP, b"Dear Ilse,\n")


def test_a_large_chat_is_resumed_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches after a checkpoint are those that come without it."""
    monkeypatch.setattr(raw_rows, "BATCH_RECORDS", 4)
    content = chat(*(f"13/04/2024, 09:{n:02} - Ilse: a\nb" for n in range(10)))
    found = batches(WHATSAPP, content)
    assert [batch.records for batch in found] == [4, 4, 2]
    rest = list(WHATSAPP.read(MemoryInput("chat.txt", content), ReadOptions(), found[0].checkpoint))
    assert [batch.messages for batch in rest] == [batch.messages for batch in found[1:]]
    with pytest.raises(ConfigurationError, match="no checkpoint"):
        next(WHATSAPP.read(MemoryInput("chat.txt", content), ReadOptions(), "x"))


START = datetime(2024, 4, 13, 9, 15, 7, tzinfo=UTC)
TEXTS = st.text(st.sampled_from("ab: \n0[]/-,@"), max_size=20).filter(lambda text: "\n" not in text or "0" not in text)


@given(st.lists(st.tuples(st.integers(0, 10**8), TEXTS), min_size=1, max_size=8), st.booleans(), st.booleans())
def test_what_is_written_is_read(told: list[tuple[int, str]], ios: bool, twelve: bool) -> None:
    """Any times and texts, written as a phone writes them, come out as they were, to the second or minute."""
    lines = ["[13/04/2024, 09:15:07] Ilse: x" if ios else "13/04/2024, 09:15 - Ilse: x"]
    moments = [START + timedelta(seconds=seconds) for seconds, _ in told]
    for moment, (_, text) in zip(moments, told, strict=True):
        clock = moment.strftime("%-I:%M" if twelve else "%H:%M") + (moment.strftime(":%S") if ios else "")
        clock += THIN + moment.strftime("%p") if twelve else ""
        date = moment.strftime("%d/%m/%Y")
        lines.append(f"[{date}, {clock}] Karim: {text}" if ios else f"{date}, {clock} - Karim: {text}")
    found = rows(WHATSAPP, chat(*lines, end="\r\n" if ios else "\n"))[1:]
    assert [row["sent_at"] for row in found] == [moment if ios else moment.replace(second=0) for moment in moments]
    assert [row.get("text", "") for row in found] == [text for _, text in told]


PIECES = st.sampled_from(
    [
        "13/04/2024, ",
        "09:15 - ",
        "[",
        "] ",
        "Ilse: ",
        LRM,
        THIN,
        "\n",
        "\r\n",
        "AM",
        "م",
        "<",
        ">",
        "@\u2068",
        "\0",
        "٣",
        '"',
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40))
def test_no_text_stops_the_reader(pieces: list[str]) -> None:
    """Whatever stands in a file: entries that are counted, or an InputError."""
    content = "".join(pieces).encode("utf-8", "surrogatepass")
    assert 0 <= WHATSAPP.recognise(MemoryInput("chat.txt", content)) <= 1
    with suppress(InputError):
        batches(WHATSAPP, content, ReadOptions(date_order="dmy"))
