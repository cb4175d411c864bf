"""Reads ``tables:``, ``metrics:`` and ``segments:``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.model.metric import At, Direction, Fill, Metric, Unit, Whole
from kurs.model.segment import Segment
from kurs.model.table import Dimension, Join, Table
from kurs.project.names import check_answer_name, check_name
from kurs.project.nodes import Fields, Items, Scalar
from kurs.project.read_entities import read_cohort, read_funnel, read_per
from kurs.project.read_frame import read_frame
from kurs.project.read_fx import check_amounts, check_history, read_currency_of
from kurs.project.read_kinds import check_together
from kurs.project.read_revisions import read_versions, without_revisions
from kurs.project.read_settings import zone
from kurs.project.section import Section, as_scalar, as_section, as_sql

# Another metric alone, now or as it was.
_LOOKS_AT = re.compile(r"\s*(?:offset\s*\(\s*)?([a-z][a-z0-9_]*)\s*(?:,\s*'[^']*'\s*\)\s*)?")

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.project.nodes import Node
    from kurs.project.report import Report


def read_table(report: Report, name: Scalar, node: Node) -> Table | None:
    """Read one table; None when there is nothing to read."""
    check_name(report, name, in_sql=True)
    if isinstance(node, Scalar) and node.is_empty:
        return Table(name.text, relation=name.text)
    section = as_section(report, node, name, f"tables.{name.text}")
    if section is None:
        return None
    if section.has("from") and section.has("sql"):
        report.error("from_and_sql", section.key_node("sql"), table=name.text)
    relation, sql = section.text("from"), section.sql("sql")
    section.says("label")
    section.says("description")
    table = Table(
        key=name.text,
        relation=None if sql is not None else relation or name.text,
        sql=sql,
        time=section.text("time"),
        timezone=zone(section, "timezone"),
        unique_key=section.text("key"),
        where=section.sql("where"),
        dimensions=_dimensions(section),
        joins=_joins(section, name.text),
        latest_by=section.texts("latest_by"),
        valid_from=section.text("valid_from"),
        valid_to=section.text("valid_to"),
        amounts=section.texts("amounts"),
        currency=read_currency_of(section),
    )
    check_history(section, table)
    check_amounts(section, table)
    section.close()
    return table


def _dimensions(section: Section) -> tuple[Dimension, ...]:
    """Read a list of column names and one-key mappings of a name to SQL, or one such mapping of all.

    Instead of the SQL there may be a mapping of ``expr`` and ``label``; without ``expr`` it is the column.
    """
    node = section.get("dimensions")
    if node is None:
        return ()
    found: dict[str, Dimension] = {}
    entries: list[tuple[Scalar, Node]] = []
    for item in node.items if isinstance(node, Items) else (node,):
        if isinstance(item, Fields):
            entries += item.entries
        elif (scalar := as_scalar(section.report, item, "dimensions")) is not None:
            entries.append((scalar, scalar))
    for name, value in entries:
        check_name(section.report, name, in_sql=True)
        check_answer_name(section.report, name)
        dimension = _dimension(section, name, value)
        if name.text in found:
            section.report.error("duplicate_dimension", name, name=name.text)
        elif dimension is not None:
            found[name.text] = dimension
    return tuple(found.values())


def _dimension(section: Section, name: Scalar, value: Node) -> Dimension | None:
    if value is name:
        return Dimension(name.text, name.text)
    if isinstance(value, Fields) and (value.get("label") or value.get("expr")):
        own = Section(section.report, value, name, f"{section.title}.dimensions.{name.text}")
        expr, label = own.sql("expr"), own.says("label")
        own.close()
        return None if expr is None and own.has("expr") else Dimension(name.text, expr or name.text, label)
    expr = as_sql(section.report, value, name.text)
    return None if expr is None else Dimension(name.text, expr)


def _joins(section: Section, user: str) -> tuple[Join, ...]:
    below = section.section("joins")
    if below is None:
        return ()
    found: list[Join] = []
    for name, node in below.node.entries:
        section.report.refer("table", name)
        section.report.refer("joined", name, user)
        column = as_scalar(section.report, node, name.text)
        if column is not None:
            found.append(Join(name.text, column.text.strip()))
    return tuple(found)


# What a value is called and what it counts stays: else it is another metric.
_FIXED = ("label", "description", "unit", "good")


def read_metric(report: Report, name: Scalar, node: Node) -> Metric | None:
    """Read one metric, in its short form (the expression) or as a mapping."""
    check_name(report, name, in_sql=True)
    check_answer_name(report, name)
    if isinstance(node, Scalar):
        expr = as_sql(report, node, name.text)
        return None if expr is None else Metric(name.text, expr)
    title = f"metrics.{name.text}"
    if not isinstance(node, Fields):
        as_section(report, node, name, title)
        return None

    def read(to: Report, version: Fields) -> Metric | None:
        return _metric(Section(to, version, name, title), name.text)

    metric = read(report, without_revisions(node))
    if metric is None:
        return None
    return replace(metric, versions=read_versions(report, node, title, metric, read, _FIXED))


def _metric(section: Section, name: str) -> Metric | None:
    """Read a metric as it is between two revisions."""
    share_of = section.name("share_of", "metric")
    whole = section.choice("of", Whole)
    if not section.has("funnel") and not section.has("share_of"):
        section.need("expr")
    check_together(section)
    funnel = read_funnel(section)
    unit = section.choice("unit", Unit)
    metric = Metric(
        key=name,
        expr=section.sql("expr") or "",
        unit=unit or (Unit.NUMBER if funnel is None and share_of is None else Unit.PERCENT),
        good=section.choice("good", Direction),
        label=section.says("label"),
        description=section.says("description"),
        fill=section.choice("fill", Fill),
        frame=read_frame(section),
        at=section.choice("at", At),
        drivers=section.sql("drivers"),
        funnel=funnel,
        each=section.sql("each"),
        where=section.sql("where"),
        share_of=share_of,
        whole=whole,
        per=read_per(section),
        cohort=read_cohort(section),
    )
    section.close()
    return metric if metric.expr or metric.share_of or metric.funnel else None


def with_inherited(metrics: Mapping[str, Metric], block: Node | None) -> dict[str, Metric]:
    """Give a metric that only looks back at another one that one's unit and direction, where it states none.

    ``revenue_28d: {expr: revenue, window: 28 days}`` is money, and more of it is as good as of revenue.
    """
    nodes = dict(block.entries) if isinstance(block, Fields) else {}
    stated = {name.text: node for name, node in nodes.items()}

    def settled(key: str, above: tuple[str, ...]) -> Metric:
        metric, node = metrics[key], stated.get(key)
        found = _LOOKS_AT.fullmatch(metric.expr)
        if found is None or found[1] not in metrics or found[1] in above:
            return metric
        other = settled(found[1], (*above, key))
        says_unit = isinstance(node, Fields) and node.get("unit") is not None
        return replace(metric, unit=metric.unit if says_unit else other.unit, good=metric.good or other.good)

    return {key: _alike(settled(key, (key,))) for key in metrics}


def _alike(metric: Metric) -> Metric:
    """Give all versions of a metric the unit and direction of the first."""
    versions = (
        replace(one, noun=replace(one.noun, unit=metric.unit, good=metric.good)) for one in metric.versions
    )
    return replace(metric, versions=tuple(versions)) if metric.versions else metric


def read_segment(report: Report, name: Scalar, node: Node) -> Segment | None:
    """Read one segment."""
    check_name(report, name, in_sql=True)
    section = as_section(report, node, name, f"segments.{name.text}")
    if section is None:
        return None
    section.need("of", "where")
    of, where = section.name("of", "table"), section.sql("where")
    label = section.says("label")
    section.says("description")
    section.close()
    return Segment(name.text, of, where, label) if of and where else None
