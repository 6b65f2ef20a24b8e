"""The vault: who the pseudonyms are, sealed so that any two reviewers together can open it and no one alone.

Sealing needs only the reviewers' public keys, and so does erasing one person. Opening needs two private keys.
"""

from __future__ import annotations

from seawall.vault.halves import Halves
from seawall.vault.reviewer_keys import ReviewerKey, new_reviewer_key, open_reviewer_key, public_key_bytes
from seawall.vault.vault import Vault, reviewers_of

__all__ = [
    "Halves",
    "ReviewerKey",
    "Vault",
    "new_reviewer_key",
    "open_reviewer_key",
    "public_key_bytes",
    "reviewers_of",
]
