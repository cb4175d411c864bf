"""What charts draw: the same values as their tables, the reader's own words, and no line by colour alone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from kurs.evaluate.trajectory import Point, Trajectory
from kurs.model.days import Days
from kurs.model.metric import Unit
from kurs.model.project import Project
from kurs.report.charts.axis import Amounts, amount_axis, day_axis, labelled, nice_ticks
from kurs.report.charts.chart import MEDIA_TYPE, Chart
from kurs.report.charts.drawing import svg
from kurs.report.charts.effects import parts_bars, waterfall
from kurs.report.charts.locale import number_locale, time_locale
from kurs.report.charts.statuses import status_history
from kurs.report.charts.theme import DARK, DASHES, LIGHT, LINES, OF_PAGE, WIDTHS
from kurs.report.charts.trajectory import trajectory_chart
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.measure import status
from kurs.workflows.opening import Opened, open_project
from kurs.workflows.trajectory import trajectories

EN, FA, PL = language("en"), language("fa"), language("pl")
TAGS = ("en", "pl", "sv", "fa")
PLAN = """
project: {name: Test, currency: SEK, engine: "duckdb:///shop.duckdb", as_of: 2026-03-20}
tables:
  visits: {time: day, dimensions: [channel]}
calendar:
  events:
    sale: [{from: 2026-03-10, to: 2026-03-12}]
metrics:
  orders: {expr: sum(visits.orders), good: up}
  visits: {expr: sum(visits.visits), good: up}
  rate: {expr: orders / visits, unit: percent, good: up}
kpis:
  orders: {metric: orders, every: month, baseline: previous, target: {change: +10%}, label: "Orders <b>&</b>"}
  rate: {metric: rate, every: month, baseline: previous, target: {change: +10%}}
  band: {metric: rate, every: month, target: {between: [4%, 6%]}}
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("shop")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute("""
            CREATE TABLE visits AS
            SELECT (DATE '2026-01-01' + INTERVAL (i) DAY)::DATE AS day, channel,
                100 + CASE WHEN channel = 'ads' THEN 3 * i ELSE i % 7 END AS visits,
                CASE WHEN channel = 'ads' THEN 2 ELSE 9 END + i % 3 AS orders
            FROM range(79) t(i), (VALUES ('ads'), ('mail')) c(channel)""")
    (folder / "kurs.yaml").write_text(PLAN)
    with open_project(folder) as at:
        yield at


@pytest.fixture(scope="module")
def ways(opened: Opened) -> dict[str, Trajectory]:
    return {way.reading.kpi.key: way for way in trajectories(opened, status(opened))}


