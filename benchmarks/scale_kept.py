"""A folder that outlives a run that was cut: what the same sources measured there is not measured again.

``SEAWALL_SCALE_DIR`` names it; without it all files go to a folder that is removed at the end.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seawall.engine.spark.versions import versions


@contextmanager
def measuring(of: object) -> Iterator[Path]:
    """Where files go, for a run that is told by ``of`` (as JSON can tell it).

    Raises:
        SystemExit: other sources, or another run, have measured there.
    """
    named = os.environ.get("SEAWALL_SCALE_DIR")
    if named is None:
        with tempfile.TemporaryDirectory() as made:
            yield Path(made)
        return
    path = Path(named)
    path.mkdir(parents=True, exist_ok=True)
    wanted = json.loads(json.dumps([of, versions()]))
    if kept(path / "of.json", lambda: wanted) != wanted:
        raise SystemExit(f"{path} holds what another run has measured, or other sources; name another folder.")
    yield path


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What is made, or was made before: as JSON can tell it."""
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    made = make()
    whole = path.with_suffix(".part")
    whole.write_text(json.dumps(made), encoding="utf-8")
    whole.rename(path)
    return made
