"""Passwords that were written into the plan: found, and never shown again."""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r"(?P<before>://[^\s/@:]*:|[?&;](?:password|passwd|pwd|secret|token)=)"
    r"(?!\$\{)(?P<password>(?<=:)[^\s@]+(?=@)|(?<==)[^\s&;'\"]+)",
    re.IGNORECASE,
)


def has_literal_password(text: str) -> bool:
    """Say whether a URL in the text holds a password as such; ``${NAME}`` is not one."""
    return _LITERAL.search(text) is not None


def masked(text: str) -> str:
    """Return the text with such passwords as stars of the same length, so that a caret still fits."""
    return _LITERAL.sub(lambda found: found["before"] + "*" * len(found["password"]), text)
