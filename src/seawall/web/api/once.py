"""Does an act once, however often a program sends it with the same key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from starlette.responses import Response

from seawall.web.api.calling import Calling
from seawall.web.api.kept_answers import Answered, OtherAct, UnderWay
from seawall.web.api.problem import Twice, Unfit, Wrong
from seawall.web.routes import Handler

REPLAYED = "idempotency-replayed"


def once(handler: Handler, status: int) -> Handler:
    """The handler of an act, around which its key is looked after.

    Only what was done is kept: a refusal changes nothing, so it may be tried again with the same key.
    """

    @wraps(handler)
    def act(calling: Calling, **given: Any) -> Response:
        key: str | None = calling.request.state.key
        if key is None:
            return _response(_done(handler, status, calling, given))
        kept, token = calling.console.answers, calling.token.token_id
        try:
            known = kept.begin(token, key, _fingerprint(calling))
        except OtherAct:
            raise Unfit([Wrong("This key stands for another act.", parameter="idempotency-key")]) from None
        except UnderWay:
            raise Twice from None
        if known is not None:
            return _response(known, {REPLAYED: "true"})
        try:
            answer = _done(handler, status, calling, given)
        except BaseException:
            kept.abandon(token, key)
            raise
        kept.finish(token, key, answer)
        return _response(answer)

    return cast(Handler, act)


def _done(handler: Callable[..., Any], status: int, calling: Calling, given: dict[str, Any]) -> Answered:
    return Answered(status, handler(calling=calling, **given).model_dump_json().encode())


def _response(answer: Answered, headers: dict[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, headers, media_type="application/json")


def _fingerprint(calling: Calling) -> bytes:
    """What is asked for: path and body."""
    return sha256(calling.request.url.path.encode() + b"\0" + calling.sent).digest()
