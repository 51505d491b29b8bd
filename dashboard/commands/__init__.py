"""The verbs of ``python -m dashboard``."""
