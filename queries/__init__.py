"""Questions to the claims database: one file a subject, one function a question."""
