from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.brief import BriefContent, Edge, Evidence, Network, Node, SharedThing, render
from tests.brief.sample import CHANNELS, EMPTY, HOSTILE, SAMPLE, network

VOID = {"meta", "input", "br", "hr", "link", "img"}
SHAPES = {"rect", "line", "path", "circle", "polygon"}


class Page(HTMLParser):
    """What a browser would make of the page: elements, texts, and whether every element was closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHAPES, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def words(self) -> str:
        return " ".join("".join(self.text).split())


NAMES = """
html head meta title style body header main footer section article h1 h2 h3 h4 h5 p ul ol li dl dt dd
table caption thead tbody tr th td details summary blockquote bdi code pre em strong span div
figure figcaption fieldset legend label input svg defs pattern line rect path circle polygon text a g
"""


@pytest.mark.parametrize("content", [SAMPLE, EMPTY, replace(SAMPLE, cases=(), network=None, timelines=())])
def test_the_page_is_whole_and_can_load_and_run_nothing(content: BriefContent) -> None:
    """Every element is closed and known, none has a handler, a style or an address; the policy allows nothing."""
    html = render(content)
    page = Page(html)
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= set(NAMES.split())
    for _, attributes in page.elements:
        assert not {"src", "style", "action", "srcset", "xlink:href"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in html.replace("url(#", "")
    assert "@import" not in html
    assert "http:" not in html
    assert "https:" not in html


def test_the_policy_names_exactly_the_style_that_is_there() -> None:
    """The page's only style is the one whose hash the policy allows."""
    html = render(SAMPLE)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    told = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{told}'" in html.replace("&#39;", "'")


def test_ids_are_unique_and_every_reference_has_its_target() -> None:
    """Patterns, sections and the messages behind a pair are found by one id each."""
    page, html = Page(render(SAMPLE)), render(SAMPLE)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]*)\)", html)) <= set(ids)
    targets = {str(attributes["href"])[1:] for _, attributes in page.elements if "href" in attributes}
    assert "pair-1" in targets
    assert targets <= set(ids)


def test_one_step_leads_from_a_line_to_the_messages_behind_it() -> None:
    """Each line of a picture links to a place that names both accounts, the messages, and the command for the rest."""
    html = render(SAMPLE)
    net = SAMPLE.network
    assert net is not None
    places = dict(re.findall(r'<section class="pair" id="(pair-\d+)".*?>(.*?)</section>', html, re.DOTALL))
    wide = re.findall(r'<svg class="wide net.*?</svg>', html, re.DOTALL)[0]
    linked = [place for place, line in re.findall(r'<a href="#(pair-\d+)"[^>]*>(.*?)</a>', wide) if "<line" in line]
    assert len(linked) == len(set(linked)) == len(net.edges)
    told = {place: Page(text).words() for place, text in places.items()}
    for edge in net.edges:
        (place,) = [one for one, text in places.items() if f'{edge.source}">' in text and f'{edge.target}">' in text]
        assert all(piece.source_message in told[place] and piece.target_message in told[place] for piece in edge.behind)
        assert f"seawall network clubs --edge {edge.source} {edge.target}" in told[place]


def test_a_pair_in_several_pictures_has_one_place() -> None:
    """An alert with the network of the page leads to the same places; nothing is listed twice."""
    case = SAMPLE.cases[0]
    again = replace(SAMPLE, cases=(replace(case, alerts=(replace(case.alerts[0], network=network()),)),))
    assert render(again).count('<section class="pair"') == render(SAMPLE).count('<section class="pair"')
    assert render(again).count('href="#pair-1"') > render(SAMPLE).count('href="#pair-1"')


def test_every_picture_is_well_formed_named_and_has_a_table_beside_it() -> None:
    """A figure holds a wide and a narrow picture, or a panel a channel, named for screen readers, and a table."""
    html = render(SAMPLE)
    figures = re.findall(r"<figure.*?</figure>", html, re.DOTALL)
    assert len(figures) == 5
    for figure in figures:
        assert figure.count("<table") >= 1
        pictures = re.findall(r"<svg class=\"(?:wide|narrow|small).*?</svg>", figure, re.DOTALL)
        assert len(pictures) == (len(CHANNELS.panels) if "rose together" in figure else 2)
        for picture in pictures:
            assert "aria-label" in picture
            ElementTree.fromstring(picture)  # noqa: S314 - our own page


def test_the_table_beside_a_timeline_holds_every_count() -> None:
    """As many rows as bins, and a bin that was not collected says so."""
    line = SAMPLE.timelines[0]
    figure = re.findall(r"<figure.*?</figure>", render(SAMPLE), re.DOTALL)[0]
    assert figure.count('<tr><th scope="row">') == len(line.at)
    assert figure.count("not collected</td>") == sum(value is None for value in line.observed)


