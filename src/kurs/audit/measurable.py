"""M: it can be measured, and what is asked for can be told from noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.audit.rule import Evidence, Letter, Mark, rule

if TYPE_CHECKING:
    from kurs.audit.subject import Subject


@rule(Letter.MEASURABLE, Mark.WARN)
def no_baseline(subject: Subject) -> Evidence | None:
    """It is known where it starts from: its baseline.

    Why: whether 20,000 is much is not to be seen without what it was; and whether the work helped neither.

    Example: `baseline: last_year`
    """
    return {} if subject.kpi.baseline is None else None


MEASURABLE = (no_baseline,)
