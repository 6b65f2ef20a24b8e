"""Links: how fast texts without and with them are read, on links as groups that move share them.

The links are drawn, not shortened ones of one host: nearly ten thousand hosts with a long tail, invites and handles of
chats, videos and posts, queries with and without tracking, names in other scripts, ports, escapes; half of the
addresses stand once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pyarrow as pa
import tldextract
import yarl

from benchmarks.table import Row
from seawall.intake import Pseudonyms, addresses, hosts, links, new_keys, plain_links
from seawall.intake.links import extract_links

NAME = "Migration: links"

MESSAGES, LINKS, BATCH = 1_000_000, 300_000, 50_000
SITES = 40_000
PEER_LINKS = 20_000
SEED = 8
WORDS = "the beds near the gate are dug and the roses come tomorrow bring a spade water gloves".split()  # noqa: SIM905
SUFFIXES = ("com", "org", "net", "co.uk", "de", "ru", "com.br", "info", "fr", "in", "xyz", "site")
CYRILLIC = "садгорцветклуб"
FORMS = (
    (0.12, "https://t.me/{name}/{number}"),
    (0.05, "https://t.me/{name}"),
    (0.03, "https://t.me/+{code}"),
    (0.03, "https://discord.gg/{code}"),
    (0.02, "https://matrix.to/#/#{name}:{site}"),
    (0.02, "https://{site}/invite/{code}"),
    (0.09, "https://www.youtube.com/watch?v={code}&t=4s"),
    (0.04, "https://youtu.be/{code}?si={code}"),
    (0.09, "https://twitter.com/{name}/status/{number}?s=20"),
    (0.05, "https://bit.ly/{code}"),
    (0.03, "https://www.facebook.com/{name}/posts/{number}"),
    (0.02, "https://{site}/@{name}/{number}"),
    (0.01, "http://{code}.onion/{name}"),
    (0.02, "https://mega.nz/file/{code}#key"),
    (0.20, "https://{site}/{word}/{word}-{word}-{number}"),
    (0.05, "https://www.{site}/{word}/{number}.html"),
    (0.07, "https://{site}/{word}?id={number}&utm_source=feed&utm_medium=x"),
    (0.02, "https://{site}/?p={number}"),
    (0.02, "http://{cyrillic}.рф/{word}"),
    (0.01, "https://{site}:8443/%7E{name}/a%20b"),
    (0.01, "https://www.google.com/url?q=https%3A%2F%2F{site}%2F{word}&sa=D"),
)


def texts_without(count: int = MESSAGES, seed: int = SEED) -> pa.Array:
    """Messages of about fifteen words without a link."""
    draw = np.random.default_rng(seed)
    chosen = draw.integers(len(WORDS), size=(count, 15))
    return pa.array([" ".join(WORDS[word] for word in row) for row in chosen.tolist()])


def links_drawn(count: int = LINKS, seed: int = SEED) -> list[str]:
    """Addresses: half of them drawn anew, half repeated from those, the popular more often."""
    draw = np.random.default_rng(seed)
    sites = [f"{_letters(draw, 6)}{number}.{SUFFIXES[number % len(SUFFIXES)]}" for number in range(SITES)]
    shares = np.array([share for share, _ in FORMS])
    forms = draw.choice(len(FORMS), p=shares / shares.sum(), size=count // 2)
    ranks = np.minimum(draw.zipf(1.3, size=count // 2), SITES) - 1
    fresh = [
        FORMS[form][1].format(
            name=f"{WORDS[rank % len(WORDS)]}_{rank % 5_000}",
            number=int(draw.integers(10_000_000)),
            code=_letters(draw, 16),
            site=sites[int(rank)],
            word=WORDS[int(draw.integers(len(WORDS)))],
            cyrillic="".join(CYRILLIC[at] for at in draw.integers(len(CYRILLIC), size=6)),
        )
        for form, rank in zip(forms.tolist(), ranks.tolist(), strict=True)
    ]
    again = np.minimum(draw.zipf(1.2, size=count - len(fresh)), len(fresh)) - 1
    mixed = [*fresh, *(fresh[place] for place in again.tolist())]
    draw.shuffle(mixed)
    return mixed


def _letters(draw: np.random.Generator, count: int) -> str:
    return "".join(chr(97 + letter) for letter in draw.integers(26, size=count).tolist())


def texts_with(drawn: list[str], seed: int = SEED) -> pa.Array:
    """A message around each link."""
    draw = np.random.default_rng(seed)
    starts = draw.integers(len(WORDS) - 5, size=len(drawn)).tolist()
    return pa.array(
        [f"{' '.join(WORDS[at : at + 5])} {link} {WORDS[at]}" for at, link in zip(starts, drawn, strict=True)]
    )


def run() -> list[Row]:
    """Processor time, one core, on batches as sources give them."""
    hide = Pseudonyms(*new_keys()).hide
    plain, drawn = _batches(texts_without()), links_drawn()
    mixed = _batches(texts_with(drawn))
    extract_links(pa.array(["warm https://garden.example/a"]), None, hide)
    found = sum(len(extract_links(batch, None, hide).flatten()) for batch in mixed)
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    extract("garden.example")
    sites, distinct = len({yarl.URL(link).host for link in drawn}), len(set(drawn))
    about = f"{len(drawn):,} links, {distinct:,} distinct, {sites:,} hosts, one a message"
    return [
        Row(
            "messages without links",
            MESSAGES / _seconds(lambda: [extract_links(batch, None, hide) for batch in plain]),
            "messages/s and core",
            ">= 1000000",
            note="about 15 words each",
        ),
        Row(
            "links found, typed and made canonical",
            found / _seconds(lambda: _cold(mixed)),
            "links/s and core",
            ">= 150000",
            peer="yarl and tldextract, one by one, neither typed nor hidden",
            peer_measured=PEER_LINKS / _seconds(lambda: [_peer(link, extract) for link in drawn[:PEER_LINKS]]),
            note=f"{about}; nothing is remembered from run to run",
        ),
    ]


def _cold(batches: list[pa.Array]) -> None:
    """All links with new keys and nothing remembered of hosts and addresses."""
    for remembered in (links._remembered, addresses.normal_host, hosts.look_up, plain_links._plain_host):
        remembered.cache_clear()
    hide = Pseudonyms(*new_keys()).hide
    for batch in batches:
        extract_links(batch, None, hide)


def _batches(texts: pa.Array) -> list[pa.Array]:
    return [texts.slice(at, BATCH) for at in range(0, len(texts), BATCH)]


def _peer(link: str, extract: Any) -> tuple[str, str]:
    """The usual parts put together: host, registrable domain, parameters sorted without tracking."""
    url = yarl.URL(link)
    kept = sorted((name, value) for name, value in parse_qsl(url.raw_query_string) if not name.startswith("utm_"))
    return str(url.with_query(kept).with_fragment(None)), extract(url.raw_host or "").top_domain_under_public_suffix


def _seconds(task: Callable[[], object]) -> float:
    """Processor seconds of the fastest of three runs: other processes do not count."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        task()
        taken.append(time.process_time() - before)
    return min(taken)
