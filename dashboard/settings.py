"""The settings of one deployment, read once from the environment (``RASAD_…``) or a ``.env`` file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    workers: int = Field(2, ge=1, le=64, description="Server processes")
    threads: int = Field(16, ge=1, le=256, description="Threads of each server process")
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
