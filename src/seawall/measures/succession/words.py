"""What the parts of a score are called, and spans of time that they look at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

TERMS = (
    "opened", "announced", "points_back", "audience", "handle", "links", "sources", "forwards", "media", "texts",
    "rivals",
)  # fmt: skip
"""The named parts of a score. ``rivals`` is never above 0: it takes back what others explain as well."""

OPENED, ANNOUNCED, POINTS_BACK, AUDIENCE, HANDLE, LINKS, SOURCES, FORWARDS, MEDIA, TEXTS, RIVALS = range(len(TERMS))
COPIES = (FORWARDS, MEDIA, TEXTS)
"""What fans do, too."""

OUTSIDE = (POINTS_BACK, HANDLE, LINKS, *COPIES)
"""What whoever likes can do: it needs neither the old channel nor those who followed it."""

FRIENDLY = (ANNOUNCED, POINTS_BACK, AUDIENCE, SOURCES, *COPIES)
"""What channels do that like each other, and have for long."""

DAY = 86_400_000_000
NEVER = np.iinfo(np.int64).max
UNKNOWN = np.iinfo(np.int64).min

BEFORE_DAYS, AFTER_DAYS = 60, 60
"""Days around an end within which a channel that opens may be its successor, whatever else is known of it."""

TAIL_DAYS = 30
"""Days before its end in which the address that a channel gives is an announcement."""

FIRST_DAYS = 60
"""Days after its opening in which what a candidate posts is looked at."""
