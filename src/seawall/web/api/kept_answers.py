"""The answers of acts by their keys, so that a program that does not know whether it was heard can ask again."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

KEPT_SECONDS = 24 * 3600
MOST_OF_A_TOKEN = 500
"""So many answers of a token are kept; the oldest goes first."""
MOST_TOKENS = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered."""

    status: int
    body: bytes


@dataclass(slots=True)
class _Act:
    fingerprint: bytes
    begun: float
    answer: Answered | None = None


class OtherAct(Exception):  # noqa: N818 - an outcome, not a fault
    """The key stands for another act."""


class UnderWay(Exception):  # noqa: N818 - an outcome, not a fault
    """The act of this key is not over."""


class KeptAnswers:
    """In memory: a console that ends forgets them.

    >>> kept = KeptAnswers(lambda: 0.0)
    >>> kept.begin("rosa", "k1", b"watch C-1"), kept.finish("rosa", "k1", Answered(200, b"{}"))
    (None, None)
    >>> kept.begin("rosa", "k1", b"watch C-1")
    Answered(status=200, body=b'{}')
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._acts: OrderedDict[str, OrderedDict[str, _Act]] = OrderedDict()  # token -> key -> act
        self._lock = threading.Lock()

    def begin(self, token: str, key: str, fingerprint: bytes) -> Answered | None:
        """The answer that is kept for a key; None: the act is to be done now, and then ``finish`` or ``abandon``.

        Raises:
            OtherAct: the key stands for something else.
            UnderWay: it is being done.
        """
        with self._lock:
            now = self._clock()
            acts = self._acts.setdefault(token, OrderedDict())
            self._acts.move_to_end(token)
            while acts and now - next(iter(acts.values())).begun >= KEPT_SECONDS:
                acts.popitem(last=False)
            known = acts.get(key)
            if known is None:
                acts[key] = _Act(fingerprint, now)
                self._bound(acts)
                return None
            if known.fingerprint != fingerprint:
                raise OtherAct
            if known.answer is None:
                raise UnderWay
            return known.answer

    def finish(self, token: str, key: str, answer: Answered) -> None:
        """Keep the answer of an act that is done."""
        with self._lock:
            act = self._acts.get(token, OrderedDict()).get(key)
            if act is not None:
                act.answer = answer

    def abandon(self, token: str, key: str) -> None:
        """An act was not done: it may be tried again with its key."""
        with self._lock:
            self._acts.get(token, OrderedDict()).pop(key, None)

    def _bound(self, acts: OrderedDict[str, _Act]) -> None:
        if len(acts) > MOST_OF_A_TOKEN:
            acts.popitem(last=False)
        if len(self._acts) > MOST_TOKENS:
            self._acts.popitem(last=False)
