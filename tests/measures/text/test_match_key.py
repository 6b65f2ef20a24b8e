"""The match key and its hash, against the plain form and a second implementation of XXH64."""

from __future__ import annotations

import struct
import unicodedata
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.measures.text import match_tables
from seawall.measures.text.match_key import key_texts, match_key_text, match_keys
from tests.intake.strings import columns, texts

_P = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579, 2870177450012600261)
_MASK = (1 << 64) - 1


def _rotate(value: int, bits: int) -> int:
    value &= _MASK
    return (value << bits | value >> (64 - bits)) & _MASK


def _round(lane: int, word: int) -> int:
    return _rotate(lane + word * _P[1], 31) * _P[0] & _MASK


def slow_xxh64(data: bytes) -> int:
    """XXH64 with seed 0, step by step from its specification."""
    at = 0
    if len(data) >= 32:
        lanes = [_P[0] + _P[1], _P[1], 0, -_P[0]]
        while at + 32 <= len(data):
            lanes = [_round(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at), strict=True)]
            at += 32
        value = sum(_rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18), strict=True))
        for lane in lanes:
            value = ((value ^ _round(0, lane)) * _P[0] + _P[3]) & _MASK
    else:
        value = _P[4]
    value += len(data)
    while at + 8 <= len(data):
        value = _rotate(value ^ _round(0, struct.unpack_from("<Q", data, at)[0]), 27) * _P[0] + _P[3]
        at += 8
    if at + 4 <= len(data):
        value = _rotate(value ^ struct.unpack_from("<I", data, at)[0] * _P[0], 23) * _P[1] + _P[2]
        at += 4
    for byte in data[at:]:
        value = _rotate(value ^ byte * _P[4], 11) * _P[0]
    value &= _MASK
    value = (value ^ value >> 33) * _P[1] & _MASK
    value = (value ^ value >> 29) * _P[2] & _MASK
    return value ^ value >> 32


def slow_key(text: str | None) -> int | None:
    """The hash of the plain form."""
    key = match_key_text(text) if text else ""
    return slow_xxh64(key.encode()) if key else None


@given(columns())
def test_kernel_is_the_plain_form(column: pa.Array | pa.ChunkedArray) -> None:
    """The kernel gives the hash of the plain form for every script, slice, chunk and null."""
    assert match_keys(column).to_pylist() == [slow_key(text) for text in column.to_pylist()]


def keys_as_text(column: pa.Array | pa.ChunkedArray) -> tuple[list[str], list[int]]:
    """The keys that the kernel writes, and their hashes."""
    data, offsets, hashes = key_texts(column)
    return [data[start:end].tobytes().decode() for start, end in pairwise(offsets)], hashes.tolist()


@given(columns())
def test_keys_as_text_are_the_plain_form(column: pa.Array | pa.ChunkedArray) -> None:
    """The kernel writes the keys of the plain form, and their hashes; a text without a key has an empty one."""
    plain = [match_key_text(text or "") for text in column.to_pylist()]
    assert keys_as_text(column) == (plain, [slow_key(text) or 0 for text in column.to_pylist()])


def test_long_keys_as_text() -> None:
    """Keys that outgrow the kernel's first buffers, and expand eighteenfold, are written whole."""
    texts = ["\ufdfa" * 40_000, "tulips", "Ａ" * 70_000]
    assert keys_as_text(pa.array(texts))[0] == [match_key_text(text) for text in texts]


@given(st.text(min_size=1, max_size=4), st.integers(1, 300))
def test_long_texts(piece: str, times: int) -> None:
    """A text that outgrows the kernel's first buffers has the same key."""
    text = piece * times * 40
    assert match_keys(pa.array([text])).to_pylist() == [slow_key(text)]


def test_longest_expansion_outgrows_the_buffers() -> None:
    """A ligature that becomes eighteen letters is given the room that it needs."""
    text = "\ufdfa" * 3000
    assert match_keys(pa.array([text])).to_pylist() == [slow_key(text)]


