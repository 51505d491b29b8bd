"""Who is eligible, decided first; the premium register is then written to fit.

A *fault* is what is wrong with an application: the check of a rule that fails, or a ground only an expert finds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.intake.demo.arrays import Flags, Floats, Ints
from dashboard.intake.demo.calibration import FAULTS, Calibration
from dashboard.intake.demo.chance import Chance, tilted, weights
from dashboard.jurisdictions import EligibilityRule, Jurisdiction

NO_FAULT = -1
_STRICT = 0.007
"""Share of the applications in order in which an expert of the usual office finds a ground nevertheless."""
_EXPERT = 0.12
"""Share of the faulty applications in which the register is in order and an expert finds the ground."""


@dataclass(frozen=True)
class Fault:
    """``check`` and ``rule`` are empty for a ground that only an expert finds; ``reason`` is its code."""

    reason: str
    check: str = ""
    rule: EligibilityRule | None = None


@dataclass(frozen=True)
class Eligibility:
    """What can be wrong in this jurisdiction and how often (``shares``); ``uninsured`` is the fault of having no row.

    ``special`` is the number of the scheme for the uninsured among the categories, or -1.
    """

    chance: Chance
    calibration: Calibration
    faults: tuple[Fault, ...]
    shares: Floats
    uninsured: int
    categories: tuple[str, ...]
    special: int
    at_once: bool

    def fault(self, index: Ints, eligible: Flags, category: Ints) -> Ints:
        """The fault of each application that is not eligible, NO_FAULT for the others."""
        if not self.faults:
            return np.full(len(index), NO_FAULT, np.int64)
        fault = self.chance.pick("fault", index, self.shares)
        if self.uninsured != NO_FAULT:
            fault = np.where(
                (category == self.special) & (self.chance.uniform("no row", index) < 0.92), self.uninsured, fault
            )
        return np.where(eligible, NO_FAULT, fault)

    def category(self, index: Ints, eligible: Flags) -> Ints:
        """The scheme applied to. The uninsured apply for special support and mostly fail the match."""
        if self.special < 0:
            return self.chance.pick("scheme", index, np.ones(len(self.categories)))
        failing = self.calibration.special_share * 0.88 / (1 - self.calibration.eligible)
        granted = self.calibration.special_share * 0.12 / self.calibration.eligible
        special = self.chance.uniform("scheme", index) < np.where(eligible, granted, failing)
        others = np.ones(len(self.categories))
        others[self.special] = 0
        other = self.chance.pick("other scheme", index, others) if others.any() else np.full(len(index), self.special)
        return np.where(special, self.special, other)

    def reviewed(self, index: Ints, fault: Ints) -> Flags:
        """Whether an expert looks at it; always where nothing is answered at once and where only an expert can tell."""
        if not self.at_once:
            return np.ones(len(index), np.bool_)
        needs = np.array([not fault.check for fault in self.faults] + [False])[fault]
        return np.asarray(needs | self.chance.chosen("review", index, self.calibration.reviewed), np.bool_)

    def refused(self, index: Ints, fault: Ints, reviewed: Flags, odds: Floats) -> Ints:
        """The faults, with those that an expert finds in a file in order; ``odds`` are those of each office's habit."""
        grounds = [number for number, fault_ in enumerate(self.faults) if not fault_.check]
        if not grounds:
            return fault
        share = tilted(_STRICT / (self.calibration.reviewed if self.at_once else 1.0), odds)
        found = (fault == NO_FAULT) & reviewed & self.chance.chosen("strict", index, share)
        ground = np.array(grounds)[self.chance.pick("strict ground", index, self.shares[grounds])]
        return np.where(found, ground, fault)

    def overridden(self, index: Ints, fault: Ints, reviewed: Flags, odds: Floats) -> Flags:
        """Granted by hand against the register; ``odds`` are those of each province's habit."""
        by_hand = self.chance.chosen("override", index, tilted(self.calibration.overridden, odds))
        return np.asarray((fault != NO_FAULT) & reviewed & by_hand, np.bool_)

    def checks(self, check: str) -> tuple[int, ...]:
        """The numbers of the faults of that check."""
        return tuple(number for number, fault in enumerate(self.faults) if fault.check == check)


def _possible(rule: EligibilityRule, jurisdiction: Jurisdiction) -> bool:
    """Whether an application can be made to fail the rule (there must be an insurance outside the allowed ones)."""
    if rule.check == "insurance_is":
        return bool(outside(jurisdiction, rule))
    return rule.check in FAULTS


def outside(jurisdiction: Jurisdiction, rule: EligibilityRule) -> tuple[str, ...]:
    """The insurances a rule does not allow."""
    allowed = rule.parameters["allowed"]
    return tuple(
        code.key for code in jurisdiction.codes["insurances"] if isinstance(allowed, tuple) and code.key not in allowed
    )


def eligibility(
    jurisdiction: Jurisdiction, calibration: Calibration, chance: Chance, rules: tuple[EligibilityRule, ...]
) -> Eligibility:
    """The faults that ``rules`` know, then the grounds of the code list no rule gives."""
    by_rule = tuple(Fault(rule.reason, rule.check, rule) for rule in rules if _possible(rule, jurisdiction))
    given = {rule.reason for rule in rules}
    expert = tuple(Fault(code.key) for code in jurisdiction.codes["registrations.reason"] if code.key not in given)
    known = calibration.faults or FAULTS
    checks = [fault.check for fault in by_rule]
    rule_share = np.array([known[check] / checks.count(check) for check in checks])
    shares = np.zeros(0)
    if by_rule or expert:
        tail = (
            weights([fault.reason for fault in expert], calibration.shares.get("registrations.reason", {}))
            if expert
            else np.zeros(0)
        )
        head = rule_share / rule_share.sum() * (1 - _EXPERT if expert else 1.0) if by_rule else rule_share
        shares = np.concatenate([head, tail * (_EXPERT if by_rule else 1.0)])
    categories = tuple(code.key for code in jurisdiction.codes["registrations.category"])
    uninsured = next((number for number, fault in enumerate(by_rule) if fault.check == "registered"), NO_FAULT)
    special = categories.index("special_support") if "special_support" in categories else -1
    return Eligibility(
        chance,
        calibration,
        by_rule + expert,
        shares,
        uninsured,
        categories,
        special,
        calibration.at_once and bool(rules),
    )


def parameter(rule: EligibilityRule | None, name: str, default: int) -> int:
    """A whole-number parameter of a rule."""
    found = rule.parameters.get(name, default) if rule else default
    return found if isinstance(found, int) else default