def _values(spec: object) -> Iterator[dict[str, object]]:
    """Find every row of data in a specification."""
    if isinstance(spec, dict):
        data = spec.get("data")
        if isinstance(data, dict):
            yield from data["values"]
        for value in spec.values():
            yield from _values(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _values(value)


def test_the_line_of_a_chart_is_that_of_the_trajectory(opened: Opened, ways: dict[str, Trajectory]) -> None:
    way = ways["orders"]
    chart = trajectory_chart(way, opened.project, EN, LIGHT)
    rows = [row for row in _values(chart.spec) if row.get("line") == "Value"]
    assert [(row["at"], row["value"]) for row in rows] == [
        ((point.day - date(2026, 3, 1)).days, point.value) for point in way.points
    ]
    assert rows[-1]["value"] == way.reading.value


def test_the_table_has_every_value_of_the_chart(opened: Opened, ways: dict[str, Trajectory]) -> None:
    way = ways["orders"]
    table = trajectory_chart(way, opened.project, EN, LIGHT).table
    assert table.columns == ("Days", "Value", "Expected", "1–28 Feb 2026")
    assert len(table.rows) == 31
    by_day = {row[0]: row[1:] for row in table.rows}
    assert by_day["20 Mar 2026"][0] == EN.number(way.reading.value)
    assert by_day["31 Mar 2026"][1] == EN.number(way.reading.target)
    assert by_day["28 Mar 2026"][2] == EN.number(way.reading.baseline)


def test_the_words_say_where_it_stands(opened: Opened, ways: dict[str, Trajectory]) -> None:
    chart = trajectory_chart(ways["rate"], opened.project, EN, LIGHT)
    assert "Rate, 1–31 Mar 2026" in chart.description
    assert EN.percent(ways["rate"].reading.value) in chart.description
    assert "Target" in chart.description
    assert "between 4% and 6%" in trajectory_chart(ways["band"], opened.project, EN, LIGHT).description


def test_a_reader_halts_at_each_day_and_hears_what_the_table_says(
    opened: Opened, ways: dict[str, Trajectory]
) -> None:
    chart = trajectory_chart(ways["orders"], opened.project, EN, LIGHT)
    assert chart.stops is not None
    assert [row["at"] for row in chart.stops.rows] == list(range(31))
    said = [tuple(row.get(key, "") for key in chart.stops.titles) for row in chart.stops.rows]
    assert [row[:4] for row in said] == list(chart.table.rows)
    assert tuple(chart.stops.titles.values())[:4] == chart.table.columns
    assert [row[4] for row in said[8:13]] == ["", "Sale", "Sale", "Sale", ""]
    # the dot stands on the line, and nowhere after it
    values = [point.value for point in ways["orders"].points]
    assert [row["value"] for row in chart.stops.rows] == values + [None] * (31 - len(values))


def test_a_reader_of_persian_halts_at_days_of_their_calendar(
    opened: Opened, ways: dict[str, Trajectory]
) -> None:
    chart = trajectory_chart(ways["orders"], opened.project, FA, LIGHT)
    assert chart.stops is not None
    assert chart.stops.rows[0]["day"] == FA.date(date(2026, 3, 1)) == "۱۰ اسفند ۱۴۰۴"
    assert chart.stops.rows[0]["value_text"] == FA.number(ways["orders"].points[0].value)


def test_a_picture_on_paper_has_nothing_to_halt_at(opened: Opened, ways: dict[str, Trajectory]) -> None:
    chart = trajectory_chart(ways["orders"], opened.project, EN, LIGHT)
    assert "params" not in json.dumps(chart.styled)
    assert "datasets" not in chart.styled
    assert '"params"' in json.dumps(chart.reachable)


def test_a_level_target_needs_no_line_of_its_own(opened: Opened, ways: dict[str, Trajectory]) -> None:
    lines = {
        row.get("line") for row in _values(trajectory_chart(ways["rate"], opened.project, EN, LIGHT).spec)
    }
    assert "Expected" not in lines
    rows = list(_values(trajectory_chart(ways["orders"], opened.project, EN, LIGHT).spec))
    assert {row.get("line") for row in rows} >= {"Value", "Expected", "1–28 Feb 2026"}
    assert any(row.get("text") == "Sale" for row in rows)


def test_provisional_days_go_on_from_the_last_sure_one(opened: Opened, ways: dict[str, Trajectory]) -> None:
    way = ways["orders"]
    loose = Trajectory(
        reading=way.reading,
        shape=way.shape,
        grain=way.grain,
        points=(*way.points[:-3], *(Point(point.day, point.value, True) for point in way.points[-3:])),
    )
    chart = trajectory_chart(loose, opened.project, EN, LIGHT)
    rows = [row for row in _values(chart.spec) if row.get("line") == "Provisional"]
    assert [row["value"] for row in rows] == [point.value for point in way.points[-4:]]
    assert chart.table.rows[-1][1].endswith("*")


def test_no_two_lines_differ_in_colour_alone() -> None:
    assert len(LINES) == len(set(zip(map(tuple, DASHES), WIDTHS, strict=True)))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_lines_can_be_told_from_the_ground(theme: object) -> None:
    """Contrast of at least 3:1, as WCAG asks of graphics; of text 4.5:1."""
    ground = "#ffffff" if theme is LIGHT else "#182029"
    for name, least in (("ink", 4.5), ("soft", 4.5), ("faint", 4.5), ("accent", 3), ("warn", 3), ("bad", 3)):
        assert _contrast(getattr(theme, name), ground) >= least, name


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_waterfall_goes_from_the_value_before_to_the_value_now(opened: Opened) -> None:
    for name in ("rate", "orders"):
        found = explain(opened, Request(name, by=("channel",)))
        chart = waterfall(found, opened.project, EN, LIGHT)
        rows = list(_values(chart.spec))
        assert (rows[0]["end"], rows[-1]["end"]) == (found.against_value, found.value)
        steps = [(row["start"], row["end"]) for row in rows if row["kind"] != "whole"]
        assert steps[0][0] == found.against_value
        assert steps[-1][1] == pytest.approx(found.value, rel=1e-12)
        assert [end for _, end in steps[:-1]] == [start for start, _ in steps[1:]]


def test_parts_stand_beside_each_other_and_add_up(opened: Opened) -> None:
    found = explain(opened, Request("rate", by=("channel",)))
    chart = parts_bars(found, opened.project, EN, LIGHT)
    rows = list(_values(chart.spec))
    assert {row["kind"] for row in rows} == {"Rate", "Mix"}
    assert sum(float(str(row["effect"])) for row in rows) == pytest.approx(found.change)
    assert chart.table.columns == ("Name", "Rate", "Mix", "Effect")


def test_history_is_told_by_shape_and_word(opened: Opened, ways: dict[str, Trajectory]) -> None:
    way = ways["rate"]
    chart = status_history(way.history, opened.project, EN, LIGHT)
    assert chart is not None
    assert [row[0] for row in chart.table.rows] == ["Jan 2026", "Feb 2026"]
    assert [row["value"] for row in _values(chart.spec)] == [past.value for past in way.history]
    assert chart.stops is not None
    assert [tuple(row[key] for key in chart.stops.titles) for row in chart.stops.rows] == list(
        chart.table.rows
    )
    assert status_history((), opened.project, EN, LIGHT) is None
    # the names of many periods are thinned out, not written over each other
    many = status_history(way.history * 6, opened.project, EN, LIGHT)
    assert many is not None
    assert many.spec["width"]["step"] * 12 <= 640  # type: ignore[index,call-overload]
    assert many.spec["encoding"]["x"]["axis"]["labelOverlap"]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 2843, (0, 1000, 2000, 3000)),
        (0.0021, 0.0034, (0.002, 0.0025, 0.003, 0.0035)),
        (-0.6, 0.2, (-0.6, -0.4, -0.2, 0, 0.2)),
        (5, 5, (0, 1, 2, 3, 4, 5)),
        (0, 0, (0, 0.2, 0.4, 0.6, 0.8, 1)),
    ],
)
def test_ticks_are_round_and_take_in_the_ends(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert nice_ticks(low, high) == ticks


def test_ticks_of_vast_and_tiny_numbers_are_finite() -> None:
    for low, high in ((-1.7e308, 1.7e308), (0, 1e-300), (1e15, 1e15 + 1), (-3e-9, 4e-9)):
        ticks = nice_ticks(low, high)
        assert 2 <= len(ticks) <= 12
        assert ticks[0] <= low
        assert high <= ticks[-1] * (1 + 1e-9) or ticks[-1] >= high


def test_labels_are_written_beforehand() -> None:
    axis = labelled([0.0, 0.5], ['a"b', "۵"])
    assert axis["labelExpr"] == '["a\\"b", "\\u06f5"][indexof([0.0, 0.5], datum.value)]'
    axis, scale = amount_axis([0, 2_500_000], Amounts(Unit.CURRENCY, "SEK", PL), from_zero=True)
    assert "mln" in json.loads(str(axis["labelExpr"]).partition("[indexof")[0])[-1]
    assert scale["domain"] == [0, 2_500_000]


def test_days_of_long_periods_are_marked_by_month() -> None:
    axis, _ = day_axis(Days(date(2026, 1, 1), date(2026, 12, 31)), EN)
    assert axis["values"][1] == 31.0  # type: ignore[index]
    short, _ = day_axis(Days(date(2026, 3, 1), date(2026, 3, 5)), EN)
    assert short["values"] == [0, 1, 2, 3, 4]


def test_vega_writes_numbers_as_cldr_does() -> None:
    assert number_locale(PL)["thousands"] == "\N{NO-BREAK SPACE}"
    assert number_locale(FA)["numerals"] == list("۰۱۲۳۴۵۶۷۸۹")
    assert number_locale(language("sv"))["percent"] == "\N{NO-BREAK SPACE}%"
    for tag in TAGS:
        names = time_locale(language(tag))
        assert [len(names[key]) for key in ("days", "months", "shortMonths")] == [7, 12, 12]  # type: ignore[arg-type]
    assert time_locale(PL)["days"][0] == "niedziela"  # type: ignore[index]


def test_from_the_right_labels_change_sides_and_time_does_not(
    opened: Opened, ways: dict[str, Trajectory]
) -> None:
    chart = trajectory_chart(ways["orders"], opened.project, FA, LIGHT)
    assert chart.config["axisY"]["orient"] == "right"  # type: ignore[index]
    x = chart.spec["encoding"]["x"]  # type: ignore[index,call-overload]
    assert x["scale"]["domain"] == [0, 30]
    assert "reverse" not in x["scale"]


def test_a_notebook_gets_the_whole_chart(opened: Opened, ways: dict[str, Trajectory]) -> None:
    chart = trajectory_chart(ways["orders"], opened.project, EN, DARK)
    bundle = chart._repr_mimebundle_()
    assert json.loads(json.dumps(bundle[MEDIA_TYPE]))["config"]["text"]["color"] == DARK.ink
    assert "Orders <b>&</b>" in str(bundle["text/plain"])


def test_every_chart_can_be_drawn_in_every_language(opened: Opened, ways: dict[str, Trajectory]) -> None:
    found = explain(opened, Request("rate", by=("channel",)))
    for tag in ("en", "fa"):
        for chart in _all(opened.project, ways, found, tag):
            drawn = svg(replace(chart, spec=chart.stops.added_to(chart.spec)) if chart.stops else chart)
            assert drawn.startswith("<svg")
            assert "<b>" not in drawn  # what the plan says is text
            assert "NaN" not in drawn
            assert "undefined" not in drawn


def _all(project: Project, ways: dict[str, Trajectory], found: object, tag: str) -> Iterator[Chart]:
    from kurs.explain.finding import Finding

    assert isinstance(found, Finding)
    spoken = language(tag)
    for way in ways.values():
        yield trajectory_chart(way, project, spoken, OF_PAGE)
    yield waterfall(found, project, spoken, OF_PAGE)
    yield parts_bars(found, project, spoken, OF_PAGE)
    history = status_history(ways["rate"].history, project, spoken, OF_PAGE)
    assert history is not None
    yield history


def test_a_reading_without_anything_still_makes_a_chart(opened: Opened, ways: dict[str, Trajectory]) -> None:
    way = ways["orders"]
    empty = Trajectory(reading=way.reading, shape=way.shape, grain=way.grain)
    assert trajectory_chart(empty, opened.project, EN, LIGHT).table.rows == ()
