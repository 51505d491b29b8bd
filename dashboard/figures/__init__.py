"""DataFrame → figure: pure functions, one file a shape."""
