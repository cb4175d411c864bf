"""Reads the way to a target: until when, its milestones, and the marks below and above it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kurs.model.comparison import Against
from kurs.model.metric import Direction, Unit
from kurs.model.target import FROM_BASELINE, MEASURED, Milestone, Stands, Target, TargetKind
from kurs.project.amounts import Sign, stretch_of
from kurs.project.nodes import Fields
from kurs.project.section import as_amount, as_scalar
from kurs.project.target_amounts import as_alike, check_fraction

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.kpi import Baseline, KpiPeriod
    from kurs.model.metric import Metric
    from kurs.project.amounts import Amount
    from kurs.project.nodes import Node, Scalar
    from kurs.project.report import Report
    from kurs.project.section import Section

WAY = ("from", "by", "milestones")
MARKS = ("at_least", "stretch")


def read_way(
    section: Section,
    target: Target,
    metric: Metric | None,
    period: KpiPeriod | None,
    baseline: Baseline | None,
) -> Target:
    """Read ``from:``, ``by:`` and ``milestones:``; what is to be kept has no way to go."""
    given = [key for key in WAY if section.has(key)]
    if target.kind not in MEASURED:
        for key in given:
            values = {"key": key, "target": str(target.kind)}
            section.report.error("not_of_this_target", section.key_node(key), **values)
        return target
    if not given:
        return target
    since, by = section.day("from"), section.day("by")
    milestones = _milestones(section, target, metric, baseline)
    found = replace(target, since=since, by=by, milestones=tuple(milestones))
    if period is not None:
        _check_way(section, found, period, baseline)
    return found


def _check_way(section: Section, target: Target, period: KpiPeriod, baseline: Baseline | None) -> None:
    """Note a way without an end or a start, and milestones that do not lie on it."""
    report = section.report
    if period.every is None:
        for key in ("from", "by"):
            if section.has(key):
                report.error("period_is_the_way", section.key_node(key), key=key)
        first, last = (period.days.first, period.days.last) if period.days is not None else (None, None)
    else:
        first, last = target.since, target.by
        if not section.has("by"):
            report.error("way_without_end", section.owner)
        elif target.by is not None and not target.milestones and not _begins(target, baseline):
            report.error("way_without_start", section.key_node("by"))
        if first is not None and last is not None and last <= first:
            report.error("period_backwards", section.key_node("by"), **{"from": first, "to": last})
    node = section.node.get("milestones")
    entries = node[1].entries if node is not None and isinstance(node[1], Fields) else ()
    for key, _ in entries:
        days = stretch_of(key.text)
        if days is not None and _is_outside(days.last, first, last):
            values = {"day": days.last, "from": first or days.last, "to": last or days.last}
            report.error("milestone_outside", key, **values)


def _is_outside(day: date, first: date | None, last: date | None) -> bool:
    """Say whether a milestone lies before the way, or where the target itself is due."""
    return (first is not None and day < first) or (last is not None and day >= last)


def _begins(target: Target, baseline: Baseline | None) -> bool:
    """Say whether the way has a day on which it begins, and a value there that stays."""
    if baseline is None:
        return False
    compared = baseline.comparison
    is_range = compared is not None and compared.against is Against.RANGE
    moves = compared is not None and not is_range
    return is_range or (target.since is not None and (not moves or target.kind in FROM_BASELINE))


def _milestones(
    section: Section, target: Target, metric: Metric | None, baseline: Baseline | None
) -> list[Milestone]:
    node = section.get("milestones")
    if node is None:
        return []
    if not isinstance(node, Fields) or not node.entries:
        section.report.error("expected_mapping", node, key="milestones")
        return []
    found: list[tuple[Milestone, Scalar]] = []
    for key, value in node.entries:
        days = stretch_of(key.text)
        if days is None:
            section.report.error("bad_stretch", key, value=key.text)
        scalar = as_scalar(section.report, value, key.text)
        amount = as_amount(section.report, scalar) if scalar is not None else None
        if days is None or scalar is None or amount is None:
            continue
        stands = _stands(section, scalar, amount, target, metric)
        if stands in (Stands.CHANGE, Stands.CHANGE_BY) and baseline is None and target.basis is None:
            section.report.error("change_without_baseline", scalar)
        found.append((Milestone(days.last, amount.value, stands), key))
    found.sort(key=lambda one: one[0].day)
    for (one, _), (other, key) in pairwise(found):
        if one.day == other.day:
            section.report.error("milestones_same_day", key, day=one.day)
    return [milestone for milestone, _ in found]


def _stands(section: Section, node: Scalar, amount: Amount, target: Target, metric: Metric | None) -> Stands:
    """Say what the number of a milestone stands for.

    ``+5%`` with its sign is a change from the baseline, where the target is one. ``40%`` is a value where the
    metric is a share itself, else a share of the target.
    """
    is_share = metric is not None and metric.unit in (Unit.PERCENT, Unit.RATIO)
    if amount.sign is Sign.POINTS:
        if metric is not None and metric.unit is not Unit.PERCENT:
            section.report.error("points_of_what", node, value=node.text)
        return Stands.CHANGE_BY
    if target.kind is TargetKind.CHANGE and amount.sign is Sign.PERCENT and node.text[0] in "+-−":
        return Stands.CHANGE
    if amount.sign is Sign.PERCENT and not is_share:
        return Stands.SHARE
    check_fraction(section.report, "milestones", node, amount, metric)
    return Stands.VALUE


def read_thresholds(
    section: Section, target: Target, metric: Metric | None, good: Direction | None
) -> Target:
    """Read ``at_least:`` and ``stretch:``, which are put as the target itself is."""
    marks: dict[str, float | None] = {}
    for key in MARKS:
        node = section.get(key)
        if node is None:
            continue
        if target.kind is TargetKind.BETWEEN:
            values = {"key": key, "target": str(target.kind)}
            section.report.error("not_of_this_target", section.key_node(key), **values)
            continue
        marks[key] = read_mark(section.report, target, node, metric, good, key)
    return replace(target, at_least=marks.get("at_least"), stretch=marks.get("stretch"))


def read_mark(
    report: Report, target: Target, node: Node, metric: Metric | None, good: Direction | None, key: str
) -> float | None:
    """Read one mark, and note one on the wrong side of the target."""
    wanted = as_alike(report, target, node, metric, key)
    if wanted is None:
        return None
    sign = {Direction.UP: 1, Direction.DOWN: -1}.get(good, 0) if good is not None else 0
    further = (wanted[0] - target.value) * sign
    if (further > 0 and key == "at_least") or (further < 0 and key == "stretch"):
        report.error("thresholds_out_of_order", node, key=key)
    return wanted[0]
