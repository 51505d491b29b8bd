"""A directory: an OpenID provider as a process of its own, with the authorization code flow, PKCE and real signatures.

``python provider.py PORT`` serves at ``http://127.0.0.1:PORT``. It knows the people that are sent to it, with their
claims (``PUT /people/<name>``). An ID token goes wrong in one of the ways of `FAULTS` where that is asked for.
"""

from __future__ import annotations

import base64
import hmac
import json
import logging
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from authlib.oidc.core.util import create_half_hash
from flask import Flask, Response, request
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "rasad", "the secret of the client, shared with the directory"
FAULTS = (
    *("nonce", "no_nonce", "expired", "early", "audience", "shared_audience", "issuer", "signature", "unsigned"),
    *("symmetric", "subject", "at_hash", "no_token"),
)
"""What may be wrong with an ID token."""


@dataclass(frozen=True)
class Client(ClientMixin):
    """The one client there is."""

    backs: tuple[str, ...]
    id_token_signed_response_alg: str = "RS256"

    def get_client_id(self) -> str:
        return CLIENT

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(part for part in (scope or "").split() if part in ("openid", "profile"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.backs

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code:
    """A code given out, and what it was given out for."""

    code: str
    user: str
    fault: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Provider:
    """What the provider knows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.people: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Code] = {}
        self.backs: list[str] = []
        self.keys = KeySet([RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})])
        self.strange = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def told(self, code: Code) -> dict[str, Any]:
        """The claims of the person of a code that go into the ID token; those under ``asked`` only userinfo tells."""
        return {key: value for key, value in self.people[code.user].items() if key != "asked"}

    def signed(self, claims: dict[str, Any], fault: str) -> str | None:
        """An ID token, sound or at fault in one way."""
        now = int(time.time())
        claims = {**claims, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        changes: dict[str, dict[str, Any]] = {
            "nonce": {"nonce": "another"},
            "expired": {"iat": now - 900, "exp": now - 600},
            "early": {"nbf": now + 900},
            "audience": {"aud": "another client"},
            "shared_audience": {"aud": [CLIENT, "another client"], "azp": "another client"},
            "issuer": {"iss": "http://127.0.0.1:1"},
            "subject": {"sub": None},
            "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        }
        claims |= changes.get(fault, {})
        for name in {"no_nonce": ["nonce"], "subject": ["sub"]}.get(fault, []):
            del claims[name]
        if fault == "no_token":
            return None
        if fault == "unsigned":
            return jwt.encode({"alg": "none"}, claims, OctKey.import_key("none"), ["none"])
        if fault == "symmetric":  # with the public key for a shared secret, as in the well-known confusion
            public = self.keys.keys[0].as_pem(private=False)
            parts = [_part(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "one"}, claims)]
            return ".".join([*parts, _part(hmac.digest(public, ".".join(parts).encode(), "sha256"))])
        key = self.strange if fault == "signature" else self.keys.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def authorization(app: Flask, provider: Provider) -> AuthorizationServer:
    """What gives out codes and tokens."""

    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, _: Any) -> None:
            asked = self.request.payload.data
            provider.codes[code] = Code(
                *(code, self.request.user["user"], self.request.user["fault"], asked["redirect_uri"], asked["scope"]),
                *(asked.get("nonce", ""), asked.get("code_challenge", ""), asked.get("code_challenge_method", "")),
            )

        def query_authorization_code(self, code: str, _: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]  # good for once

        def authenticate_user(self, authorization_code: Code) -> Code:
            return authorization_code

    class Id(OpenIDCode):
        def exists_nonce(self, nonce: str, _: Any) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def encode_id_token(self, token: dict[str, Any], asked: Any) -> str | None:
            code: Code = asked.user
            provider.tokens[token["access_token"]] = code
            half = create_half_hash(token["access_token"], "RS256").decode()
            claims = {**provider.told(code), **self.get_authorization_code_claims(code), "at_hash": half}
            return provider.signed(claims, code.fault)

    server = AuthorizationServer(app, lambda name: Client(tuple(provider.backs)) if name == CLIENT else None)
    server.save_token = lambda *_: None
    server.register_grant(CodeGrant, [CodeChallenge(required=True), Id(require_nonce=True)])
    return server


def application(provider: Provider) -> Flask:
    """The provider over HTTP."""
    app = Flask("provider")
    _standard(app, provider)
    _control(app, provider)
    return app


def _standard(app: Flask, provider: Provider) -> None:
    """What every provider has."""
    server = authorization(app, provider)

    @app.get("/.well-known/openid-configuration")
    def about() -> dict[str, Any]:
        return provider.about()

    @app.get("/keys")
    def keys() -> dict[str, Any]:
        return provider.keys.as_dict(private=False)

    @app.get("/authorize")
    def ask() -> Response:
        return Response('<form method="post"><input name="user"><input name="fault"><button>Sign in</button></form>')

    @app.post("/authorize")
    def authorize() -> Response:
        who = request.form["user"]
        user = {"user": who, "fault": request.form.get("fault", "")} if who in provider.people else None
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Response:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> tuple[dict[str, Any], int] | dict[str, Any]:
        code = provider.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if code is None:
            return {}, 401
        person = provider.people[code.user]
        return {"sub": person["sub"], **person.get("asked", {})}


def _control(app: Flask, provider: Provider) -> None:
    """What a test tells it."""

    @app.put("/people/<name>")
    def know(name: str) -> dict[str, Any]:
        provider.people[name] = json.loads(request.data)
        return {}

    @app.put("/backs")
    def backs() -> dict[str, Any]:
        provider.backs.append(request.data.decode())
        return {}

    @app.post("/turn-key")
    def turn_key() -> dict[str, Any]:
        """Go over to another key, as directories do from time to time."""
        kid = f"key-{len(provider.keys.keys)}-{time.time_ns()}"
        provider.keys = KeySet([RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})])
        return {}


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    port = int(sys.argv[1])
    serving = make_server("127.0.0.1", port, application(Provider(f"http://127.0.0.1:{port}")), threaded=True)
    print("ready", flush=True)
    serving.serve_forever()
