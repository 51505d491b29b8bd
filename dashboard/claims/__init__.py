"""The claims database: the embedded server, schema, flows, rollups and their upkeep."""
