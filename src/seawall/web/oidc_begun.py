"""Sign-ins that were begun at an identity provider and wait for the browser to come back."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

LASTS_SECONDS = 600.0
MOST_BEGUN = 1_000


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that the provider is asked to confirm."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next: str
    person: str | None  # who links their identity; None: somebody signs in
    until: float


class Begins:
    """What was begun, for a short while, each to be finished once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[str, Begun] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, next_: str, person: str | None) -> Begun:
        """Begin one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        made = Begun(state, nonce, verifier, next_, person, self._clock() + LASTS_SECONDS)
        with self._lock:
            self._begun[made.state] = made
            if len(self._begun) > MOST_BEGUN:
                self._begun.popitem(last=False)
        return made

    def finish(self, state: str) -> Begun | None:
        """What was begun under this state; it is forgotten."""
        with self._lock:
            found = self._begun.pop(state, None)
        return found if found is not None and self._clock() < found.until else None
