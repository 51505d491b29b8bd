"""Who may do what: tokens of sending systems."""
