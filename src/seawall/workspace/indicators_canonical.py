"""Brings what people list to the form in which the lake keeps the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import pyarrow as pa

from seawall.casebook import Listing
from seawall.detectors.known_lexicons import Lexicons
from seawall.intake.addresses import normal_host
from seawall.intake.hosts import has_public_suffix
from seawall.intake.links import canonical
from seawall.intake.places import Hide
from seawall.measures.text import match_keys
from seawall.model import SECONDED, IndicatorKind

Unusable = tuple[None, str]
"""No value, and why, without quoting it."""

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


def canonical_value(kind: IndicatorKind, told: str, hide: Hide) -> tuple[str, None] | Unusable:
    """The value as it is kept, or why there is none.

    Args:
        kind: what it is.
        told: as a person or a list tells it.
        hide: a name in an address -> what is kept of it, as ``Pseudonyms.hide``.

    >>> canonical_value(IndicatorKind.DOMAIN, "https://WWW.Tulips-Only.example/beds", lambda name: "~0")
    ('tulips-only.example', None)
    >>> canonical_value(IndicatorKind.DOMAIN, "co.uk", lambda name: "~0")[1]
    'it is no domain that somebody registered'
    """
    if kind is IndicatorKind.URL:
        return _url(told, hide)
    if kind is IndicatorKind.DOMAIN:
        return _domain(told, hide)
    if kind is IndicatorKind.TEXT:
        return _text(told)
    return (" ".join(told.split()) if kind in SECONDED else told.strip().lower()), None


def _url(told: str, hide: Hide) -> tuple[str, None] | Unusable:
    link = canonical(told.strip(), hide)
    return (link.url, None) if link is not None else (None, "it is no address that a browser would open")


def _domain(told: str, hide: Hide) -> tuple[str, None] | Unusable:
    host = re.split(r"[/?#]", _SCHEME.sub("", told.strip(), count=1), maxsplit=1)[0]
    normal = normal_host(host.rpartition("@")[2].partition(":")[0].removeprefix("*."))
    if normal is None or "." not in normal or _is_suffix(normal):
        return None, "it is no domain that somebody registered"
    link = canonical(f"https://{normal}/", hide)
    known = urlsplit(link.url).hostname if link is not None else None
    return (known or normal).removeprefix("www."), None


def _is_suffix(host: str) -> bool:
    """Whether anyone may register domains below it, as below co.uk."""
    return has_public_suffix(f"any.{host}") and not has_public_suffix(host)


def _text(told: str) -> tuple[str, None] | Unusable:
    key = match_keys(pa.array([told], pa.string()))[0].as_py()
    return (f"{key:016x}", None) if key is not None else (None, "it has no words of its own")


def refused_terms(listings: Sequence[Listing]) -> dict[int, str]:
    """Place of each phrase or word that cannot be looked for, and why."""
    terms = {str(place): one.value for place, one in enumerate(listings) if one.kind in SECONDED}
    return {int(place): _as_clause(reason) for place, reason in Lexicons(terms).refused.items()}


def _as_clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
