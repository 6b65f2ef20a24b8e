"""Exchanges of signals through the interface of the package ``threatexchange`` (an extra; Meta, BSD).

Anything that has its ``fetch_iter``, ``naive_convert_to_signal_type`` and ``get_checkpoint_cls`` can be read: the
package's own exchanges, and those that others wrote for it. Opinions become confidence: POSITIVE_CLASS 80,
INVESTIGATION_SEED 40, DISPUTED 20; NEGATIVE_CLASS says that the signal hits harmless things, so it is withdrawn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seawall.errors import ConfigurationError, ConnectError
from seawall.model import IndicatorKind
from seawall.sources.lists.entries import Broken, Entry, Line

SIGNALS = {
    "pdq": IndicatorKind.PDQ,
    "video_md5": IndicatorKind.VIDEO_MD5,
    "url": IndicatorKind.URL,
    "raw_text": IndicatorKind.TEXT,
    "video_sha256": IndicatorKind.SHA256,
}
"""Name of a signal type of the package -> kind."""

CONFIDENCE = {"POSITIVE_CLASS": 80, "INVESTIGATION_SEED": 40, "DISPUTED": 20}
WITHDRAWN = "NEGATIVE_CLASS"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One delta of an exchange, and where it resumes after it (JSON)."""

    lines: tuple[Line, ...]
    checkpoint: str


class Exchange:
    """One collaboration on an exchange.

    Args:
        api: an instance of ``threatexchange.exchanges.signal_exchange_api.SignalExchangeAPI``.
        collab: its configuration.
        signal_types: classes of ``threatexchange.signal_type``; None = those that Seawall knows.

    Raises:
        ConfigurationError: the package is not installed, and no signal types were named.
    """

    def __init__(self, api: Any, collab: Any, signal_types: Sequence[Any] | None = None) -> None:
        self._api, self._collab = api, collab
        self._types = list(signal_types) if signal_types is not None else _usual()

    @property
    def name(self) -> str:
        """What the exchange calls itself."""
        return str(self._api.get_name())

    def fetch(self, checkpoint: str | None) -> Iterator[Fetched]:
        """Deltas from a checkpoint on; from the beginning where it is None or too old.

        Raises:
            ConnectError: the exchange does not answer as its interface says.
        """
        try:
            deltas = self._api.fetch_iter(self._types, self._resumed(checkpoint))
            for delta in deltas:
                yield Fetched(tuple(self._lines(delta.updates)), json.dumps(asdict(delta.checkpoint), default=str))
        except (ConnectError, ConfigurationError):
            raise
        except Exception as error:
            raise ConnectError(
                f"The exchange failed ({type(error).__name__}).",
                where=self.name,
                mend="Try again; it resumes where it ended. Check its settings if it fails each time.",
            ) from error

    def _resumed(self, checkpoint: str | None) -> Any:
        if checkpoint is None:
            return None
        told = self._api.get_checkpoint_cls()(**json.loads(checkpoint))
        return None if told.is_stale() else told

    def _lines(self, updates: Mapping[Any, Any]) -> Iterator[Line]:
        present = {key: value for key, value in updates.items() if value is not None}
        signals = self._api.naive_convert_to_signal_type(self._types, self._collab, present)
        number = 0
        for signal_type, values in signals.items():
            for value, metadata in values.items():
                number += 1
                yield self._line(number, signal_type.get_name(), value, _opinion(metadata))
        for key in (key for key, value in updates.items() if value is None):
            number += 1
            if isinstance(key, tuple) and len(key) == 2:
                yield self._line(number, str(key[0]), str(key[1]), WITHDRAWN)
            else:
                yield Broken(number, "it was removed by a number that Seawall does not keep; it ends when it expires")

    def _line(self, number: int, signal: str, value: str, opinion: str) -> Line:
        kind = SIGNALS.get(signal)
        if kind is None:
            return Broken(number, "it is a kind of signal that Seawall does not know")
        reason = f"Shared on {self.name}: {opinion}"
        confidence = CONFIDENCE.get(opinion, 0)
        return Entry(number, kind, value, reason, self.name, confidence, withdrawn=opinion == WITHDRAWN)


def _opinion(metadata: Any) -> str:
    return str(metadata.get_as_aggregate_opinion().category.name)


def _usual() -> list[Any]:
    try:
        from threatexchange.signal_type.md5 import VideoMD5Signal  # an extra: only where it is asked for
        from threatexchange.signal_type.pdq.signal import PdqSignal
        from threatexchange.signal_type.raw_text import RawTextSignal
        from threatexchange.signal_type.sha256 import VideoSHA256Signal
        from threatexchange.signal_type.url import URLSignal
    except ImportError:
        raise ConfigurationError(
            "The package threatexchange is not installed.", mend="Install it with: pip install 'seawall[exchange]'"
        ) from None
    return [PdqSignal, VideoMD5Signal, VideoSHA256Signal, URLSignal, RawTextSignal]
