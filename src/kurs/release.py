"""Which kurs this is. A floor of its own, below all rooms: the package itself opens ``workflows``."""

__version__ = "0.1.0"
