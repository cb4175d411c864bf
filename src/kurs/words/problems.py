"""The words of all problems: what is wrong, and how to mend it, by the problem's code.

To add one: a line in the table of its kind (`problems_of_*.py`), under its room's headline, in order of
the alphabet.
{name} is a value of the problem; a count needs no plural where the text says "rows: {rows}".
`suggestion` needs no placeholder: Language.problem opens the hint with it. A brace is written {{.
"""

from collections.abc import Mapping

from kurs.words.phrases import N_, ProblemText
from kurs.words.problems_of_audit import PROBLEMS_OF_AUDIT
from kurs.words.problems_of_changes import PROBLEMS_OF_CHANGES
from kurs.words.problems_of_data import PROBLEMS_OF_DATA
from kurs.words.problems_of_decisions import PROBLEMS_OF_DECISIONS
from kurs.words.problems_of_formats import PROBLEMS_OF_FORMATS
from kurs.words.problems_of_plan import PROBLEMS_OF_PLAN
from kurs.words.problems_of_questions import PROBLEMS_OF_QUESTIONS
from kurs.words.problems_of_targets import PROBLEMS_OF_TARGETS
from kurs.words.problems_of_web import PROBLEMS_OF_WEB

PROBLEMS: Mapping[str, ProblemText] = {
    **PROBLEMS_OF_PLAN,
    **PROBLEMS_OF_QUESTIONS,
    **PROBLEMS_OF_CHANGES,
    **PROBLEMS_OF_DATA,
    **PROBLEMS_OF_DECISIONS,
    **PROBLEMS_OF_FORMATS,
    **PROBLEMS_OF_AUDIT,
    **PROBLEMS_OF_TARGETS,
    **PROBLEMS_OF_WEB,
}

UNDESCRIBED = ProblemText(
    N_("Something is wrong: {code} ({details})."),
    N_("This problem has no description yet. Please report it, with this line."),
)
