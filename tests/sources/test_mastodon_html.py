"""The HTML of statuses becomes what a reader sees."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.mastodon_html import words_of

ADDRESS = "https://garden.example/beds?row=1&bed=2"
WORDS = st.text(st.sampled_from("abc <>&'\"é🌱/#"), min_size=1, max_size=8)
NODES = st.recursive(
    st.one_of(
        st.tuples(st.just("words"), WORDS),
        st.tuples(st.just("br"), st.just("")),
        st.tuples(st.just("address"), st.just(ADDRESS)),
        st.tuples(st.just("mention"), WORDS),
        st.tuples(st.just("script"), st.sampled_from(["alert(1 < 2)", "</p>", "<b>", "x"])),
    ),
    lambda inner: st.tuples(st.sampled_from(["span", "b", "p"]), st.lists(inner, max_size=4)),
    max_leaves=12,
)


def written(kind: str, content: object) -> tuple[str, str]:
    """A node as HTML, and what a reader sees of it, white space aside."""
    if isinstance(content, list):
        parts = [written(*node) for node in content]
        seen = "".join(part[1] for part in parts)
        return (
            f"<{kind} class='x'>{''.join(part[0] for part in parts)}</{kind}>",
            f"\n{seen}\n" if kind == "p" else seen,
        )
    words = str(content)
    if kind == "address":
        hidden = f'<span class="invisible">{escape(words[24:])}</span>'
        shown = f'<span class="invisible">https://</span>garden.example/b{hidden}'
        return f'<a href="{escape(words)}" rel="nofollow">{shown}</a>', words
    if kind == "mention":
        link = f'<a href="https://garden.example/@tom" class="u-url mention">@<span>{escape(words)}</span></a>'
        return link, "@[account]"
    if kind == "script":
        return f"<script>{words}</script>", ""
    return ("<br />", "\n") if kind == "br" else (escape(words), words)


@given(st.lists(NODES, max_size=6))
def test_a_page_says_what_it_was_written_from(nodes: list[tuple[str, object]]) -> None:
    """For any nesting of paragraphs, links, mentions, scripts and words with any signs; white space may differ."""
    parts = [written(*node) for node in nodes]
    found = words_of("".join(html for html, _ in parts))
    assert "".join(found.text.split()) == "".join("".join(seen for _, seen in parts).split())
    assert found.links == ()


@given(st.text(st.sampled_from("<>/a=\"'! pbr&#;x9-script"), max_size=60))
def test_no_text_stops_it(html: str) -> None:
    """Tags that are cut off, nested wrongly or never closed."""
    assert isinstance(words_of(html).text, str)


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree", ()),
        ('<p>see <a href="https://evil.example/x">https://good.example</a></p>', "see https://evil.example/x", ()),
        ('<a href="https://club.example/map">the map</a>', "the map", ("https://club.example/map",)),
        ('<a href="https://club.example/tags/ride" class="mention hashtag">#<span>ride</span></a>', "#ride", ()),
        ('<a href="javascript:alert(1)">click</a>', "click", ()),
        ("<p>a<script>b</script>c<style>d</style></p>", "ac", ()),
        ("<ul><li>beans</li><li>peas</li></ul>", "beans\npeas", ()),
        ("<pre>a  b\n c</pre>", "a  b\nc", ()),
        ("5 &lt; 6 &amp; 7&nbsp;&#x1F331;", "5 < 6 & 7\xa0🌱", ()),
        ("<p>open <b>bold", "open bold", ()),
        ("a<!-- hidden --> b", "a b", ()),
        ("&#" + "9" * 5_000 + ";", "&#" + "9" * 5_000 + ";", ()),
    ],
)
def test_each_sort_of_markup(html: str, text: str, links: tuple[str, ...]) -> None:
    """Compared by eye."""
    assert words_of(html) == (text, links)


def test_the_line_that_repeats_a_quotation_is_left_out() -> None:
    """Where the quotation is told elsewhere; else it is all that there is of it."""
    html = '<p class="quote-inline">RE: <a href="https://b.example/@tom/1">https://b.example/@tom/1</a></p><p>Yes</p>'
    assert words_of(html, quoting=True).text == "Yes"
    assert words_of(html).text == "RE: https://b.example/@tom/1\n\nYes"


@pytest.mark.parametrize(
    "piece", ["<a ", "<a '", '<a "', "<p", "<!--", "&#9", "<a href='", "</", "<a b=", "<pre>", "<p>"]
)
def test_the_work_grows_with_the_length_only(piece: str) -> None:
    """A status of a million characters that repeats the beginning of a tag is read like any other."""
    found = words_of(piece * (1_000_000 // len(piece)))
    assert not re.search("href", found.text) or "href" in piece
