"""A: there is something to reach, and it is neither there already nor beyond everything that ever was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.audit.rule import Evidence, Letter, Mark, rule

if TYPE_CHECKING:
    from kurs.audit.subject import Subject


@rule(Letter.ACHIEVABLE, Mark.FAIL)
def no_target(subject: Subject) -> Evidence | None:
    """It has a target.

    Why: without one it is a metric: nobody can say whether it stands well, and no action ever starts.

    Example: `target: {change: +10%}`
    """
    return {} if subject.kpi.target is None else None


ACHIEVABLE = (no_target,)
