"""A folder of files becomes the linked plan; what YAML would misread is read as written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, Grain
from kurs.model.entity import Age, Cohort
from kurs.model.frame import Span
from kurs.model.kpi import Baseline, Kpi, KpiPeriod
from kurs.model.metric import Direction, Fill, Unit
from kurs.model.project import Project
from kurs.model.source import Account, Covers, CoversTo, Format, Keep, Rejects, SourceColumn
from kurs.model.table import Dimension, Join
from kurs.model.target import Target, TargetKind
from kurs.model.text import Text
from kurs.problems import Problem, ProjectError, Severity
from kurs.project import Draft, find_project, read

Plan = Callable[..., Draft]

WHOLE = (Path(__file__).parent / "plan.yaml").read_text("utf-8")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Writes files, named without their ending and with __ for a folder, and reads the plan."""

    def draft(**files: str) -> Draft:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".yaml").write_text(text, "utf-8")
        return read(tmp_path)

    return draft


def codes(draft: Draft) -> list[str]:
    return [problem.code for problem in draft.problems]


def only(draft: Draft) -> Problem:
    assert len(draft.problems) == 1, draft.problems
    return draft.problems[0]


def test_a_whole_plan(plan: Plan) -> None:
    draft = plan(kurs=WHOLE)
    assert codes(draft) == []
    project = draft.required()
    assert project.settings.week_starts == 6
    assert project.settings.as_of == date(2026, 12, 10)
    sessions, orders = project.tables["sessions"], project.tables["orders"]
    assert sessions.relation == "web_sessions"
    assert sessions.dimensions[2:] == (
        Dimension("country", "upper(country_code)"),
        Dimension("region", "coalesce(region, 'none')"),
    )
    assert sessions.joins == (Join("customers", "customer_id"),)
    assert project.tables["customers"].relation == "customers"
    assert orders.relation is None
    assert orders.sql == "select o.*, o.total - o.tax as net_amount\nfrom raw_orders as o"
    assert project.metrics["conversion_rate"].unit is Unit.PERCENT
    assert project.metrics["conversion_rate"].fill is Fill.NULL
    assert project.metrics["complaints"].expr == "count(orders) filter (where orders.is_complaint)"
    assert project.people["cmo"].name.in_language("sv") == "CMO"
    season = project.calendar.event("holiday_season")
    assert season is not None
    assert [days.first.year for days in season.occurrences] == [2025, 2026]
    assert project.calendar.countries == ("SE", "NO")


def test_the_sources_of_a_whole_plan(plan: Plan) -> None:
    sources = plan(kurs=WHOLE).required().sources
    assert sources["shop"].files == ("orders.parquet", "more/orders.parquet")
    ads = sources["google_ads"]
    assert ads.format == Format(
        encoding="utf-16",
        delimiter="\t",
        header_row=3,
        decimal=",",
        thousands=".",
        date="%d.%m.%Y",
        nulls=("", "--", "0"),
        totals="Total*",
    )
    assert ads.columns == (
        SourceColumn("Day", "date", "date"),  # key: and window: speak of a column `date`
        SourceColumn("Campaign", "campaign"),
        SourceColumn("Cost", "cost", "decimal"),
        SourceColumn("Clicks", "clicks", "int"),
        SourceColumn("Rate", "rate", "decimal(18,4)"),
        SourceColumn("Email", "email", keep=Keep.HASHED, decided=True),
    )
    assert ads.account == Account("123-456", "Europe/Stockholm", "SEK")
    assert (ads.restates_days, ads.max_rejects) == (30, Rejects(share=0.01))
    assert ads.covers == Covers(by_name=True, last=CoversTo.YESTERDAY)


def test_the_kpis_of_a_whole_plan(plan: Plan) -> None:
    kpis = plan(kurs=WHOLE).required().kpis
    holiday, value = kpis["holiday_conversion"], kpis["order_value"]
    assert holiday.period == KpiPeriod(event="holiday_season")
    assert holiday.baseline == Baseline(comparison=Comparison(Against.SAME_EVENT))
    assert holiday.target == Target(TargetKind.CHANGE, 0.2)
    assert value.period == KpiPeriod(every=Grain.MONTH)
    assert value.target == Target(TargetKind.BETWEEN, 400, 600)
    assert (value.good, value.department, value.actions) == (Direction.BAND, "web", ("checkout_review",))


BASE = """
project: {name: Test}
tables: {orders: {from: raw_orders}}
metrics:
  orders: {expr: count(orders), good: up}
  returns: {expr: count(orders), good: down}
  rate: {expr: orders / orders, unit: percent, good: up}
"""


