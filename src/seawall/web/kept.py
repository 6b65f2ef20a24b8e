"""What was written in a form when its session had ended: kept in memory for the person who wrote it."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

KEPT_SECONDS = 2 * 3600.0
MOST_KEPT = 500
MOST_WRITERS = 20_000


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that could not be taken."""

    person: str
    path: str  # that it was sent to
    back: str  # of the page that it stood on
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    until: float


class KeptForms:
    """Forms whose session had ended. Only whoever was shown the form gets it back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._forms: OrderedDict[str, KeptForm] = OrderedDict()
        self._writers: OrderedDict[bytes, str] = OrderedDict()  # hash of a session's form token -> person
        self._lock = threading.Lock()

    def note_writer(self, csrf: str, person: str) -> None:
        """Remember whose session has this form token."""
        with self._lock:
            self._writers[_hash(csrf)] = person
            self._writers.move_to_end(_hash(csrf))
            if len(self._writers) > MOST_WRITERS:
                self._writers.popitem(last=False)

    def keep(self, csrf: str, path: str, back: str, fields: tuple[tuple[str, str], ...]) -> str | None:
        """Keep a form; the key to it, or None where its writer is not known."""
        with self._lock:
            person = self._writers.get(_hash(csrf))
            if person is None or not fields:
                return None
            key = secrets.token_urlsafe(24)
            self._forms[key] = KeptForm(person, path, back, fields, self._clock() + KEPT_SECONDS)
            if len(self._forms) > MOST_KEPT:
                self._forms.popitem(last=False)
            return key

    def of(self, key: str, person: str) -> KeptForm | None:
        """The form behind a key, for the person who wrote it."""
        with self._lock:
            found = self._forms.get(key)
            if found is None or found.person != person:
                return None
            if found.until < self._clock():
                del self._forms[key]
                return None
            return found

    def forget(self, key: str, person: str) -> None:
        """It was sent again, or thrown away."""
        if self.of(key, person) is not None:
            with self._lock:
                self._forms.pop(key, None)


def _hash(csrf: str) -> bytes:
    return hashlib.sha256(csrf.encode()).digest()
