"""Errors of tasks as words that survive the way back, and Spark's refusals in sentences."""

from __future__ import annotations

import base64
import errno
import json
import re
import sys
import traceback
from pathlib import PurePath

from seawall.errors import ConfigurationError, ConnectError, MeasureError, SeawallError, StorageError

MARK = "seawall-error:"
"""Before an error of a kernel in the words of the exception that Spark carries."""

_CARRIED = re.compile(re.escape(MARK) + r"([A-Za-z0-9+/=]+);")
_NO_ROOM = (
    "No space left on device",
    "OutOfMemoryError",
    "exit code 137",
    "exited unexpectedly",
    "Disk quota exceeded",
)
_LOST = (
    "ExecutorLostFailure",
    "Remote RPC client disassociated",
    "All masters are unresponsive",
    "Master removed our app",
)


def as_words(error: BaseException) -> str:
    """An error in words that can be found again in anything that Spark makes of them.

    One of Seawall's own travels whole. Of any other only its kind and the line where it happened: its message could
    quote a message.
    """
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)):
        error = StorageError(
            "A worker has no memory or no disk left.",
            mend="Give the workers more, or cut the work in more parts.",
        )
    told = {"module": type(error).__module__, "kind": type(error).__qualname__}
    if isinstance(error, SeawallError):
        told |= {"what": error.what, "where": error.where or "", "mend": error.mend or ""}
    else:
        last = (traceback.extract_tb(error.__traceback__) or [None])[-1]
        told["where"] = "" if last is None else f"{PurePath(last.filename).name}, line {last.lineno}"
    return MARK + base64.b64encode(json.dumps(told).encode()).decode() + ";"


def carried(words: str) -> Exception | None:
    """The error of a task that Spark's words carry. Nothing in them is run: they name an exception known here."""
    found = _CARRIED.search(words)
    if found is None:
        return None
    told = json.loads(base64.b64decode(found[1]))
    kind = getattr(sys.modules.get(told["module"]), told["kind"], None)
    sentence = f"On a worker, in {told['where']}."
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return RuntimeError(f"{told['kind']}. {sentence}")
    if "what" in told and issubclass(kind, SeawallError):
        return kind(told["what"], where=told["where"] or None, mend=told["mend"] or None)
    try:
        return kind(sentence)
    except Exception:  # noqa: BLE001 - an exception that wants more than a sentence
        return RuntimeError(f"{told['kind']}. {sentence}")


def refusal(words: str, where: str) -> SeawallError:
    """What Spark's words mean.

    Args:
        words: those of its exception; nothing secret.
        where: the address.
    """
    known = _of_installation(words, where) or _of_settings(words, where)
    if known is not None:
        return known
    if any(sign in words for sign in _NO_ROOM):
        return StorageError(
            "A worker has no memory or no disk left, or its Python was ended.",
            where=where,
            mend="Give the workers more, or cut the work in more parts.",
        )
    if "maxResultSize" in words:
        return MeasureError(
            "More comes back from the cluster than spark.driver.maxResultSize allows.",
            where=where,
            mend="Ask for less, or raise it with an option.",
        )
    if any(sign in words for sign in _LOST):
        return ConnectError(
            "The cluster lost its workers or its master while it worked.",
            where=where,
            mend="Look at their logs, and run it again; nothing was changed.",
        )
    return ConnectError(
        f"The cluster could not do the work: {_first_words(words)}",
        where=where,
        mend="Look at the log of its workers; nothing was changed.",
    )


def _of_installation(words: str, where: str) -> SeawallError | None:
    """What is missing on a worker, or here."""
    if "JAVA_GATEWAY_EXITED" in words and ("Java Virtual Machine" in words or "spark.driver" in words):
        return ConfigurationError(
            "Java does not start with these options.", where="engine", mend="Check spark.driver.memory and its like."
        )
    if "JAVA_GATEWAY_EXITED" in words or "UnsupportedClassVersion" in words or "JAVA_HOME is not set" in words:
        old = "UnsupportedClassVersion" in words
        return ConfigurationError(
            "Java is too old." if old else "Java is not installed here, or does not start.",
            where="engine",
            mend="Install Java 17, for instance Debian's openjdk-17-jre-headless, or set JAVA_HOME to one.",
        )
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if "PYTHON_VERSION_MISMATCH" in words or "different minor version" in words:
        return ConfigurationError(
            f"A worker has another version of Python than this machine, which has {python}.",
            where=where,
            mend=f"Install Python {python} there, or name it: --engine-option spark.pyspark.python=PATH.",
        )
    missing = re.search(r"No module named '?([A-Za-z_]\w*)", words) or re.search(
        r"PACKAGE_(?:NOT_INSTALLED|VERSION)\S*\s+(\w+)", words
    )
    if missing is not None:
        return ConfigurationError(
            f"A worker lacks the package {missing[1]}.",
            where=where,
            mend="Install the same seawall[spark] on every worker, for the Python that Spark starts there.",
        )
    if "Cannot run program" in words:
        return ConfigurationError(
            "A worker has no Python where Spark looks for it.",
            where=where,
            mend="Name its path on the workers: --engine-option spark.pyspark.python=PATH.",
        )
    return None


def _of_settings(words: str, where: str) -> SeawallError | None:
    name = re.search(r"\"?(spark\.[A-Za-z0-9_.]+)", words)
    if "CANNOT_MODIFY" in words:
        return ConfigurationError(
            f"The server does not let sessions set {name[1] if name else 'this option'}.",
            where=where,
            mend="Set it where the server is started, or leave it out.",
        )
    if any(sign in words for sign in ("NumberFormatException", "IllegalArgumentException", "INVALID_CONF_VALUE")):
        return ConfigurationError(
            f"Spark refuses a setting: {name[1] if name else 'it names none'}.",
            where=where,
            mend="Check the options of the engine.",
        )
    return None


def _first_words(words: str) -> str:
    line = next((line for line in words.splitlines() if line.strip()), "no reason was told")
    return line.strip()[:200]
