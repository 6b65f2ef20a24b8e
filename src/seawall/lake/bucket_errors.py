"""What an object storage refuses, as errors that say what to do; its own words, which quote keys, are left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
from deltalake.exceptions import DeltaError

from seawall.errors import StorageError

_AGAIN = "then run the same command again; nothing acknowledged is lost."
_KINDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("nosuchbucket",),
        "There is no such bucket.",
        "Make it, or check its name and the endpoint.",
    ),
    (
        ("expiredtoken", "requestexpired", "token has expired", "requesttimetooskewed"),
        "The credentials for the object storage have expired, or this machine's clock is wrong.",
        f"Set new ones in the environment, {_AGAIN}",
    ),
    (
        ("invalidaccesskeyid", "signaturedoesnotmatch", "invalidtoken", "401 unauthorized", "unauthenticated"),
        "The object storage does not accept these credentials.",
        f"Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in the environment, {_AGAIN}",
    ),
    (
        ("latest/api/token", "latest/meta-data", "no credentials", "credentialsnotloaded"),
        "There are no credentials for the object storage.",
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
    ),
    (
        ("accessdenied", "403 forbidden", "permission denied"),
        "These credentials have no right to this in the bucket.",
        f"Let them list, read, write and delete under the lake's prefix, {_AGAIN}",
    ),
    (
        ("permanentredirect", "authorizationheadermalformed", "redirect"),
        "The bucket is in another region or behind another endpoint.",
        "Name them: seawall init has --region and --endpoint.",
    ),
    (
        ("scheme is not allowed",),
        "The endpoint is not encrypted.",
        "Name one that begins with https.",
    ),
    (
        ("filenotfound", "nosuchkey", "tablenotfound"),
        "A file of the lake is missing.",
        "Another program may have removed it. Run the command again; if it stays, run seawall doctor.",
    ),
    (
        ("404 not found",),
        "There is no such bucket, or no object storage at all.",
        "Check the bucket's name and the endpoint.",
    ),
    (
        ("notimplemented", "not implemented"),
        "This storage lacks something that a lake needs.",
        "Use one that lists, and refuses a conditional put (If-None-Match), as Amazon's S3 does.",
    ),
    (
        ("slowdown", "too many requests", "service unavailable", "internal server error", "bad gateway"),
        "The object storage is out of order or overloaded.",
        f"Wait until it answers, {_AGAIN}",
    ),
    (
        ("error sending request", "timed out", "dns error", "connection refused", "connection reset"),
        "The object storage cannot be reached.",
        f"Check the network and the endpoint, {_AGAIN}",
    ),
)
_OTHER = ("The lake in the bucket cannot be read or written.", "Run seawall doctor; it names the damaged file.")
_URL = re.compile(r"https?://\S+")


@contextmanager
def bucket_errors(where: str) -> Iterator[None]:
    """Turn what the storage and its libraries raise into StorageError.

    Raises:
        StorageError: with what, where and how to mend it.
    """
    try:
        yield
    except (OSError, pa.ArrowException, DeltaError, *_of_obstore()) as error:
        what, mend = _kind(error)
        raise StorageError(what, where=f"{where}, {type(error).__name__}", mend=mend) from None


def _of_obstore() -> tuple[type[Exception], ...]:
    loaded = sys.modules.get("obstore.exceptions")
    return () if loaded is None else (loaded.BaseError,)


def _kind(error: Exception) -> tuple[str, str]:
    told = f"{type(error).__name__} {error}".lower()
    said = _URL.sub(lambda found: "latest/api/token" if "/latest/" in found[0] else "", told)
    for words, what, mend in _KINDS:
        if any(word in said for word in words):
            return what, mend
    return _OTHER
