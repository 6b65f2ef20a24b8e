from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seawall.casebook import AuditHead
from seawall.casebook.checkpoints import KIND, public_half, read, sign
from seawall.errors import ConfigurationError
from tests.casebook.builders import START

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = AuditHead(12, "9f" * 32)


def test_another_program_can_check_a_checkpoint() -> None:
    """The signature is Ed25519 over the JSON without it: sorted keys, no spaces, ASCII. It needs no Seawall."""
    text = sign(HEAD, START, KEY).text
    told = json.loads(text)
    assert text == json.dumps(told, sort_keys=True, separators=(",", ":"))
    signature = bytes.fromhex(told.pop("signature"))
    signed = json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["key"])).verify(signature, signed)
    assert told == {
        "at": "2026-05-03T00:00:00+00:00",
        "entries": 12,
        "head": "9f" * 32,
        "key": public_half(KEY),
        "kind": KIND,
    }


def test_a_checkpoint_comes_back_as_it_was_made() -> None:
    """Read again, also from JSON that was laid out differently, it is the same and has no fault."""
    made = sign(HEAD, START, KEY)
    again = read(json.dumps(json.loads(made.text), indent=2))
    assert again == made
    assert again.audit_head == HEAD
    assert list(again.faults(public_half(KEY))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", "2026-05-04T00:00:00+00:00"),
        ("entries", 11),
        ("head", "9e" * 32),
        ("key", public_half(Ed25519PrivateKey.from_private_bytes(bytes(32)))),
        ("key", "00" * 32),
        ("signature", "00" * 64),
    ],
)
def test_a_changed_checkpoint_is_told(name: str, value: object) -> None:
    """Any field that was changed after signing breaks the signature."""
    changed = read(json.dumps(json.loads(sign(HEAD, START, KEY).text) | {name: value}))
    assert "The checkpoint was changed after it was signed." in list(changed.faults(public_half(KEY)))


def test_a_workspace_without_a_key_has_signed_nothing() -> None:
    """A checkpoint that is shown to an audit that never signed one was signed with another key."""
    assert "another key" in next(sign(HEAD, START, KEY).faults(None))


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "seawall audit checkpoint 2"},
        {"entries": "12"},
        {"entries": True},
        {"head": "9f"},
        {"head": "9F" * 32},
        {"signature": None},
        {"more": 1},
        {"at": 5},
    ],
    ids=str,
)
def test_what_is_no_checkpoint_is_refused(change: dict[str, object]) -> None:
    """Another kind, a wrong type, a wrong length or a further field: refused, with where to get a right one."""
    with pytest.raises(ConfigurationError, match="checkpoint made"):
        read(json.dumps(json.loads(sign(HEAD, START, KEY).text) | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "12", '{"at": 1}', "[" * 100_000], ids=range(6))
def test_nonsense_is_refused(text: str) -> None:
    """What is not even JSON, or other JSON, is refused in the same words."""
    with pytest.raises(ConfigurationError, match="not a checkpoint"):
        read(text)
