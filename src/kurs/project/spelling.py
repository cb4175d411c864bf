"""How a text is spelled in YAML, so that it is read back as it is."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./-]*[A-Za-z0-9_.]|[A-Za-z_]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})


def spelled(text: str) -> str:
    """Write a text as YAML would read it back, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    plain = text.isprintable() and not re.search("[\u00a0\u202f\u2007\ufeff]", text)
    return json.dumps(text, ensure_ascii=not plain)
