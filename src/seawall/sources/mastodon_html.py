"""The HTML of a status -> what a reader sees, with whole addresses and a token for each mention.

Servers of the fediverse send HTML that other servers wrote, so nothing of it is trusted: tags are cut out in one pass
over the text, what they hold besides words is dropped, and no script or style is text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from seawall.sources.shown_links import shows_address

LONGEST_HTML = 1_000_000
"""Characters; no server sends a longer status."""

_PIECE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>|<[!?][^<>]*+>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>=]++))")
_BLOCKS = frozenset(("p", "div", "blockquote", "pre", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"))
_LINES = frozenset(("br", "li", "tr"))
_NO_WORDS = frozenset(("script", "style", "template", "title", "noscript", "iframe", "object", "svg"))
_QUOTE = "quote-inline"
_WEB = ("http://", "https://")
_ACCOUNT_TOKEN = "@[account]"  # noqa: S105 - what a name in text becomes, no secret
_MANY_BREAKS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


class Words(NamedTuple):
    """What a status says."""

    text: str
    links: tuple[str, ...] = ()  # those that the text does not show


def words_of(html: str, *, quoting: bool = False) -> Words:
    """The words of a status.

    Args:
        html: its content.
        quoting: it tells elsewhere which status it quotes, so the line that repeats this for old servers is left out.

    >>> link = '<a href="https://garden.example/beans"><span class="invisible">https://</span>garden.exa…</a>'
    >>> words_of(f'<p><a href="https://b.example/@tom" class="u-url mention">@<span>tom</span></a> see {link}</p>')
    Words(text='@[account] see https://garden.example/beans', links=())
    """
    page = _Page(quoting)
    done = 0
    for piece in _PIECE.finditer(html):
        page.write(_plain(html[done : piece.start()]))
        done = piece.end()
        if piece[2]:
            (page.close if piece[1] else page.open)(piece[2].lower(), piece[3])
    page.write(_plain(html[done:]))
    return page.words()


def _plain(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a character reference of thousands of digits
        return text


class _Page:
    """What has been read so far, and inside which elements the reading stands."""

    def __init__(self, quoting: bool) -> None:
        self._quoting = quoting
        self._written: list[str] = []
        self._links: list[str] = []
        self._hidden: str | None = None  # the element whose words are not shown
        self._preformatted = 0
        self._anchor: tuple[str, frozenset[str], list[str]] | None = None

    def write(self, text: str) -> None:
        """Words between two tags."""
        if self._hidden is not None or not text:
            return
        words = text if self._preformatted else _BLANKS.sub(" ", text)
        (self._written if self._anchor is None else self._anchor[2]).append(words)

    def open(self, name: str, rest: str) -> None:
        """A tag that begins an element."""
        if self._hidden is not None:
            return
        attributes = {one[1].lower(): _plain(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(rest)}
        classes = frozenset(attributes.get("class", "").split())
        if name in _NO_WORDS or (self._quoting and _QUOTE in classes):
            self._hidden = name
            return
        self._break(name)
        self._preformatted += name == "pre"
        if name == "a":
            self._end_anchor()
            self._anchor = (attributes.get("href", ""), classes, [])

    def close(self, name: str, _: str) -> None:
        """A tag that ends an element."""
        if self._hidden is not None:
            self._hidden = None if name == self._hidden else self._hidden
            return
        if name == "a":
            self._end_anchor()
        self._preformatted = max(0, self._preformatted - (name == "pre"))
        if name in _BLOCKS:
            self._break(name)

    def words(self) -> Words:
        """All of it."""
        self._end_anchor()
        lines = [line.strip(" ") for line in "".join(self._written).split("\n")]
        text = _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()
        return Words(text, tuple(link for link in dict.fromkeys(self._links) if link not in text))

    def _break(self, name: str) -> None:
        if name in _BLOCKS or name in _LINES:
            (self._written if self._anchor is None else self._anchor[2]).append("\n\n" if name in _BLOCKS else "\n")

    def _end_anchor(self) -> None:
        if self._anchor is None:
            return
        address, classes, parts = self._anchor
        self._anchor = None
        shown = "".join(parts)
        if "hashtag" in classes or not address.startswith(_WEB):
            self._written.append(shown)
        elif "mention" in classes:
            self._written.append(_ACCOUNT_TOKEN if shown.strip() else "")
        elif shows_address(shown.strip()):
            self._written.append(address)
        else:
            self._written.append(shown)
            self._links.append(address)
