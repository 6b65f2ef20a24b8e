"""What a host is: its registrable domain, by the list that ships with ``tldextract``, and its family of places."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from seawall.intake.place_rules import Family
from seawall.intake.place_table import FAMILIES

if TYPE_CHECKING:
    from tldextract import TLDExtract

_MERGED_PREFIX = re.compile(r"(?:www\.)?(?:m|mobile|amp|touch)\.|www\.")
_MOBILE_WIKI = re.compile(r"([a-z-]+)\.m\.((?:wikipedia|wiktionary|wikinews|wikisource)\.org)")


class Host(NamedTuple):
    """What the table knows of a host."""

    name: str  # with other spellings of the same host merged
    domain: str  # registrable domain; the host itself where there is none (an IP address, localhost)
    family: Family | None
    owner: str | None  # the NAME in NAME.blog.example, where it may be a person's


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # late: it brings a client of the web with it, which is not used

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _families() -> dict[str, Family]:
    return {host: family for family in FAMILIES for host in family.hosts}


def registrable_domain(host: str) -> str:
    """The domain that somebody registered, by the ICANN part of the public suffix list, without network.

    The private part (blogspot.com and its like) is left aside: there the name before the dot may be a person's.

    >>> [registrable_domain(host) for host in ("news.garden.co.uk", "192.0.2.7", "fern.blogspot.com")]
    ['garden.co.uk', '192.0.2.7', 'blogspot.com']
    """
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


def has_public_suffix(host: str) -> bool:
    """Whether the host ends in a suffix of the list: enough to take a bare ``garden.example/path`` for an address."""
    return bool(_suffixes().extract_str(host).top_domain_under_public_suffix)


@lru_cache(maxsize=1 << 14)
def look_up(host: str) -> Host:
    """What the table of places knows of a host in its normal form.

    >>> look_up("mobile.twitter.com").family.place, look_up("www.garden.example").name
    ('x', 'www.garden.example')
    """
    families = _families()
    merged = host
    if host not in families and (prefix := _MERGED_PREFIX.match(host)) and host[prefix.end() :] in families:
        merged = host[prefix.end() :]
    family = families.get(merged)
    owner = None
    if family is None:
        owner, _, parent = merged.partition(".")
        above = families.get(parent)
        if above is not None and above.servers and owner not in above.words:
            return Host(merged, registrable_domain(merged), above, None)
        family = above if above is not None and above.subdomains else None
        merged = parent if family else _MOBILE_WIKI.sub(r"\1.\2", merged)
    return Host(merged, registrable_domain(merged), family, owner if family else None)
