from __future__ import annotations

import re

from seawall.brief.fragments import Fragments
from tests.brief import sample


def test_pictures_for_another_page() -> None:
    """A picture comes with its table and with nothing that a page's policy would refuse."""
    piece = Fragments().pictures("alert-1", timeline=sample.timeline("forum", 40.0, ()), network=sample.network())
    assert piece.count("<svg") > 2
    assert "<table" in piece
    assert not re.search(r"<style|\sstyle=|<script|\son\w+=", piece)


def test_pairs_of_one_page() -> None:
    """The messages behind the pairs are listed once for all pictures of a page, and hostile ones are text."""
    fragments = Fragments()
    assert not fragments.pairs().strip()
    first = fragments.pictures("alert-1", network=sample.network())
    fragments.pictures("alert-2", network=sample.network())
    listed = fragments.pairs()
    anchors = set(re.findall(r'href="#(pair-\d+)"', first))
    assert anchors
    assert all(listed.count(f'id="{anchor}"') == 1 for anchor in anchors)
    assert "<script>" not in listed
    other = Fragments()
    assert not other.pairs().strip()


def test_nothing_to_draw() -> None:
    """An alert without pictures gives no piece."""
    assert not Fragments().pictures("alert-1").strip()
