"""A security key in software: makes a passkey and signs with it as a browser would send it on."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

TOUCHED, WITH_KEY = 0x01, 0x40
ORIGIN = "http://localhost"


def b64(raw: bytes) -> str:
    """Write bytes as browsers do."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class SecurityKey:
    """One key pair; `count` goes up with each signature."""

    def __init__(self, host="localhost"):
        self.host, self.count = host, 0
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, told, *, origin=ORIGIN):
        """Return what a browser sends after `navigator.credentials.create`."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(TOUCHED | WITH_KEY) + about
        attested = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client("webauthn.create", told, origin)
        return self._reply({"clientDataJSON": b64(said), "attestationObject": b64(attested)})

    def sign(self, told, *, origin=ORIGIN, touched=True):
        """Return what a browser sends after `navigator.credentials.get`."""
        self.count += 1
        data, said = self._data(TOUCHED if touched else 0), self._client("webauthn.get", told, origin)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._reply({name: b64(part) for name, part in parts.items()})

    def _data(self, flags):
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind, told, origin):
        return json.dumps({"type": kind, "challenge": told["challenge"], "origin": origin}).encode()

    def _reply(self, response):
        return json.dumps(
            {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        )