def kpi_of(draft: Draft) -> Kpi:
    assert isinstance(draft.project, Project)
    return draft.project.kpis["k"]


@pytest.mark.parametrize(
    ("metric", "written", "target"),
    [
        ("rate", "{change: +20%}", Target(TargetKind.CHANGE, 0.2)),
        ("rate", "{change: -5 %}", Target(TargetKind.CHANGE, -0.05)),
        ("rate", "{change: −5%}", Target(TargetKind.CHANGE, -0.05)),
        ("rate", "{change: +0.2pp}", Target(TargetKind.CHANGE_BY, 0.002)),
        ("rate", "{change: 0.2 pp}", Target(TargetKind.CHANGE_BY, 0.002)),
        ("orders", "{change: 500}", Target(TargetKind.CHANGE_BY, 500)),
        ("rate", "{reach: 3.6%}", Target(TargetKind.REACH, 0.036)),
        ("rate", "{reach: 0.036}", Target(TargetKind.REACH, 0.036)),
        ("rate", "{reach: 1}", Target(TargetKind.REACH, 1)),
        ("rate", "{keep_above: 55%}", Target(TargetKind.KEEP_ABOVE, 0.55)),
        ("returns", "{keep_below: 1.5e3}", Target(TargetKind.KEEP_BELOW, 1500)),
        ("orders", "{reach: 010}", Target(TargetKind.REACH, 10)),
    ],
)
def test_targets(plan: Plan, metric: str, written: str, target: Target) -> None:
    kpi = f"kpis: {{k: {{metric: {metric}, every: month, baseline: last_year, target: {written}}}}}"
    draft = plan(kurs=BASE + kpi)
    assert codes(draft) == []
    assert kpi_of(draft).target == target


@pytest.mark.parametrize(
    ("metric", "written", "code"),
    [
        ("rate", "{reach: 20}", "not_a_fraction"),
        ("rate", "{keep_above: 20}", "not_a_fraction"),
        ("rate", "{change: 20}", "not_a_fraction"),
        ("rate", "{change: 0.2}", "ambiguous_change"),
        ("orders", "{change: 0.2}", "small_change"),
        ("orders", "{change: 2pp}", "points_of_what"),
        ("rate", "{reach: 2pp}", "points_of_what"),
        ("orders", "{reach: 20%}", "not_percent"),
        ("orders", "{reach: 1 200}", "badly_written_number"),
        ("orders", "{reach: 1_200}", "badly_written_number"),
        ("orders", "{reach: many}", "bad_number"),
        ("orders", "{reach: .inf}", "bad_number"),
        ("orders", "{reach: 0x10}", "bad_number"),
        ("orders", "{reach: 12:30}", "bad_number"),
        ("orders", "{keep_below: 20}", "direction_conflict"),
        ("returns", "{keep_above: 20}", "direction_conflict"),
        ("orders", "{between: [1, 2, 3]}", "expected_two_numbers"),
        ("orders", "{reach: 1, keep_above: 2}", "several_targets"),
        ("orders", "20", "bad_target"),
        ("orders", "{}", "bad_target"),
        ("orders", "{change:}", "empty_value"),
        ("orders", "{raech: 2}", "unknown_key"),
    ],
)
def test_targets_that_are_refused(plan: Plan, metric: str, written: str, code: str) -> None:
    kpi = f"kpis: {{k: {{metric: {metric}, every: month, baseline: last_year, target: {written}}}}}"
    problem = only(plan(kurs=BASE + kpi))
    assert (problem.code, problem.kpi) == (code, "k")


def test_a_target_needs_a_direction_and_keep_above_is_one(plan: Plan) -> None:
    plain = (
        "project: {name: Test}\nmetrics: {n: count(t)}\nkpis: {k: {metric: n, every: month, target: {%s: 2}}}"
    )
    assert only(plan(kurs=plain % "reach")).code == "no_direction"
    draft = plan(kurs=plain % "keep_below")
    assert codes(draft) == []
    assert kpi_of(draft).good is Direction.DOWN


