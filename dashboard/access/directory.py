"""Sign-in with a directory by OpenID Connect Core 1.0: the authorization code flow with PKCE (RFC 7636).

The directory says who somebody is, and its claims, by the settings, which role and provinces are theirs: taken anew at
every sign-in. Who has no role there has none here.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dashboard.access import audit, people, sessions
from dashboard.access.people import PeopleError
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.intake.characters import normalised
from dashboard.intake.person import names_person
from dashboard.settings import Settings

SECONDS: Final = 600
"""How long somebody may take at the directory."""

NATION: Final = "*"
"""What a value of the claim of provinces is mapped to that stands for the whole nation."""

_SIGNATURES: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""Signatures that only who holds the private key can make. "none", and those by a shared secret, are not taken."""

_TIMEOUT: Final = 5
_KEPT_SECONDS: Final = 3600
_LEEWAY: Final = 60
_LONGEST: Final = 4096


class DirectoryError(Exception):
    """A sign-in with the directory that came to nothing; ``why`` is the key of the sentence that says why.

    ``down``
        the directory does not answer, or not as it should
    ``lost``
        the answer belongs to no sign-in of this browser, or came too late
    ``refused``
        the directory let nobody in, or the person gave up
    ``token``
        what the directory said about the person cannot be trusted
    ``role``, ``provinces``
        the person has none here
    ``disabled``
        the account here is closed
    ``taken``
        another account has the name already
    """

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True)
class Journey:
    """A sign-in under way: what is held against the directory's answer, and where to go on to afterwards."""

    state: str
    nonce: str
    verifier: str
    onward: str
    until: int

    def sealed(self, key: str) -> str:
        """As the cookie that waits in the browser; only who has the key can make one."""
        content = orjson.dumps([self.state, self.nonce, self.verifier, self.onward, self.until])
        return f"{content.hex()}.{_seal(content, key)}"


@dataclass(frozen=True)
class Identity:
    """Whom the directory vouches for, in the words of this house.

    ``external_id`` is a keyed hash of the directory's own name for the person. ``role`` is empty where no claim is
    mapped to one, ``provinces`` where the role may have some and no claim is mapped to any; ``None`` is the nation.
    """

    external_id: str
    login: str
    name: str
    role: str
    provinces: tuple[str, ...] | None


def unsealed(cookie: str, key: str) -> Journey:
    """The journey of a cookie; DirectoryError when there is none, somebody else made it, or it took too long."""
    content, _, seal = cookie.partition(".")
    try:
        told = bytes.fromhex(content)
    except ValueError:
        told = b""
    if not told or not hmac.compare_digest(seal.encode(), _seal(told, key).encode()):
        raise DirectoryError("lost", "the browser brought no sign-in that is under way")
    journey = Journey(*orjson.loads(told))
    if journey.until < time.time():
        raise DirectoryError("lost", "the sign-in took too long")
    return journey


