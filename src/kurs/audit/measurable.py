"""M: it can be measured, and what is asked for can be told from noise."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.audit.dialects import is_open_rate, without_machines
from kurs.audit.mends import measurable
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.audit.time_bound import days_between
from kurs.evaluate.needs import over
from kurs.metrics.expression import parse_metric
from kurs.model.days import Days, Grain
from kurs.model.metric import Unit
from kurs.model.target import TargetKind
from kurs.stats.noise import cases_to_see, least_visible, week_to_week

if TYPE_CHECKING:
    from datetime import date

    from kurs.audit.subject import Subject
    from kurs.metrics.question import Question
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.reckoning import Reckoning

WEEKS = 53  # before the last day with data, whose noise is looked at
_NOT_YET = ("not_started", "period_not_loaded")  # on its first day a period has no data yet
_MOST_SOURCES = 4
_MOST_FAILED = 3  # days with loads that ended with a failed one
_LATE = 7  # days that data may lie behind
_ASKS_FOR_CHANGE = (TargetKind.CHANGE, TargetKind.CHANGE_BY, TargetKind.REACH)


def weeks_question(kpi: Kpi, data_to: date, reckoning: Reckoning) -> Question:
    """Ask for the KPI's values in the last whole weeks."""
    running = reckoning.bucket_of(data_to, Grain.WEEK)
    last = running if running is not None and running.last == data_to else None
    end = last.last if last is not None else data_to
    if last is None and running is not None:
        end = running.shifted(-7).last
    first = Days(end, end).shifted(-7 * WEEKS + 1).first
    return over(kpi, Days(first, end), grain=Grain.WEEK)


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.baseline)
def no_baseline(subject: Subject) -> Evidence | None:
    """It is known where it starts from: its baseline.

    Why: whether 20,000 is much is not to be seen without what it was; and whether the work helped neither.

    Example: `baseline: last_year`
    """
    return {} if subject.kpi.baseline is None else None


@rule(Letter.MEASURABLE, Mark.FAIL, mends=None)
def not_computed(subject: Subject) -> Evidence | None:
    """It can be computed from the data.

    Why: a number that nobody can take is a wish. A division by zero, a column that is gone and a period
    without rows look alike in a workshop.

    Example: `kurs status holiday_conversion` says what is in the way

    Nothing to paste: only its reason says what to mend, and `kurs status` says the reason.
    """
    reading = subject.measured.reading if subject.measured is not None else None
    if reading is None or reading.value is not None or reading.reason is None:
        return None
    if reading.reason.code in _NOT_YET:
        return None
    return {"kpi": subject.kpi.key, "reason": reading.reason.code}


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.baseline_value)
def baseline_not_computed(subject: Subject) -> Evidence | None:
    """Its baseline can be computed from the data, too.

    Why: a change from something that nobody has measured cannot be asked for.

    Example: load the days of last year, or state what was known: `baseline: {value: 0.031}`

    To paste: the value of the last stretch as long as the period; without one, its days must be loaded.
    """
    measured = subject.measured
    if measured is None or subject.kpi.baseline is None or measured.reading.baseline is not None:
        return None
    return {"kpi": subject.kpi.key}


@rule(Letter.MEASURABLE, Mark.WARN, mends=None)
def data_late(subject: Subject) -> Evidence | None:
    """Its data are not more than a week behind.

    Why: who steers by the view of last month sees the rock when the ship has struck it.

    Example: `kurs data` says which source is late

    Nothing to paste: the late source must be loaded.
    """
    to = subject.measured.fresh.complete_to if subject.measured is not None else None
    needed = min(subject.as_of, subject.period.last)
    if to is None or (needed - to).days <= _LATE:
        return None
    return {"to": to, "days": (needed - to).days}


@rule(Letter.MEASURABLE, Mark.WARN, mends=None)
def days_not_covered(subject: Subject) -> Evidence | None:
    """No day is missing in its data.

    Why: a day that was never loaded looks like a day on which nobody came.

    Example: `kurs data` shows the gaps; load what is missing

    Nothing to paste: the missing days must be loaded.
    """
    fresh = subject.measured.fresh if subject.measured is not None else None
    if fresh is None or not fresh.days:
        return None
    whole = Days(fresh.days[0].first, fresh.days[-1].last)
    missing = fresh.missing(whole)
    return {"days": missing, "from": whole.first, "to": whole.last} if missing else None


