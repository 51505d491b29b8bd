"""Demo data: a nation's claims as its provinces would send them, and a simulator that goes on from now."""
