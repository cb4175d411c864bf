"""Says a dbt semantic manifest, and a question to it, in the words of our plan.

Every semantic model becomes a table, once for each time that a measure is aggregated by and each key that
another model may find it by. A name like ``listing__country_latest`` becomes
``listings_latest.d_country_latest``: the entities before the last part say by which joins it is reached.
MetricFlow leaves empty groups out unless it is told to join a time spine: so a metric is ``fill: none``
here, unless it is so told.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRAINS = ("hour", "day", "week", "month", "quarter", "year")
METRIC_TIME = "metric_time"


class CannotSayError(Exception):
    """What our plan has no words for yet; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name leads: a table of the plan, and one of its dimensions."""

    table: str
    dimension: str

    def __str__(self) -> str:
        return f"{self.table}.{self.dimension}"


@dataclass(frozen=True, slots=True)
class Said:
    """A question in our words; ``columns`` says which column of the case each of ours is."""

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    grain: str | None
    where: tuple[str, ...]
    columns: Mapping[str, str]


@dataclass(slots=True)
class Translation:
    """One manifest, and the plan that grows with the metrics that are asked for."""

    manifest: Mapping[str, Any]
    metrics: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    @property
    def models(self) -> dict[str, Mapping[str, Any]]:
        """The semantic models by name."""
        return {model["name"]: model for model in self.manifest["semantic_models"]}

    def plan(self, only: Sequence[str] = ()) -> dict[str, Any]:
        """Return the plan: all tables, or ``only`` those, and the metrics that were said so far."""
        tables = {
            name: self._table(name, model, time, key, only)
            for name, (model, time, key) in self._tables().items()
            if not only or name in only
        }
        return {"tables": tables, "metrics": dict(self.metrics)}

    # Tables.

    def _tables(self) -> dict[str, tuple[Mapping[str, Any], str | None, str | None]]:
        """Name every (model, time, key) that is needed."""
        found: dict[str, tuple[Mapping[str, Any], str | None, str | None]] = {}
        for name, model in self.models.items():
            time = (model.get("defaults") or {}).get("agg_time_dimension")
            keys = [entity["name"] for entity in (*_keys(model), *_natural(model))]
            found[name] = (model, time, keys[0] if keys else None)
            for other in keys[1:]:
                found[f"{name}_of_{other}"] = (model, time, other)
            for measure in model["measures"]:
                if (own := measure.get("agg_time_dimension")) not in (None, time):
                    found[f"{name}_at_{own}"] = (model, own, None)
        return found

    def _table(
        self, name: str, model: Mapping[str, Any], time: str | None, key: str | None, only: Sequence[str]
    ) -> dict[str, Any]:
        table: dict[str, Any] = {"from": model["node_relation"]["relation_name"].replace('"', "")}
        if time is not None:
            table["time"] = _expr(next(each for each in model["dimensions"] if each["name"] == time))
        if key is not None:
            table["key"] = _expr(next(each for each in model["entities"] if each["name"] == key))
            for side, column in (("valid_from", "is_start"), ("valid_to", "is_end")):
                for each in model["dimensions"]:
                    if ((each.get("type_params") or {}).get("validity_params") or {}).get(column):
                        table[side] = _expr(each)
        dimensions: list[dict[str, str]] = []
        for dimension in model["dimensions"]:
            if dimension["type"] != "time":
                dimensions.append({f"d_{dimension['name']}": _expr(dimension)})
                continue
            column = f"cast({_expr(dimension)} as timestamp)"
            for grain in GRAINS:
                cut = f"date_trunc('{grain}', {column})"
                dimensions.append({f"d_{dimension['name']}_{grain}": f"cast({cut} as timestamp)"})
        dimensions += [{f"d_{entity['name']}": _expr(entity)} for entity in model["entities"]]
        table["dimensions"] = dimensions
        joins = {
            other: _expr(entity)
            for entity in model["entities"]
            for other, (joined, _, joined_key) in self._tables().items()
            if joined_key == entity["name"] and joined is not model and "_at_" not in other and other != name
        }
        table["joins"] = {other: column for other, column in joins.items() if not only or other in only}
        return table

    # Names.

    def place(self, home: str, name: str) -> Place:
        """Return where ``listing__country_latest`` leads from the table ``home``."""
        *path, last = name.split("__")
        grain = ""
        if path and last in GRAINS:
            grain, (*path, last) = last, path
        if path and path[0] == METRIC_TIME:
            raise CannotSayError("two grains of time in one question")
        model = self._tables()[home][0]
        table = home
        own = (model.get("primary_entity"), *(entity["name"] for entity in _keys(model)))
        if path and path[0] in own and (found := _element(model, last, grain)):
            return Place(table, found)
        while path:
            entity, *path = path
            table, model = self._joined(model, entity, path[0] if path else last)
        found = _element(model, last, grain)
        if found is None:
            raise CannotSayError(f"{name} is not found from {home}")
        return Place(table, found)

    def _joined(self, model: Mapping[str, Any], entity: str, wanted: str) -> tuple[str, Mapping[str, Any]]:
        if not any(each["name"] == entity for each in model["entities"]):
            raise CannotSayError(f"{model['name']} has no entity {entity}")
        for name, (other, _, key) in self._tables().items():
            has = _element(other, wanted, "") is not None
            if key == entity and has and other is not model and "_at_" not in name:
                if any(d.get("is_partition") for d in model["dimensions"]) and any(
                    d.get("is_partition") for d in other["dimensions"]
                ):
                    raise CannotSayError("a join by the partition too")
                return name, other
        raise CannotSayError(f"nothing is found by {entity}")

    def condition(self, home: str, template: str) -> str:
        """Return a filter's template as SQL over our dimensions."""

        def said(found: re.Match[str]) -> str:
            call = ast.parse(found[1].strip(), mode="eval").body
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                raise CannotSayError(f"a filter like {found[0]}")
            if call.func.id == "Metric":
                raise CannotSayError("a metric in a filter (per entity)")
            name, *grain = [ast.literal_eval(argument) for argument in call.args]
            if grain and grain[0] not in GRAINS:
                raise CannotSayError("a grain or a part of a date that the plan does not have")
            if name == METRIC_TIME:
                time = self._tables()[home][1]
                return str(Place(home, f"d_{time}_{grain[0] if grain else 'day'}"))
            return str(self.place(home, "__".join([name, *grain])))

        return re.sub(r"\{\{(.*?)\}\}", said, template, flags=re.DOTALL).strip()

    # Metrics.

    def metric(self, name: str, filters: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
        """Say a metric with further filters; return its name in the plan, and its home tables."""
        said = next(each for each in self.manifest["metrics"] if each["name"] == name)
        own = tuple(
            each["where_sql_template"] for each in (said.get("filter") or {}).get("where_filters", ())
        )
        filters = (*filters, *(each for each in own if each not in filters))
        params = said["type_params"]
        match said["type"]:
            case "simple":
                metric, homes = self._simple(params, filters)
            case "cumulative":
                metric, homes = self._cumulative(params, filters)
            case "ratio":
                (top, over), (bottom, under) = (
                    self._input(params[part], filters) for part in ("numerator", "denominator")
                )
                metric, homes = {"expr": f"{top} / {bottom}"}, (*over, *under)
            case "derived":
                metric, homes = self._derived(params, filters)
            case kind:
                raise CannotSayError(f"a {kind} metric counts conversions: our funnel counts entities")
        if not params.get("join_to_timespine"):
            metric.setdefault("fill", "none")
        key, number = name, 2
        while self.metrics.get(key, metric) != metric:
            key, number = f"{name}_{number}", number + 1
        self.metrics[key] = metric
        return key, tuple(dict.fromkeys(homes))

    def _simple(
        self, params: Mapping[str, Any], filters: tuple[str, ...]
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        how = params["metric_aggregation_params"]
        model = self.models[how["semantic_model"]]
        time = how.get("agg_time_dimension")
        default = (model.get("defaults") or {}).get("agg_time_dimension")
        home = model["name"] if time in (None, default) else f"{model['name']}_at_{time}"
        metric: dict[str, str] = {}
        level = how.get("non_additive_dimension")
        if level:
            metric["at"] = {"min": "first", "max": "last"}[level["window_choice"]]
            if level.get("window_groupings"):
                (entity,) = level["window_groupings"]
                metric["each"] = f"{home}.d_{entity}"
        argument = sqlglot.parse_one(params["expr"], read="duckdb")
        for column in argument.find_all(exp.Column):
            column.set("table", exp.to_identifier(home))
        text, share = argument.sql("duckdb"), (how.get("agg_params") or {}).get("percentile")
        if (how.get("agg_params") or {}).get("use_discrete_percentile"):
            raise CannotSayError("a discrete percentile: ours lies between two values")
        if (how.get("agg_params") or {}).get("use_approximate_percentile"):
            raise CannotSayError("an approximate percentile: ours is exact")
        forms = {
            "sum": f"sum({text})",
            "average": f"avg({text})",
            "max": f"max({text})",
            "min": f"min({text})",
        }
        forms |= {"count_distinct": f"count(distinct {text})", "percentile": f"percentile({text}, {share})"}
        metric["expr"] = f"count({home})" if text == "1" else forms[how["agg"]]
        if filters:
            conditions = " and ".join(f"({self.condition(home, each)})" for each in filters)
            metric["expr"] += f" filter (where {conditions})"
        if params.get("fill_nulls_with") == 0:
            metric["fill"] = "zero"
        return metric, (home,)

    def _cumulative(
        self, params: Mapping[str, Any], filters: tuple[str, ...]
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        how = params["cumulative_type_params"]
        base, homes = self._input(how["metric"], filters)
        metric = {"expr": base}
        window, to_date = how.get("window"), how.get("grain_to_date")
        if window:
            if window["granularity"] not in GRAINS[1:]:
                raise CannotSayError("a window of hours")
            metric["window"] = f"{window['count']} {window['granularity']}s"
        else:
            metric["to_date"] = to_date or "ever"
        if how.get("period_agg") in ("first", "last", "average"):
            metric["at_coarser"] = how["period_agg"]
        return metric, homes

    def _derived(
        self, params: Mapping[str, Any], filters: tuple[str, ...]
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        meant: dict[str, str] = {}
        homes: tuple[str, ...] = ()
        for given in params["metrics"]:
            said, found = self._input(given, filters)
            meant[given.get("alias") or given["name"]] = said
            homes += found
        tree = sqlglot.parse_one(params["expr"], read="duckdb")

        def swapped(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Column):
                return sqlglot.parse_one(meant[node.name], read="duckdb")
            return node

        return {"expr": tree.transform(swapped).sql("duckdb")}, homes

    def _input(self, given: Mapping[str, Any], filters: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        own = tuple(
            each["where_sql_template"] for each in (given.get("filter") or {}).get("where_filters", ())
        )
        name, homes = self.metric(given["name"], (*filters, *own))
        window, start = given.get("offset_window"), given.get("offset_to_grain")
        if window and window["granularity"] not in GRAINS[1:]:
            raise CannotSayError("a grain or a part of a date that the plan does not have")
        if window:
            return f"offset({name}, '{window['count']} {window['granularity']}s')", homes
        if start:
            if start not in GRAINS[2:]:
                raise CannotSayError("an offset to the start of an hour")
            return f"offset({name}, 'start of {start}')", homes
        return name, homes

    # Questions.

    def question(self, case: Mapping[str, Any]) -> Said:
        """Say the question of a case: the group-by is read from its columns, where each has its grain."""
        asked: dict[str, tuple[str, tuple[str, ...]]] = {}
        for name in case.get("metrics", ()):
            asked[name] = self.metric(name)
        homes = tuple(dict.fromkeys(home for _, found in asked.values() for home in found))
        columns = {key: name for name, (key, _) in asked.items()}
        by: list[str] = []
        groups = [column for column in case["columns"] if column not in asked]
        if any(column.endswith("__alien_day") or "__extract_" in column for column in groups):
            raise CannotSayError("a grain or a part of a date that the plan does not have")
        time = self._time(groups, homes)
        if time is not None:
            columns["time"] = time
        for column in groups:
            if column == time:
                continue
            name = str(self.place(homes[0], column) if homes else self._anywhere(column))
            by.append(name)
            columns[name] = column
        where = tuple(
            self.condition(homes[0] if homes else self._start(case), template)
            for template in ([case["where_rendered"]] if "where_rendered" in case else ())
        )
        grain = time.split("__")[-1] if time else None
        return Said(tuple(key for key, _ in asked.values()), tuple(by), grain, where, columns)

    def _time(self, groups: Sequence[str], homes: Sequence[str]) -> str | None:
        """Return the column that is the time of the buckets: metric time, or the home's own time."""
        own = [each for each in groups if homes and self._is_time(homes[0], each)]
        times = [each for each in groups if each.startswith(f"{METRIC_TIME}__") and _grain(each)]
        if times and not homes:
            raise CannotSayError("members of dimensions by day")
        looks_back = any(
            "offset(" in metric["expr"] or {"window", "to_date"} & metric.keys()
            for metric in self.metrics.values()
        )
        if len(times) > 1 or (looks_back and len(times) + len(own) > 1):
            raise CannotSayError("two grains of time in one question")
        return next(iter((*times, *own)), None)

    def _is_time(self, home: str, column: str) -> bool:
        """Say whether a column is the time by which the home's rows are aggregated, in one of our grains."""
        model, time, _ = self._tables()[home]
        entities = (model.get("primary_entity"), *(entity["name"] for entity in _keys(model)))
        return _grain(column) is not None and column.split("__")[:-1] in [[each, time] for each in entities]

    def _anywhere(self, column: str) -> Place:
        """Return where a name leads when no metric says where to start: from the model of its entity."""
        if column.endswith(("__min", "__max")):
            raise CannotSayError("the first and last member of a dimension")
        entity = column.split("__")[0]
        for name, (model, _, key) in self._tables().items():
            if entity in (key, model.get("primary_entity")):
                try:
                    place = self.place(name, column)
                except CannotSayError:
                    continue
                if place.table == name:
                    return place
        raise CannotSayError(f"{column} is found nowhere")

    def _start(self, case: Mapping[str, Any]) -> str:
        """Return the table from which all dimensions of a question without metrics are reached."""
        for name in self._tables():
            try:
                for column in case["columns"]:
                    self.place(name, column)
            except CannotSayError:
                continue
            return name
        raise CannotSayError("no table reaches all dimensions")


def _keys(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entity for entity in model["entities"] if entity["type"] in ("primary", "unique")]


def _natural(model: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The key of a model that has a row for each stretch of time."""
    return [entity for entity in model["entities"] if entity["type"] == "natural"]


def _grain(column: str) -> str | None:
    last = column.split("__")[-1]
    return last if last in GRAINS else None


def _expr(element: Mapping[str, Any]) -> str:
    return element.get("expr") or element["name"]


def _element(model: Mapping[str, Any], name: str, grain: str) -> str | None:
    """Return our name of a model's dimension or entity; None when it has none of that name."""
    for dimension in model["dimensions"]:
        if dimension["name"] == name:
            return f"d_{name}_{grain or 'day'}" if dimension["type"] == "time" else f"d_{name}"
    return f"d_{name}" if any(entity["name"] == name for entity in model["entities"]) else None