@rule(Letter.MEASURABLE, Mark.WARN, mends=None)
def short_history(subject: Subject) -> Evidence | None:
    """Its data reach back two periods at least.

    Why: one period before is an anecdote; whether this one is usual needs a second to compare with.

    Example: load older exports, or choose a shorter period: `period: {every: month}`

    Nothing to paste: older data must be loaded; with another period the target would be another one, too.
    """
    fresh = subject.measured.fresh if subject.measured is not None else None
    if fresh is None or not fresh.days:
        return None
    first, needed = fresh.days[0].first, _two_before(subject).first
    return {"from": first, "needed": needed} if first > needed else None


def _two_before(subject: Subject) -> Days:
    """Return the period before the one before: that of a month is a month, be it long or short."""
    period, every = subject.period, subject.kpi.period.every
    for _ in range(2):
        before = subject.project.reckoning.before(period, every) if every is not None else None
        period = before or period.shifted(-len(period))
    return period


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.visible_change)
def below_noise(subject: Subject) -> Evidence | None:
    """The change that is asked for is larger than the noise.

    Why: a number moves by itself from week to week; you ask for +3 %, and at the end nobody can say whether
    you got it or were lucky. What can be told is a change that would be seen in 4 periods out of 5 with 5 %
    of false alarms, by the spread of the steps between the last weeks.

    Example: a longer period, or a metric with more cases: `period: {every: quarter}`

    To paste: the least change that can be told from noise, where nothing beside the number depends on it (no
    way with a `by:`, no milestones, marks or parts), and no change for the worse is accepted; else these must
    be thought through together.
    """
    measured, target = subject.measured, subject.kpi.target
    if measured is None or target is None or target.kind not in _ASKS_FOR_CHANGE:
        return None
    baseline, wanted = measured.reading.baseline, measured.reading.target
    noise = week_to_week(measured.weeks)
    if noise is None or baseline is None or baseline <= 0 or not isinstance(wanted, int | float):
        return None
    asked, least = wanted / baseline - 1, least_visible(noise, len(subject.period) / 7)
    if abs(asked) >= least:
        return None
    return {"asked": asked, "noise": noise, "least": least}


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.countable_change)
def too_few_cases(subject: Subject) -> Evidence | None:
    """A share has enough cases: its denominator is large enough to see the change that is asked for.

    Why: of 40 visits one buyer more is 2.5 points. How many cases a period needs follows from the share
    itself: 2 x 2.8^2 x p x (1 - p) / (change)^2 of them are needed to see the change in 4 periods out of 5
    with 5 % of false alarms, as for an A/B test. This is asked where the denominator is a count, or a sum of
    whole numbers that are no money: the visits of each day.

    Example: a longer period, or the whole instead of a small segment: `period: {every: quarter}`

    To paste: the least change that as many cases show, where a share can change as much and no change for the
    worse is accepted; else it needs a longer period or a larger part.
    """
    measured = subject.measured
    if measured is None or subject.metric.unit is not Unit.PERCENT:
        return None
    reading, target = measured.reading, subject.kpi.target
    of, wanted = reading.denominator, reading.target
    share = reading.baseline if reading.baseline is not None else reading.value
    if target is None or target.kind not in _ASKS_FOR_CHANGE or of is None or share is None:
        return None
    if not isinstance(wanted, int | float) or not 0 < share < 1 or not _counts_cases(subject, of):
        return None
    to = min(reading.data_to or reading.as_of, subject.period.last)
    elapsed = (to - subject.period.first).days + 1
    if elapsed < 1 or wanted == share:
        return None
    cases, needed = of * len(subject.period) / elapsed, cases_to_see(share, wanted - share)
    return {"cases": round(cases), "needed": ceil(needed)} if cases < needed else None


def _counts_cases(subject: Subject, of: float) -> bool:
    """Say whether the metric is a quotient by a count of rows, or of cases that were counted before."""
    metric = subject.metric
    if not metric.expr or metric.per is not None:
        return False
    tree = parse_metric(metric.expr).unnest()
    below = tree.expression.unnest() if isinstance(tree, exp.Div) else None
    if isinstance(below, exp.Nullif):
        below = below.this.unnest()
    if isinstance(below, exp.Column) and not below.table and below.name in subject.project.metrics:
        named = subject.project.metrics[below.name]
        if named.unit is Unit.CURRENCY:
            return False
        below = parse_metric(named.expr or "0").unnest()
    if isinstance(below, exp.Filter):
        below = below.this.unnest()
    return isinstance(below, exp.Count) or (_is_counted(subject.project, below) and float(of).is_integer())


