"""Where a workspace's lake is: in its folder, or in a bucket whose credentials the environment holds."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from seawall.errors import ConfigurationError, StorageError
from seawall.model.loopback import is_loopback
from seawall.workspace.settings import BucketSettings, load_settings

if TYPE_CHECKING:
    from seawall.lake import Lake
    from seawall.lake.bucket import BucketPlace

SCHEME = "s3://"
_ADDRESS = re.compile(r"s3://([a-z0-9][a-z0-9.-]+[a-z0-9])((?:/[A-Za-z0-9][A-Za-z0-9._=-]*)+)/?")
_REGION = re.compile(r"[a-z0-9-]+")


def open_lake(folder: Path, *, write: bool = False, patience: float = 0.0, gives_way: bool = False) -> Lake:
    """The lake of a workspace, wherever its tables lie; see ``Lake.open``.

    Raises:
        WorkspaceError: no workspace, or its lake is not there; with ``write``, another process writes.
        ConfigurationError: a package is missing.
        StorageError: the disk or the object storage refuses.
    """
    from seawall.lake import Lake  # here and below: an act on the casebook alone does not wait for the lake

    held = load_settings(folder).lake
    tables = None if held is None else _place(held)
    return Lake.open(folder, tables, write=write, patience=patience, gives_way=gives_way)


def bucket_settings(address: str, options: Mapping[str, object]) -> BucketSettings:
    """How a new lake under an address is reached; nothing is asked of the storage yet.

    Args:
        address: ``s3://BUCKET/PREFIX``.
        options: ``endpoint``, ``region``, ``allow_http``; otherwise what AWS_ENDPOINT_URL and AWS_REGION say.

    Raises:
        ConfigurationError: an address or option that cannot work.
    """
    if not _ADDRESS.fullmatch(address):
        raise ConfigurationError(
            "This is not the address of a lake in a bucket.",
            where="lake",
            mend="Write s3://BUCKET/PREFIX: a bucket of three letters or more and plain names; no key stands in it.",
        )
    unknown = set(options) - {"endpoint", "region", "allow_http"}
    if unknown:
        raise ConfigurationError(
            f"Unknown storage options: {len(unknown)}.",
            where="storage_options",
            mend="There are endpoint, region and allow_http; credentials come from the environment.",
        )
    told = os.environ
    endpoint = options.get("endpoint") or told.get("AWS_ENDPOINT_URL_S3") or told.get("AWS_ENDPOINT_URL") or None
    region = options.get("region") or told.get("AWS_REGION") or told.get("AWS_DEFAULT_REGION") or "us-east-1"
    if not _REGION.fullmatch(str(region)):
        raise ConfigurationError("This is not the name of a region.", where="region", mend="As us-east-1.")
    held = BucketSettings(
        address=address.rstrip("/"),
        owner=secrets.token_hex(8),
        region=str(region),
        endpoint=None if endpoint is None else _endpoint(str(endpoint), bool(options.get("allow_http"))),
        allow_http=str(endpoint).startswith("http://"),
    )
    if find_spec("obstore") is None:
        raise _missing()
    return held


def _endpoint(address: str, allow_http: bool) -> str:
    """An endpoint without secrets in it, which is encrypted or on this machine where nothing else is allowed."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        plain = False
    if not plain or parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationError(
            "This is not the address of an object storage.",
            where="endpoint",
            mend="As https://storage.example:9000; no key stands in it.",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or "") and not allow_http:
        raise ConfigurationError(
            "This endpoint is not encrypted.",
            where="endpoint",
            mend="Name one that begins with https, or allow it with --allow-http.",
        )
    return address.rstrip("/")


def _missing() -> ConfigurationError:
    return ConfigurationError(
        "A lake in a bucket needs the package obstore.",
        where="lake",
        mend="Install it with: pip install 'seawall[objects]'",
    )


def _place(held: BucketSettings) -> BucketPlace:
    if find_spec("obstore") is None:
        raise _missing()
    from seawall.lake.bucket import Bucket, BucketPlace

    name, _, prefix = held.address.removeprefix(SCHEME).partition("/")
    return BucketPlace(Bucket(name, held.endpoint, held.region, held.allow_http), prefix, held.owner)


@contextmanager
def claimed(held: BucketSettings | None) -> Iterator[None]:
    """The place of a new lake, its empty tables made; if what happens inside fails, nothing of it is left.

    Raises:
        WorkspaceError: something lies there already.
        ConfigurationError: the bucket cannot keep a lake's promises.
        StorageError: the storage refuses.
    """
    if held is None:
        yield
        return
    from seawall.lake.home import make_tables
    from seawall.model import TABLES

    place = _place(held)
    place.claim()
    try:
        make_tables(place)
        yield
    except BaseException:
        with suppress(StorageError):
            place.abandon(list(TABLES))
        raise
