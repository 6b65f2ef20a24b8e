"""Making a workspace: all that can be refused is asked first, so that nothing half-made is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seawall.errors import ConfigurationError
from seawall.lake import Lake
from seawall.vault import Vault, reviewers_of
from seawall.workspace.casebook_place import free_address
from seawall.workspace.lake_place import bucket_settings, claimed
from seawall.workspace.settings import create_folder


def make(
    folder: Path,
    identities: str,
    reviewer_keys: Sequence[str],
    *,
    like: Path | None,
    casebook: str | None,
    lake: str | None,
    options: Mapping[str, object],
) -> None:
    """See ``Workspace.create``."""
    if (identities == "vault") != bool(reviewer_keys):
        raise ConfigurationError(
            "A vault needs the public keys of at least two reviewers, and only a vault needs them.",
            where="options identities and reviewer_keys",
            mend="Make a key for each reviewer with: seawall reviewer-key FILE",
        )
    reviewers = reviewers_of(reviewer_keys) if reviewer_keys else []
    if lake is None and options:
        raise ConfigurationError(
            "Only a lake in a bucket has storage options.",
            where="storage_options",
            mend="Name it as s3://BUCKET/PREFIX.",
        )
    held = None if lake is None else bucket_settings(lake, options)
    if held is not None and casebook is None:
        raise ConfigurationError(
            "A lake on object storage needs a casebook on a server.",
            where="option casebook",
            mend="Name a PostgreSQL database: --casebook postgresql+pg8000://ROLE@HOST/DATABASE",
        )
    address = None if casebook is None else free_address(casebook)
    with claimed(held):
        create_folder(folder, identities=identities, like=like, casebook=address, lake=held)
        if reviewers:
            Vault.create(folder / "vault", reviewers)
        if held is None:
            Lake.create(folder).close()