def _is_counted(project: Project, summed: exp.Expr | None) -> bool:
    """Say whether it is the sum of a column that is no money by the plan."""
    column = summed.this.unnest() if isinstance(summed, exp.Sum) else None
    table = project.tables.get(column.table) if isinstance(column, exp.Column) else None
    return table is not None and column is not None and column.name not in table.amounts


@rule(Letter.MEASURABLE, Mark.FAIL, mends=measurable.without_machines)
def machine_opens(subject: Subject) -> Evidence | None:
    """An open rate leaves out what machines open.

    Why: since 2021 Apple's Mail Privacy Protection opens every e-mail by itself, read or not; a rate with
    those openings moves with the number of telephones, and is fit for no verdict.

    Example: clicks instead, or `where: not email_events.is_machine_open` with a word of it in the description

    To paste: a filter, where a dimension of the table is called after machines; else its rows must be told
    apart in the data first.
    """
    return {} if is_open_rate(subject) and not without_machines(subject) else None


@rule(Letter.MEASURABLE, Mark.WARN, mends=None)
def many_sources(subject: Subject) -> Evidence | None:
    """It needs no more than four sources.

    Why: each source is late, broken or redefined some day of the year, and the number waits for the last of
    them. What a KPI costs to measure, it should be worth.

    Example: ad spend of all networks from one sheet of the month instead of six exports

    Nothing to paste: which source it can do without, only people know.
    """
    sources = [source.key for source in subject.measured.sources] if subject.measured is not None else []
    return {"sources": sources, "most": _MOST_SOURCES} if len(sources) > _MOST_SOURCES else None


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.keepers)
def kept_by_hand(subject: Subject) -> Evidence | None:
    """What somebody types for it has an owner.

    Why: a sheet that is kept by hand is late when its keeper is on holiday, and wrong by a comma now and
    then; who needs the number should know whom to ask. Kept by hand are workbooks (.xlsx, .ods), unless the
    plan says `kept: by_export`, and other files where it says `kept: by_hand`.

    Example: `sources: {fairs: {files: fairs.xlsx, into: fairs, kept: by_hand, owner: head_of_sales}}`
    """
    sources = subject.measured.sources if subject.measured is not None else ()
    without = [source.key for source in sources if source.is_by_hand and source.owner is None]
    return {"sources": without} if without else None


@rule(Letter.MEASURABLE, Mark.WARN, mends=None)
def loads_fail(subject: Subject) -> Evidence | None:
    """The loads of its sources succeed.

    Why: a number that has to be rescued every other week costs more than its place on the page. This is asked
    of the last ten days with loads: none of three days ended with a failed load, and the newest did not.

    Example: `kurs load` says what was wrong with the file

    Nothing to paste: the file, or the source as the plan describes it, must be mended; `kurs load` says
    where.
    """
    loads = subject.measured.loads if subject.measured is not None else ()
    failing = [one for one in loads if one.is_failing or one.failed >= _MOST_FAILED]
    if not failing:
        return None
    worst = max(failing, key=lambda one: one.failed)
    return {"sources": [one.source for one in failing], "failed": worst.failed, "days": worst.days}


@rule(Letter.MEASURABLE, Mark.WARN, mends=measurable.rarer_reviews)
def loads_rare(subject: Subject) -> Evidence | None:
    """New data come as often as it is looked at.

    Why: who looks every week at a number that changes once a month talks three times out of four about
    nothing new. How often new days come is told by the loads: in the middle of the last ten with news.

    Example: `review: monthly`, or a load every week

    To paste: a cadence as rare as the news; nothing where they are rarer than a year.
    """
    between = days_between(subject.kpi.review)
    loads = subject.measured.loads if subject.measured is not None else ()
    if between is None:
        return None
    rare = {one.source: one.every for one in loads if one.every is not None and one.every > between}
    if not rare:
        return None
    return {"sources": list(rare), "every": max(rare.values()), "review": between}


MEASURABLE = (
    no_baseline,
    not_computed,
    baseline_not_computed,
    data_late,
    days_not_covered,
    short_history,
    below_noise,
    too_few_cases,
    machine_opens,
    many_sources,
    kept_by_hand,
    loads_fail,
    loads_rare,
)