@pytest.mark.parametrize(
    ("written", "period"),
    [
        (
            "period: {from: 2026-01-01, to: 2026-12-31}",
            KpiPeriod(days=Days(date(2026, 1, 1), date(2026, 12, 31))),
        ),
        ("period: {event: black_friday}", KpiPeriod(event="black_friday")),
        ("period: {every: week}", KpiPeriod(every=Grain.WEEK)),
        ("every: quarter", KpiPeriod(every=Grain.QUARTER)),
    ],
)
def test_periods(plan: Plan, written: str, period: KpiPeriod) -> None:
    event = "calendar: {events: {black_friday: [2026-11-27]}}\n"
    draft = plan(kurs=BASE + event + f"kpis: {{k: {{metric: orders, {written}}}}}")
    assert codes(draft) == []
    assert kpi_of(draft).period == period


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("good: up", "missing_period"),
        ("period: {}", "bad_period"),
        ("period: month", "bad_period"),
        ("every: hour", "unknown_choice"),
        ("period: {every: month}, every: week", "several_periods"),
        ("period: {from: 2026-02-01, to: 2026-01-01}", "period_backwards"),
        ("period: {from: 2026-02-30, to: 2026-03-01}", "bad_date"),
        ("period: {from: 2026-02-01}", "missing_key"),
        ("period: {event: easter}", "unknown_event"),
    ],
)
def test_periods_that_are_refused(plan: Plan, written: str, code: str) -> None:
    assert only(plan(kurs=BASE + f"kpis: {{k: {{metric: orders, {written}}}}}")).code == code


@pytest.mark.parametrize(
    ("written", "baseline"),
    [
        ("last_year", Baseline(comparison=Comparison(Against.LAST_YEAR))),
        ("last_year_weekday", Baseline(comparison=Comparison(Against.LAST_YEAR_WEEKDAY))),
        ("previous", Baseline(comparison=Comparison(Against.PREVIOUS))),
        ("{value: 3.1%}", Baseline(value=0.031)),
        ("0.031", Baseline(value=0.031)),
        (
            "{from: 2026-01-01, to: 2026-01-02}",
            Baseline(comparison=Comparison(Against.RANGE, Days(date(2026, 1, 1), date(2026, 1, 2)))),
        ),
    ],
)
def test_baselines(plan: Plan, written: str, baseline: Baseline) -> None:
    draft = plan(kurs=BASE + f"kpis: {{k: {{metric: rate, every: month, baseline: {written}}}}}")
    assert codes(draft) == []
    assert kpi_of(draft).baseline == baseline


def test_dimensions_are_names_sql_or_both_with_a_label(plan: Plan) -> None:
    project = plan(
        kurs="""
project: {name: Example}
tables:
  orders:
    time: day
    dimensions:
      - channel: {label: {en: Channel, sv: Kanal}}
      - country: {expr: upper(country_code), label: Country}
      - size: {expr: "case when units > 9 then 'big' end"}
      - device
      - label: upper(label_text)
"""
    ).required()
    assert project.tables["orders"].dimensions == (
        Dimension("channel", "channel", Text((("en", "Channel"), ("sv", "Kanal")))),
        Dimension("country", "upper(country_code)", Text.plain("Country")),
        Dimension("size", "case when units > 9 then 'big' end"),
        Dimension("device", "device"),
        Dimension("label", "upper(label_text)"),
    )


def test_words_that_older_yaml_takes_for_something_else(plan: Plan) -> None:
    draft = plan(
        kurs=BASE
        + "people: {a: {name: NO, department: off}, b: {name: yes}, c: {name: 010}, d: {name: 12:30:45}}\n"
        + "calendar: {countries: [NO]}\n"
    )
    assert codes(draft) == []
    people = draft.required().people
    assert [person.name.in_language("en") for person in people.values()] == ["NO", "yes", "010", "12:30:45"]
    assert people["a"].department == "off"


def test_files_are_merged_and_a_name_is_defined_once(plan: Plan) -> None:
    draft = plan(
        kurs=BASE + "kpis: {a: {metric: orders, every: month}}\ncalendar: {events: {x: [2026-01-01]}}",
        b__kpis="kpis:\n  a: {metric: rate, every: month}\n  b: {metric: rate, every: month}",
        a__calendar="calendar: {countries: [SE], events: {y: [2026-01-02]}}",
    )
    problem = only(draft)
    assert problem.code == "duplicate_name"
    assert problem.values == {"name": "a", "other": "kurs.yaml:8"}
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("b/kpis.yaml", 2)
    assert draft.project is not None
    assert [(kpi.key, kpi.metric) for kpi in draft.project.kpis.values()] == [("a", "orders"), ("b", "rate")]
    assert [event.key for event in draft.project.calendar.events] == ["x", "y"]


