"""Reads a KPI's ``target:``: what is wanted, the way there, the marks around it, its parts, who set it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kurs.model.comparison import Against, Comparison
from kurs.model.metric import Direction
from kurs.model.target import GOOD, Basis, Provenance, Target, TargetKind
from kurs.project.nodes import Fields, Scalar
from kurs.project.read_baseline import BY_NAME
from kurs.project.read_parts import read_parts
from kurs.project.read_target_table import read_target_table
from kurs.project.read_way import MARKS, WAY, read_thresholds, read_way
from kurs.project.section import Section
from kurs.project.target_amounts import KINDS, as_wanted

if TYPE_CHECKING:
    from kurs.model.kpi import Baseline, KpiPeriod
    from kurs.model.metric import Metric
    from kurs.model.target import AnyTarget

_BESIDE = (*MARKS, *WAY, "members", "segments", "metric", "of", "set")


def read_target(
    kpi: Section, metric: Metric | None, period: KpiPeriod | None, baseline: Baseline | None
) -> AnyTarget | None:
    """Read the target; exactly one of its kinds must be there, or the file that tells it."""
    node = kpi.get("target")
    if not isinstance(node, Fields):
        if node is not None:
            kpi.report.error("bad_target", node, kinds=KINDS)
        return None
    section = Section(kpi.report, node, kpi.key_node("target"), f"{kpi.title}.target")
    section.expect(*KINDS, "file")
    target = None
    if section.has("file"):
        target = read_target_table(section, metric, _set(section), partial(_way_up, kpi, metric))
    elif (kind := _kind(section)) is not None:
        section.expect(*_BESIDE)
        target = _target(section, kind, metric)
        if target is not None:
            target = read_way(section, target, metric, period, baseline)
            target = read_thresholds(section, target, metric, _way_up(kpi, metric, target.kind))
            target = read_parts(section, target, metric)
    section.close()
    return target


def direction(kpi: Section, metric: Metric | None, target: AnyTarget | None) -> Direction | None:
    """Return which way is good for the KPI, if it says so or its target does.

    A target that needs a direction and has none, and one that contradicts it, are problems. A metric of
    which more is good may well be kept within a band; that it is to be kept low deserves a warning.
    """
    stated = kpi.choice("good", Direction)
    good = stated or (metric.good if metric else None)
    if target is None:
        return stated
    place = kpi.key_node("target")
    implied = GOOD.get(target.kind)
    if implied is None:
        if good is None and metric is not None and not kpi.has("good"):
            kpi.report.error("no_direction", place, kpi=kpi.report.kpi, metric=metric.key)
        elif good is Direction.BAND:
            kpi.report.error("direction_conflict", place, good="band", target=target.kind.value)
        return stated
    if good is None or good is implied:
        return implied
    values = {"good": good.value, "target": target.kind.value}
    if stated is not None:
        kpi.report.error("direction_conflict", place, **values)
    elif implied is not Direction.BAND:
        kpi.report.warning("direction_conflict", place, **values)
    return stated or implied


def _way_up(kpi: Section, metric: Metric | None, kind: TargetKind) -> Direction | None:
    """Return which way is good, without a word about it."""
    node = kpi.node.get("good")
    stated = node[1].text if node is not None and isinstance(node[1], Scalar) else None
    if kind in GOOD:
        return GOOD[kind]
    return Direction(stated) if stated in set(Direction) else metric.good if metric is not None else None


def _kind(section: Section) -> str | None:
    """Return the one key that says what is wanted; ``of:`` alone wants what was."""
    given = [kind for kind in KINDS if section.has(kind)]
    if not given and (section.has("of") or section.has("metric")):
        given = ["change"]
    if len(given) == 1:
        return given[0]
    if given:
        section.report.error("several_targets", section.key_node(given[1]), kinds=given)
    elif not section.node.entries or any(section.has(key) for key in _BESIDE):
        section.report.error("bad_target", section.owner, kinds=KINDS)
    section.expect(*_BESIDE)
    return None


def _target(section: Section, kind: str, metric: Metric | None) -> Target | None:
    """Read the number itself, what it is measured from, and who set it."""
    basis, provenance = _basis(section, kind), _set(section)
    if kind == "change" and basis is not None and not section.has("change"):
        return Target(TargetKind.CHANGE, 0.0, basis=basis, provenance=provenance)
    node = section.get(kind)
    wanted = as_wanted(section.report, kind, node, metric) if node is not None else None
    if wanted is None:
        return None
    return Target(*wanted, basis=basis, provenance=provenance)


def _basis(section: Section, kind: str) -> Basis | None:
    """Read ``metric:`` and ``of:``: the actual of other days that the target is a change of."""
    of = section.get("of")
    name = section.name("metric", "metric")
    if not section.has("of"):
        if section.has("metric"):
            section.report.error("key_needs_key", section.key_node("metric"), key="metric", others=("of",))
        return None
    if kind != "change":
        section.report.error("not_of_this_target", section.key_node("of"), key="of", target=kind)
        return None
    comparison: Comparison | None = None
    if isinstance(of, Fields):
        below = Section(section.report, of, section.key_node("of"), f"{section.title}.of")
        days = below.days()
        below.close()
        comparison = Comparison(Against.RANGE, days) if days is not None else None
    elif of is not None:
        against = section.one_of("of", {**BY_NAME, "same_event": Against.SAME_EVENT})
        comparison = Comparison(against) if against is not None else None
    return Basis(comparison, name) if comparison is not None else None


def _set(section: Section) -> Provenance | None:
    """Read who set the target, when, and why."""
    below = section.section("set")
    if below is None:
        return None
    found = Provenance(below.name("by", "person"), below.day("on"), below.says("why"))
    if not below.node.entries:
        section.report.error("empty_value", below.owner, key="set")
    below.close()
    return found
