"""Draws depend on seed, stream and row alone, and have the distribution they promise."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.intake.demo.chance import Chance, weights

ROWS = np.arange(100_000)


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    chance = Chance(1)
    assert chance.uniform("a", ROWS)[777] == chance.uniform("a", np.array([777]))[0]


def test_seeds_and_streams_differ_and_are_independent() -> None:
    draws = [Chance(1).uniform("a", ROWS), Chance(2).uniform("a", ROWS), Chance(1).uniform("b", ROWS)]
    correlation = np.corrcoef([*draws, np.roll(draws[0], 1)])
    assert np.abs(correlation - np.eye(4)).max() < 0.02


def test_uniform_and_normal_have_their_moments() -> None:
    uniform, normal = Chance(3).uniform("a", ROWS), Chance(3).normal("b", ROWS)
    assert 0 <= uniform.min() < 0.001
    assert 0.999 < uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 0.005
    assert abs(normal.mean()) < 0.02
    assert abs(normal.std() - 1) < 0.02


def test_picks_follow_the_weights() -> None:
    picked = Chance(4).pick("a", ROWS, np.array([1.0, 0.0, 3.0]))
    assert abs((picked == 2).mean() - 0.75) < 0.01
    assert not (picked == 1).any()


def test_weights_know_what_they_know() -> None:
    assert weights(["a", "b"], {"a": 0.9, "c": 0.1}).tolist() == pytest.approx([1 / 1.01, 0.01 / 1.01])
    assert weights(["a", "b"], {}).tolist() == [0.5, 0.5]
    assert weights(["a", "b"], {"a": 0.0, "b": 2.0}).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="empty"):
        weights([], {})
