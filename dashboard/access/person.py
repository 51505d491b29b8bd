"""The person behind a request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dashboard.access.roles import Right, Role
from dashboard.scope import Scope


@dataclass(frozen=True)
class Person:
    """Somebody with an account: who it is, in which role, and for which provinces (``None``: the whole nation)."""

    id: int
    login: str
    name: str
    role: Role
    provinces: tuple[str, ...] | None = None

    @property
    def mark(self) -> str:
        """A mark of who it is and what may be seen: another one as soon as either changes."""
        told = f"{self.id} {self.login} {self.name} {self.role.key} {self.provinces}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def scope(self) -> Scope:
        """What the person may see."""
        return self.role.scope(self.provinces)

    def may(self, right: Right) -> bool:
        """Whether the person's role has a right."""
        return right in self.role.rights
