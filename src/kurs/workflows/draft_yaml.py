"""Writes a drafted plan as YAML that a person can read and go on with: comments, quotes where needed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kurs.model.days import Grain
from kurs.model.source import Format, Keep, column_name
from kurs.project.spelling import spelled
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kurs.problems import Problem
    from kurs.sources.look_seen import Decided, Seen, SeenColumn
    from kurs.words import Language
    from kurs.workflows.draft import DraftedSource
    from kurs.workflows.draft_metrics import DraftedKpi, DraftedMetric

_HEAD = N_("Drafted from data files. Lines with “check:” ask for a look; all of it may be changed.")
_ZONE = N_("check: what a “day” is; a time without a zone is read as one of this zone")
_CURRENCY = N_("check: the files speak of no single currency; name yours here, such as EUR")
_AS_OF = N_("the data end here; remove this line when newer data come")
_NO_KEY = N_(
    "check: no column or few of them are unique; without a key, a row that stands twice counts twice"
)
_KEY = N_("unique in these files; a load is refused where it is not")
_FEW = N_("check: unique in only {n} rows; is it the key?")
_WINDOW = N_("a load replaces the days that its files hold")
_WEEKS = N_("check: the rows of weeks are of this weekday")
_ROWS_OF = {
    Grain.WEEK: N_("check: all rows are of one day of the week, so each is taken for a whole week"),
    Grain.MONTH: N_("check: all rows are of one end of a month, so each is taken for a whole month"),
}
_ROWS_OF_PERIODS = N_("until when a row speaks: for the whole of its period")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RESTATES = N_("such reports change for some days after; these days are provisional")
_EMPTY = N_("no value in these files: {columns}")
_TARGET = N_("set a target")
_PATTERN = N_("a pattern such as exports/orders_*.csv takes in the files to come, too")
_SAMPLED = N_("only a sample of the rows was looked at")


class Draftsman:
    """Puts the parts of a plan into text, with its comments in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def comment(self, text: str, **values: object) -> str:
        """Say a comment, on one line."""
        return "# " + _one_line(self._language.say(text, **values))

    def doubt(self, decided: Decided) -> str:
        """Say what was in doubt, both readings with it, and which was taken."""
        message, _ = self._language.problem(decided.doubt.code, decided.doubt.problem().values)
        lead = "" if decided.answered else "check: "
        return f"# {lead}{_one_line(message)} [{decided.taken}]"

    def finding(self, problem: Problem) -> str:
        """Say what the profile cannot express."""
        message, _ = self._language.problem(problem.code, problem.values)
        return f"# check: {_one_line(message)}"

    def project(
        self, name: str, currency: str | None, as_of: str | None, week_starts: int | None = None
    ) -> str:
        """Write ``kurs.yaml``."""
        lines = [self.comment(_HEAD), "project:", f"  name: {spelled(name)}"]
        lines.append(f"  timezone: UTC {self.comment(_ZONE)}")
        if week_starts is not None:
            lines.append(f"  week_starts: {_WEEKDAYS[week_starts]} {self.comment(_WEEKS)}")
        if currency:
            lines.append(f"  currency: {currency}")
        else:
            lines.append(f"  # currency: EUR {self.comment(_CURRENCY)}")
        if as_of:
            lines.append(f"  as_of: {as_of} {self.comment(_AS_OF)}")
        return "\n".join(lines) + "\n"

    def sources(self, drafted: Sequence[DraftedSource]) -> str:
        """Write ``sources.yaml``: sources and the tables over them."""
        lines = ["sources:"]
        for source in drafted:
            lines += self._source(source)
        lines += ["tables:"]
        for source in drafted:
            lines += self._table(source)
        return "\n".join(lines) + "\n"

    def metrics(self, metrics: Sequence[DraftedMetric]) -> str:
        """Write ``metrics.yaml``."""
        lines = ["metrics:"]
        table = ""
        for metric in metrics:
            if metric.table != table:
                table = metric.table
                lines.append(f"  # {table}")
            lines += [f"  {metric.name}:", f"    expr: {_expression(metric.expr)}"]
            if metric.unit != "number":
                lines.append(f"    unit: {metric.unit}")
            if metric.good:
                lines.append(f"    good: {metric.good}")
        return "\n".join(lines) + "\n"

    def kpis(self, kpis: Sequence[DraftedKpi]) -> str:
        """Write ``kpis.yaml``; targets are left to people."""
        lines = ["kpis:" if kpis else "kpis: {}"]
        for kpi in kpis:
            lines += [f"  {kpi.name}:", f"    metric: {kpi.metric}", f"    period: {{every: {kpi.every}}}"]
            if kpi.baseline:
                lines.append(f"    baseline: {kpi.baseline}")
                change = "-10%" if kpi.good == "down" else "+10%"
                lines.append(f"    # target: {{change: {change}}} {self.comment(_TARGET)}")
            else:
                lines.append(f"    # target: {{reach: 1000}} {self.comment(_TARGET)}")
        return "\n".join(lines) + "\n"

    def _source(self, drafted: DraftedSource) -> list[str]:
        seen = drafted.seen
        lines = [f"  {drafted.key}:"]
        lines += [f"    {self.doubt(one)}" for one in seen.decided if one.doubt.code != "doubt_marks"]
        lines += [f"    {self.finding(one)}" for one in seen.findings]
        if seen.sampled:
            lines.append(f"    {self.comment('check: ' + self._language.say(_SAMPLED))}")
        hint = f" {self.comment(_PATTERN)}" if len(drafted.files) == 1 and "*" not in drafted.files[0] else ""
        files = drafted.files[0] if len(drafted.files) == 1 else None
        shown = spelled(files) if files is not None else _list(drafted.files)
        lines.append(f"    files: {shown}{hint}")
        if drafted.files_are:
            lines.append(f"    files_are: {drafted.files_are}")
        lines.append(f"    into: {drafted.key}")
        lines += [f"    {self.doubt(one)}" for one in seen.decided if one.doubt.code == "doubt_marks"]
        if form := _format(seen):
            lines.append(f"    format: {{{form}}}")
        stated = [
            column for column in seen.columns if column.type is not None or column.keep is not Keep.PLAIN
        ]
        if seen.format.header_row == 0:
            stated = list(seen.columns)
        if stated:
            lines.append("    columns:")
        for column in stated:
            lines += self._column(column)
        if empty := [column.header for column in seen.columns if column not in stated]:
            lines.append(f"    {self.comment(_EMPTY, columns=', '.join(empty))}")
        return [*lines, *self._ending(drafted)]

    def _column(self, column: SeenColumn) -> Iterable[str]:
        for decided in column.decided:
            yield f"      {self.doubt(decided)}"
        for problem in column.findings:
            yield f"      {self.finding(problem)}"
        parts: list[str] = []
        if column.name != column_name(column.header):
            parts.append(f"name: {column.name}")
        if column.type is not None and column.keep is not Keep.DROPPED:
            parts.append(f"type: {_type(column.type)}")
        if column.date_format:
            parts.append(f"date: {json.dumps(column.date_format)}")
        if column.currency_signs and column.keep is Keep.PLAIN:
            parts.append(f"currency_signs: [{', '.join(_text(sign) for sign in column.currency_signs)}]")
        personal = any(one.doubt.code == "doubt_personal" for one in column.decided)
        if personal or column.keep is not Keep.PLAIN:
            parts.append(f"keep: {column.keep.value}")
        header = spelled(column.header)
        only_type = len(parts) == 1 and parts[0].startswith("type: ")
        said = parts[0].removeprefix("type: ") if only_type else f"{{{', '.join(parts)}}}"
        yield f"      {header}: {said}"

    def _ending(self, drafted: DraftedSource) -> Iterable[str]:
        if drafted.key_columns:
            few = drafted.seen.rows < 10
            said = self.comment(_FEW, n=drafted.seen.rows) if few else self.comment(_KEY)
            yield f"    key: {_list(drafted.key_columns)} {said}"
        else:
            yield f"    {self.comment(_NO_KEY)}"
        if drafted.window:
            yield f"    window: {drafted.window} {self.comment(_WINDOW)}"
        if drafted.currency:
            yield f"    account: {{currency: {drafted.currency}}}"
        if drafted.rows_are is not None:
            guessed = _ROWS_OF.get(drafted.rows_are) if drafted.rows_guessed else None
            yield f"    covers: {{rows: {drafted.rows_are}}} {self.comment(guessed or _ROWS_OF_PERIODS)}"
        if drafted.restates:
            yield f"    restates: {drafted.restates} days {self.comment(_RESTATES)}"

    def _table(self, drafted: DraftedSource) -> list[str]:
        lines = [f"  {drafted.table}:", f"    from: {drafted.key}"]
        if drafted.time:
            lines.append(f"    time: {drafted.time}")
        if drafted.naive_time:
            lines.append(f"    timezone: UTC {self.comment(_ZONE)}")
        if len(drafted.key_columns) == 1:
            lines.append(f"    key: {drafted.key_columns[0]}")
        if drafted.dimensions:
            lines.append("    dimensions:")
            lines += [
                f"      - {name}" if name == column else f"      - {name}: {column}"
                for name, column in drafted.dimensions
            ]
        if drafted.joins:
            joins = ", ".join(f"{table}: {column}" for table, column in drafted.joins.items())
            lines.append(f"    joins: {{{joins}}}")
        return lines


