"""Typed tokens: no identity survives, and nothing else is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seawall.intake.tokens import tokenise
from tests.intake.strings import columns, texts

HANDLES = (
    "@{0}", "RT @{0}: ", "via @{0}", "＠{0}", "﹫{0}", "@@{0}", "%40{0}", "&#64;{0}", ".@{0}",
    "-@{0}", "hello.@{0}", "@\u200b{0}",
    "@john.{0}", "@john-{0}", "@{0}.moss", "@фиалка{0}", "@زهرة{0}", "@花{0}", "@_{0}_", "@{0}'s", "(@{0})",
    "@{0}@plants.example",
    "@{0}:garden.example", "@{0}:garden.example:8448", "@{0}:localhost", "<@{0}>", "<@!{0}>", "<@U1|Fern {0}>",
    "@\u2068Fern {0}\u2069", "@**Fern {0}**", "@_**Fern {0}|12**", "@[12:34:Fern {0}]", "@[Fern {0}](user:12)",
    '@"Fern {0}"',
    "@<span>{0}</span>", "{0}#1234", "/u/{0}", "u/{0}", "see u/{0}.", "skype: {0}", "Telegram: {0}",
)  # fmt: skip
EMAILS = (
    "{0}@garden.example", "a.{0}@garden.example", "{0}+beds@garden.example", "mailto:{0}@garden.example",
    "{0}@localhost",
    "<{0}@garden.example>", '"fern {0}"@garden.example', "{0}＠garden.example", "{0}@[10.0.0.1]",
    "o'{0}@garden.example",
    "fern@{0}.example", "xmpp:{0}@garden.example/home", "acct:{0}@garden.example",
    "https://a.example/?to={0}%40garden.example",
)  # fmt: skip
LINKS = (
    "https://x.com/{0}", "http://twitter.com/{0}/status/12", "https://mobile.twitter.com/#!/{0}", "x.com/{0}?s=20",
    "https://x.com/i/user/{0}", "https://www.facebook.com/{0}", "https://facebook.com/profile.php?id={1}",
    "https://m.facebook.com/{0}/posts/12", "https://facebook.com/people/Fern/{1}", "https://www.instagram.com/{0}/",
    "https://instagram.com/stories/{0}/12", "https://t.me/{0}", "t.me/{0}/12", "https://t.me/s/{0}",
    "https://{0}.t.me",
    "https://telegram.me/{0}", "tg://resolve?domain={0}", "tg://user?id={1}", "https://www.tiktok.com/@{0}/video/12",
    "https://youtube.com/@{0}", "https://www.youtube.com/user/{0}", "https://mastodon.example/@{0}",
    "https://mastodon.example/@{0}/12", "https://mastodon.example/users/{0}/statuses/12", "https://a.example/u/{0}",
    "https://a.example/user/{0}", "https://a.example/profile/{0}", "https://a.example/people/{0}",
    "https://old.reddit.com/user/{0}/",
    "https://matrix.to/#/@{0}:garden.example", "https://matrix.to/#/%40{0}%3Agarden.example",
    "https://bsky.app/profile/{0}.bsky.social",
    "{0}.bsky.social", "https://{0}.tumblr.com/post/12", "https://{0}:secret@garden.example/beds",
    "https://fern:{0}@garden.example",
    "https://garden.example,@{0}", "https://a.example/?user={0}&x=1", "https://a.example/?x=1&email={0}%40b.example",
    "https://linkedin.com/in/{0}-green", "https://vk.com/{0}", "https://www.snapchat.com/add/{0}",
    "https://medium.com/@{0}/tulips",
    "https://cash.app/${0}", "https://paypal.me/{0}", "skype:{0}?chat", "https://github.com/{0}/beds",
    "https://twitch.tv/{0}",
    "[Fern {0}](https://matrix.to/#/@fern:garden.example)", "[Fern {0}](tg://user?id=12)",
    "https://steamcommunity.com/id/{0}",
    '<a href="https://matrix.to/#/@fern:garden.example">Fern {0}</a>', "https://signal.me/#eu/{0}",
)  # fmt: skip
PHONES = (
    "+{1}", "+49 {1}", "+1 (555) {1}", "tel:+{1}", "wa.me/{1}", "https://api.whatsapp.com/send?phone={1}",
    "t.me/+{1}",
    "0049 {1}", "0{1}", "sms:{1}", "call {1}.", "signal.me/#p/+{1}", "Tel:+{1}", "＋{1}",
)  # fmt: skip
ALL = HANDLES + EMAILS + LINKS + PHONES


@given(
    st.lists(st.tuples(st.sampled_from(ALL), st.integers(0, 999_999)), min_size=1, max_size=6),
    st.sampled_from([" ", "\n", ", ", " and ", "\u3000", " 🌷 "]),
    texts,
)
def test_no_planted_identity_survives(planted: list[tuple[str, int]], between: str, around: str) -> None:
    """However identities are written and mixed with other text, none is in what is stored."""
    marks = [(f"zq{number}x", f"491709{number:06}") for _, number in planted]
    body = between.join(form.format(*mark) for (form, _), mark in zip(planted, marks, strict=True))
    (stored,) = tokenise(pa.array([f"{around} {body} tulips"])).to_pylist()
    assert not any(part in stored for mark in marks for part in mark)
    assert stored.endswith("tulips")


@pytest.mark.parametrize("form", ALL)
def test_each_form_is_hidden(form: str) -> None:
    """Each form of handle, address, link and number is hidden where it stands alone."""
    (stored,) = tokenise(pa.array([form.format("zq7x", "491709000007")])).to_pylist()
    assert "zq7x" not in stored
    assert "491709000007" not in stored


@given(columns())
def test_no_at_sign_keeps_a_word(column: pa.Array | pa.ChunkedArray) -> None:
    """Behind every @ that is left stands nothing but a token; nulls, rows and type stay."""
    stored = tokenise(column)
    assert stored.type == column.type
    for before, after in zip(column.to_pylist(), stored.to_pylist(), strict=True):
        assert (before is None) == (after is None)
        assert not re.search(r"[@＠﹫]\w", after or "")


@given(texts)
@example("://!＠0")
def test_tokens_stay_tokens(text: str) -> None:
    """What is stored once is stored the same when it comes in again."""
    once = tokenise(pa.array([text]))
    assert tokenise(once).to_pylist() == once.to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "Meet @ 5pm in the garden: 3 beds, 2.5 m, 1 234 567 seeds",
        "On 2026-05-03, 03.05.2026 or 5/3/2026, from 10:30 to 12:00; 2014-2015",
        "https://garden.example/beds/12345678901?page=2#tulips www.garden.example 10.0.12.255",
        "https://t.co/Ab12 https://youtu.be/abc https://www.youtube.com/watch?v=abc",
        "https://twitter.com/search?q=tulips https://x.com/hashtag/tulips https://instagram.com/p/Ab12",
        "t.me/+AbCdEf https://t.me/joinchat/AAAA https://discord.gg/Ab12",
        "Instagram: photos of tulips; and/or c/o w/o 50/50",
        "#tulips #2026 садоводы बाग़ 花园 \x00 🌷",
        "@[account] [email] [phone] https://x.com/[profile]/status/12 [name]",
    ],
)
def test_other_text_is_not_touched(text: str) -> None:
    """Dates, amounts, addresses of pages, invites, tags and tokens stay as they are."""
    assert tokenise(pa.array([text])).to_pylist() == [text]


def test_kinds_of_tokens() -> None:
    """A token tells what it stands for, and the rest of a link stays."""
    text = "RT @fern: ask fern@garden.example, +49 170 1234567 or https://x.com/fern/status/12 t.me/fern/3"
    assert tokenise(pa.array([text])).to_pylist() == [
        "RT @[account]: ask [email], [phone] or https://x.com/[profile]/status/12 t.me/[profile]/3"
    ]


def test_tweets_without_traces_are_not_touched(shared_data: Path) -> None:
    """Real tweets without @, a long number or a person's page are stored word by word."""
    column = pq.read_table(shared_data / "ira" / "ira_dev.parquet", columns=["content"])["content"].slice(
        300_000, 20_000
    )
    changed = [
        before
        for before, after in zip(column.to_pylist(), tokenise(column).to_pylist(), strict=True)
        if before != after
        and not re.search(r"@|%40|(?:\d[ ().–/-]{0,3}){7}|[:=] ?\w|\.com/|/u/|t\.me|\.tv/|\.me/|io/", before)
    ]
    assert changed == []
