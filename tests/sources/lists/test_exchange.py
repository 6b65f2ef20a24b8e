"""Exchanges through the interface of the package threatexchange."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seawall.errors import ConnectError
from seawall.model import IndicatorKind
from seawall.sources.lists import Broken, Exchange

state = pytest.importorskip("threatexchange.exchanges.fetch_state", reason="the extra exchange is not installed")

from threatexchange.exchanges.collab_config import CollaborationConfigBase  # noqa: E402
from threatexchange.exchanges.impl.file_api import FileCollaborationConfig, LocalFileSignalExchangeAPI  # noqa: E402
from threatexchange.exchanges.impl.static_sample import StaticSampleSignalExchangeAPI  # noqa: E402
from threatexchange.exchanges.signal_exchange_api import SignalExchangeAPIWithSimpleUpdates  # noqa: E402

COLLAB = CollaborationConfigBase(name="club", api="sample", enabled=True)


@dataclass
class Place(state.FetchCheckpointBase):
    """How many deltas were given."""

    number: int
    old: bool = False

    def is_stale(self) -> bool:
        return self.old


@dataclass
class Opinion(state.FetchedSignalMetadata):
    """What some members of a club think."""

    said: tuple[int, ...]

    def get_as_opinions(self) -> Sequence[Any]:
        return [state.SignalOpinion(False, state.SignalOpinionCategory(one), set()) for one in self.said]


class Scripted(SignalExchangeAPIWithSimpleUpdates):
    """An exchange that tells deltas from a list, from the checkpoint on."""

    def __init__(self, deltas: Sequence[dict[Any, Any]], fails_at: int | None = None) -> None:
        self.deltas, self.fails_at, self.resumed = deltas, fails_at, []

    @classmethod
    def for_collab(cls, collab: Any) -> Any:
        raise NotImplementedError

    @classmethod
    def get_name(cls) -> str:
        return "garden"

    @staticmethod
    def get_checkpoint_cls() -> type:
        return Place

    @staticmethod
    def get_record_cls() -> type:
        return Opinion

    @staticmethod
    def get_config_cls() -> type:
        return CollaborationConfigBase

    def fetch_iter(self, types: Any, checkpoint: Place | None) -> Iterator[Any]:
        self.resumed.append(checkpoint)
        for number in range(checkpoint.number if checkpoint else 0, len(self.deltas)):
            if number == self.fails_at:
                raise RuntimeError("a secret of the exchange")
            yield state.FetchDelta(self.deltas[number], Place(number + 1))


def test_the_packages_own_sample_is_read() -> None:
    """Its examples of pictures, videos, links and texts are entries of ours."""
    (fetched,) = Exchange(StaticSampleSignalExchangeAPI(), COLLAB).fetch(None)
    kinds = {line.kind for line in fetched.lines}
    assert kinds >= {IndicatorKind.PDQ, IndicatorKind.VIDEO_MD5, IndicatorKind.URL, IndicatorKind.TEXT}
    assert {line.confidence for line in fetched.lines} == {40}, "the sample gives no opinion: look first"
    assert json.loads(fetched.checkpoint) == {}


def test_the_packages_local_files_are_read(tmp_path: Path) -> None:
    """A file with a signal in each line, through the package's own exchange."""
    path = tmp_path / "signals.txt"
    path.write_text(f"pdq {'ab' * 32}\nurl https://tulips.example/\ntrend_query x\n", encoding="utf-8")
    config = FileCollaborationConfig(name="club", api="local_file", enabled=True, filename=str(path))
    (fetched,) = Exchange(LocalFileSignalExchangeAPI(config), config).fetch(None)
    assert [(line.kind.value, line.value) for line in fetched.lines] == [
        ("pdq", "ab" * 32),
        ("url", "https://tulips.example/"),
    ]


@pytest.mark.parametrize(
    ("said", "confidence", "withdrawn"),
    [((2,), 80, False), ((1,), 40, False), ((2, 1), 80, False), ((0, 2), 20, False), ((0,), 0, True)],
    ids=["positive", "seed", "positive-and-seed", "disputed", "negative"],
)
def test_opinions_become_confidence(said: tuple[int, ...], confidence: int, withdrawn: bool) -> None:
    """Positive 80, a lead 40, disputed 20; what only hits harmless things is withdrawn."""
    (fetched,) = Exchange(Scripted([{("url", "https://a.example/"): Opinion(said)}]), COLLAB).fetch(None)
    (line,) = fetched.lines
    assert (line.confidence, line.withdrawn) == (confidence, withdrawn)


def test_it_resumes_where_it_ended() -> None:
    """Each delta carries the place after it; one that is too old begins anew; what was removed is withdrawn."""
    deltas = [{("url", f"https://{name}.example/"): Opinion((2,))} for name in "abc"]
    deltas.append({("url", "https://a.example/"): None, ("ip", "192.0.2.7"): None})
    api = Scripted(deltas)
    places = [fetched.checkpoint for fetched in Exchange(api, COLLAB).fetch(None)]
    (_, last) = Exchange(api, COLLAB).fetch(places[1])
    assert api.resumed == [None, Place(2)]
    removed, unknown = last.lines
    assert (removed.value, removed.withdrawn, isinstance(unknown, Broken)) == ("https://a.example/", True, True)
    assert len(list(Exchange(api, COLLAB).fetch(json.dumps({"number": 3, "old": True})))) == 4


def test_an_exchange_that_fails_is_an_error_without_its_words() -> None:
    """What came before is given; the error names its kind and what to do."""
    api = Scripted([{("url", "https://a.example/"): Opinion((2,))}] * 3, fails_at=1)
    deltas = Exchange(api, COLLAB).fetch(None)
    next(deltas)
    with pytest.raises(ConnectError, match="RuntimeError") as told:
        next(deltas)
    assert "secret" not in str(told.value)
