"""OpenID Connect as the relying party: authorization code with PKCE, state and nonce, through Authlib."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from seawall.web.marking import _
from seawall.web.oidc import Provider
from seawall.web.oidc_begun import Begun
from seawall.web.problems import Trouble

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""What a provider may sign with: nothing that the client's own secret could sign."""
TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 60


def address_of(provider: Provider, back: str, begun: Begun) -> str:
    """Where the browser is sent to.

    Raises:
        Trouble: the provider does not answer as one.
    """
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": create_s256_code_challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
        return str(add_params_to_uri(_described(client, provider)["authorization_endpoint"], asked.items()))


def subject_of(provider: Provider, back: str, begun: Begun, code: str) -> str:
    """Whom the provider has confirmed: its own name for the person.

    Raises:
        Trouble: it confirms nobody, or its answer is not to be trusted.
    """
    with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
        told = _described(client, provider)
        try:
            token = _token(client, told["token_endpoint"], provider, back, begun, code)
            keys = KeySet.import_key_set(_json(client.get(told["jwks_uri"])))  # type: ignore[arg-type]
            signed = jwt.decode(token["id_token"], keys, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(signed.claims, signed.header, *_expected(provider, told["issuer"], begun, token))
            claims.validate(leeway=LEEWAY_SECONDS)
            subject = claims["sub"]
        except (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise _refused() from error
    return str(subject)


def _expected(provider: Provider, issuer: str, begun: Begun, token: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """What the token has to say, in the two forms in which Authlib takes it."""
    claims = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "exp": {"essential": True},
    }
    return claims, {
        "nonce": begun.nonce,
        "client_id": provider.client_id,
        "access_token": token.get("access_token"),
    }


def _token(
    client: httpx.Client, endpoint: str, provider: Provider, back: str, begun: Begun, code: str
) -> dict[str, Any]:
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
    credentials = (quote(provider.client_id, safe=""), quote(provider.client_secret, safe=""))  # RFC 6749, 2.3.1
    return _json(client.post(endpoint, data=asked, auth=credentials))


def _described(client: httpx.Client, provider: Provider) -> dict[str, Any]:
    """What the provider tells of itself; it must name itself as the settings do."""
    try:
        told = _json(client.get(f"{provider.issuer}/.well-known/openid-configuration"))
    except (httpx.HTTPError, ValueError) as error:
        raise _unreached() from error
    wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if not all(isinstance(told.get(one), str) for one in wanted) or told["issuer"].rstrip("/") != provider.issuer:
        raise _unreached()
    return told


def _json(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    told = answer.json()
    if not isinstance(told, dict):
        raise ValueError("not an object")
    return told


def _unreached() -> Trouble:
    return Trouble(
        502, _("Your organisation's sign-in cannot be reached."), _("Use another way to sign in, or try again later.")
    )


def _refused() -> Trouble:
    return Trouble(403, _("Your organisation's sign-in has not confirmed who you are."), _("Begin again."))
