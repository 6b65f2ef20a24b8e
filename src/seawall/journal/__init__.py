"""The journal: live events are acknowledged here at once and reach the lake in larger batches."""

from __future__ import annotations

from seawall.journal.check import check_journal
from seawall.journal.frames import Frame, FrameHeader, Packed, framed, pack, unpack
from seawall.journal.journal import Held, Journal, Waiting

__all__ = ["Frame", "FrameHeader", "Held", "Journal", "Packed", "Waiting", "check_journal", "framed", "pack", "unpack"]
