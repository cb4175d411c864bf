"""What a reading says of its target beyond one number, as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.model.version import in_force
from kurs.report.amounts import target_kind
from kurs.report.labels import text

if TYPE_CHECKING:
    from kurs.evaluate.reading import Judged, PartReading, Reading, Threshold
    from kurs.evaluate.route import Point
    from kurs.model.target import Provenance
    from kurs.words import Language

# Keys that hold an object or null; a table has no cell for them.
NESTED = frozenset({"target_final", "target_set", "next_milestone"})


def target(read: Reading, language: Language) -> dict[str, object]:
    """Return the keys about the target of a reading: the way there, its marks, its parts, who set it."""
    judged = read.judged
    way = judged.way if judged is not None else None
    return {
        "plan_since": _plan_since(read),
        "target_kind": _kind(read),
        "target_set": _set(read.provenance, language),
        "target_final": _point(judged.final) if judged is not None else None,
        "milestones": [_point(point) for point in way.milestones] if way is not None else [],
        "next_milestone": _upcoming(read, judged),
        "thresholds": [_threshold(one) for one in judged.thresholds] if judged is not None else [],
        "reached": judged.reached if judged is not None else None,
        "members": [_part(part) for part in read.parts],
    }


def number_or_band(value: float | Band | None) -> object:
    """Write a target: a number, or an object with both ends."""
    return {"low": value.low, "high": value.high} if isinstance(value, Band) else value


def _set(provenance: Provenance | None, language: Language) -> dict[str, object] | None:
    if provenance is None:
        return None
    return {
        "by": provenance.by,
        "on": provenance.on.isoformat() if provenance.on is not None else None,
        "why": text(provenance.why, language) if provenance.why is not None else None,
    }


def _kind(read: Reading) -> str | None:
    kind = target_kind(read.kpi)
    return str(kind) if kind is not None else None


def _plan_since(read: Reading) -> str | None:
    """Return since when the KPI is planned as it was judged; None: from the beginning."""
    held = in_force(read.kpi.versions, read.as_of)
    return held.since.isoformat() if held is not None and held.since is not None else None


def _point(point: Point | None) -> dict[str, object] | None:
    return None if point is None else {"on": point.day.isoformat(), "value": point.value}


def _upcoming(read: Reading, judged: Judged | None) -> dict[str, object] | None:
    """Return the next milestone, and how far the value is from it."""
    point = judged.upcoming if judged is not None else None
    if point is None:
        return None
    gap = read.value - point.value if read.value is not None else None
    return {"on": point.day.isoformat(), "value": point.value, "gap": gap}


def _threshold(one: Threshold) -> dict[str, object]:
    status = str(one.status) if one.status is not None else None
    return {"name": one.name, "value": one.value, "status": status, "reached": one.reached}


def _part(part: PartReading) -> dict[str, object]:
    judged = part.judged
    return {
        "dimension": part.dimension,
        "member": part.member,
        "value": part.value,
        "baseline": part.baseline,
        "target": number_or_band(judged.target) if judged is not None else None,
        "gap": judged.gap if judged is not None else None,
        "progress": judged.progress if judged is not None else None,
        "expected_by_now": judged.expected_by_now if judged is not None else None,
        "pace": judged.pace if judged is not None else None,
        "status": str(part.status),
    }
