"""Verbs that bring records in: ``load``, ``simulate``, ``quarantine`` and ``schema``."""

from __future__ import annotations
