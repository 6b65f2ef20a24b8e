"""Addresses that pretend to lead elsewhere: the host that Chromium opens is the one that counts, or there is none."""

from __future__ import annotations

import json
import re
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.intake.addresses import normal_host, parse
from seawall.intake.host_names import in_ascii
from seawall.intake.hosts import registrable_domain
from seawall.intake.links import canonical, extract_links
from seawall.intake.numeric_hosts import ipv6
from seawall.intake.plain_links import plain_links
from tests.intake.make_adversarial_links import CORPUS, addresses

Row = dict[str, str | None]

NEVER_REGISTERED = set("!\"$&'()*+,;=`{}~ ")
"""Signs that Chromium takes in a host and no registry gives."""


@pytest.fixture(scope="module")
def corpus() -> list[Row]:
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="ascii").splitlines()[1:]]
    assert len(rows) >= 1000
    return rows


def hide(name: str) -> str:
    return f"~{name.encode('utf-8', 'replace').hex()}"


def without_root(host: str | None) -> str | None:
    """A host without the dot of the root: with it, it is the same name."""
    if host is None:
        return None
    name, colon, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    return f"{name.removesuffix('.')}{colon}{port}"


def without_port(authority: str) -> str:
    return re.sub(r":\d+$", "", authority)


def test_no_address_gets_another_host(corpus: list[Row]) -> None:
    """Whatever an address pretends, its host is the one that a browser opens, or there is none."""
    for row in corpus:
        address = parse(row["address"] or "")
        assert address is None or address.authority == without_root(row["page"]), row


def test_no_link_is_counted_elsewhere(corpus: list[Row]) -> None:
    """The canonical link of each address has that host and its domain; of pages that lead on, that of the target."""
    for row in corpus:
        link = canonical(row["address"] or "", hide)
        if link is None:
            continue
        told, told_domain = link.url.split("/")[2], link.domain
        right = {same for same in (without_root(row["host"]), without_root(row["page"])) if same is not None}
        hosts = {host for host in right for host in (host, host.removeprefix("www."), host.removeprefix("m."))}
        assert told in hosts, row
        assert told_domain in {registrable_domain(without_port(host)) for host in hosts}, row


def test_a_name_in_disguise_is_no_known_place(corpus: list[Row]) -> None:
    """A link is of a known service's kind only where a browser opens that service's host."""
    for row in corpus:
        link = canonical(row["address"] or "", hide)
        if link is not None and link.place.partition("_")[0] in ("telegram", "discord", "x"):
            assert link.domain in ("t.me", "discord.gg", "discord.com", "x.com"), row
            assert link.domain in (row["host"] or "") or link.domain in (row["page"] or ""), row


def test_few_that_a_browser_opens_are_refused(corpus: list[Row]) -> None:
    """What is refused are names that nobody can register: doubled dots, signs, labels that encode nothing."""
    opened = [row for row in corpus if row["host"] is not None and row["family"] != "leading_on"]
    lost = [row for row in opened if parse(row["address"] or "") is None]
    assert len(lost) <= len(opened) // 10
    for row in lost:
        host = row["host"] or ""
        odd = (
            ".." in host or host.startswith(".") or "xn--" in host or "%" in host or max(map(len, host.split("."))) > 63
        )
        assert odd or len(host) > 253 or NEVER_REGISTERED & set(host), row


def test_pages_that_lead_on_are_followed_where_the_target_is_an_address(corpus: list[Row]) -> None:
    """In most of them the target counts; where a browser would refuse it, the page itself does."""
    rows = [row for row in corpus if row["family"] == "leading_on" and row["host"] is not None]
    links = [(row, canonical(row["address"] or "", hide)) for row in rows]
    followed = sum(link is not None and link.url.split("/")[2] == without_root(row["host"]) for row, link in links)
    assert followed >= 0.9 * len(rows)


def test_the_fast_way_is_no_softer(corpus: list[Row]) -> None:
    """Batches, told or in running text, give what the careful way gives for each address."""
    told = [row["address"] or "" for row in corpus]
    careful = [canonical(address, hide) for address in told]
    fast = extract_links(pa.nulls(len(told), pa.string()), pa.array([[address] for address in told]), hide)
    assert [None if row is None else row[0] for row in fast.to_pylist()] == [
        None if link is None else link._asdict() for link in careful
    ]
    plain = plain_links(pa.array(told)).to_pylist()
    assert all(one is None or one == link._asdict() for one, link in zip(plain, careful, strict=True) if link or one)


def test_the_corpus_is_what_its_generator_makes(corpus: list[Row]) -> None:
    """The addresses come from the committed program, and every family of tricks is there."""
    assert [row["address"] for row in corpus] == [address for _, address, _ in addresses()]
    assert min(Counter(row["family"] for row in corpus).values()) >= 20


@given(st.text(max_size=12) | st.from_regex(r"[a-zß-žа-я♥🌹\u200d\u0301.\-א-ת]{1,12}", fullmatch=True))
def test_a_name_in_ascii_is_itself(name: str) -> None:
    """What is written once is written so again, in small letters of ASCII."""
    try:
        once = in_ascii(name)
    except ValueError:
        return
    if once.isascii() and normal_host(once) is not None:
        assert in_ascii(once) == once


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_has_one_form(address: object) -> None:
    """However it is written, it is the same, and what is written is read again."""
    written = ipv6(f"[{address}]")
    assert written is not None
    assert written == ipv6(written) == ipv6(f"[{address.exploded.upper()}]")  # type: ignore[attr-defined]