def _one_line(text: str) -> str:
    """Put a text on one line, without characters that YAML refuses even in a comment."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))


def _type(name: str) -> str:
    return json.dumps(name) if "," in name else name


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(spelled(text) for text in texts)}]"


def _expression(text: str) -> str:
    """An expression stands on its own line; only a colon or a hash would tear it."""
    return json.dumps(text) if re.search(r": | #|^[\"'{\[&*!|>%@`]", text) else text


def _format(seen: Seen) -> str:
    said, plain = seen.format, Format()
    parts: list[str] = []
    if said.kind is not None:
        parts.append(f"kind: {said.kind}")
    if said.member is not None:
        parts.append(f"member: {_text(said.member)}")
    if seen.kind == "csv":
        parts += [f"encoding: {said.encoding}", f"delimiter: {json.dumps(said.delimiter)}"]
        if said.quote != '"':
            parts.append(f"quote: {json.dumps(said.quote)}")
    elif said.encoding != plain.encoding:
        parts.append(f"encoding: {said.encoding}")
    if seen.kind in ("csv", "sheet"):
        if said.sheet is not None:
            parts.append(f"sheet: {_text(said.sheet)}")
        if said.header_row != plain.header_row:
            parts.append(f"header_row: {said.header_row}")
        parts.append(f"decimal: {_text(said.decimal)}")
        if said.thousands:
            parts.append(f"thousands: {_text(said.thousands)}")
    if said.rows is not None:
        parts.append(f"rows: {spelled(said.rows)}")
    parts += [
        f"{key}: {value}"
        for key, value, default in (
            ("digits", said.digits, plain.digits),
            ("negatives", said.negatives, plain.negatives),
            ("bounds", said.bounds, plain.bounds),
            ("calendar", said.calendar, plain.calendar),
            ("locale", said.locale, plain.locale),
            ("years_from", said.years_from, plain.years_from),
        )
        if value != default
    ]
    if said.comment:
        parts.append(f"comment: {json.dumps(said.comment)}")
    if said.until_blank:
        parts.append("until: blank_row")
    if said.totals is not None:
        parts.append(f"totals: {_text(said.totals)}")
    if said.totals_in is not None:
        parts.append(f"totals_in: {spelled(said.totals_in)}")
    if said.sums_where_empty is not None:
        parts.append(f"sums_where_empty: {spelled(said.sums_where_empty)}")
    if said.nulls != plain.nulls:
        parts.append(f"nulls: [{', '.join(_text(mark) for mark in said.nulls)}]")
    return ", ".join(parts)


def _text(text: str) -> str:
    """Write a text in quotes; signs that nobody sees are spelt out."""
    return json.dumps(text, ensure_ascii=not text.isprintable() or "\u00a0" in text or "\u202f" in text)
