"""MetricFlow's side of ``peers.py``, in an environment of its own: it plans, then DuckDB runs its SQL."""

from __future__ import annotations

import json
import sys
import time

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantic_interfaces.parsing.dir_to_model import (
    parse_yaml_files_to_validation_ready_semantic_manifest,
)
from metricflow_semantic_interfaces.parsing.objects import YamlConfigFile
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

CHANNELS = ("direct", "email", "affiliate", "display", "paid_search", "paid_social", "organic", "referral")
MEASURES = {
    "sessions": ("sum", "1"),
    "revenue": ("sum", "amount"),
    "orders": ("sum", "CASE WHEN ordered THEN 1 ELSE 0 END"),
    "pages": ("sum", "pages"),
    "buyers": ("count_distinct", "buyer"),
}
MODEL = """
semantic_model:
  name: sessions
  node_relation: {{alias: sessions, schema_name: main}}
  defaults: {{agg_time_dimension: day}}
  entities: [{{name: session, type: primary, expr: session_id}}]
  measures:
{measures}
  dimensions:
    - {{name: day, type: time, type_params: {{time_granularity: day}}}}
    - {{name: channel, type: categorical}}
---
project_configuration:
  time_spines:
    - node_relation: {{alias: time_spine, schema_name: main}}
      primary_column: {{name: ds, time_granularity: day}}
---
{metrics}
"""
DERIVED = """
metric:
  name: conversion_rate
  type: ratio
  type_params: {numerator: {name: orders}, denominator: {name: sessions}}
---
metric: {name: aov, type: ratio, type_params: {numerator: {name: revenue}, denominator: {name: orders}}}
---
metric:
  name: aov_growth
  type: derived
  type_params:
    expr: aov / nullif(before, 0) - 1
    metrics: [{name: aov}, {name: aov, alias: before, offset_window: 1 year}]
---
metric: {name: revenue_7d, type: cumulative, type_params: {measure: {name: revenue}, window: 7 days}}
---
metric: {name: buyers_28d, type: cumulative, type_params: {measure: {name: buyers}, window: 28 days}}
"""


def manifest() -> str:
    """Write the model: measures, simple metrics, those of one channel, those made of others."""
    measures = [
        f'    - {{name: {name}, agg: {agg}, expr: "{expr}"}}' for name, (agg, expr) in MEASURES.items()
    ]
    params = "type: simple, type_params: {{measure: {{name: {}}}}}"
    simple = [f"metric: {{name: {name}, {params.format(name)}}}" for name in MEASURES]
    simple += [
        f"metric: {{name: {name}_{channel}, {params.format(name)}, "
        f"filter: \"{{{{ Dimension('session__channel') }}}} = '{channel}'\"}}"
        for channel in CHANNELS
        for name in ("sessions", "revenue")
    ]
    return MODEL.format(measures="\n".join(measures), metrics="\n---\n".join([*simple, DERIVED.strip()]))


class Client:
    """What MetricFlow asks of an engine before it plans."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()

    def render_bind_parameter_key(self, bind_parameter_key: str) -> str:
        """Name a parameter; there are none."""
        return f"${bind_parameter_key}"


def main() -> None:
    """Read the setup, then a question a line; answer each with what it took."""
    told = json.loads(sys.stdin.readline())
    twenty = told["twenty"]
    connection = duckdb.connect()
    for statement in told["setup"]:
        connection.execute(statement)
    built = parse_yaml_files_to_validation_ready_semantic_manifest(
        [YamlConfigFile(filepath="bench.yaml", contents=manifest())]
    )
    assert not built.issues.has_blocking_issues, built.issues.to_pretty_json()
    engine = MetricFlowEngine(SemanticManifestLookup(built.semantic_manifest), Client())
    recent = f"{{{{ TimeDimension('metric_time', 'day') }}}} >= '{told['recent']}'"
    asked = {
        "a": (["revenue"], ["metric_time__day"], None),
        "b": (["conversion_rate"], ["metric_time__week", "session__channel"], None),
        "c": (["aov_growth"], ["metric_time__month"], None),
        "d": (["revenue_7d"], ["metric_time__day"], None),
        "e": (twenty, None, [recent]),
        "g": (["buyers_28d"], ["metric_time__day"], None),
    }
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        metrics, by, where = asked[line.strip()]
        start = time.process_time()
        request = MetricFlowQueryRequest.create(
            metric_names=metrics, group_by_names=by, where_constraints=where
        )
        sql = engine.explain(request).sql_statement.sql
        planned = time.process_time()
        rows = connection.execute(sql).fetchall()
        took = time.process_time()
        total = sum(float(row[-1]) for row in rows if row[-1] is not None)
        print(json.dumps({"plan": planned - start, "run": took - planned, "total": total}), flush=True)


if __name__ == "__main__":
    main()
