"""Nothing in clear comes out of intake, whatever goes in, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model import (
    RAW_CHANNELS,
)
from tests.intake.batches import batch, check_shape, clean, everything, table, who

PLANTED = {
    "handle": "fernmeadow_77",
    "name": "Philodendra Quillfeather",
    "id": "id-4711-4711",
    "title": "rhubarbconclave",
}
MAIL, PHONE = "quill.feather77@garden.example", "+1 555 010 0199"
FORMS = [
    *(
        "hello @{handle}",
        "{handle} says",
        "ask {name}!",
        "{name}: yes",
        "write {mail}",
        "mailto:{mail}",
        "call {phone}",
    ),
    *("https://t.me/{handle}", "https://x.com/{handle}/status/1", "t.me/{handle}/5", "https://plants.org/@{handle}"),
    *("https://garden.org/users/{handle}", "https://garden.org/?user={handle}&x=1", "https://garden.org/?m={mail}"),
    *(
        "https://matrix.to/#/@{handle}:club.org",
        "RT @{handle}: peas",
        "https://www.facebook.com/{handle}",
        "({handle})",
    ),
    *(
        "https://{handle}.t.me/",
        "tg://resolve?domain={handle}",
        "https://garden.org/a#@{handle}",
        "@{handle}@plants.org",
    ),
    *(
        "#{handle}",
        "https://garden.org/{handle}/a",
        "https://garden.org/a%20{handle}%20b",
        "https://garden.org/?q={plus}",
    ),
]
NOISE = st.text(max_size=15).map(lambda text: text.encode("utf-8", "replace").decode())
SPACES = st.sampled_from([" ", "\n", " — ", ", ", "\u200f ", " \x00", "\t"])


@st.composite
def planted_text(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(FORMS) | NOISE, max_size=5))
    filled = [
        part.format(plus=PLANTED["name"].replace(" ", "+"), mail=MAIL, phone=PHONE, **PLANTED)
        if part in FORMS
        else part
        for part in parts
    ]
    return "".join(part + draw(SPACES) for part in filled)


PERSON = who(PLANTED["id"], PLANTED["handle"], PLANTED["name"])
ROLE = st.sampled_from([PERSON, who(handle=PLANTED["handle"]), who(name=PLANTED["name"]), who(PLANTED["id"])])


@st.composite
def planted_row(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "message_id": draw(st.none() | st.sampled_from(["1", "2"])),
        "channel_id": draw(st.none() | st.sampled_from(["g", "d"])),
        "account": PERSON,
        "text": draw(st.none() | planted_text()),
        "reply_to_account": draw(st.none() | ROLE),
        "repost_of_account": draw(st.none() | ROLE),
        "mentions": draw(st.none() | st.lists(st.none() | ROLE, max_size=2)),
        "links": draw(st.none() | st.lists(planted_text(), max_size=2)),
        "reported": draw(st.none() | st.booleans()),
        "visibility": draw(st.none() | st.sampled_from(["public", "closed", "direct"])),
        "acts": draw(
            st.none() | st.lists(st.builds(lambda role: {"kind": "invite", "target": role}, ROLE), max_size=2)
        ),
        "kind": draw(st.sampled_from(["post", "reply", "repost", "service"])),
    }


@given(st.lists(planted_row(), max_size=4), st.booleans(), st.booleans())
def test_no_identity_leaves_intake(rows: list[dict[str, Any]], basis: bool, within: bool) -> None:
    """Handles, names, ids, titles, addresses and numbers that were planted are nowhere in what comes out."""
    told = [
        {
            "channel_id": "g",
            "kind": "group",
            "visibility": "closed",
            "title": PLANTED["title"],
            "handle": PLANTED["handle"],
        },
        {"channel_id": "d", "kind": "direct", "title": PLANTED["name"], "participants": [PERSON, who("2")]},
    ]
    raw = replace(batch(*rows, channels=table(RAW_CHANNELS, told)), ids_within_channel=within)
    result = clean(raw, basis="consent" if basis else None, keep=True)
    check_shape(result)
    out = everything(result)
    for planted in (
        *PLANTED.values(),
        "quillfeather",
        "philodendra",
        MAIL,
        "quill.feather77",
        PHONE,
        "555 010",
        "5550100199",
    ):
        assert planted.lower() not in out


ANY_TEXT = st.none() | st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace").decode())
ANY_WHO = st.none() | st.builds(who, ANY_TEXT, ANY_TEXT, ANY_TEXT)


@st.composite
def any_row(draw: st.DrawFn) -> dict[str, Any]:
    return {
        **{name: draw(ANY_TEXT) for name in ("message_id", "channel_id", "text", "language", "reply_to", "thread_of")},
        **{name: draw(ANY_WHO) for name in ("account", "reply_to_account", "repost_of_account")},
        "mentions": draw(st.none() | st.lists(ANY_WHO, max_size=2)),
        "links": draw(st.none() | st.lists(ANY_TEXT, max_size=2)),
        "hashtags": draw(st.none() | st.lists(ANY_TEXT, max_size=2)),
        "visibility": draw(st.sampled_from([None, "public", "closed", "direct", "?"])),
        "sent_at": draw(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))).replace(tzinfo=UTC),  # noqa: DTZ001
        "kind": draw(st.sampled_from(["post", "service", "edit", ""])),
        "followers": draw(st.none() | st.integers(-(2**63), 2**63 - 1)),
    }


@given(st.lists(any_row(), max_size=5), st.integers(0, 5))
def test_any_record_is_kept_or_quarantined(rows: list[dict[str, Any]], cut: int) -> None:
    """Whatever the text, nothing crashes, every record is accounted for, and how batches are cut does not matter."""
    whole = clean(batch(*rows))
    check_shape(whole)
    parts = [clean(batch(*part)) for part in (rows[:cut], rows[cut:])]
    for keys in ("ids", "contents", "edited", "counted"):
        together = np.concatenate([getattr(part.message_keys, keys) for part in parts])
        assert together.tolist() == getattr(whole.message_keys, keys).tolist()
    for name in ("message_id", "text_key", "language", "links", "mentions"):
        apart = [value for part in parts for value in part.tables["messages"][name].to_pylist()]
        assert apart == whole.tables["messages"][name].to_pylist()


@pytest.mark.parametrize("piece", ["@", "a", "http://", "#", "@a", "a@", "+1", "t.me/", "\u0301", "🌱", "(", "1 "])
def test_a_megabyte_of_one_piece_comes_to_an_end(piece: str) -> None:
    """No text makes any step take quadratic time, public or direct."""
    text = piece * (1_000_000 // len(piece))
    rows = [{"message_id": "1", "text": text}, {"message_id": "2", "text": text, "visibility": "direct"}]
    check_shape(clean(batch(*rows)))
