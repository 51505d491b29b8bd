"""A panel's data out of the house: as words, files and JSON."""
