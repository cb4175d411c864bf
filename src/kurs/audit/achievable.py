"""A: there is something to reach, and it is neither there already nor beyond everything that ever was."""

from __future__ import annotations

from statistics import median_high
from typing import TYPE_CHECKING

from kurs.audit.cases import LEAST_CASES, Cases, as_good, cases_of
from kurs.audit.mends import achievable
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.evaluate.target import direction
from kurs.model.metric import Direction
from kurs.model.target import MEASURED

if TYPE_CHECKING:
    from kurs.audit.subject import Subject

_RARE = 0.1
_HOPELESS = 2  # times the largest change that ever was


@rule(Letter.ACHIEVABLE, Mark.FAIL, mends=achievable.target)
def no_target(subject: Subject) -> Evidence | None:
    """It has a target.

    Why: without one it is a metric: nobody can say whether it stands well, and no action ever starts.

    Example: `target: {change: +10%}`

    To paste: the change that one stretch in four brought, 10 % where the data do not say; nothing for a band
    without a past.
    """
    return {} if subject.kpi.target is None else None


@rule(Letter.ACHIEVABLE, Mark.UNKNOWN, mends=achievable.known_baseline)
def target_not_known(subject: Subject) -> Evidence | None:
    """Its target can be computed: the number that is to be reached.

    Why: +10 % of something that nobody knows can be neither easy nor hard.

    Example: `baseline: {value: 20000}` where the days of the baseline are not loaded

    To paste: a stated baseline, where the target is a change from one that cannot be computed and there is a
    past to take it from; else `kurs status` says the reason.
    """
    measured = subject.measured
    if measured is None or subject.kpi.target is None or measured.reading.target is not None:
        return None
    return {}


@rule(Letter.ACHIEVABLE, Mark.UNKNOWN, mends=None)
def too_little_past(subject: Subject) -> Evidence | None:
    """There are eight stretches in its past, as long as its period, to hold the target against.

    Why: whether a change is usual or a wonder is told by how often it happened; of two or three cases
    nothing is told. Stretches count that are over, that have data for all of their days and, where the
    target is a change from other days, whose own change can be computed.

    Example: load older exports, or choose a shorter period: `period: {every: month}`

    Nothing to paste: older data must be loaded; with another period the target would be another one, too.
    """
    if subject.measured is None or subject.measured.reading.target is None:
        return None
    cases = cases_of(subject, subject.measured)
    return {"cases": len(cases.past), "least": LEAST_CASES} if len(cases.past) < LEAST_CASES else None


@rule(Letter.ACHIEVABLE, Mark.WARN, mends=achievable.keep)
def already_reached(subject: Subject) -> Evidence | None:
    """It asks for more than there is already.

    Why: a target that is reached on its first day steers nobody. It is there already when the baseline is
    as good as the target; without a baseline, when 9 in 10 stretches as long as its period were as good.
    To keep what is there is another thing, and has its own words.

    Example: `target: {keep_above: 900}` for what must not fall; `target: {change: +10%}` for what must rise

    To paste: the same number as a limit, where the target has no way, milestones, marks or parts; else
    these must be thought through together.
    """
    measured, target = subject.measured, subject.kpi.target
    if measured is None or target is None or target.kind not in MEASURED:
        return None
    wanted, good = measured.reading.target, direction(subject.kpi, subject.metric)
    if not isinstance(wanted, int | float) or good not in (Direction.UP, Direction.DOWN):
        return None
    baseline = measured.reading.baseline
    if baseline is not None:
        there = as_good(baseline, wanted, good)
        return {"wanted": wanted, "before": baseline} if there else None
    values = [value for _, value in measured.past.values]
    reached = sum(as_good(value, wanted, good) for value in values)
    if len(values) < LEAST_CASES or reached < (1 - _RARE) * len(values):
        return None
    return {"wanted": wanted, "before": median_high(values)}


@rule(Letter.ACHIEVABLE, Mark.FAIL, mends=achievable.best_change)
def hopeless(subject: Subject) -> Evidence | None:
    """It asks for less than twice the largest change that ever was.

    Why: who is asked for the impossible stops trying. Hopeless is a change twice as large as any over as
    long a stretch before, to a value that was never reached; from so much better than ever nobody learns
    anything but that the target was wrong.

    Example: `target: {change: +15%}` where +12 % was the best of all years

    To paste: the best change of all, where one went the good way and nothing beside the number depends on it.
    """
    cases = _enough_cases(subject)
    if cases is None or cases.asked is None or cases.as_good or not cases.beyond_best_value:
        return None
    best = max(cases.past)
    return cases.evidence() if cases.asked > _HOPELESS * max(best, 0.0) else None


@rule(Letter.ACHIEVABLE, Mark.WARN, mends=achievable.fair_change)
def rarely_changed_so(subject: Subject) -> Evidence | None:
    """The change that it asks for happened in 1 of 10 cases at least.

    Why: how hard a target is, is best told by how often as much was done. Cases are all stretches as long as
    its period with their change counted as the target counts it; where there are eight that began at the
    same time of the year (45 days earlier or later), these alone.

    Example: `target: {change: +5%}` where one month in four did that

    To paste: the change that one stretch in four brought, where it went the good way and nothing beside the
    number depends on it.
    """
    cases = _enough_cases(subject)
    if cases is None or cases.asked is None or cases.as_good >= _RARE * len(cases.past):
        return None
    return None if hopeless.judge(subject) is not None else cases.evidence()


@rule(Letter.ACHIEVABLE, Mark.WARN, mends=achievable.fair_value)
def rarely_so_good(subject: Subject) -> Evidence | None:
    """The value that it asks for, or asks to keep, was reached in 1 of 10 stretches at least.

    Why: a limit that was hardly ever kept is an alarm that rings always. This is asked where the target is no
    change from other days; cases are all stretches as long as its period.

    Example: `target: {keep_below: 4%}` where most months had between 3 and 5 %

    To paste: the value of one stretch in four, where nothing beside the number depends on it.
    """
    cases = _enough_cases(subject)
    if cases is None or cases.asked is not None or cases.as_good >= _RARE * len(cases.past):
        return None
    return cases.evidence()


def _enough_cases(subject: Subject) -> Cases | None:
    measured = subject.measured
    if measured is None or measured.reading.target is None or already_reached.judge(subject) is not None:
        return None
    cases = cases_of(subject, measured)
    return cases if len(cases.past) >= LEAST_CASES else None


ACHIEVABLE = (
    no_target,
    target_not_known,
    too_little_past,
    already_reached,
    hopeless,
    rarely_changed_so,
    rarely_so_good,
)
