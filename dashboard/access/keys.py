"""The secret key under which national codes are hashed."""

from __future__ import annotations

import json
import secrets

from dashboard.settings import Settings


class KeyMissing(RuntimeError):
    """Real data need a secret key, and none is set."""


def secret_key(settings: Settings) -> str:
    """The key of the settings. Demo mode makes one of its own, once, and keeps it beside the data.

    KeyMissing outside demo mode: a default key would make every deployment's hashes guessable from a list of codes.
    """
    if settings.secret_key:
        return settings.secret_key
    if not settings.demo:
        raise KeyMissing(
            "RASAD_SECRET_KEY is not set: national codes are stored as hashes under this key, so it must be chosen "
            "once, kept secret and never changed (for instance: python -c "
            "'import secrets; print(secrets.token_urlsafe(48))')"
        )
    file = settings.data_dir / "demo-key.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x") as new:
            file.chmod(0o600)
            json.dump({"secret_key": secrets.token_urlsafe(48)}, new)
    except FileExistsError:
        pass  # made before, perhaps by another process a moment ago
    key: str = json.loads(file.read_text())["secret_key"]
    return key
