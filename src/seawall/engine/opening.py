"""Which engine does the work of one act: that of this machine, one at an address, or one that was handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from seawall.engine.local import LocalEngine
from seawall.errors import ConfigurationError
from seawall.protocols import Engine, Progress

LOCAL = "local"


@contextmanager
def opened(
    chosen: str | Engine | None,
    options: Mapping[str, str],
    *,
    spill_dir: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Engine]:
    """An engine for as long as one act takes.

    Args:
        chosen: None or ``local``: that of this machine. ``local[*]``, ``spark://HOST:PORT``, ``sc://HOST:PORT``: a
            session on Spark, which is ended behind the act. An engine: that one, which stays open.
        options: settings of Spark's own.
        spill_dir: where this machine's engine puts what does not fit in memory.
        progress: given to an engine that is made here.

    Raises:
        ConfigurationError: PySpark or Java is missing, the address is none, or settings are given to an engine that
            takes none.
        ConnectError: nobody answers at the address.
    """
    if isinstance(chosen, str) and chosen != LOCAL:
        from seawall.engine.spark import SparkEngine  # PySpark is not everybody's

        with SparkEngine(chosen, options=options, progress=progress) as engine:
            yield engine
        return
    if options:
        raise ConfigurationError(
            "These settings are Spark's, and Spark does not do this work.", where="engine options",
            mend="Leave them out, or give the address of a cluster.",
        )  # fmt: skip
    if chosen is None or isinstance(chosen, str):
        yield LocalEngine(spill_dir=spill_dir, progress=progress)
    else:
        yield chosen
