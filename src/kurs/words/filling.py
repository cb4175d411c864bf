"""Put values into the placeholders of a text. Nothing here raises at a person's screen."""

import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache

# Plain names only: a translated text must not be able to reach into a value ({x.__class__}).
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}")

# What a person types, in a right-to-left sentence; first what is isolated already, last what is a value.
_TYPED = re.compile(
    r"\N{LEFT-TO-RIGHT ISOLATE}[^\N{POP DIRECTIONAL ISOLATE}]*\N{POP DIRECTIONAL ISOLATE}"
    r"|(?P<typed>(?:[A-Za-z$*'\"]|--)(?:\{\{|\}\}|\{[a-z][a-z0-9_]*\}|[!-z|~])*"
    r"(?: (?:\{\{|\}\}|\{[a-z][a-z0-9_]*\}|[!-z|~])+)*)"
    r"|\{[a-z][a-z0-9_]*\}"
)
_ENDS_THE_SENTENCE = ".,;!"
_FULL_STOP = re.compile(r"\.(?!\S)")

UNKNOWN = "…"  # stands where a value is missing, so that the sentence can still be read


class MissingValueWarning(ResourceWarning):
    """A text was said without one of its values.

    Python hides resource warnings from people by default; our tests make them errors.
    """


def placeholders(text: str) -> frozenset[str]:
    """The names of the values that a text asks for."""
    return frozenset(name for name in _PLACEHOLDER.findall(text) if name)


def fill(text: str, values: Mapping[str, object], show: Callable[[object], str]) -> str:
    """Put each value, as `show` writes it, into its placeholder; `{{` and `}}` are braces.

    A missing value becomes "…" with a MissingValueWarning; braces that are no placeholder stay. The full
    stop of a value that is an abbreviation ends the sentence, too.
    """

    def one(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group()[0]
        if name in values:
            shown = show(values[name])
            return shown[:-1] if shown.endswith(".") and _FULL_STOP.match(text, match.end()) else shown
        warnings.warn(f"no value for {{{name}}} in {text!r}", MissingValueWarning, stacklevel=2)
        return UNKNOWN

    return _PLACEHOLDER.sub(one, text)


@lru_cache(maxsize=512)
def isolated(text: str) -> str:
    """A right-to-left text whose commands and keys keep their order, from left to right, and their signs."""
    return _TYPED.sub(_isolated, text)


def _isolated(match: re.Match[str]) -> str:
    typed = match["typed"]
    if typed is None or not any(map(str.isalnum, typed)):
        return match.group()
    code = typed.rstrip(_ENDS_THE_SENTENCE)
    while code.endswith(")") and code.count(")") > code.count("("):
        code = code.removesuffix(")")
    return f"\N{LEFT-TO-RIGHT ISOLATE}{code}\N{POP DIRECTIONAL ISOLATE}{typed[len(code) :]}"
