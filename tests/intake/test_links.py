"""Links: the right host whatever the trick, one canonical form, and a fast way that gives the same."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from seawall.intake.addresses import parse
from seawall.intake.links import canonical, extract_links, in_text
from seawall.intake.place_table import FAMILIES
from seawall.intake.plain_links import plain_links
from seawall.intake.plain_rules import links_by_rule
from seawall.model import LINK


def hide(name: str) -> str:
    return f"~{name.encode().hex()}"


def url_of(address: str) -> str | None:
    link = canonical(address, hide)
    return link.url if link else None


def slow_extract(texts: list[str | None], told: list[list[str] | None]) -> list[list[dict[str, str]] | None]:
    """The reference: every address of every row through ``canonical``."""
    rows: list[list[dict[str, str]] | None] = []
    for text, given_links in zip(texts, told, strict=True):
        links = {}
        for address in [*(given_links or []), *(in_text(text) if text else [])]:
            link = canonical(address, hide)
            if link is not None:
                links.setdefault(link.url, link._asdict())
        rows.append(list(links.values()) or None)
    return rows


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://good.example@evil.example/", "evil.example"),
        ("http://good.example:80@evil.example/x", "evil.example"),
        ("http://a@b@evil.example/", "evil.example"),
        ("http://evil.example\\@good.example/", "evil.example"),
        ("http:\\\\evil.example\\good", "evil.example"),
        ("http:evil.example", "evil.example"),
        ("http:///evil.example/", "evil.example"),
        ("http://ev\til.exa\nmple/", "evil.example"),
        ("  http://evil.example/ ", "evil.example"),
        ("http://%65vil.example/", "evil.example"),
        ("http://evil.example%2f@good.example/", "good.example"),
        ("http://evil.example#@good.example/", "evil.example"),
        ("http://evil.example?@good.example/", "evil.example"),
        ("http://evil.example:@good.example:80/", "good.example"),
        ("http://ＥＶＩＬ．example/", "evil.example"),
        ("http://evil\u200b.example/", "evil.example"),
        ("http://evil\u00ad.example/", "evil.example"),
        ("http://evil。example/", "evil.example"),
        ("HTTP://EVIL.EXAMPLE./", "evil.example"),
        ("http://аррӏе.example/", "xn--80ak6aa92e.example"),
        ("http://faß.example/", "xn--fa-hia.example"),
        ("http://сад.рф/", "xn--80ai1b.xn--p1ai"),
        ("http://2130706433/", "127.0.0.1"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://0177.0.0.01/", "127.0.0.1"),
        ("http://192.0.2.7./", "192.0.2.7"),
        ("http://[::1]:80/", "[::1]"),
        ("http://foo_bar.example/", "foo_bar.example"),
    ],
)
def test_the_host_is_the_one_that_a_browser_opens(address: str, host: str) -> None:
    """User information, backslashes, breaks, escapes, look-alikes and numbers give the host that is reached."""
    link = canonical(address, hide)
    assert link is not None
    assert link.url.split("/")[2] == host


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://@/",
        "http://a b/",
        "http://%00/",
        "http://garden%2fexample/",
        "http://garden.example:99999/",
        "http://garden.example:80x/",
        "http://garden..example/",
        "http://.garden.example/",
        "http://1.2.3.4.5/",
        "http://256.256.256.256/",
        "http://garden.example.09/",
        "http://[::1/",
        "http://xn--a.example/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 200}example/",
        "mailto:club@garden.org",
        "tel:+15550100",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//",
        "",
        "garden",
        "\ud800",
    ],
)
def test_what_no_browser_opens_is_no_link(address: str) -> None:
    """A host that would be refused is never repaired, and contacts and scripts are no links."""
    assert canonical(address, hide) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://Garden.org:443/a/../b/./c?z=1&a=2#top", "https://garden.org/b/c?a=2&z=1"),
        ("http://garden.org:80", "http://garden.org/"),
        ("http://garden.org:8080/", "http://garden.org:8080/"),
        ("https://garden.org/%7euser%2fx/%e4%bd%a0", "https://garden.org/~7e757365722f78/%E4%BD%A0"),
        (
            "https://garden.org/beet?utm_source=a&UTM_Medium=b&fbclid=c&gclid=d&igshid=e&si=f&id=7",
            "https://garden.org/beet?id=7",
        ),
        ("https://garden.org/?b=2&a=1&b=1", "https://garden.org/?a=1&b=2&b=1"),
        ("https://garden.org/a?&&", "https://garden.org/a"),
        ("https://garden.org/сад", "https://garden.org/%D1%81%D0%B0%D0%B4"),
        ("https://garden.org/%2e%2e/x", "https://garden.org/x"),
        ("https://garden.org//a//b", "https://garden.org//a//b"),
        ("https://mobile.twitter.com/i/status/77?s=20", "https://x.com/i/status/77"),
        ("https://youtu.be/abcDEF12345?si=1&t=5", "https://youtube.com/watch?v=abcDEF12345"),
        ("https://m.youtube.com/watch?t=3&v=abcDEF12345", "https://youtube.com/watch?v=abcDEF12345"),
        ("https://en.m.wikipedia.org/wiki/Fern", "https://en.wikipedia.org/wiki/Fern"),
        ("https://m.garden.org/a", "https://m.garden.org/a"),
        ("https://www.google.com/amp/s/garden.org/a", "https://garden.org/a"),
        ("https://garden-org.cdn.ampproject.org/c/garden.org/a", "http://garden.org/a"),
        ("https://www.google.com/url?q=https%3A%2F%2Fgarden.org%2Fa&sa=D", "https://garden.org/a"),
        ("www.garden.org/a", "https://www.garden.org/a"),
        ("garden.org/a", "https://garden.org/a"),
    ],
)
def test_one_canonical_form(address: str, expected: str) -> None:
    """Case, ports, dot segments, escapes, tracking, order of parameters and leading-on pages do not matter."""
    assert url_of(address) == expected


def test_a_very_long_address_keeps_its_host_and_a_hash() -> None:
    """An address of thousands of characters stays countable without being kept."""
    long = f"https://garden.org/{'beet/' * 2000}"
    assert url_of(long) == url_of(long) != url_of(long + "x")
    assert canonical(long, lambda _: "~0").url == "https://garden.org/~0"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://garden.org/a.", ["https://garden.org/a"]),
        ("(https://garden.org/a_(b))", ["https://garden.org/a_(b)"]),
        ("[here](https://garden.org/a), «https://garden.org/b»!", ["https://garden.org/a", "https://garden.org/b"]),
        ('<a href="https://garden.org/a">x</a>', ["https://garden.org/a"]),
        ("смотриhttp://garden.org/a\nt.me/garden_club", ["http://garden.org/a", "t.me/garden_club"]),
        ("WWW.garden.org and HTTPS://garden.org", ["WWW.garden.org", "HTTPS://garden.org"]),
        ("join discord.gg/seeds, chat.whatsapp.com/ABC!", ["discord.gg/seeds", "chat.whatsapp.com/ABC"]),
        ("matrix.to/#/#seeds:club.example", ["matrix.to/#/#seeds:club.example"]),
        ("at.me/x not.t.me/y club@www.garden.org", []),
        ("cut https://t.co/abcd…", []),
        ("https://garden.org/a？你好", ["https://garden.org/a"]),
        ("http:// https://. www. t.me/", ["https://"]),
        ("tg://resolve?domain=seeds", ["tg://resolve?domain=seeds"]),
    ],
)
def test_links_are_found_in_prose(text: str, found: list[str]) -> None:
    """Punctuation around an address is not part of it, and forms without a scheme are recognised."""
    assert in_text(text) == found


SAMPLES = [
    *("see", "https://garden.org/a", "http://t.co/Ab12", "http://t.co/Ab12.", "www.garden.org", "t.me/seeds"),
    *("https://t.me/seeds/5", "http://a@b.org/", "HTTP://GARDEN.org/", "https://garden.org/a?utm_source=x"),
    *("http://сад.рф", "https://garden.org/user/ann", "http://http://x.org", "https://x.org/a..b/", "http://x.org/.."),
    *("http://x-.org", "http://1.2.3.4", "http://xn--a.org", "http://x.org/…", "https://garden.org/Invite/abcd"),
]
WORDS = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(alphabet="htps:/.aA1-_~@?#%()é… \n", max_size=20),
    st.text(max_size=12),
)
TEXTS = st.lists(WORDS, max_size=6).map(lambda words: " ".join(words).encode("utf-8", "replace").decode())
PLAIN_LIKE = st.from_regex(
    r"https?://[a-z0-9-]{0,9}(\.[a-z0-9-]{1,5}){0,3}(/[A-Za-z0-9_.~-]{0,6}){0,4}"
    r"(\?[a-c._=&-]{0,9})?(#[A-Za-z0-9/]{0,3})?",
    fullmatch=True,
)
KNOWN_HOSTS = sorted(host for family in FAMILIES for host in family.hosts)
OF_RULES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "https://www.", "http://m.", "https://fern."]),
    st.sampled_from(KNOWN_HOSTS),
    st.lists(
        st.sampled_from(
            ["/", "/fern", "/Fern.Meadow", "/12", "/status", "/s", "/c", "/i", "/+AbC", "/joinchat", "/watch"]
        )
        | st.sampled_from(
            ["/r", "/comments", "/wall-1_2", "/@fern", "/p", "/invite", "/profile", "/post", "/.", "/~a", "/a=b"]
        ),
        max_size=5,
    ).map("".join),
    st.sampled_from(
        ["", "?", "?v=abc", "?v=a&v=", "?v=a&v=b", "?utm_id=1&v=x.y", "?g2=AQ", "?list=P&v=", "?q=t.me", "?phone=1"]
    ),
    st.sampled_from(["", "", "#", "#top", "#/room/x", "#p/x"]),
)


@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | st.lists(TEXTS, max_size=2)), max_size=6))
def test_batches_give_what_single_addresses_give(rows: list[tuple[str | None, list[str] | None]]) -> None:
    """The kernel and the vectorised steps find the same links, in the same order, as one address at a time."""
    texts, told = [text for text, _ in rows], [links for _, links in rows]
    found = extract_links(pa.array(texts, pa.string()), pa.array(told, pa.list_(pa.string())), hide)
    found.validate(full=True)
    assert found.type == pa.list_(LINK)
    assert found.to_pylist() == slow_extract(texts, told)


@given(PLAIN_LIKE | OF_RULES)
def test_the_fast_ways_agree_with_the_careful_one(address: str) -> None:
    """What the fast ways take, they take exactly as ``canonical`` would."""
    for fast in (plain_links(pa.array([address]))[0].as_py(), links_by_rule(pa.array([address]), hide)[0].as_py()):
        if fast is not None:
            careful = canonical(address, hide)
            assert careful is not None
            assert fast == careful._asdict()


@given(st.lists(OF_RULES, max_size=12))
def test_many_addresses_of_known_hosts_are_typed_as_one_by_one(addresses: list[str]) -> None:
    """Rules asked of columns give each address what it gets alone, and they take the usual ones."""
    found = links_by_rule(pa.array([*addresses, "https://t.me/fern/12"], pa.string()), hide).to_pylist()
    assert found[-1] == canonical("https://t.me/fern/12", hide)._asdict()  # type: ignore[union-attr]
    for address, link in zip(addresses, found, strict=False):
        assert link is None or link == canonical(address, hide)._asdict()  # type: ignore[union-attr]


@given(st.from_regex(r"(/[A-Za-z0-9._~@:-]{0,5}){1,4}(\?[A-Za-z0-9._~=&-]{0,8})?", fullmatch=True))
def test_what_is_normal_as_it_stands_needs_no_parser(rest: str) -> None:
    """Paths and queries that are passed over are those that the parser of addresses would leave as they are."""
    address = parse(f"http://garden.org{rest}")
    parsed = URL(f"http://garden.org{rest}")
    assert address is not None
    assert (address.path, address.query) == (parsed.raw_path, parsed.raw_query_string)


@given(TEXTS | st.text(max_size=40).map(lambda rest: f"https://garden.org/{rest}"))
def test_canonical_is_stable(address: str) -> None:
    """The canonical form of a canonical form is itself, wherever nothing had to be hidden."""
    hidden: list[str] = []
    once = canonical(address, lambda name: hidden.append(name) or "~0")
    if once is not None and not hidden:
        assert canonical(once.url, hide) == once


def test_slices_and_nulls() -> None:
    """A slice of a longer column and rows of nulls give the links of their own rows only."""
    texts = pa.array(["http://a.org/1", None, "http://b.org/2 http://b.org/2", "none"]).slice(1)
    assert extract_links(texts, None, hide).to_pylist() == [
        None,
        [{"url": "http://b.org/2", "domain": "b.org", "place": "web"}],
        None,
    ]
    assert extract_links(pa.array([], pa.string()), None, hide).to_pylist() == []


@pytest.mark.parametrize(
    "piece", ["http://", "t.me/", "(", "https://garden.org/", "@", "://", "www.", "a", "http://a.org)", "…"]
)
def test_hostile_texts_are_done_in_linear_time(piece: str) -> None:
    """A megabyte of one piece repeated comes to an end; a quadratic step would take hours."""
    text = piece * (1_000_000 // len(piece))
    links = extract_links(pa.array([text, f"http://garden.org/{text}", f"t.me/{text}"]), None, hide)
    assert all(len(link["domain"]) < 254 for row in links.to_pylist() for link in row or ())


@pytest.mark.data
def test_real_tweets_agree_with_the_reference(shared_data: Path) -> None:
    """On real tweets the batch gives what one address at a time gives."""
    table = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"]).slice(300_000, 3000)
    texts = table["content"].combine_chunks()
    found = extract_links(texts, None, hide)
    assert found.to_pylist() == slow_extract(texts.to_pylist(), [None] * len(texts))
    assert len(found.flatten()) > 2000
