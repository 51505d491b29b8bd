"""The roles, and what each opens. Who may do what is written here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.scope import Scope

Right = Literal["counts", "operations", "cases", "targets", "reports", "answers", "administration"]
"""counts
    figures of the nation or of one's provinces
operations
    who works where: offices, boards and experts beside each other, workload, what is due, the feeds and their errors
cases
    single cases
targets
    setting targets and annotations
reports
    reporting a problem of one's province
answers
    answering reported problems, for all
administration
    people, tokens and the audit
"""


@dataclass(frozen=True)
class Role:
    """What a kind of person may do.

    ``subjects`` are those whose data are seen (``None``: all; empty: none). ``bound`` says which places a person of the
    role is given: ``nation`` has no provinces of its own, ``provinces`` must have some, ``either`` may.
    """

    key: str
    rights: frozenset[Right]
    bound: Literal["nation", "provinces", "either"]
    subjects: tuple[str, ...] | None = None
    published: bool = False

    def scope(self, provinces: tuple[str, ...] | None) -> Scope:
        """What a person of the role with these provinces may see.

        Provinces missing where the role needs them see nothing, rather than everything.
        """
        if self.bound == "nation":
            provinces = None
        elif self.bound == "provinces":
            provinces = provinces or ()
        return Scope(provinces, self.subjects, "cases" in self.rights, self.published)


_INSURANCE = ("registrations", "benefits")

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role("hq", frozenset({"counts", "operations", "cases", "targets", "answers"}), "nation"),
        Role("sso", frozenset({"counts", "operations", "cases"}), "either", _INSURANCE),
        Role("province", frozenset({"counts", "operations", "cases", "reports"}), "provinces"),
        Role("analyst", frozenset({"counts"}), "nation", published=True),
        Role("admin", frozenset({"administration"}), "nation", ()),
    )
}
"""Headquarters of the ministry, social security, a province, an analyst and the administrator of accounts.

Social security sees what insurance is about; an administrator sees people, and no data.
"""