class Directory:
    """The directory of one deployment. What it publishes about itself is kept for an hour."""

    def __init__(self, settings: Settings, key: str) -> None:
        self._settings, self._key = settings, key
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def begin(self, redirect_uri: str, onward: str) -> tuple[str, Journey]:
        """Where to send the browser, and the journey that its answer will be held against."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        journey = Journey(state, nonce, verifier, onward, int(time.time()) + SECONDS)
        with self._session(redirect_uri) as session:
            address, _ = session.create_authorization_url(
                self._about()["authorization_endpoint"],
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
            )
        return str(address), journey

    def finish(self, journey: Journey, answer: Mapping[str, str], redirect_uri: str) -> Identity:
        """Whom the directory vouches for; ``answer`` holds the parameters that the browser came back with."""
        if not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise DirectoryError("lost", "the answer is to another sign-in")
        if answer.get("error"):
            raise DirectoryError("refused", "the directory let nobody in")
        about = self._about()
        if answer.get("iss", about["issuer"]) != about["issuer"]:  # RFC 9207
            raise DirectoryError("token", "the answer is another directory's")
        code = answer.get("code", "")
        if not code or len(code) > _LONGEST:
            raise DirectoryError("refused", "the directory gave no code")
        tokens = self._exchanged(code, journey, redirect_uri)
        claims = self._checked(tokens, journey.nonce)
        return self._identity(self._with_userinfo(claims, tokens))

    def _session(self, redirect_uri: str = "") -> OAuth2Session:
        settings = self._settings
        return OAuth2Session(
            settings.oidc_client_id,
            settings.oidc_client_secret,
            token_endpoint_auth_method=self._authentication(),
            scope=settings.oidc_scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT,
        )

    def _authentication(self) -> str:
        known = self._about().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"

    def _exchanged(self, code: str, journey: Journey, redirect_uri: str) -> dict[str, Any]:
        """The tokens that a code is worth."""
        try:
            with self._session(redirect_uri) as session:
                return dict(
                    session.fetch_token(
                        self._about()["token_endpoint"],
                        grant_type="authorization_code",
                        code=code,
                        code_verifier=journey.verifier,
                        allow_redirects=False,
                    )
                )
        except AuthlibBaseError as error:
            raise DirectoryError("token", f"the code was not taken: {error.error}") from error
        except (requests.RequestException, ValueError) as error:
            raise DirectoryError("down", f"the tokens could not be had: {type(error).__name__}") from error

    def _checked(self, tokens: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of an ID token that is the directory's, for us, of now and of this sign-in (Core, 3.1.3.7)."""
        given = tokens.get("id_token")
        if not isinstance(given, str):
            raise DirectoryError("token", "the directory gave no ID token")
        about = self._about()
        wanted = {
            "iss": {"essential": True, "value": about["issuer"]},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {
            "nonce": nonce,
            "client_id": self._settings.oidc_client_id,
            "access_token": tokens.get("access_token"),
        }
        try:
            token = self._decoded(given)
            claims = CodeIDToken(token.claims, token.header, wanted, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise DirectoryError("token", f"the ID token is not good: {type(error).__name__}") from error
        return dict(claims)

    def _decoded(self, given: str) -> jwt.Token:
        published = self._about().get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(algorithms=sorted(_SIGNATURES.intersection(published)))
        try:
            return jwt.decode(given, self._key_set(), registry=registry)
        except InvalidKeyIdError:  # the directory may have begun to use another key
            return jwt.decode(given, self._key_set(anew=True), registry=registry)

    def _with_userinfo(self, claims: dict[str, Any], tokens: Mapping[str, Any]) -> dict[str, Any]:
        """The claims, with those that the directory tells only when asked, where the role is among them."""
        endpoint = self._about().get("userinfo_endpoint")
        if _claim(claims, self._settings.oidc_role_claim) or not endpoint or not tokens.get("access_token"):
            return claims
        told = self._fetched(endpoint, {"Authorization": f"Bearer {tokens['access_token']}"})
        if told.get("sub") != claims["sub"]:
            raise DirectoryError("token", "the directory told about somebody else")
        return {**told, **claims}

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        settings = self._settings
        values = _claim(claims, settings.oidc_role_claim)
        role = next((role for value, role in settings.oidc_roles.items() if value in values), "")
        external_id = hmac.digest(self._key.encode(), f"directory\0{claims['sub']}".encode(), "sha256").hex()
        told = next(iter(_claim(claims, settings.oidc_login_claim)), "")
        login = people.folded(told)
        try:
            people.plain_login(login)
        except PeopleError:
            login = ""
        name = next((value for key in ("name", settings.oidc_login_claim) for value in _claim(claims, key)), "")
        return Identity(external_id, login, name, role, self._provinces(role, claims))

    def _provinces(self, role: str, claims: Mapping[str, Any]) -> tuple[str, ...] | None:
        """The provinces of the claims. A role that may have some gets the nation only where a claim says so."""
        if not role or ROLES[role].bound == "nation":
            return None
        mapping = self._settings.oidc_provinces
        values = _claim(claims, self._settings.oidc_provinces_claim)
        codes = sorted({mapping.get(value, value if not mapping else "") for value in values} - {""})
        if NATION in codes and ROLES[role].bound == "either":
            return None
        return tuple(code for code in codes if code != NATION)

    def _about(self) -> dict[str, Any]:
        """What the directory publishes about itself (OpenID Connect Discovery 1.0)."""
        with self._lock:
            if self._known is None or self._known[0] < time.monotonic():
                issuer = self._settings.oidc_issuer
                told = self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                if told.get("issuer") != issuer:
                    raise DirectoryError("down", "the directory calls itself by another name than RASAD_OIDC_ISSUER")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not _trusted(told.get(name), issuer):
                        raise DirectoryError("down", f"the directory publishes no {name} that can be trusted")
                self._known = (time.monotonic() + _KEPT_SECONDS, told)
            return self._known[1]

    def _key_set(self, anew: bool = False) -> KeySet:
        address = self._about()["jwks_uri"]
        with self._lock:
            if anew or self._keys is None or self._keys[0] < time.monotonic():
                self._keys = (time.monotonic() + _KEPT_SECONDS, _imported(self._fetched(address)))
            return self._keys[1]

    def _fetched(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = requests.get(address, headers=headers, timeout=_TIMEOUT, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise DirectoryError("down", f"the directory does not answer: {type(error).__name__}") from error
        if not isinstance(told, dict) or answer.status_code != 200:
            raise DirectoryError("down", "the directory does not answer as it should")
        return told


def admit(database: Database, settings: Settings, identity: Identity, address: str) -> Person:
    """The person of an identity, with the role and the provinces that the directory gives now; made when it is new.

    DirectoryError where the account here is closed, or cannot be made. What changes is audited.
    """
    account = people.by_directory(database, settings.oidc_issuer, identity.external_id)
    if not identity.role or identity.provinces == ():
        if account is not None:  # what is open from an earlier time is closed too
            sessions.end_all(database, account.person.id)
        why = "provinces" if identity.role else "role"
        raise DirectoryError(why, f"no claim of the person is mapped to a {why.removesuffix('s')}")
    if account is None:
        return _made(database, settings, identity, address)
    person = account.person
    if account.disabled_at is not None:
        raise DirectoryError("disabled", "the account is closed")
    if identity.name and identity.name != person.name:
        people.set_name(database, person.id, _name(identity))
    if (person.role.key, person.provinces) == (identity.role, identity.provinces):
        return person
    detail = {
        "by": "directory",
        "role": [person.role.key, identity.role],
        "provinces": sorted({*(person.provinces or ()), *(identity.provinces or ())}),
    }
    audit.record(database, person, "role_changed", address, f"account/{person.id}", detail)
    try:
        return people.set_role(database, person.id, identity.role, identity.provinces, last_may_go=True)
    except PeopleError as error:
        raise DirectoryError(_why(error), str(error)) from error


def _made(database: Database, settings: Settings, identity: Identity, address: str) -> Person:
    """A new account. A login that somebody has already is never theirs: it is told apart by the directory's host."""
    host = urlsplit(settings.oidc_issuer).hostname or "directory"
    unnamed = f"directory-{identity.external_id[:10]}"
    fit = identity.login and not names_person(normalised(identity.login), database.jurisdiction.person_code)
    logins = [identity.login, f"{identity.login}@{host}"[:64], unnamed] if fit else [unnamed]
    for login in logins:
        try:
            made = people.make(
                database,
                login,
                _name(identity) or login,
                identity.role,
                identity.provinces,
                issuer=settings.oidc_issuer,
                external_id=identity.external_id,
            )
        except PeopleError as error:
            if error.why != "taken":
                raise DirectoryError(_why(error), str(error)) from error
        else:
            detail = {"by": "directory", "role": identity.role, "provinces": list(identity.provinces or ())}
            audit.record(database, made, "account_made", address, f"account/{made.id}", detail)
            return made
    raise DirectoryError("taken", "another account has the name already")


def _why(error: PeopleError) -> str:
    return "provinces" if error.why in ("provinces", "no_provinces") else "role"


def _name(identity: Identity) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in identity.name).split())[:80]


def _claim(claims: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a claim: of that name, or on the way that its dots name (``realm_access.roles``)."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    values: Iterable[Any] = found if isinstance(found, list) else [found]
    return [value for value in values if isinstance(value, str) and value]


def _trusted(address: Any, issuer: str) -> bool:
    """Whether an address of the directory is reached over TLS, or over none because the directory itself is not."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return bool(parts.hostname) and parts.scheme in ("https", urlsplit(issuer).scheme)


def _imported(told: dict[str, Any]) -> KeySet:
    try:
        return KeySet.import_key_set(told)  # type: ignore[arg-type]  # checked by it
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise DirectoryError("down", f"the directory's keys cannot be read: {type(error).__name__}") from error


def _seal(content: bytes, key: str) -> str:
    return hmac.digest(key.encode(), b"directory journey\0" + content, "sha256").hex()
