"""STIX 2.1 bundles."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.model import IndicatorKind
from seawall.sources.lists import Broken, Entry, read_stix
from seawall.sources.lists.stix import is_stix

DIGEST = "ab" * 32


def indicator(pattern: Any, **fields: Any) -> dict[str, Any]:
    usual = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        "pattern": pattern,
        "pattern_type": "stix",
        "valid_from": "2026-05-01T00:00:00Z",
    }
    return usual | fields


def read(folder: Path, *objects: Any) -> list[Any]:
    path = folder / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": list(objects)}), encoding="utf-8")
    assert is_stix(path)
    return list(read_stix(path))


@pytest.mark.parametrize(
    ("pattern", "kind", "value"),
    [
        ("[url:value = 'https://tulips.example/beds?a=1']", "url", "https://tulips.example/beds?a=1"),
        ("[domain-name:value = 'tulips.example']", "domain", "tulips.example"),
        (f"[file:hashes.'SHA-256' = '{DIGEST}']", "sha256", DIGEST),
        (f"[ file:hashes.MD5='{DIGEST[:32]}' ]", "md5", DIGEST[:32]),
        (f"[file:hashes.PDQ = '{DIGEST}']", "pdq", DIGEST),
        (r"[url:value = 'https://tulips.example/o\'clock\\x']", "url", r"https://tulips.example/o'clock\x"),
    ],
)
def test_plain_comparisons_are_read(tmp_path: Path, pattern: str, kind: str, value: str) -> None:
    """Addresses, domains and hashes, with what is escaped in them."""
    (entry,) = read(tmp_path, indicator(pattern))
    assert (entry.kind, entry.value) == (IndicatorKind(kind), value)


def test_what_an_object_tells_is_kept(tmp_path: Path) -> None:
    """Confidence, expiry, reason and source; comparisons joined by OR are several entries; the revoked is withdrawn."""
    told = indicator(
        "[url:value = 'https://a.example/' OR domain-name:value = 'b.example'] OR [domain-name:value = 'c.example']",
        confidence=85,
        valid_until="2026-08-01T00:00:00Z",
        description="The tulip feud.",
        external_references=[{"source_name": "Garden watch"}],
    )
    entries = read(tmp_path, told, indicator("[domain-name:value = 'd.example']", revoked=True))
    assert [entry.value for entry in entries] == ["https://a.example/", "b.example", "c.example", "d.example"]
    first = entries[0]
    assert (first.number, first.confidence, first.expires_on) == (1, 85, date(2026, 8, 1))
    assert (first.reason, first.source) == ("The tulip feud.", "Garden watch")
    assert [entry.withdrawn for entry in entries] == [False, False, False, True]


def test_a_pattern_of_the_type_pdq_is_a_hash(tmp_path: Path) -> None:
    """As exchanges of picture hashes write it."""
    (entry,) = read(tmp_path, indicator(DIGEST, pattern_type="pdq"))
    assert (entry.kind, entry.value) == (IndicatorKind.PDQ, DIGEST)


@pytest.mark.parametrize(
    "told",
    [
        {"type": "identity", "name": "Rosa"},
        "no object",
        None,
        indicator(None),
        indicator("rule tulips {}", pattern_type="yara"),
        indicator("url:value = 'https://a.example/'"),
        indicator("[url:value LIKE 'https://%']"),
        indicator("[url:value = 'https://a.example/' AND domain-name:value = 'b.example']"),
        indicator("[url:value = 'https://a.example/'] FOLLOWEDBY [url:value = 'https://b.example/']"),
        indicator("[ipv4-addr:value = '192.0.2.7']"),
        indicator("[]"),
        indicator("[url:value = 'open]"),
        indicator("[url:value = 'https://a.example/']", confidence="high"),
        indicator("[url:value = 'https://a.example/']", valid_until="soon"),
    ],
    ids=range(14),
)
def test_what_cannot_be_used_is_told_object_by_object(tmp_path: Path, told: Any) -> None:
    """Each is one broken entry by its place; the object after it is read."""
    broken, good = read(tmp_path, told, indicator("[domain-name:value = 'a.example']"))
    assert isinstance(broken, Broken)
    assert broken.number == 1
    assert isinstance(good, Entry)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"type": "report"}', b"{" * 100_000, b"\xff\xfe{"])
def test_a_file_that_is_no_bundle_is_refused_as_a_whole(tmp_path: Path, content: bytes) -> None:
    """With a sentence, not a traceback."""
    path = tmp_path / "bundle.json"
    path.write_bytes(content)
    with pytest.raises(InputError):
        list(read_stix(path))


@given(st.text(alphabet="[]'\\= ORAND:urlvae.x", max_size=60))
def test_no_pattern_raises(tmp_path_factory: pytest.TempPathFactory, pattern: str) -> None:
    """Any pattern is read or told."""
    assert read(tmp_path_factory.mktemp("stix"), indicator(f"[url:value = 'a'{pattern}]"))
