"""STIX 2.1 bundles: the indicator objects whose patterns are plain comparisons.

OASIS, STIX Version 2.1 (10 June 2021), sections 4.7 (Indicator) and 9 (patterning). Read are ``[url:value = '...']``,
``[domain-name:value = '...']`` and ``[file:hashes.'SHA-256' = '...']`` (also MD5 and PDQ), one or several joined by OR,
and patterns of the type ``pdq``, which are a hash. Everything else is told, object by object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seawall.model import IndicatorKind
from seawall.sources.lists.entries import Broken, Entry, Line, day_of, unreadable

MOST_BYTES = 512 << 20

_STRING = r"'(?:[^'\\]|\\.)*'"
_ONE = re.compile(
    rf"\s*(?P<path>[a-z0-9-]+:[\w.-]+(?:'[\w-]+')?)\s*=\s*(?P<value>{_STRING})\s*", re.ASCII | re.IGNORECASE
)
_OR = re.compile(r"\s*(?:\]\s*OR\s*\[|OR)\s*")
_ESCAPED = re.compile(r"\\(.)")
_PATHS = {
    "url:value": IndicatorKind.URL,
    "domain-name:value": IndicatorKind.DOMAIN,
    "file:hashes.sha-256": IndicatorKind.SHA256,
    "file:hashes.sha256": IndicatorKind.SHA256,
    "file:hashes.md5": IndicatorKind.MD5,
    "file:hashes.pdq": IndicatorKind.PDQ,
}


def read_stix(path: Path) -> Iterator[Line]:
    """The indicators of a bundle, by the place of their object; an object may give several entries.

    Raises:
        InputError: it cannot be read, or is no bundle of STIX 2.
    """
    for number, told in enumerate(_objects(path), start=1):
        if not isinstance(told, dict):
            yield Broken(number, "it is no object")
        elif told.get("type") != "indicator":
            yield Broken(number, "it is an object of another type than indicator")
        else:
            yield from _indicator(number, told)


def is_stix(path: Path) -> bool:
    """Whether a file looks like a bundle rather than a table.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError as error:
        raise unreadable(f"The list cannot be read ({error.strerror}).", str(path), "Check the path.") from None


def _objects(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise unreadable("The bundle is larger than 512 MiB.", path.name, "Split it.")
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise unreadable(f"The list cannot be read ({error.strerror}).", str(path), "Check the path.") from None
    except (ValueError, RecursionError):
        raise unreadable("The file is no JSON.", path.name, "Check that it was downloaded whole.") from None
    objects = told.get("objects") if isinstance(told, dict) else None
    if not isinstance(objects, list) or told.get("type") != "bundle":
        raise unreadable("The file is no STIX bundle.", path.name, 'A bundle has "type": "bundle" and "objects".')
    return objects


def _indicator(number: int, told: dict[str, Any]) -> Iterator[Line]:
    pattern = told.get("pattern")
    if not isinstance(pattern, str):
        yield Broken(number, "its pattern is missing")
        return
    found = _compared(pattern, told.get("pattern_type"))
    if isinstance(found, str):
        yield Broken(number, found)
        return
    confidence = told.get("confidence")
    if confidence is not None and not (type(confidence) is int and 0 <= confidence <= 100):
        yield Broken(number, "its confidence is no whole number from 0 to 100")
        return
    until = told.get("valid_until")
    expires_on = day_of(until) if isinstance(until, str) else None
    if until is not None and expires_on is None:
        yield Broken(number, "its valid_until is no time")
        return
    reason = next((told[name] for name in ("description", "name") if isinstance(told.get(name), str)), None)
    withdrawn = told.get("revoked") is True
    for kind, value in found:
        yield Entry(number, kind, value, reason or None, _source(told), confidence, expires_on, withdrawn)


def _compared(pattern: str, pattern_type: Any) -> list[tuple[IndicatorKind, str]] | str:
    """Kinds and values of a pattern, or why it cannot be used."""
    if pattern_type == "pdq":
        return [(IndicatorKind.PDQ, pattern.strip())]
    if pattern_type != "stix":
        return "its pattern is of a type that Seawall does not read"
    text = pattern.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return "its pattern is more than a comparison"
    found: list[tuple[IndicatorKind, str]] = []
    place, end = 1, len(text) - 1
    while place < end:
        matched = _ONE.match(text, place, end)
        if matched is None:
            return "its pattern is more than comparisons with = that are joined by OR"
        kind = _PATHS.get(matched["path"].replace("'", "").lower())
        if kind is None:
            return "its pattern compares something that Seawall does not know"
        found.append((kind, _ESCAPED.sub(r"\1", matched["value"][1:-1])))
        place = matched.end()
        if place < end:
            joined = _OR.match(text, place, end)
            if joined is None:
                return "its pattern is more than comparisons with = that are joined by OR"
            place = joined.end()
    return found or "its pattern is empty"


def _source(told: dict[str, Any]) -> str | None:
    """Who tells it: the first reference's name, or the id of its maker."""
    references = told.get("external_references")
    if isinstance(references, list):
        for one in references:
            if isinstance(one, dict) and isinstance(one.get("source_name"), str) and one["source_name"].strip():
                return str(one["source_name"])
    maker = told.get("created_by_ref")
    return maker if isinstance(maker, str) and maker.strip() else None
