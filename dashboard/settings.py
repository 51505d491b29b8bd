"""The settings of one deployment, read once from the environment (``RASAD_…``) or a ``.env`` file."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dashboard.access.roles import ROLES
from dashboard.schedules.mail import Server

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``app.py``: the checkout, or the installed archive."""

Language = Literal["en", "fa", "vi"]


class Settings(BaseSettings):
    """Every setting with its default. ``.env.example`` lists them for operators; a test holds the two together."""

    model_config = SettingsConfigDict(env_prefix="RASAD_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("", description="PostgreSQL to use; empty: an embedded server under data_dir")
    redis_url: str = Field("", description="Redis for the shared cache; empty: a cache in each process")
    secret_key: str = Field("", description="Key of the keyed hashes of national codes; at least 32 characters")
    jurisdiction: str = Field("ir", description="ir, vn, or the path of a jurisdiction folder")
    data_dir: Path = Field(ROOT / "var", description="Where the embedded server and its secrets live")
    language: str = Field("", description="en, fa or vi; empty: the jurisdiction's first language")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8050, ge=1, le=65535, description="Port to listen on")
    public_url: str = Field("", description="Address people use, as https://rasad.example; empty: the one asked for")
    proxies: int = Field(0, ge=0, le=8, description="Proxies in front whose X-Forwarded-… headers are believed")
    session_idle_minutes: int = Field(30, ge=1, le=1440, description="Minutes unused after which one signs in again")
    session_hours: int = Field(12, ge=1, le=168, description="Hours after which one signs in again, used or not")
    oidc_issuer: str = Field("", description="Directory to sign in with by OpenID Connect; empty: none")
    oidc_client_id: str = Field("", description="What the directory calls this installation")
    oidc_client_secret: str = Field("", repr=False, description="The secret shared with the directory")
    oidc_name: str = Field("", description="What people call the directory")
    oidc_scope: str = Field("openid profile", description="Scopes asked for, openid among them")
    oidc_login_claim: str = Field("preferred_username", description="Claim that holds the login of a person")
    oidc_role_claim: str = Field("roles", description="Claim that holds what is mapped to a role; dots lead into it")
    oidc_roles: dict[str, str] = Field({}, description="JSON: value of that claim to role; the first that fits holds")
    oidc_provinces_claim: str = Field("provinces", description="Claim that holds what is mapped to provinces")
    oidc_provinces: dict[str, str] = Field(
        {}, description="JSON: value of that claim to province, or to * for the nation; empty: it holds provinces"
    )
    chromium: str = Field("", description="Chromium that draws pictures and PDF; empty: the one found in the PATH")
    publish_hour: int = Field(4, ge=0, le=23, description="Hour at which published figures are brought up to date")
    workers: int = Field(2, ge=1, le=64, description="Server processes")
    threads: int = Field(16, ge=1, le=256, description="Threads of each server process")
    jobs: int = Field(1, ge=0, le=16, description="Jobs of a worker at a time; 0: no worker runs beside the server")
    files_days: int = Field(7, ge=1, le=365, description="Days that a file made for somebody is kept")
    smtp_url: str = Field("", repr=False, description="Mail server, as smtps://user:password@host:465; empty: none")
    smtp_from: str = Field("", description="Address that messages come from")
    mail_domains: str = Field("", description="Domains that may be written to, joined by commas; empty: all")
    delivery_dir: str = Field("", description="Folder below which briefings are put on a schedule; empty: none")
    demo: bool = Field(False, description="Demo mode: synthetic codes are accepted and every screen says so")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level logged")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("RASAD_SECRET_KEY must have at least 32 characters")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value and value not in ("en", "fa", "vi"):
            raise ValueError("RASAD_LANGUAGE must be en, fa or vi")
        return value

    @field_validator("public_url")
    @classmethod
    def _only_an_origin(cls, value: str) -> str:
        """As browsers write an origin: small letters, no port where it is the usual one, nothing behind it."""
        if not value:
            return ""
        parts = urlsplit(value.rstrip("/").lower())
        usual = {"http": 80, "https": 443}
        if parts.scheme not in usual or not parts.hostname or parts.username is not None:
            raise ValueError("RASAD_PUBLIC_URL must be an address like https://rasad.example")
        if parts.path or parts.query or parts.fragment:
            raise ValueError("RASAD_PUBLIC_URL must be the root of a host name, with nothing behind it")
        return f"{parts.scheme}://{parts.netloc.removesuffix(f':{usual[parts.scheme]}')}"

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, value: str) -> str:
        if value:
            try:
                Server.of(value)
            except ValueError as error:
                raise ValueError("RASAD_SMTP_URL must be an address like smtps://user:password@host:465") from error
        return value

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Settings:
        if self.smtp_url and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", self.smtp_from):
            raise ValueError("RASAD_SMTP_URL is set, so RASAD_SMTP_FROM has to be the address that messages come from")
        return self

    @model_validator(mode="after")
    def _directory_is_whole(self) -> Settings:
        if not self.oidc_issuer:
            return self
        parts = urlsplit(self.oidc_issuer)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("RASAD_OIDC_ISSUER must be an address with https")
        for name in ("oidc_client_id", "oidc_client_secret", "oidc_roles"):
            if not getattr(self, name):
                raise ValueError(f"RASAD_OIDC_ISSUER is set, so RASAD_{name.upper()} has to be set as well")
        strange = sorted(set(self.oidc_roles.values()) - set(ROLES))
        if strange:
            raise ValueError(f"RASAD_OIDC_ROLES: {strange[0]!r} is no role; there are: {', '.join(ROLES)}")
        if "openid" not in self.oidc_scope.split():
            raise ValueError("RASAD_OIDC_SCOPE must have openid among them")
        return self

    @property
    def session_idle(self) -> timedelta:
        """How long a session may go unused."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that may be written to; all where none is named."""
        return tuple(filter(None, (domain.strip().lower() for domain in self.mail_domains.split(","))))

    @property
    def secure(self) -> bool:
        """Whether people come over TLS: cookies are for it alone then, and browsers are told to stay with it."""
        return self.public_url.startswith("https://")
