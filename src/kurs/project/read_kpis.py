"""Reads ``kpis:``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.model.comparison import Against
from kurs.model.days import Grain
from kurs.model.kpi import Kpi, KpiPeriod, Level, Nature
from kurs.model.target import FROM_BASELINE, Target
from kurs.project.amounts import day_of, days_of
from kurs.project.names import check_name
from kurs.project.nodes import Fields, Items, Scalar
from kurs.project.read_baseline import read_baseline
from kurs.project.read_calendar import as_grain
from kurs.project.read_revisions import REVISIONS, read_versions, without_revisions
from kurs.project.read_target import direction, read_target
from kurs.project.section import Section, as_name, as_section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.model.days import AnyGrain, Days
    from kurs.model.kpi import Baseline
    from kurs.model.metric import Metric
    from kurs.model.target import AnyTarget
    from kurs.project.nodes import Node
    from kurs.project.report import Report

_REVIEWS = {
    word: word for word in ("daily", "weekly", "fortnightly", "biweekly", "monthly", "quarterly", "yearly")
}

_EVERYBODY = "all"  # no segment can be called so: it is a word of SQL

# A KPI of another metric is another KPI; so is one of another name.
_FIXED = ("metric", "label", "description")


def read_kpi(report: Report, name: Scalar, node: Node, metrics: Mapping[str, Metric]) -> Kpi | None:
    """Read one KPI with its revisions; None when it has no metric or no period to speak of."""
    check_name(report, name)
    title = f"kpis.{name.text}"
    if not isinstance(node, Fields):
        as_section(report, node, name, title)
        return None

    def read(to: Report, version: Fields) -> Kpi | None:
        return _version(Section(to, version, name, title), name.text, metrics)

    kpi = read(report, without_revisions(node))
    if kpi is None:
        return None
    kpi = replace(kpi, versions=read_versions(report, node, title, kpi, read, _FIXED))
    _check_since(report, node, kpi)
    return kpi


def _check_since(report: Report, node: Fields, kpi: Kpi) -> None:
    """Note a revision before the period starts, or after it ends: it changes no reading of it."""
    below = node.get(REVISIONS)
    items = below[1].items if below is not None and isinstance(below[1], Items) else ()
    for item in items:
        since = item.get("since") if isinstance(item, Fields) else None
        day = day_of(since[1].text) if since is not None and isinstance(since[1], Scalar) else None
        days = kpi.in_force(day).period.days if day is not None else None
        if day is None or days is None or since is None or days.first < day <= days.last:
            continue
        code = "revision_before_start" if day <= days.first else "revision_after_end"
        report.warning(code, since[1], since=day, **{"from": days.first, "to": days.last})


def _version(section: Section, name: str, metrics: Mapping[str, Metric]) -> Kpi | None:
    """Read a KPI as it is between two revisions."""
    report = section.report
    section.need("metric")
    metric_name = section.name("metric", "metric")
    metric = metrics.get(metric_name or "")
    period = _period(section)
    baseline = read_baseline(section, metric)
    target = read_target(section, metric, period, baseline)
    good = direction(section, metric, target)
    _check_baseline(section, period, baseline, target)
    level, nature = section.choice("level", Level), section.choice("nature", Nature)
    if level is Level.FUNCTIONAL:
        section.need("department")
    if nature is Nature.LEADING and not section.has("leads"):
        report.warning("leads_nothing", section.key_node("nature"))
    segment = section.scalar("segment")
    of_all = segment is not None and segment.text == _EVERYBODY
    kpi = Kpi(
        key=name,
        metric=metric_name or "",
        period=period or KpiPeriod(),
        label=section.says("label"),
        description=section.says("description"),
        goal=section.name("goal", "goal"),
        segment=None if segment is None or of_all else as_name(report, segment, "segment"),
        of_all=of_all,
        where=section.sql("where"),
        baseline=baseline,
        target=target,
        good=good,
        level=level,
        department=section.text("department"),
        nature=nature,
        leads=section.name("leads", "metric"),
        owner=section.name("owner", "person"),
        approver=section.name("approver", "person"),
        review=_review(section),
        actions=section.names("actions", "action"),
    )
    section.close()
    return kpi if metric_name and period else None


def _period(kpi: Section) -> KpiPeriod | None:
    """Read ``period:`` in one of its three forms, or ``every:`` as a key of the KPI itself."""
    found: list[KpiPeriod] = []
    every = _every(kpi)
    if every is not None:
        found.append(KpiPeriod(every=every))
    node = kpi.get("period")
    if isinstance(node, Fields):
        found += _forms(Section(kpi.report, node, kpi.key_node("period"), f"{kpi.title}.period"))
    elif node is not None:
        kpi.report.error("bad_period", node)
    elif not kpi.has("every") and not kpi.has("period"):
        kpi.report.error("missing_period", kpi.owner)
    if len(found) > 1:
        kpi.report.error("several_periods", kpi.key_node("period"))
    return found[0] if len(found) == 1 else None


def _every(section: Section) -> AnyGrain | None:
    node = section.scalar("every")
    return None if node is None else as_grain(section.report, node, "every", (Grain.HOUR,))


def _forms(section: Section) -> list[KpiPeriod]:
    found: list[KpiPeriod] = []
    has_range = section.has("from") or section.has("to")
    days: Days | None = section.days() if has_range else None
    if days is not None:
        found.append(KpiPeriod(days=days))
    if (event := section.name("event", "event")) is not None:
        found.append(KpiPeriod(event=event))
    if (every := _every(section)) is not None:
        found.append(KpiPeriod(every=every))
    section.expect("from", "to")
    if not section.node.entries:
        section.report.error("bad_period", section.owner)
    section.close()
    return found


def _check_baseline(
    section: Section, period: KpiPeriod | None, baseline: Baseline | None, target: AnyTarget | None
) -> None:
    """Note a change from nothing, and an event's baseline for a KPI without an event."""
    node = section.node.get("target")
    has_basis = node is not None and isinstance(node[1], Fields) and node[1].get("metric") is not None
    has_basis = has_basis or (isinstance(target, Target) and target.basis is not None)
    changes = target is not None and target.kind in FROM_BASELINE and not has_basis
    if changes and not section.has("baseline"):
        section.report.error("change_without_baseline", section.key_node("target"))
    compared = baseline.comparison if baseline else None
    same = compared is not None and compared.against is Against.SAME_EVENT and compared.event is None
    if same and period is not None and period.event is None:
        section.report.error("same_event_without_event", section.key_node("baseline"))


def _review(section: Section) -> str | None:
    """Read how often the KPI is looked at: a word, or a length of time."""
    node = section.scalar("review")
    if node is None:
        return None
    if node.text not in _REVIEWS and days_of(node.text) is None:
        choices = list(_REVIEWS)
        values = {"value": node.text, "key": "review", "choices": choices}
        section.report.unknown("unknown_choice", node, node.text, choices, **values)
    return node.text
