"""Reads the targets of a KPI's parts: those of the members of a dimension, and of segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.model.target import PartTarget, Target
from kurs.project.nodes import Fields
from kurs.project.target_amounts import as_alike

if TYPE_CHECKING:
    from kurs.model.metric import Metric
    from kurs.project.report import Report
    from kurs.project.section import Section


def read_parts(section: Section, target: Target, metric: Metric | None) -> Target:
    """Read ``members:`` by dimension, and ``segments:``; their numbers are put as the target itself is."""
    parts: list[PartTarget] = []
    by_dimension = _mapping(section, "members")
    for dimension, node in by_dimension.entries if by_dimension is not None else ():
        if not isinstance(node, Fields) or not node.entries:
            section.report.error("expected_mapping", node, key=dimension.text)
            continue
        parts += _parts(section.report, dimension.text, node, target, metric)
    segments = _mapping(section, "segments")
    if segments is not None:
        for name, _ in segments.entries:
            section.report.refer("segment", name)
        parts += _parts(section.report, None, segments, target, metric)
    return replace(target, parts=tuple(parts)) if parts else target


def _mapping(section: Section, key: str) -> Fields | None:
    node = section.get(key)
    if node is None or (isinstance(node, Fields) and node.entries):
        return node
    section.report.error("expected_mapping", node, key=key)
    return None


def _parts(
    report: Report, dimension: str | None, node: Fields, target: Target, metric: Metric | None
) -> list[PartTarget]:
    found = ((name.text, as_alike(report, target, value, metric)) for name, value in node.entries)
    return [PartTarget(dimension, name, *wanted) for name, wanted in found if wanted is not None]
