"""What a phrase is before it is said: a text in English, marked so that the extraction finds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(msgid: str) -> str:  # noqa: N802 - the mark that gettext and its tools know by this name
    """Mark a text for extraction and return it unchanged; it is translated when it is said."""
    return msgid


@dataclass(frozen=True, slots=True)
class Phrase:
    """A short text that needs its context to be translated: "Reach" the stage is not "reach" the verb."""

    context: str
    msgid: str


def P_(context: str, msgid: str) -> Phrase:  # noqa: N802 - see N_
    """Mark a short text together with its context for extraction."""
    return Phrase(context, msgid)


@dataclass(frozen=True, slots=True)
class ProblemText:
    """What is wrong, and how to mend it; all are msgids with {name} placeholders.

    ``without`` is the message where one of the problem's values is None. ``terms`` are the values that are
    keys with a label of their own, and the kind of that label: {"keys": "definition"}.
    """

    message: str
    hint: str = ""
    without: str = ""
    terms: Mapping[str, str] = field(default_factory=dict[str, str])
