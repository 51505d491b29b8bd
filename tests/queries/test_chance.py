"""What chance explains, against sums of binomial terms as the textbook writes them."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from queries.chance import Binomial, beyond_chance, spread


def term(n: int, k: int, share: float) -> float:
    return comb(n, k) * share**k * (1 - share) ** (n - k)


@pytest.mark.parametrize(("n", "share"), [(1, 0.5), (30, 0.84), (200, 0.03), (400, 0.999), (900, 0.5)])
def test_tails_are_the_sums_of_their_terms(n: int, share: float) -> None:
    chance = Binomial(n, share)
    for k in sorted({0, 1, n // 3, int(n * share), n - 1, n}):
        assert chance.at_most(k) == pytest.approx(sum(term(n, j, share) for j in range(k + 1)), abs=1e-12)
        assert chance.at_least(k) == pytest.approx(sum(term(n, j, share) for j in range(k, n + 1)), abs=1e-12)


@pytest.mark.parametrize("tail", [0.025, 0.001])
@pytest.mark.parametrize(("n", "share"), [(30, 0.84), (57, 0.1), (333, 0.5), (1000, 0.97)])
def test_who_is_outside_the_drawn_limit_is_who_is_improbable(n: int, share: float, tail: float) -> None:
    chance = Binomial(n, share)
    low, high = chance.limits(tail)
    for k in range(n + 1):
        assert (k / n < low) == (chance.at_most(k) <= tail)
        assert (k / n > high) == (chance.at_least(k) <= tail)


def test_limits_of_many_cases_are_those_of_the_normal_curve() -> None:
    low, high = Binomial(1_000_000, 0.3).limits(0.001)
    far = 3.0902 * (0.3 * 0.7 / 1_000_000) ** 0.5
    assert (low, high) == pytest.approx((0.3 - far, 0.3 + far), abs=2e-6)


def test_nothing_is_improbable_of_a_handful_of_cases() -> None:
    assert Binomial(3, 0.5).limits(0.001) == (0.0, 1.0)


@pytest.mark.parametrize(("share", "n"), [(0.0, 40), (1.0, 40)])
def test_a_rate_of_nought_or_one_is_certain(share: float, n: int) -> None:
    chance = Binomial(n, share)
    counted = int(share * n)
    assert chance.at_most(counted) == chance.at_least(counted) == 1
    assert chance.at_least(counted + 1) == 0


def test_more_than_there_are_is_impossible() -> None:
    assert Binomial(40, 0.9).at_least(41) == 0


def test_many_comparisons_ask_for_more() -> None:
    """Of four chances against 0.05: 0.01 ≤ 0.05 ÷ 4, 0.015 ≤ 0.05 ÷ 3, then 0.03 > 0.05 ÷ 2 ends it for the rest."""
    assert beyond_chance(np.array([0.03, 0.01, 0.2, 0.015]), 0.05).tolist() == [False, True, False, True]
    assert beyond_chance(np.array([0.013, 0.04, 0.045, 0.05]), 0.05).tolist() == [False] * 4
    assert beyond_chance(np.array([]), 0.05).tolist() == []


def test_offices_that_vary_by_chance_only_have_no_spread() -> None:
    alike = np.random.default_rng(7).normal(size=200)
    assert spread(alike) is None
    assert spread(3 * alike) == pytest.approx(3 * np.std(np.clip(alike, *np.quantile(alike, [0.1, 0.9]))), rel=0.02)
    assert spread(np.array([9.0] * 9)) is None, "too few to tell"