def test_xxh64_is_the_published_function() -> None:
    """The reference gives the published values, so that others can compute our keys."""
    assert [slow_xxh64(text) for text in (b"", b"a", b"abc")] == [
        0xEF46DB3751D8E999,
        0xD24EC4F1A98C6E5B,
        0x44BC2CF5AD770999,
    ]


@pytest.mark.parametrize(
    "disguise",
    [
        "PLANT  tulips\nin May!",
        "Plánt tülips ïn Mäy",
        "@anna @ben Plant tulips in May https://t.co/Ab12",
        "Plant tulips in May www.example.org/x?y=1",
        "Pl\u200bant tul\u00adips in M\u2060ay",
        "Рlаnt tulірs in Mаy",  # some letters are Cyrillic
        "Plαnt tulips in Mαy",  # Greek
        "Pl4nt tul1p$ 1n May",
        "PIant tu1ips in May",
        "Ｐｌａｎｔ 𝐭𝐮𝐥𝐢𝐩𝐬 in May",
        "Plant 🌷 tulips in May 🌷🌷",
        "@[account] Plant tulips in May [email] [phone]",
        "Plant tulips in &quot;May&quot; https://x.com/[profile]/status/1",
    ],
)
def test_disguises_share_a_key(disguise: str) -> None:
    """Each usual disguise of a text keeps its key."""
    assert match_key_text(disguise) == match_key_text("Plant tulips in May")


@pytest.mark.parametrize(
    ("plain", "disguise"),
    [
        ("велоклуб", "вeлoклyб"),  # Latin e, o, y
        ("حديقة", "حـــديقَة"),
        ("اُردو باغ کی", "اردو باغ كي"),  # Arabic kaf and yeh for the Persian ones
        ("정원", unicodedata.normalize("NFD", "정원")),
        ("день 3", "день ٣"),
    ],
)
def test_disguises_in_other_scripts(plain: str, disguise: str) -> None:
    """Disguises of other scripts keep the key as well."""
    assert match_key_text(plain) == match_key_text(disguise) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("tulips 1", "tulips i"), ("Plant 30 tulips", "Plant 3o tulips"), ("сад", "cad"), ("花园", "花圃"), ("5", "s")],
)
def test_digits_and_scripts_stay_apart(one: str, other: str) -> None:
    """Digits in words of digits, and words wholly in one script, stay what they are."""
    assert match_key_text(one) != match_key_text(other)


@pytest.mark.parametrize(
    "text", ["", " \n", "🌷🌷", "!?…", "@anna", "https://t.co/Ab12", "[email] @[account]", "\x00", "$"]
)
def test_nothing_of_its_own_has_no_key(text: str) -> None:
    """A text without letters or numbers of its own never links accounts."""
    assert match_keys(pa.array([text])).to_pylist() == [None]


@given(texts)
def test_case_and_form_do_not_matter(text: str) -> None:
    """Composed and decomposed forms of a text share its key."""
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert len({match_key_text(form) for form in forms}) == 1


def test_keys_are_stable() -> None:
    """These keys were written down once: another version of Seawall may not change them unnoticed."""
    column = pa.array(["Plant tulips in May", "Велоклуб едет", "花园俱乐部", "bisiklet İstanbul"])
    assert match_keys(column).to_pylist() == STABLE


STABLE = [666350646918162236, 11441809227154282583, 1208991600339881826, 8624992020737315735]


@pytest.mark.skipif(
    unicodedata.unidata_version != match_tables.UNICODE_VERSION, reason="this Python knows another version of Unicode"
)
def test_shipped_tables_are_those_of_unicode() -> None:
    """The shipped tables are what ``build`` makes of Unicode."""
    for built, shipped in zip(match_tables.build(), match_tables.unicode_tables(), strict=True):
        np.testing.assert_array_equal(built, shipped)


def test_real_tweets(shared_data: Path) -> None:
    """On real tweets in many languages the kernel is the plain form."""
    sample = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"])["content"].slice(
        700_000, 3_000
    )
    assert match_keys(sample).to_pylist() == [slow_key(text) for text in sample.to_pylist()]
