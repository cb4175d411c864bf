"""One file per thing that a person can ask: open, load, ask, read, check."""
