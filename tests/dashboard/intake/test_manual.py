"""The manual of the intake says what the code does."""

from __future__ import annotations

import re
import tomllib

from dashboard.intake.mapping import KEYS
from dashboard.intake.reasons import REASONS
from dashboard.settings import ROOT
from dashboard.text import text

MANUAL = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")


def test_the_reasons_are_those_of_the_manual() -> None:
    sentences = text("en").texts
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", MANUAL.partition("## Reasons")[2], re.MULTILINE))
    assert listed == {code: sentences[f"intake.reason.{code}"] for code in REASONS}


def test_the_examples_of_mappings_show_every_key() -> None:
    examples = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)
    assert {key for example in examples for key in tomllib.loads(example)} == KEYS
