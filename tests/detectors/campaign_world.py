"""A seeded world of gardening and cycling channels, quiet but for waves of a kind that a test asks for.

``python -m tests.detectors.campaign_world`` writes the golden folder again; look at the change before committing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from seawall.checks import MemoryWindow
from seawall.detectors.campaign import CampaignDetector
from seawall.detectors.examples import messages_table
from seawall.model import COVERAGE, Alert
from tests.detectors import golden_files

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "campaign"
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 200
LEVEL = 12
"""Messages a day of each channel."""
LEADS = 30
"""Hours by which the first channel of a planned wave leads."""


@dataclass(frozen=True)
class Wave:
    """Channels that write more.

    Args:
        kind: "planned" (twelve accounts post the same invitations within seconds), "news" (everybody writes once, in
            own words), "viral" (everybody passes one message on), or "added" (another source brings further messages).
        day: on which it begins.
        lasting: days.
        channels: which ones rise.
        times: by how much.
    """

    kind: str
    day: int
    lasting: int = 8
    channels: Sequence[int] = (0, 1, 2, 3)
    times: float = 4.0
    texts: int = 7000


@dataclass
class World:
    """Six channels, three on garden and three on pedal.

    Args:
        waves: what happens in them.
        seed: of chance.
        closed: channels that are closed.
    """

    waves: Sequence[Wave] = ()
    seed: int = 5
    closed: Sequence[int] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> dict[str, pa.Table]:
        """The lake's tables."""
        rng = np.random.default_rng(self.seed)
        for channel in range(6):
            for day in range(DAYS):
                for at in _times(rng, day, rng.poisson(LEVEL * (0.7 if day % 7 >= 5 else 1.1))):
                    number = len(self.rows)
                    self._put(channel, at, f"bed {number} is dug", int(rng.integers(200)), text_key=20_000 + number)
        for wave in self.waves:
            self._add(wave, rng)
        known = {"source": "example", "channel_id": None, "how": "stated", "complete": True, "batch": 1}
        span = {"start": BEGIN, "end": BEGIN + timedelta(days=DAYS)}
        coverage = [{**known, **span, "platform": platform} for platform in ("garden", "pedal")]
        return {"messages": messages_table(self.rows), "coverage": pa.Table.from_pylist(coverage, schema=COVERAGE)}

    def _add(self, wave: Wave, rng: np.random.Generator) -> None:
        for place, channel in enumerate(wave.channels):
            early = timedelta(hours=LEADS if place == 0 and wave.kind == "planned" else 0)
            for day in range(wave.day, wave.day + wave.lasting):
                for at in _times(rng, day, rng.poisson(LEVEL * (wave.times - 1))):
                    for told in _said(wave, channel, at - early, rng):
                        self._put(channel, **told)

    def _put(self, channel: int, at: datetime, text: str, account: int, **more: Any) -> None:
        closed = channel in self.closed
        self.rows.append(
            {
                "message_id": f"m:{len(self.rows)}",
                "platform": "garden" if channel < 3 else "pedal",
                "channel_id": f"c{channel:020x}",
                "account_id": f"a{account:020x}",
                "sent_at": at,
                "text": text,
                "visibility": "closed" if closed else "public",
                **more,
            }
        )


def _times(rng: np.random.Generator, day: int, count: int) -> list[datetime]:
    return [BEGIN + timedelta(days=day, seconds=int(second)) for second in sorted(rng.integers(0, 86_400, count))]


def _said(wave: Wave, channel: int, at: datetime, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    if wave.kind == "planned":
        if rng.random() < 1 / 3:
            text = int(rng.integers(12))
            link = [{"url": f"https://show.example/{text}", "domain": "show.example", "place": "site"}]
            for account in rng.choice(12, 3, replace=False):
                moment = at + timedelta(seconds=int(rng.integers(30)))
                words = f"come to the tulip show, gate {text}"
                yield {
                    "at": moment, "text": words, "account": 1000 + int(account), "text_key": wave.texts + text,
                    "links": link, "hashtags": ["TulipShow"],
                }  # fmt: skip
        return
    account = 5000 + int(rng.integers(10**6))
    words = f"the storm broke my glass house number {account}"
    if wave.kind == "viral" and rng.random() < 0.9:
        yield {"at": at, "text": "the great frost", "account": account, "repost_of": "garden:frost", "kind": "repost"}
    elif wave.kind == "added":
        yield {"at": at, "text": words, "account": int(rng.integers(200)), "source": "another", "text_key": account}
    else:
        yield {"at": at, "text": words, "account": account, "text_key": 10**6 + account}


def alerts(tables: Mapping[str, pa.Table], detector: CampaignDetector | None = None, **window: datetime) -> list[Alert]:
    """What the detector says of these tables."""
    detector = detector or CampaignDetector()
    return list(detector.detect(MemoryWindow(tables, detector, **window)))


def golden_world() -> dict[str, pa.Table]:
    """A planned wave in four channels of two platforms."""
    return World([Wave("planned", 160)], closed=[2]).tables()


def write() -> None:
    """Write input and expectation."""
    golden_files.write_input(FOLDER, golden_world(), CampaignDetector.needs)
    golden_files.write_expected(FOLDER, alerts(golden_files.read(FOLDER)))


if __name__ == "__main__":
    write()
