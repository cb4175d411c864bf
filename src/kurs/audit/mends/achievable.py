"""What to write so that there is something to reach, neither there already nor beyond everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.audit.cases import LEAST_CASES, Cases, cases_of
from kurs.audit.mends.amounts import amount, change
from kurs.audit.mends.guess import standard
from kurs.audit.mends.measurable import baseline_value, likely_baseline
from kurs.audit.mends.place import of_kpi
from kurs.audit.mends.target import good_way, plain_target, reached_by, wanting
from kurs.evaluate.reading import Band
from kurs.evaluate.target import direction
from kurs.model.metric import Direction
from kurs.model.target import FROM_BASELINE, TargetKind
from kurs.project.entry import Doubt, Entry

if TYPE_CHECKING:
    from kurs.audit.rule import Entries, Evidence
    from kurs.audit.subject import Subject


_USUAL = 0.1  # a change to begin the talk with, where the data say nothing of it
_FAIR = 0.25  # of the cases were as good
_RARE = 0.1


def target(subject: Subject, _evidence: Evidence) -> Entries:
    """Ask for the change that one stretch in four brought, else for 10 %; say which way is good, too."""
    good = direction(subject.kpi, subject.metric)
    values = sorted(value for _, value in subject.measured.past.values) if subject.measured else []
    if good is Direction.BAND:
        return (of_kpi(subject.kpi, "target", _band(subject, values), Doubt.HOW_MUCH),) if values else ()
    entries: list[Entry] = []
    if good is None:
        known = standard(subject.project, subject.kpi.key, subject.metric.key)
        good = known.good if known is not None and known.good is not Direction.BAND else Direction.UP
        entries.append(of_kpi(subject.kpi, "good", str(good), None if known else Doubt.IS_IT_SO))
    if subject.kpi.baseline is None:
        entries.append(of_kpi(subject.kpi, "baseline", likely_baseline(subject), Doubt.WHICH))
    way = -1 if good is Direction.DOWN else 1
    changes = subject.measured.past.changes if subject.measured is not None else ()
    best_first = sorted((way * one.share for one in changes), reverse=True)
    fair = reached_by(_FAIR, best_first) if len(best_first) >= LEAST_CASES else _USUAL
    value = f"{{change: {change(way * (fair if fair > 0 else _USUAL))}}}"
    return (*entries, of_kpi(subject.kpi, "target", value, Doubt.HOW_MUCH))


def _band(subject: Subject, ascending: list[float]) -> str:
    """Write the band in which four of five stretches lay."""
    low, high = reached_by(1 - _RARE, ascending[::-1]), reached_by(1 - _RARE, ascending)
    unit = subject.metric.unit
    return f"{{between: [{amount(low, unit, -1)}, {amount(high, unit, 1)}]}}"


def known_baseline(subject: Subject, evidence: Evidence) -> Entries:
    """State a baseline where the target is a change from one that cannot be computed."""
    wanted = plain_target(subject)
    measured = subject.measured
    if wanted is None or wanted.kind not in FROM_BASELINE or measured is None:
        return ()
    return baseline_value(subject, evidence) if measured.reading.baseline is None else ()


def keep(subject: Subject, evidence: Evidence) -> Entries:
    """Keep what is there: the same number as a limit."""
    wanted, good = evidence["wanted"], direction(subject.kpi, subject.metric)
    if plain_target(subject) is None or not isinstance(wanted, int | float):
        return ()
    kind = TargetKind.KEEP_BELOW if good is Direction.DOWN else TargetKind.KEEP_ABOVE
    limit = amount(wanted, subject.metric.unit, 1 if good is Direction.DOWN else -1)
    return (of_kpi(subject.kpi, "target", f"{{{kind}: {limit}}}", Doubt.IS_IT_SO),)


def best_change(subject: Subject, _evidence: Evidence) -> Entries:
    """Ask for the best change that there was; nothing where none went the good way."""
    cases = _cases(subject)
    return _changed(subject, max(cases.past)) if cases is not None else ()


def fair_change(subject: Subject, _evidence: Evidence) -> Entries:
    """Ask for the change that one stretch in four brought, else one in ten; nothing where it is none."""
    cases = _cases(subject)
    if cases is None:
        return ()
    best_first = sorted(cases.past, reverse=True)
    fair = reached_by(_FAIR, best_first)
    return _changed(subject, fair if fair > 0 else reached_by(_RARE, best_first))


def _cases(subject: Subject) -> Cases | None:
    return cases_of(subject, subject.measured) if subject.measured is not None else None


def _changed(subject: Subject, share: float) -> Entries:
    """Ask for a change the good way; it is rounded so that no more is asked for."""
    measured = subject.measured
    if share <= 0 or measured is None or measured.reading.baseline is None:
        return ()
    way = good_way(subject)
    return wanting(subject, measured.reading.baseline * (1 + way * share), -way)


def fair_value(subject: Subject, _evidence: Evidence) -> Entries:
    """Ask for the value that one stretch in four was as good as; of a band, the one in which most lay."""
    measured = subject.measured
    if measured is None or plain_target(subject) is None:
        return ()
    values, good = sorted(value for _, value in measured.past.values), direction(subject.kpi, subject.metric)
    if isinstance(measured.reading.target, Band):
        return (of_kpi(subject.kpi, "target", _band(subject, values), Doubt.HOW_MUCH),)
    fair = reached_by(_FAIR, values if good is Direction.DOWN else values[::-1])
    return wanting(subject, fair, 1 if good is Direction.DOWN else -1)
