"""What to write so that it can be measured, and what is asked for can be told from noise."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, cast

from kurs.audit.mends.amounts import amount
from kurs.audit.mends.guess import owner_for, somebody
from kurs.audit.mends.place import of_kpi
from kurs.audit.mends.target import good_way, wanting
from kurs.audit.mends.time_bound import DAYS_OF
from kurs.evaluate.periods import baseline_days
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.model.kpi import Baseline
from kurs.project.entry import Doubt, Entry
from kurs.stats.noise import cases_to_see

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.rule import Entries, Evidence
    from kurs.audit.subject import Subject


_SHORT = 28  # days: of shorter stretches the weekdays count
_MACHINES = ("machine", "apple", "mpp", "bot")


def baseline(subject: Subject, _evidence: Evidence) -> Entries:
    """Name the days to start from: the event before, a year ago, or just before; those that are loaded."""
    return (of_kpi(subject.kpi, "baseline", likely_baseline(subject), Doubt.WHICH),)


def likely_baseline(subject: Subject) -> str:
    """Return the first usual comparison of which there are all days; the first one where none has them."""
    fresh = subject.measured.fresh if subject.measured is not None else None
    a_year_ago = Against.LAST_YEAR_WEEKDAY if len(subject.period) < _SHORT else Against.LAST_YEAR
    usual = [a_year_ago, Against.PREVIOUS]
    if subject.kpi.period.event is not None:
        usual.insert(0, Against.SAME_EVENT)
    there = {against: _days(subject, against) for against in usual}
    possible = [against for against, days in there.items() if days is not None]
    known = (one for one in possible if fresh is not None and not fresh.missing(cast("Days", there[one])))
    return str(next(known, possible[0] if possible else Against.PREVIOUS))


def _days(subject: Subject, against: Against) -> Days | None:
    kpi = replace(subject.kpi, baseline=Baseline(comparison=Comparison(against)))
    days = baseline_days(kpi, subject.period, subject.project.calendar, subject.project.reckoning)
    return days if isinstance(days, Days) else None


def baseline_value(subject: Subject, _evidence: Evidence) -> Entries:
    """State the value of the last stretch as long as the period; nothing where there is none."""
    values = subject.measured.past.values if subject.measured is not None else ()
    if not values:
        return ()
    _, last = values[-1]
    value = f"{{value: {amount(last, subject.metric.unit)}}}"
    return (of_kpi(subject.kpi, "baseline", value, Doubt.IS_IT_SO),)


def visible_change(subject: Subject, evidence: Evidence) -> Entries:
    """Ask for the least change that could be told from noise; nothing where one for the worse is accepted."""
    measured = subject.measured
    if measured is None or measured.reading.baseline is None:
        return ()
    least, way = cast("float", evidence["least"]), good_way(subject)
    if cast("float", evidence["asked"]) * way < 0:
        return ()
    return wanting(subject, measured.reading.baseline * (1 + way * least), way)


def countable_change(subject: Subject, evidence: Evidence) -> Entries:
    """Ask for the least change that as many cases can show; nothing where a share cannot change as much.

    Nor where a change for the worse is accepted: a larger one is no mend.
    """
    measured = subject.measured
    if measured is None:
        return ()
    start = measured.reading.baseline if measured.reading.baseline is not None else measured.reading.value
    cases = cast("int", evidence["cases"])
    way, wanted = good_way(subject), measured.reading.target
    if start is None or cases < 1 or (isinstance(wanted, int | float) and (wanted - start) * way < 0):
        return ()
    value = start + way * 1.01 * sqrt(cases_to_see(start, 1.0) / cases)  # the count of cases is a rounded one
    return wanting(subject, value, way) if 0 < value < 1 else ()


def keepers(subject: Subject, evidence: Evidence) -> Entries:
    """Name who owns the KPI as the keeper of what is typed for it; a new person where the plan has none."""
    likely = subject.kpi.owner or owner_for(subject.project, subject.kpi)
    who, entries = somebody(subject.project, likely)
    sources = cast("Sequence[str]", evidence["sources"])
    return (*entries, *(Entry(("sources", source, "owner"), who, Doubt.WHO) for source in sources))


def rarer_reviews(subject: Subject, evidence: Evidence) -> Entries:
    """Look at it as rarely as new days come; nothing where they come more rarely than every year."""
    every = cast("float", evidence["every"])
    rarely = next((word for word, days in DAYS_OF.items() if days >= every), None)
    return (of_kpi(subject.kpi, "review", rarely, Doubt.IS_IT_SO),) if rarely is not None else ()


def without_machines(subject: Subject, _evidence: Evidence) -> Entries:
    """Leave out the rows that a dimension names as opened by machines; nothing where there is none."""
    if subject.kpi.where is not None:
        return ()
    tables = [one for one in subject.project.tables.values() if f"{one.key}." in (subject.metric.expr or "")]
    for table in tables:
        for dimension in table.dimensions:
            if any(word in dimension.name.split("_") for word in _MACHINES):
                value = f"not {table.key}.{dimension.name}"
                return (of_kpi(subject.kpi, "where", value, Doubt.IS_IT_SO),)
    return ()