def test_folders_that_are_not_the_plans(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "pyvenv.cfg").touch()
    stray = "kpis: {orders: 1}"
    draft = plan(kurs=BASE, env__lib=stray, **{".hidden__x": stray, "other__kurs": BASE, "other__x": stray})
    assert codes(draft) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("people: {a: A}", "utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "kurs.yaml").write_text("project: {name: Test}", "utf-8")
    (folder / "people.yaml").symlink_to(outside)
    draft = read(folder)
    assert codes(draft) == ["outside_project"]
    assert draft.project is None


def test_a_broken_file_does_not_flood_the_others(plan: Plan) -> None:
    draft = plan(
        kurs="project: {name: Test, currency: sek}",
        kpis="kpis: {k: {metric: orders, owner: me, every: month, target: {reach: 3}}}",
        metrics="metrics:\n  orders: 'count(orders)\n",
    )
    assert codes(draft) == ["bad_currency", "yaml_unclosed_quote"]
    assert draft.project is None
    with pytest.raises(ProjectError):
        draft.required()


def test_all_problems_come_at_once_in_the_order_of_the_files(plan: Plan) -> None:
    draft = plan(
        kurs="kpis: {k: {metric: ordres, owner: me, every: moth, target: {reach: x}}}\nproject: {nme: T}\n"
        "metrics: {orders: count(orders)}",
    )
    assert codes(draft) == [
        "unknown_metric",
        "unknown_person",
        "unknown_grain",
        "bad_number",
        "unknown_key",
    ]
    assert draft.problems[0].values["suggestion"] == ("orders",)
    assert draft.problems[-1].values["suggestion"] == ("name",)


def test_what_other_rooms_find_stands_in_order_and_says_nothing_twice(plan: Plan) -> None:
    draft = plan(kurs=BASE + "  torn:\n    expr: sum(orders.x' #1')\n  uses: torn / ordres\n")
    assert codes(draft) == ["comment_cut_sql"]
    found = [
        Problem("unknown_metric", {"name": "ordres"}, path=("metrics", "uses"), offset=7),
        Problem("unknown_metric", {"name": "torn"}, path=("metrics", "uses")),
        Problem("comment_cut_sql", path=("metrics", "torn", "expr")),
        Problem("bad_name", path=("metrics", "orders")),
    ]
    joined = draft.with_found(found)
    assert [problem.code for problem in joined] == ["bad_name", "comment_cut_sql", "unknown_metric"]
    assert joined[-1].values == {"name": "ordres"}


def test_a_warning_alone_does_not_stop(plan: Plan) -> None:
    draft = plan(kurs=BASE, other="name: compose\nservices: {}\n")
    problem = only(draft)
    assert (problem.code, problem.severity) == ("not_a_plan_file", Severity.WARNING)
    assert draft.required().settings.name == "Test"


def test_a_cohort_is_read_with_its_days(plan: Plan) -> None:
    draft = plan(
        kurs="project: {name: T}\ntables: {t: {time: d}}\n"
        "metrics: {n: count(t), a: {expr: avg(n), per: t.x, first: t, within: 2 weeks},"
        " b: {expr: avg(n), per: t.x, first: t, after: 1 month}}"
    )
    metrics = draft.required().metrics
    assert (metrics["a"].per, metrics["a"].cohort) == ("t.x", Cohort("t", within=Span(days=14)))
    assert metrics["b"].cohort == Cohort("t", after=Age(1, Grain.MONTH))


def test_a_password_is_shown_nowhere(plan: Plan) -> None:
    draft = plan(kurs="project: {name: T, engine: 'postgresql://me:hunter2@db/x'}")
    assert codes(draft) == ["literal_password", "not_supported_yet"]
    assert "hunter2" not in repr(draft.problems)
    draft = plan(kurs="project: {name: T, engine: 'postgresql://me:${DB_PASSWORD}@db/x'}")
    assert codes(draft) == ["not_supported_yet"]


def test_the_nearest_plan_above(plan: Plan, tmp_path: Path) -> None:
    plan(kurs=BASE)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_project(below) == tmp_path
    with pytest.raises(ProjectError) as caught:
        find_project(tmp_path.parent)
    assert caught.value.problems[0].code == "no_project"


def test_a_metric_that_looks_back_has_the_unit_of_what_it_looks_at(plan: Plan) -> None:
    more = """
  money: {expr: sum(orders.net), unit: currency, good: up}
  money_28d: {expr: money, window: 28 days}
  before: offset(money_28d, '1 year')
  count_28d: {expr: money, window: 28 days, unit: number, good: down}
"""
    draft = plan(kurs=BASE.rstrip() + more)
    assert draft.project is not None
    metrics = [draft.project.metrics[key] for key in ("money_28d", "before", "count_28d")]
    said = [f"{metric.unit} {metric.good}" for metric in metrics]
    assert said == ["currency up", "currency up", "number down"]
