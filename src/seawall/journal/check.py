"""The journal's self-check: are the acknowledged bytes those that were written?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from seawall.errors import StorageError
from seawall.journal.entries import Contents, read_contents
from seawall.journal.journal import damaged
from seawall.journal.segment import segment_paths
from seawall.lake import Problem
from seawall.lake.disk import disk_errors


def check_journal(folder: Path) -> Iterator[Problem]:
    """What is wrong with a journal; it may be in use meanwhile.

    An append that was never finished is no problem: it was not acknowledged, and the next owner cuts it off.
    """
    paths = segment_paths(folder)
    for path in paths:
        try:
            contents = _contents(path)
        except StorageError as error:
            yield _problem(error)
            continue
        if contents.fault == "damaged" or (contents.fault == "torn" and path != paths[-1]):
            yield _problem(damaged(path, contents.good))


def _contents(path: Path) -> Contents:
    with disk_errors(path):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return Contents((), 0)  # its frames have reached the lake meanwhile
        try:
            return read_contents(descriptor)
        finally:
            os.close(descriptor)


def _problem(error: StorageError) -> Problem:
    return Problem(error.what, error.where or "journal", error.mend or "")
