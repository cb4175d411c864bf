"""The terminal: a thin translation of what workflows offer."""
