"""How records come in: reading, mapping, validation, quarantine, eligibility matching and demo data."""