def test_the_tables_of_a_candidate_hold_its_channels_their_lags_and_every_count() -> None:
    """A row a channel, those that led first, with the interval; a row a day with all channels; what was shared."""
    html = render(SAMPLE)
    (figure,) = [one for one in re.findall(r"<figure.*?</figure>", html, re.DOTALL) if "rose together" in one]
    rows = re.findall(r'<tr><th scope="row" data-label="Channel">.*?</tr>', figure, re.DOTALL)
    assert [panel.name in row for panel, row in zip(CHANNELS.panels, rows, strict=True)] == [True] * len(rows)
    assert "led by 30 h" in rows[0]
    assert "-30 (-41 to -22)" in rows[0]
    assert "cannot be told" in rows[-1]
    assert figure.count('<tr><th scope="row">') == len(CHANNELS.panels[0].line.at)
    missing = sum(value is None for panel in CHANNELS.panels for value in panel.line.observed)
    assert figure.count("not collected (") == missing
    words = Page(html).words()
    assert "the seed swap is on saturday" in words
    assert "hxxps://seeds[.]example[.]org/swap" in words


def test_the_same_content_gives_the_same_page() -> None:
    """Rendering is deterministic, the network's layout included, whatever the order of accounts and pairs."""
    net = network()
    turned = replace(net, nodes=net.nodes[::-1], edges=net.edges[::-1])
    assert render(SAMPLE) == render(replace(SAMPLE, network=turned))


def test_a_stranger_s_message_is_shown_but_cannot_act() -> None:
    """Script, direction override, zero-width space and address of a message arrive as harmless text."""
    html = render(SAMPLE)
    assert HOSTILE not in html
    assert "<script" not in html
    assert "right-to-left override" in html
    assert "zero-width space" in html
    assert "hxxps://seeds[.]example[.]org/now" in Page(html).words()


@settings(max_examples=25)
@given(
    st.text(max_size=60)
    | st.sampled_from(
        [
            "</bdi></details><script>alert(1)</script>",
            '" onload="alert(1)',
            "{{ 7*7 }}{% raw %}",
            "=HYPERLINK(1)",
            "\u202e\u2066\ufeff\U000e0041",
            "]]>--><!--",
            "javascript:alert(1)//https://example.org",
        ]
    )
)
def test_no_text_in_any_field_changes_the_page_s_structure(text: str) -> None:
    """Whatever stands in titles, labels, reasons, ids, messages: the same elements with the same attributes' names."""

    def filled(words: str) -> BriefContent:
        case = SAMPLE.cases[0]
        piece = Evidence(words, None, words, words, words, words, words, f"x{words}")
        panel = replace(CHANNELS.panels[0], name=words, platform=words, role=words)
        many = replace(CHANNELS, title=words, unit=words, source=words, panels=(panel,))
        one = replace(case.alerts[0], sentence=f"{words}!", doubt=(words,), evidence=(piece,), detector=words)
        one = replace(one, multiples=many, shared=(SharedThing(words, words, 1, 1, 0, 1.0),))
        decision = replace(case.decisions[0], reviewer=words, reason=words, outcome=words)
        net = Network(
            words, words, words, (Node(f"{words}1", 1), Node(f"{words}2", 2)), (Edge(f"{words}1", f"{words}2", 2),)
        )
        return replace(
            SAMPLE,
            title=words,
            workspace=words,
            lake_version=words,
            versions={"seawall": words},
            network=net,
            inputs=(replace(SAMPLE.inputs[0], label=words, source=words, reasons=((words, 1),), assumptions=(words,)),),
            timelines=(replace(SAMPLE.timelines[0], title=words, unit=words, source=words),),
            cases=(replace(case, sentence=words, status=words, alerts=(one,), decisions=(decision,)),),
            methods=(replace(SAMPLE.methods[0], about=words, parameters={words: words}),),
            commands=(words,),
            limits=(words,),
            gaps=(replace(SAMPLE.gaps[0], how=words),),
        )

    def shape(words: str) -> list[tuple[str, list[str]]]:
        elements = Page(render(filled(words))).elements
        return [(tag, sorted(names)) for tag, names in elements if names.get("class") not in ("chip", "more")]

    truth = [one for one in (text, "plain") if one]
    assert len({str(shape(f"a{one}")) for one in truth}) == 1


def test_the_page_never_uses_words_that_judge() -> None:
    """The page's own words say what was seen, not what somebody is."""
    words = Page(render(SAMPLE)).words().lower()
    for word in ("bot", "bots", "fake", "attack", "terrorist", "inauthentic", "guilty"):
        assert not re.search(rf"\b{word}\b", words), word


def test_an_empty_workspace_gets_a_page_that_says_what_to_do() -> None:
    """Nothing read, nothing looked for: the page says so and names the commands."""
    words = Page(render(EMPTY)).words()
    assert "Nothing has been read" in words
    assert "seawall add" in words
    assert "seawall detect" in words
