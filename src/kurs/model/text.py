"""A text that a person wrote in the plan, in one or several languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text by language; ``""`` is the language of a text that states none."""

    by_language: tuple[tuple[str, str], ...]

    @classmethod
    def plain(cls, text: str) -> Text:
        """Make a text that is the same in every language."""
        return cls((("", text),))

    def in_language(self, language: str) -> str:
        """Return the text for ``language``; else its plain form, English, or the first one there is."""
        texts = dict(self.by_language)
        for tag in (language, language.partition("_")[0].partition("-")[0], "", "en"):
            if tag in texts:
                return texts[tag]
        return self.by_language[0][1] if self.by_language else ""
