"""A list of a feud between two gardening clubs, and messages about it: plain, quoted, reported, and harmless."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from seawall.detectors.examples import messages_table
from seawall.measures.text import match_keys
from seawall.model import Indicator, IndicatorKind, IndicatorStatus

PICTURE = "f0" * 32
COPIED = "Tonight we dig up the tulips of the other club, bring a spade."

LISTED = (
    ("url", "https://tulips-only.example/call"),
    ("domain", "dig-them-up.example"),
    ("text", f"{match_keys(pa.array([COPIED]))[0].as_py():016x}"),
    ("phrase", "dig up their tulips"),
    ("word", "weedlovers"),
    ("sha256", "ab" * 32),
    ("pdq", PICTURE),
)

NEWS = (
    'The Garden Gazette reports that members of a cycling club had called on others to "dig up their tulips".',
    'According to the mayor, the slogan "dig up their tulips" was painted on a shed on Sunday.',
    "The newspaper wrote: “Dig up their tulips”, a leaflet said, and nobody knows who printed it.",
    'The word "weedlovers" was heard at the allotments again, the radio reported on Monday.',
    'Police said that the page "https://tulips-only.example/call" has been reported to its host.',
    "Le journal rapporte que le slogan « dig up their tulips » a été peint sur un mur.",
)
"""News articles about the feud."""

COUNTER = (
    'Nobody should write "dig up their tulips": we share one water tap.',
    "“Dig up their tulips” stands on our shed again. Come and paint over it on Saturday.",
    "> dig up their tulips\nNo. Plant some with them instead.",
    'They call us "weedlovers"; we answer with cake.',
)
"""Counter-speech."""

HARMLESS = (
    "We dig up our potatoes in August, and the tulips bloom in May.",
    "Their tulips are lovely, up on the hill; I dig the colours.",
    "Weeds and lovers of compost, meet us on Saturday.",
    "Look at https://roses.example/call and https://dig-them-up.example.roses.example/.",
)
"""Messages in which nothing listed stands."""


def indicator(place: int, **fields: Any) -> Indicator:
    kind, value = LISTED[place]
    usual = {
        "bank": "feud",
        "source": "by hand",
        "owner": "Rosa",
        "reason": "The tulip feud.",
        "added_on": date(2026, 5, 1),
        "confidence": 80,
        "expires_on": date(2026, 8, 1),
        "status": IndicatorStatus.LIVE,
        "seconded_by": "Iris",
    }
    return Indicator(f"I-{kind.upper()}", IndicatorKind(kind), value, **(usual | fields))


ALL = tuple(indicator(place) for place in range(len(LISTED)))


def links(*urls: str) -> list[dict[str, str]]:
    return [{"url": url, "domain": ".".join(url.split("/")[2].split(".")[-2:]), "place": "web"} for url in urls]


def talk(texts: Sequence[str], **more: Any) -> pa.Table:
    """Messages with these texts; links as intake finds them in these."""
    rows = []
    for text in texts:
        urls = [word.strip("\"'.,") for word in text.split() if "://" in word]
        rows.append({"text": text, "links": links(*urls) if urls else None, **more})
    keys = match_keys(pa.array(list(texts), pa.string())).to_pylist()
    return messages_table([row | {"text_key": key} for row, key in zip(rows, keys, strict=True)])
