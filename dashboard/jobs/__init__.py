"""Work that nobody waits for in front of a page: a queue in the claims database, and the files that come of it."""
