"""The sentences of a surge: what rose or fell, by how much, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from seawall.detectors.wording import moment, period

LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian",
    "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "ko": "Korean", "ku": "Kurdish", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
"""English names of the languages that are met most; the others are called by their code."""
MEDIA = {
    "video": " with a video", "image": " with an image", "audio": " with an audio recording",
    "document": " with a document", "link": " with a link and no media", "text": " of text alone",
}  # fmt: skip
"""What a message carries -> how its series is called."""
SAID = {
    "channel": " in channel {}",
    "domain": " with a link to {}",
    "indicator": " with the indicator {}",
    "cluster": " that are copies of {}",
}
"""A kind of series -> how it is called."""
LASTING = timedelta(days=28)
"""Declared campaigns last about ten days; what lasts longer than this is more like a new level."""


def series_title(kind: str, platform: str, name: str | None) -> str:
    """What a series counts.

    >>> series_title("language", "garden", "de"), series_title("media", "garden", "video")
    ('Messages on garden in German', 'Messages on garden with a video')
    """
    if kind == "accounts":
        return f"Accounts active on {platform}"
    if kind == "language":
        told = f" in {LANGUAGES.get(str(name), f'language {name}')}"
    elif kind == "media":
        told = MEDIA.get(str(name), f" with media of the kind {name}")
    else:
        told = SAID.get(kind, "").format(name)
    return f"Messages on {platform}{told}"


def surge_sentence(title: str, window: dict[str, Any], bin_width: timedelta) -> str:
    """One sentence that carries the numbers of a window."""
    low, factor, high = (window[name] for name in ("factor_low", "factor", "factor_high"))
    if window["direction"] == "up":
        change = f"rose {_times(factor)}-fold ({_times(low)}-{_times(high)})"
    else:
        change = f"fell to {_share(factor)} % ({_share(low)}-{_share(high)} %) of what was expected"
    seen, expected = f"{window['observed']:,} seen", f"{_expected(window['expected'])} expected"
    return f"{title} {change} {_span(window, bin_width)}: {seen}, {expected} from the 13 weeks before."


def surge_doubts(
    window: dict[str, Any],
    bin_width: timedelta,
    *,
    alone: bool,
    told: bool,
    newcomers: list[datetime],
) -> Iterator[str]:
    """What speaks against a window: at least one sentence."""
    length = window["end"] - window["start"]
    if window["history"] < 1.0:
        yield "Fewer than eight weeks before it could be compared, so the expectation is uncertain."
    if length <= timedelta(days=1) and window["direction"] == "up":
        yield "It lasted no longer than a day: one event in the news, or one busy account, looks the same."
    if length > LASTING:
        yield f"It lasted {length.days} days: a lasting change of level, rather than a campaign, looks the same."
    if window["direction"] == "down" and window["observed"] == 0:
        yield "Nothing at all was seen: a break in collection that nobody recorded looks the same."
    if window["unknown"]:
        bins = "day" if bin_width == timedelta(days=1) else "bin"
        yield f"{window['unknown']} {bins}s of it and of the weeks before were not collected and are left out."
    if window["running"]:
        bins = "day" if bin_width == timedelta(days=1) else "bin"
        yield f"Its last {bins} is not over: more may still come."
    for began in newcomers:
        yield f"Another source of this platform began on {moment(began)}: what it added looks like a rise."
    if alone:
        yield "Only this series changed so at that time; the others like it on this platform did not."
    if not told:
        yield "Nobody stated what was collected; days without a message were taken as silent."
    if window["direction"] == "up":
        yield "A surge alone does not say whether anyone coordinated it; news and holidays cause surges too."
    else:
        yield "A fall alone does not say why: people may have moved, been moderated, or be on holiday."


def _times(factor: float) -> str:
    return f"{factor:.1f}" if factor < 10 else f"{factor:,.0f}"


def _share(factor: float) -> str:
    """In per cent; below one per cent with a decimal, so that little is not read as nothing."""
    return f"{100 * factor:.0f}" if factor >= 0.01 or factor == 0 else f"{100 * factor:.1f}"


def _expected(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"


def _span(window: dict[str, Any], bin_width: timedelta) -> str:
    if bin_width >= timedelta(days=1):
        return period(window["start"], window["end"] - timedelta(microseconds=1))
    return f"from {moment(window['start'])} to {moment(window['end'])}"
