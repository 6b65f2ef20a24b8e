from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.casebook import Casebook
from seawall.casebook.indicators_looking import IndicatorFilter
from seawall.casebook.indicators_rows import Listing
from seawall.model import HITS, IndicatorKind
from tests.casebook.builders import START
from tests.casebook.conftest import ticking_clock


def listing(
    number: int, bank: str = "feud", *, live: bool = True, kind: IndicatorKind = IndicatorKind.DOMAIN
) -> Listing:
    value = f"tulips{number}.example" if kind is IndicatorKind.DOMAIN else f"tulips number {number}"
    return Listing(kind, value, bank, "by hand", "Rosa", "The tulip feud.", 80, date(2026, 8, 1), live)


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    """Five live domains and a phrase that waits in one list, three domains in shadow in another."""
    book = Casebook.open(tmp_path / "casebook.sqlite", clock=ticking_clock())
    lists = book.indicators
    lists.add([listing(number) for number in range(5)], by="Rosa")
    lists.add([listing(9, kind=IndicatorKind.PHRASE)], by="Rosa")
    lists.add([listing(number, "swap", live=False) for number in range(3)], by="Ben")
    return book


def test_page_after_page_without_loss(book: Casebook) -> None:
    """The pages together hold every entry once, in the order of the whole list."""
    looks = book.indicators.looks
    pages = [looks.page(IndicatorFilter(), page=number, most=4) for number in (1, 2, 3, 4)]
    assert [one.id for page in pages for one in page.rows] == [one.id for one in book.indicators.all()]
    assert {page.total for page in pages} == {9}
    assert set(pages[0].listed_by.values()) == {"Rosa"}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (IndicatorFilter(bank="swap"), 3),
        (IndicatorFilter(kind="phrase"), 1),
        (IndicatorFilter(status="proposed"), 1),
        (IndicatorFilter(status="shadow"), 3),
        (IndicatorFilter(text="tulips2"), 2),
        (IndicatorFilter(text="100%"), 0),
        (IndicatorFilter(bank="swap", status="live"), 0),
    ],
    ids=["list", "kind", "waiting", "shadow", "text", "percent is no wildcard", "both"],
)
def test_filters(book: Casebook, wanted: IndicatorFilter, count: int) -> None:
    """Each filter leaves over what fits it, and says how many these are."""
    page = book.indicators.looks.page(wanted, page=1, most=50)
    assert (len(page.rows), page.total) == (count, count)


def test_a_list_that_is_off(book: Casebook) -> None:
    """Entries of a list that is switched off are found as disabled, not as what they were."""
    book.indicators.switch("feud", enabled=False, by="Rosa", reason="The feud is over.")
    looks = book.indicators.looks
    assert looks.page(IndicatorFilter(status="disabled"), page=1, most=50).total == 6
    assert looks.page(IndicatorFilter(status="live"), page=1, most=50).total == 0
    feud, swap = looks.banks(book.indicators.today)
    assert (feud.enabled, feud.switched_by, feud.reason, feud.entries) == (False, "Rosa", "The feud is over.", 6)
    assert (swap.enabled, swap.switched_by, swap.shadow) == (True, None, 3)


def test_what_has_expired_is_counted(book: Casebook) -> None:
    """Of the entries that would match, those whose day has come are counted; the one that waits is not."""
    (feud, swap) = book.indicators.looks.banks(date(2026, 8, 1))
    assert (feud.expired, swap.expired) == (5, 3)
    assert [one.expired for one in book.indicators.looks.banks(date(2026, 7, 31))] == [0, 0]


def test_sightings_latest_first(book: Casebook) -> None:
    """Sightings come a page at a time, the latest first, and the entry's counts hold them all."""
    one = book.indicators.all()[0]
    rows = [
        {"indicator": one.id, "message_id": f"m{n}", "sent_at": START + timedelta(hours=n), "context": "plain",
         "disguised": False}
        for n in range(5)
    ]  # fmt: skip
    book.indicators.keep(pa.Table.from_pylist(rows, HITS))
    first, total = book.indicators.looks.sightings(one.id, page=1, most=2)
    last, _ = book.indicators.looks.sightings(one.id, page=3, most=2)
    assert (first["message_id"].to_pylist(), last["message_id"].to_pylist(), total) == (["m4", "m3"], ["m0"], 5)
    count = book.indicators.looks.page(IndicatorFilter(text=one.id), page=1, most=5).counts[one.id]
    assert (count.live + count.shadow, count.first) == (5, START)
