"""Synthetic persons. A person's attributes depend on the person's number alone: who files again is the same one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.intake.demo.arrays import Columns, Ints, Texts, numbered, taken
from dashboard.intake.demo.calibration import Calibration
from dashboard.intake.demo.chance import Chance, weights
from dashboard.jurisdictions import Jurisdiction

PREFIX = "000"
"""No real national code begins so, in Iran or in Vietnam."""
_DIGITS = {"ir": 7, "vn": 9, "none": 9}
_SPREAD = 3_367_900_313
"""Coprime to ten, so that consecutive persons get distant codes and no two the same while codes last."""
_AGAIN = 0.06


@dataclass(frozen=True)
class Persons:
    """The population of a jurisdiction."""

    jurisdiction: Jurisdiction
    calibration: Calibration
    chance: Chance

    def codes(self, person: Ints) -> Texts:
        """National codes: the right length for the country, a prefix no real code has."""
        digits = _DIGITS[self.jurisdiction.person_code]
        spread = (person.astype(np.uint64) + np.uint64(1)) * np.uint64(_SPREAD) % np.uint64(10**digits)
        return numbered(PREFIX, spread.astype(np.int64), digits)

    def attributes(self, person: Ints) -> Columns:
        """Sex, age, sector and skill. Ages are those at the beginning; in three years nobody looks that closely."""
        keys = {name: [code.key for code in self.jurisdiction.codes[name]] for name in ("sexes", "sectors", "skills")}
        share = {"male": self.calibration.men, "female": 1 - self.calibration.men}
        picked = {
            "sex": taken(keys["sexes"], self.chance.pick("sex", person, weights(keys["sexes"], share))),
            "age": numbered("", self.age(person), 2),
        }
        for column, name in (("sector", "sectors"), ("skill", "skills")):
            known = self.calibration.shares.get(name, {})
            picked[column] = taken(keys[name], self.chance.pick(column, person, weights(keys[name], known)))
        return picked

    def age(self, person: Ints) -> Ints:
        """Years, from 18 to 64."""
        median, spread = self.calibration.age
        years = median + spread * self.chance.normal("age", person)
        return np.asarray(np.clip(np.where(years < 18, 36 - years, years), 18, 64), np.int64)

    def filed_before(self, index: Ints, per_year: float) -> Ints:
        """The number of the registration one to two years before by the same person; -1 for most."""
        back = ((0.8 + 1.2 * self.chance.uniform("again after", index)) * per_year).astype(np.int64) + 1
        again = self.chance.chosen("again", index, _AGAIN) & (index >= back)
        return np.where(again, index - back, -1)
