"""Texts by which strangers try to make a page do something, and what a page may hold whatever it shows."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import product

_MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>bed</a>",
    "<form action=https://example.org><input name=csrf>",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<link rel=stylesheet href=https://example.org>",
    "<style>*{background:url(https://example.org)}</style>",
    "<p style=position:fixed;inset:0>bed</p>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<button hx-get=/sign-out hx-trigger=load>",
    "<div hx-on:load=alert(1) data-hx-post=/stay>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus x='",
    "` onclick=`alert(1)`",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7*7 }}{% for x in () %}",
    "${alert(1)}#{alert(1)}",
    "%(count)s %s %n",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;alert(1)",
    "\\u003cscript\\u003ealert(1)",
)
_BEFORE = ("", "bed ", "\u202e", "\u2066\u202e", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\U000e0041", "\u0300" * 20)
_AFTER = ("", " \u202c", "\r\n\r\n", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))

PAYLOADS = tuple("".join(parts) for parts in product(_BEFORE, _MARKUP, _AFTER))
"""More than a thousand."""

_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href", "hx-get", "hx-post"}
)
_NEVER = frozenset({"style", "base", "iframe", "object", "embed", "template", "math", "frame", "applet"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _NEVER:
            self.wrong.append(f"<{tag}>")
        for name, value in attributes:
            if name.startswith(("on", "hx-on", "data-hx")) or name in ("style", "srcdoc"):
                self.wrong.append(f"<{tag} {name}>")
            ours = (value or "").startswith(("/", "#", "?")) and not (value or "").startswith("//")
            picture = tag == "img" and (value or "").startswith("data:image/svg+xml")
            if name in _ADDRESSES and value and not ours and not picture:
                self.wrong.append(f"<{tag} {name}={value[:40]}>")
        if tag == "script" and "src" not in dict(attributes):
            self.wrong.append("<script> inline")
        if tag == "meta" and dict(attributes).get("http-equiv"):
            self.wrong.append("<meta http-equiv>")


def harm_in(page: str) -> list[str]:
    """What a page holds that could run, load or lead elsewhere; nothing, whatever texts it shows."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.wrong
