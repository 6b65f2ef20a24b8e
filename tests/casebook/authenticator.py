"""A security key in software: P-256 keys, "none" attestation, a counter, as W3C Web Authentication level 2 says."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One passkey on one device, for one address."""

    def __init__(self, origin: str, *, flags: int = PRESENT | VERIFIED) -> None:
        self.origin = origin
        self.flags = flags
        self.counter = 0
        self.credential = secrets.token_bytes(32)
        self.private = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str) -> str:
        """What a browser answers to ``navigator.credentials.create``."""
        asked = json.loads(options)
        numbers = self.private.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cbor2.dumps(key)
        data = self._data(asked["rp"]["id"], self.flags | ATTESTED) + attested
        response = {
            "clientDataJSON": self._client("webauthn.create", asked),
            "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def get(self, options: str) -> str:
        """What a browser answers to ``navigator.credentials.get``."""
        asked = json.loads(options)
        self.counter += 1
        data, client = self._data(asked["rpId"], self.flags), self._client("webauthn.get", asked)
        signed = data + hashlib.sha256(unb64(client)).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": b64(data), "signature": b64(signature)})

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client(self, kind: str, asked: dict[str, Any]) -> str:
        told = {"type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": False}
        return b64(json.dumps(told).encode())

    def _answer(self, response: dict[str, str]) -> str:
        name = b64(self.credential)
        told = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(told)
