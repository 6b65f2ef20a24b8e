"""Outside addresses in conversations: kind, one canonical value, and no false alarm on ordinary talk."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from seawall.intake.contacts import contacts, first_contact, length_classes
from seawall.intake.payments import is_bech32, is_card, is_iban
from seawall.intake.phones import phones
from seawall.model import CONTACT_KINDS
from tests.intake.strings import columns

SAME = {
    ("email", "fern@garden.example"): (
        "write to Fern@Garden.Example",
        "mailto:fern@garden.example",
        "fern (at) garden (dot) example",
        "fern[at]garden[dot]example",
        "fern at garden dot example",
        "fern+tulips@garden.example",
        "fern＠garden.example",
    ),
    ("email", "fern@gmail.com"): ("f.e.r.n@gmail.com", "fern@googlemail.com", "Fern+x@GMAIL.com"),
    ("phone", "+491701234567"): (
        "+49 170 1234567",
        "+49 (0)170 123-4567",
        "0049 170 1234567",
        "wa.me/491701234567",
        "https://api.whatsapp.com/send?phone=491701234567",
        "https://t.me/+491701234567",
        "tel:+491701234567",
        "signal.me/#p/+491701234567",
        "＋４９ １７０ １２３４５６７",
    ),
    ("phone", "5550100199"): ("call (555) 010-0199", "555.010.0199", "٥٥٥ ٠١٠ ٠١٩٩"),
    ("handle", "telegram:fern_99"): (
        "my telegram is @Fern_99",
        "telegram: fern_99",
        "add me on tg @fern_99",
        "https://t.me/Fern_99",
        "telegram.me/fern_99",
        "tg://resolve?domain=fern_99",
        "мой телеграм @fern_99",
        "TG - fern_99",
    ),
    ("handle", "snapchat:fernmoss"): ("snap: fernmoss", "my snap is FernMoss", "https://snapchat.com/add/fernmoss"),
    ("handle", "kik:fern.moss"): ("kik fern.moss", "my kik name is fern.moss", "kik = fern.moss"),
    ("handle", "discord:fern#1234"): ("Fern#1234", "discord: fern#1234"),
    ("handle", "matrix:fern:garden.example"): ("@fern:garden.example", "I am @Fern:garden.example there"),
    ("handle", "fediverse:fern@plants.example"): ("@fern@plants.example", "https://plants.example/@Fern"),
    ("invite", "discord:AbC12"): ("discord.gg/AbC12", "https://discord.com/invite/AbC12"),
    ("invite", "telegram:AbC-12"): ("https://t.me/+AbC-12", "t.me/joinchat/AbC-12", "tg://join?invite=AbC-12"),
    ("invite", "matrix:#beds:garden.example"): (
        "https://matrix.to/#/#beds:garden.example",
        "https://matrix.to/#/%23beds%3Agarden.example",
        "join #beds:garden.example",
    ),
    ("invite", "whatsapp:FzAb12"): ("https://chat.whatsapp.com/FzAb12", "chat.whatsapp.com/invite/FzAb12"),
    ("invite", "signal:CjQKIAb"): ("https://signal.group/#CjQKIAb",),
    ("payment", "iban:DE89370400440532013000"): ("DE89 3704 0044 0532 0130 00 please", "de89370400440532013000"),
    ("payment", "btc:1BoatSLRHtKNngkdXEeobR76b53LETtpyT"): ("send to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",),
    ("payment", "btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"): (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    ),
    ("payment", "eth:0x52908400098527886e0f7030069857d2e4169ee7"): ("0x52908400098527886E0F7030069857D2E4169EE7",),
    ("payment", "card:4111111111111111"): ("4111 1111 1111 1111", "card 4111111111111111"),
    ("payment", "paypal:fern"): ("paypal.me/Fern", "https://www.paypal.com/paypalme/fern"),
    ("payment", "cash:fern"): ("cash.app/$Fern", "cashapp $fern"),
}


@pytest.mark.parametrize(("found", "forms"), SAME.items())
def test_one_address_has_one_value(found: tuple[str, str], forms: tuple[str, ...]) -> None:
    """However an address is written, its kind and its value are the same."""
    kinds, values = contacts(pa.array(forms))
    assert set(zip(kinds.to_pylist(), values.to_pylist(), strict=True)) == {found}
    assert found[0] in CONTACT_KINDS


@pytest.mark.parametrize(
    "text",
    [
        "see you at 10:30 on 2026-05-03, beds 1 to 12",
        "add me on telegram, I like it",
        "telegram is great for gardening",
        "signal me tomorrow, and line up the pots at 5",
        "@friend how are the tulips",
        "https://garden.example/beds/12345678901 is at the garden",
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyU",  # the last letter is wrong
        "DE89370400440532013001",
        "4111 1111 1111 1112 tulips and 1 234 567 seeds",
        "the years 1976—1980, 12.05.2026",
        "",
        "🌷",
    ],
)
def test_ordinary_talk_passes_nothing_on(text: str) -> None:
    """Dates, times, talk about services, mentions within the platform and wrong checksums are no addresses."""
    assert [column.to_pylist() for column in contacts(pa.array([text]))] == [[None], [None]]


def test_the_first_address_counts() -> None:
    """Of several addresses the first in the text is told."""
    assert first_contact("fern@garden.example or t.me/fern_99") == ("email", "fern@garden.example")
    assert first_contact("t.me/fern_99 or fern@garden.example") == ("handle", "telegram:fern_99")


@given(columns())
def test_the_quick_look_misses_nothing(column: pa.Array | pa.ChunkedArray) -> None:
    """What is found row by row is found in columns, whatever their slices, chunks and nulls."""
    expected = [first_contact(text) if text is not None else None for text in column.to_pylist()]
    kinds, values = contacts(column)
    found = [pair if pair[0] else None for pair in zip(kinds.to_pylist(), values.to_pylist(), strict=True)]
    assert found == expected


def test_addresses_are_rare_in_public_chat(shared_data: Path) -> None:
    """In real tweets, which pass on few addresses, few are seen, and the quick look misses none."""
    column = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"])["content"].slice(
        600_000, 2_000
    )
    kinds, _ = contacts(column)
    assert kinds.to_pylist() == [(first_contact(text) or (None,))[0] for text in column.to_pylist()]
    assert pc.sum(pc.is_valid(kinds)).as_py() <= 10


@pytest.mark.parametrize(
    ("check", "right"),
    [
        (is_iban, "GB82WEST12345698765432"),
        (is_iban, "FR1420041010050500013M02606"),
        (is_bech32, "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"),
        (is_bech32, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
        (is_card, "5555555555554444"),
    ],
)
def test_checksums(check: object, right: str) -> None:
    """Published addresses are right; with any one digit changed they are wrong."""
    assert callable(check)
    assert check(right)
    for at, digit in enumerate(right):
        if digit.isdigit() and at > 3:
            assert not check(right[:at] + str((int(digit) + 1) % 10).replace("1", "2") + right[at + 1 :]) or at < 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("06 12 34 56 78", ["06 12 34 56 78"]),
        ("0171/1234567 or 8 (912) 345-67-89", ["0171/1234567", "8 (912) 345-67-89"]),
        ("555-0134", ["555-0134"]),
        ("2014-2015, 2026-05-03 12, 20260503, 10.0.12.255, 3-2 4-1 5-2 6-3", []),
        ("1 234 567 and 1.234.567 and 3.1415926535", []),
        ("id=12345678901 /12345678901 #12345678901", []),
    ],
)
def test_phones(text: str, found: list[str]) -> None:
    """Runs of digits are told apart as people write telephone numbers."""
    assert phones(text) == found


def test_length_classes() -> None:
    """Characters, not bytes, make the class; the limits belong to the lower one."""
    column = pa.chunked_array([["", "ж" * 40, "ж" * 41], ["ж" * 280, "ж" * 281, None]])
    assert length_classes(column).to_pylist() == ["empty", "short", "medium", "medium", "long", None]
