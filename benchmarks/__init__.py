"""Benchmarks: each prints its figures and fails when a ratio within its own run is out of bounds."""
