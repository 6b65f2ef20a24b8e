"""The place of a link: one key for what lives and ends, whatever page of it is linked."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import MeasureError
from seawall.measures.place import ROLES, place_keys
from seawall.measures.place.infrastructure import INFRASTRUCTURE
from seawall.measures.place.kinds import SHARED_SERVERS, kind_of

Link = tuple[str | None, str | None, str | None]


def table_of(links: list[Link]) -> pa.Table:
    columns = {name: [link[part] for link in links] for part, name in enumerate(("url", "domain", "place"))}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def slow_key(url: str | None, domain: str | None, told: str | None) -> tuple[str | None, ...]:
    """The reference: one link, in plain steps."""
    if url is None:
        return slow_key_of_domain(domain, told)
    after = re.match(r"(?:[a-z]+:)?//([^/?#]+)", url)
    host = after[1] if after else None
    domain = host if domain is None else domain
    what, kind, role = kind_of(told)
    if what == "host" and host in SHARED_SERVERS:
        what, kind = "address", told or ""
    place = domain
    if what == "address":
        place = url
    elif what == "channel" and (found := re.match(r"https?://[^/]+/(?:c/)?[^/?#]+", url)):
        place = found[0]
    elif what == "server" and (found := re.search(r":([^:/?#]+(?::\d+)?)$", url)):
        place = found[1]
    elif what == "host" and host is not None:
        place = host
    if what == "channel" and re.match(r"https?://t\.me/c/", url):
        kind = "telegram_closed"
    if role == "site" and (domain in INFRASTRUCTURE or host in INFRASTRUCTURE):
        role = "infrastructure"
    return (place, kind, domain, role) if place is not None else (None, None, None, None)


def slow_key_of_domain(domain: str | None, told: str | None) -> tuple[str | None, ...]:
    """The reference for a link whose address is not kept."""
    if domain is None:
        return (None, None, None, None)
    what, kind, role = kind_of(told)
    if what not in ("host", "domain"):
        kind = kind.partition("_")[0]
    if role == "site" and domain in INFRASTRUCTURE:
        role = "infrastructure"
    return (domain, kind, domain, role)


URLS = st.sampled_from(
    [
        *("https://t.me/~0a", "https://t.me/~0a/12", "https://t.me/c/~0b/9", "https://t.me/+AbC", "https://t.me/"),
        *("https://discord.gg/seeds", "https://matrix.to/#/%23~0c:club.org", "https://matrix.to/#/@~0d:club.org:8448"),
        *("https://chat.club.org/invite/AbC1", "https://open.rocket.chat/invite/AbC1", "http://seeds.onion/a"),
        *("https://plants.org/~0e/12", "https://disk.yandex.ru/d/1", "https://x.com/~0f/status/1", "https://a.org:81/"),
        *("https://fonts.gstatic.com/s", "seeds", "", "//club.org/a"),
    ]
)
KINDS = st.sampled_from(
    [
        *("telegram_handle", "telegram_message", "telegram_invite", "discord_invite", "matrix_alias", "matrix_user"),
        *("rocketchat_invite", "onion", "mastodon", "file_host", "x_status", "web", "guestbook", "hoop"),
    ]
)
DOMAINS = st.sampled_from(["t.me", "club.org", "gstatic.com", "yandex.ru"])


@given(st.lists(st.tuples(st.none() | URLS, st.none() | DOMAINS, st.none() | KINDS), max_size=12))
def test_many_links_give_what_each_alone_gives(links: list[Link]) -> None:
    """The vectorised steps give each link the key that plain steps give it alone, in any company."""
    found = place_keys(table_of(links))
    assert [tuple(row.values()) for row in found.to_pylist()] == [slow_key(*link) for link in links]


@pytest.mark.parametrize(
    ("link", "place", "kind", "role"),
    [
        (("https://t.me/~0a", "t.me", "telegram_handle"), "https://t.me/~0a", "telegram_handle", "chat"),
        (("https://t.me/~0a/12", "t.me", "telegram_message"), "https://t.me/~0a", "telegram_handle", "chat"),
        (("https://t.me/c/~0a/12", "t.me", "telegram_message"), "https://t.me/c/~0a", "telegram_closed", "chat"),
        (("https://club.org/invite/Ab12", "club.org", "rocketchat_invite"), "club.org", "rocketchat", "chat"),
        (("https://matrix.to/#/@~0:club.org", "matrix.to", "matrix_user"), "club.org", "matrix", "chat"),
        (("https://social.club.org/~0/1", "club.org", "mastodon"), "social.club.org", "mastodon", "social"),
        (("https://x.com/~0/status/1", "x.com", "x_status"), "x.com", "x", "social"),
        (("https://news.club.org/a", "club.org", "web"), "club.org", "web", "site"),
        (("https://cdn.jsdelivr.net/a", "jsdelivr.net", "web"), "jsdelivr.net", "web", "infrastructure"),
        (("https://bit.ly/3", "bit.ly", "shortener"), "bit.ly", "shortener", "shortener"),
        ((None, "t.me", "telegram_invite"), "t.me", "telegram", "chat"),
        ((None, "mega.nz", "file_host"), "mega.nz", "file_host", "file_host"),
    ],
)
def test_the_key_is_what_can_end(link: Link, place: str, kind: str, role: str) -> None:
    """A message leads to its channel, an invite of a server of one's own to the server, a page to its domain."""
    (row,) = place_keys(table_of([link])).to_pylist()
    assert (row["place"], row["kind"], row["role"]) == (place, kind, role)
    assert row["role"] in ROLES


def test_no_rows_and_missing_columns() -> None:
    """Nothing in, nothing out; a missing column is named."""
    assert place_keys(table_of([])).column_names == ["place", "kind", "domain", "role"]
    with pytest.raises(MeasureError, match="domain"):
        place_keys(pa.table({"url": ["https://a.org/"], "place": ["web"]}))


@pytest.mark.parametrize(
    ("link", "place", "kind", "role"),
    [
        (("https://chat.club.org/home", "club.org", "web"), "chat.club.org", "rocketchat", "chat"),
        (("https://a.chat.club.org:8443/", "club.org", "web"), "chat.club.org", "rocketchat", "chat"),
        (("https://club.org/news", "club.org", "web"), "club.org", "web", "site"),
        ((None, "seeds.org", "web"), "seeds.org", "forum", "social"),
        (("https://t.me/~0a", "t.me", "telegram_handle"), "https://t.me/~0a", "telegram_handle", "chat"),
    ],
)
def test_your_own_table_says_what_a_host_is(link: Link, place: str, kind: str, role: str) -> None:
    """A listed host, and what lies below it, is the place that the table says; channels and invites keep their own."""
    own = pa.table(
        {
            "host": ["Chat.Club.org.", "seeds.org", "t.me"],
            "kind": ["rocketchat", "forum", "site"],
            "role": [None, "social", None],
        }
    )
    (row,) = place_keys(table_of([link]), table=own).to_pylist()
    assert (row["place"], row["kind"], row["role"]) == (place, kind, role)


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        ({"host": ["a.org"]}, "kind"),
        ({"host": ["a.org", ""], "kind": ["web", "web"]}, "row 2"),
        ({"host": ["a.org"], "kind": ["web"], "role": ["shop"]}, "no such role"),
        ({"host": ["a.org", "A.org"], "kind": ["web", "matrix"]}, "two kinds"),
    ],
)
def test_a_table_of_your_own_is_checked(rows: dict[str, list[str]], match: str) -> None:
    """What is missing, unknown or told twice is named by its row."""
    with pytest.raises(MeasureError, match=match):
        place_keys(table_of([]), table=pa.table(rows))
