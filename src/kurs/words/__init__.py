"""Words: every text, number and date that a person reads, in the reader's language.

The lowest floor: it imports nothing else of kurs, and Babel only when a number or a date is written.
"""

from kurs.words.filling import MissingValueWarning
from kurs.words.language import Language, language, languages
from kurs.words.phrases import N_, P_, Phrase, ProblemText

__all__ = [
    "N_",
    "P_",
    "Language",
    "MissingValueWarning",
    "Phrase",
    "ProblemText",
    "language",
    "languages",
]
