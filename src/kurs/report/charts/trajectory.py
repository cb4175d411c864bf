"""The way of a KPI through its period: its line, what was expected, the target, the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.evaluate.trajectory import MarkKind, Shape
from kurs.model.days import Grain
from kurs.report.charts.axis import Amounts, amount_axis, day_axis, drawn
from kurs.report.charts.chart import Chart, Table
from kurs.report.charts.stops import Stops
from kurs.report.charts.theme import DASHES, LINES, WIDTHS, config, range_of
from kurs.report.labels import action_says, event_label, kpi_label, owner_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kurs.evaluate.trajectory import Mark, Point, Stretch, Trajectory
    from kurs.model.project import Project
    from kurs.report.charts.chart import Spec
    from kurs.report.charts.theme import Theme
    from kurs.words import Language

WIDTH, HEIGHT = 640, 240


def trajectory_chart(
    way: Trajectory, project: Project, language: Language, theme: Theme, width: int | str = WIDTH
) -> Chart:
    """Draw the way of a KPI; ``width`` is in pixels, or "container" in a browser."""
    return _Drawing(way, project, language).chart(theme, width)


def marks_said(way: Trajectory, project: Project, language: Language) -> tuple[str, ...]:
    """Say what the marks of the chart stand for, each with its days, the oldest first."""
    drawing = _Drawing(way, project, language)
    marks = sorted(way.marks, key=lambda mark: mark.days)
    return tuple(
        f"{language.days_range(one.days.first, one.days.last)} · {drawing.says(one)}" for one in marks
    )


class _Drawing:
    """One chart in the making: every value once as a number and once as a text."""

    def __init__(self, way: Trajectory, project: Project, language: Language) -> None:
        self.way = way
        self.project = project
        self.language = language
        self.amounts = Amounts(way.reading.unit, project.settings.currency, language)
        self.period = way.reading.period
        self.names = dict(
            zip(
                LINES,
                (
                    language.term("column.value"),
                    language.say("Provisional"),
                    language.say("Expected"),
                    self._compared(),
                ),
                strict=True,
            )
        )

    def chart(self, theme: Theme, width: int | str) -> Chart:
        title = kpi_label(self.project, self.way.reading.kpi, self.language)
        spec: Spec = {
            "width": width,
            "height": HEIGHT,
            "encoding": {"x": self._x(), "y": self._y()},
            "layer": [layer for layer in self._layers() if layer is not None],
        }
        made = config(theme, self.language)
        return Chart(title, self._description(title), self._table(), spec, made, self._note(), self._stops())

    # What is drawn, from the ground up

    def _layers(self) -> Iterator[Spec | None]:
        yield self._band()
        yield self._target()
        yield self._events()
        yield self._apart()
        yield self._lines()
        yield from self._end()
        yield from self._decisions()

    def _x(self) -> Spec:
        axis, scale = day_axis(self.period, self.language)
        return {"field": "at", "type": "quantitative", "axis": axis, "scale": scale}

    def _y(self) -> Spec:
        way, reading = self.way, self.way.reading
        target = reading.target
        edges = [target.low, target.high] if isinstance(target, Band) else [target]
        single = [one.value for one in self._apart_inside()]
        axis, scale = amount_axis(
            [*self._of_lines(), *single, *edges], self.amounts, from_zero=way.shape is Shape.CUMULATIVE
        )
        return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}

    def _lines(self) -> Spec:
        rows = [
            {
                "at": self._at(point.day),
                "value": point.value,
                "line": self._drawn(self.names[line]),
            }
            for line, points in self._by_line()
            for point in points
        ]
        shown_lines = [line for line, points in self._by_line() if points]
        places = [LINES.index(line) for line in shown_lines]
        names = [self._drawn(self.names[line]) for line in shown_lines]
        legend: Spec = {"symbolType": "stroke", "symbolSize": 260, "symbolStrokeWidth": 2}

        def by_name(range_: object) -> Spec:
            scale = {"type": "ordinal", "domain": names, "range": range_}
            return {"field": "line", "type": "ordinal", "scale": scale, "legend": legend}

        return {
            "data": {"values": rows},
            "mark": {"type": "line", "interpolate": "linear"},
            "encoding": {
                "color": by_name(range_of(places)),
                "strokeDash": by_name([DASHES[place] for place in places]),
                "strokeWidth": by_name([WIDTHS[place] for place in places]),
            },
        }

    def _band(self) -> Spec | None:
        target = self.way.reading.target
        if not isinstance(target, Band):
            return None
        values = [{"at": 0, "end": len(self.period) - 1, "value": target.low, "high": target.high}]
        return {
            "data": {"values": values},
            "mark": {"type": "rect", "style": "band"},
            "encoding": {"x2": {"field": "end"}, "y2": {"field": "high"}},
        }

    def _target(self) -> Spec | None:
        target = self.way.reading.target
        if target is None or isinstance(target, Band):
            return None
        said = self.language.say("Target {target}", target=self.amounts.full(target))
        values = [{"at": 0, "end": len(self.period) - 1, "value": target, "text": said}]
        above = {
            "type": "text",
            "style": "target-label",
            "align": "left",
            "baseline": "bottom",
            "dx": 2,
            "dy": -3,
        }
        return {
            "data": {"values": values},
            "layer": [
                {"mark": {"type": "rule", "style": "target"}, "encoding": {"x2": {"field": "end"}}},
                {"mark": above, "encoding": {"text": {"field": "text"}}},
            ],
        }

    def _of_lines(self) -> list[float]:
        lines = (self.way.points, self.way.expected, self.way.comparison)
        return [point.value for line in lines for point in line if point.value is not None]

    def _apart_inside(self) -> list[Stretch]:
        """Return the days or weeks that can be drawn beside the line: one far away would flatten it."""
        line = self._of_lines()
        known = [one for one in self.way.apart if one.value is not None]
        if not line:
            return known
        low, high = min(line), max(line)
        room = max(high - low, 0.25 * max(abs(low), abs(high)))
        return [one for one in known if one.value is not None and low - room <= one.value <= high + room]

    def _apart(self) -> Spec | None:
        if not self.way.apart:
            return None
        rows = [{"at": self._at(one.days.last), "value": one.value} for one in self._apart_inside()]
        return {"data": {"values": rows}, "mark": {"type": "point", "style": "apart"}}

    def _end(self) -> Iterator[Spec]:
        """Mark where the KPI stands."""
        known = [point for point in self.way.points if point.value is not None]
        if not known:
            return
        last = known[-1]
        at, beyond = self._at(last.day), self._at(last.day) > 0.8 * len(self.period)
        rows = [{"at": at, "value": last.value, "text": self.amounts.full(last.value)}]
        align, dx = ("right", -7) if beyond else ("left", 8)
        label = {
            "type": "text",
            "style": "end-label",
            "align": align,
            "dx": dx,
            "dy": self._beside_target(last),
        }
        yield {
            "data": {"values": rows},
            "layer": [
                {"mark": {"type": "point", "style": "end"}},
                {"mark": label, "encoding": {"text": {"field": "text"}}},
            ],
        }

    def _beside_target(self, last: Point) -> int:
        """Return how far above its point the last value stands, or below it where the target's line is."""
        target, value = self.way.reading.target, last.value
        if value is None or not isinstance(target, int | float):
            return -9
        return 14 if 0 <= target - value < 0.15 * abs(target) else -9

    def _events(self) -> Spec | None:
        """Draw events as strips at the foot of the chart, with their names."""
        rows: list[Spec] = [
            {
                "at": self._at(mark.days.first),
                "end": self._at(mark.days.last),
                "text": self._drawn(self.says(mark)),
            }
            for mark in self.way.marks
            if mark.kind is MarkKind.EVENT
        ]
        if not rows:
            return None
        late = [row for row in rows if int(str(row["at"])) > 0.6 * len(self.period)]
        early = [row for row in rows if row not in late]
        strip: Spec = {"y": {"value": HEIGHT - 5}, "y2": {"value": HEIGHT}, "x2": {"field": "end"}}

        def named(some: list[Spec], align: str, field: str) -> Spec:
            label = {"type": "text", "style": "mark-label", "align": align, "baseline": "bottom"}
            return {
                "data": {"values": some},
                "mark": label,
                "encoding": {
                    "x": {"field": field, "type": "quantitative"},
                    "y": {"value": HEIGHT - 8},
                    "text": {"field": "text"},
                },
            }

        layers: list[Spec] = [
            {"data": {"values": rows}, "mark": {"type": "rect", "style": "event"}, "encoding": strip}
        ]
        layers += [named(early, "left", "at")] if early else []
        layers += [named(late, "right", "end")] if late else []
        return {"layer": layers}

    def _decisions(self) -> Iterator[Spec]:
        """Mark what was decided on the way, at the foot of the chart."""
        days = sorted({one.days.first for one in self.way.marks if one.kind is not MarkKind.EVENT})
        if days:
            mark = {"type": "point", "shape": "triangle-up", "style": "mark", "filled": True, "size": 50}
            rows = [{"at": self._at(day)} for day in days]
            yield {"data": {"values": rows}, "mark": mark, "encoding": {"y": {"value": HEIGHT - 5}}}

    # The words

    def _description(self, title: str) -> str:
        way, said = self.way, self.language
        reading = way.reading
        parts = [
            said.say(
                "{title}, {days}: {value} by {day}.",
                title=title,
                days=self._days(self.period.first, self.period.last),
                value=self.amounts.full(reading.value),
                day=reading.data_to,
            )
        ]
        if isinstance(reading.target, Band):
            low, high = self.amounts.full(reading.target.low), self.amounts.full(reading.target.high)
            parts.append(said.say("To be kept between {low} and {high}.", low=low, high=high))
        elif reading.target is not None:
            parts.append(said.say("Target: {target}.", target=self.amounts.full(reading.target)))
        if reading.expected_by_now is not None:
            expected = self.amounts.full(reading.expected_by_now)
            parts.append(said.say("Expected by then: {expected}.", expected=expected))
        return " ".join(parts)

    def _note(self) -> str:
        """Say what the line is, and what is not in the picture."""
        said, way = self.language, self.way
        if way.shape is Shape.CUMULATIVE:
            return said.say("The line adds up the days so far.")
        if way.shape is Shape.LEVEL:
            return ""
        outside = sum(one.value is not None for one in way.apart) - len(self._apart_inside())
        parts = [
            said.say("The line is the value of all days so far; dots are single days.")
            if way.apart_grain is Grain.DAY
            else said.say("The line is the value of all days so far; dots are single weeks.")
        ]
        if outside:
            parts.append(
                said.say_plural("{n} lies outside the picture.", "{n} lie outside the picture.", outside)
            )
        return " ".join(parts)

    def _table(self) -> Table:
        """Lay out all lines day by day; a line that has no point at all has no column."""
        lines = [(line, {point.day: point for point in points}) for line, points in self._whole() if points]
        days = sorted({day for _, points in lines for day in points})
        rows = tuple(
            (self.language.date(day), *(self._cell(points.get(day)) for _, points in lines)) for day in days
        )
        return Table((self.language.term("column.window"), *(self.names[line] for line, _ in lines)), rows)

    def _cell(self, point: Point | None) -> str:
        if point is None:
            return ""
        return self.amounts.full(point.value) + ("*" if point.provisional else "")

    def says(self, mark: Mark) -> str:
        """Name a mark."""
        match mark.kind:
            case MarkKind.EVENT:
                return event_label(self.project, mark.name, self.language)
            case MarkKind.ACTION_OPENED | MarkKind.ACTION_DONE:
                says = action_says(self.project, mark.name, self.language)
                return f"{self.language.term(f'mark.{mark.kind}')}: {says}"
            case MarkKind.REVISED | MarkKind.NOTE:
                return f"{self.language.term(f'mark.{mark.kind}')}: {shown(mark.name)}"
            case _:
                person = owner_name(self.project, mark.name, self.language)
                return f"{self.language.term(f'mark.{mark.kind}')}: {person}"

    # The pieces

    def _whole(self) -> tuple[tuple[str, Sequence[Point]], ...]:
        way = self.way
        return (("value", way.points), ("expected", way.expected), ("comparison", way.comparison))

    def _by_line(self) -> tuple[tuple[str, Sequence[Point]], ...]:
        """Return the lines in the order of ``LINES``; the provisional one begins where the final one ends."""
        points = self.way.points
        firm = [point for point in points if not point.provisional]
        loose = [point for point in points if point.provisional]
        joint = firm[-1:] if loose else []
        flat = self.way.expected if self._moves() else ()
        return (
            ("value", firm),
            ("provisional", [*joint, *loose]),
            ("expected", flat),
            ("comparison", self.way.comparison),
        )

    def _moves(self) -> bool:
        """Say whether the expected line is one: one that is level all the way is the target itself."""
        return len({point.value for point in self.way.expected}) > 1

    def _compared(self) -> str:
        compared = self.way.compared
        return self._days(compared.first, compared.last) if compared is not None else ""

    def _stops(self) -> Stops:
        """Say for each day what its lines, its dot and its marks are."""
        lines = [(line, {one.day: one for one in points}) for line, points in self._whole() if points]
        apart = {one.days.last: one for one in self._apart_inside()}
        titles = {"day": self.language.term("column.window")}
        titles |= {f"{line}_text": self.names[line] for line, _ in lines}
        if self.way.apart_grain is not None and apart:
            titles["apart"] = self.language.term(f"grain.{self.way.apart_grain}")
        if self.way.marks:
            titles["marks"] = self.language.say("On this day")

        def stop(day: date) -> Spec:
            marks = [self.says(mark) for mark in self.way.marks if mark.days.first <= day <= mark.days.last]
            said: Spec = {f"{line}_text": self._cell(points.get(day)) for line, points in lines}
            said["apart"] = self.amounts.full(apart[day].value) if day in apart else ""
            said["marks"] = self.language.clauses(marks) if marks else ""
            return {key: said[key] for key in titles if key in said}

        values = {point.day: point.value for point in self.way.points}
        rows: list[Spec] = [
            {"at": self._at(day), "value": values.get(day), "day": self.language.date(day), **said}
            for day in self.period
            if any((said := stop(day)).values())
        ]
        return Stops("at", titles, tuple(rows))

    def _drawn(self, text: str) -> str:
        return drawn(text, self.language)

    def _at(self, day: date) -> int:
        return (day - self.period.first).days

    def _days(self, first: date, last: date) -> str:
        return self.language.date(first) if first == last else self.language.days_range(first, last)
