"""Settings of the property tests of the intake."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("intake", deadline=None)  # the first example pays for imports
settings.load_profile("intake")
