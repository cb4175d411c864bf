"""The templates of pages, in one reader's language: every text goes through it, all else is escaped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kurs.report.pages.tone import tone_of

if TYPE_CHECKING:
    from kurs.words import Language

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"


@lru_cache(maxsize=32)
def environment(language: Language, folders: tuple[Path, ...] = ()) -> Environment:
    """Return the templates of ``folders`` and those of this room, which speak ``language``.

    In a template ``say``, ``say_plural`` and ``term`` are the reader's, numbers and dates are written by
    ``language``. A name that was not handed in is an error, not an empty text.
    """
    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken = cast("dict[str, object]", made.globals)  # a macro sees these, and nothing of its page
    spoken.update(
        language=language,
        say=language.say,
        say_plural=language.say_plural,
        term=language.term,
        tone_of=tone_of,
    )
    return made


def stylesheet() -> str:
    """Return the style sheet of all pages: tokens, light and dark, screen and paper."""
    return (HERE / "style.css").read_text("utf-8")
