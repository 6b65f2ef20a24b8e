"""A webhook with a signature, so that its receiver knows who speaks and that nothing was changed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from seawall.errors import AccessError, ConfigurationError, ConnectError
from seawall.notices.notice import Notice

PREFIX = "whsec_"
SECRET_BYTES = 32
TIMEOUT_S = 10.0
_REFUSED = frozenset({401, 403, 404, 405, 410})
_TOO_MANY, _FIRST_WRONG = 429, 300


def new_secret() -> str:
    """A secret to share with the receiver.

    >>> new_secret().startswith("whsec_")
    True
    """
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, notice_id: str, timestamp: int, body: bytes) -> str:
    """The header ``webhook-signature`` as Standard Webhooks 1.0 defines it: HMAC-SHA256 of id, time and body.

    Raises:
        ConfigurationError: the secret is not one of ``new_secret``'s form.

    >>> signature("whsec_c2VjcmV0", "notice_1", 1767225600, b"{}")
    'v1,4aVD9btU6rsh/MYvazvQpOWu3IIRGeE21QHIwdBRJ9I='
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ConfigurationError(
            "The webhook's secret is not in base64.", where="secret", mend="Let seawall tell make one."
        ) from None
    told = hmac.new(key, f"{notice_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(told.digest()).decode()


@dataclass(frozen=True)
class WebhookReceiver:
    """Posts JSON to an address, signed. It follows no redirect.

    Args:
        name: of the receiver.
        url: where to.
        secret: shared with the receiver, "whsec_" and base64.
        clock: seconds since 1970.
    """

    name: str
    url: str
    secret: str = field(repr=False)
    clock: Callable[[], float] = time.time

    def send(self, notice: Notice, *, again: bool) -> None:
        """Post a notice; ``webhook-id`` is the same each time, so that the receiver recognises a repetition.

        Raises:
            ConnectError: no answer, or one that is worth another try.
            AccessError: the address refuses.
        """
        body = json.dumps({"type": "seawall.case.opened", "data": notice.as_dict()}, ensure_ascii=False).encode()
        timestamp = int(self.clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": notice.notice_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self.secret, notice.notice_id, timestamp, body),
        }
        try:
            with (
                httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self.url, content=body, headers=headers) as answer,
            ):
                _judge(answer, self.name)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise ConnectError(
                f"The webhook did not answer ({type(error).__name__}).",
                where=f"receiver {self.name}",
                mend="Check its address; the notice is sent again.",
            ) from None


def _judge(answer: httpx.Response, name: str) -> None:
    """The status alone says whether it arrived; the body of the answer is not read."""
    if answer.status_code < _FIRST_WRONG:
        return
    what, where = f"The webhook answered {answer.status_code}.", f"receiver {name}"
    if answer.status_code in _REFUSED:
        raise AccessError(what, where=where, mend="Check its address and its secret with: seawall tell DIR")
    told = answer.headers.get("retry-after", "")
    wait = float(told) if told.isdigit() and answer.status_code in (_TOO_MANY, 503) else None
    raise ConnectError(what, where=where, mend="The notice is sent again.", retry_after=wait)
