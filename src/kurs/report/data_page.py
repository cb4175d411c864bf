"""The data behind the numbers: sources, the last loads, tables; on a terminal and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.report.as_json import Plain, plain
from kurs.report.labels import size
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rich.console import RenderableType

    from kurs.evaluate.data_state import Data, DoneLoad, SourceData
    from kurs.lake.inventory import Inventory
    from kurs.lake.record import Totals
    from kurs.model.days import Days
    from kurs.words import Language

_INDENT = (0, 0, 0, 2)
_GAPS_SHOWN = 3
_LATE = 2  # days behind from which on it is worth a colour: yesterday's data are as fresh as most can be


def data_json(data: Data) -> Plain:
    """Return all that is known; days are ISO, sizes are bytes."""
    return {
        "as_of": plain(data.as_of),
        "sources": [_source_json(source) for source in data.sources],
        "tables": [_table_json(one) for one in data.tables],
        "loads": [_load_json(load) for load in data.loads],
    }


def data_page(data: Data, language: Language, width: int) -> RenderableType:
    """Lay out sources, what is missing of them, the last loads and what they restated, and tables."""
    zone = ZoneInfo(data.zone)
    parts: list[RenderableType] = [_sources(data.sources, zone, language, width)]
    if notes := [Padding(Text(line, "yellow"), _INDENT) for line in notes_on(data.sources, language)]:
        parts += [Text(), *notes]
    if data.loads:
        parts += [
            Text(),
            Text(language.say("The last loads"), "bold"),
            _loads(data.loads, zone, language, width),
        ]
    lines = [line for load in data.loads for line in restatements(load, zone, language)]
    if restated := [Padding(Text(line, "yellow"), _INDENT) for line in lines]:
        parts += [Text(), *restated]
    if data.tables:
        parts += [Text(), Text(language.say("Tables in the lake"), "bold")]
        parts.append(_tables(data.tables, language, width))
    return Group(*parts)


def _sources(sources: Sequence[SourceData], zone: ZoneInfo, language: Language, width: int) -> RenderableType:
    columns = (
        Column(language.term("column.source"), least=12),
        Column(language.term("column.account"), rank=3),
        Column(language.term("column.table"), rank=4),
        Column(language.term("column.covered_to")),
        Column(language.term("column.days_late"), "right"),
        Column(language.term("column.gap_days"), "right", rank=1),
        Column(language.term("column.rejected"), "right", rank=2),
        Column(language.term("column.last_load"), rank=5),
    )
    return table(columns, [_source_row(source, zone, language) for source in sources], width)


def _source_row(source: SourceData, zone: ZoneInfo, language: Language) -> Row:
    late = source.days_late
    if source.last is None:
        covered = Text(language.say("not loaded"), "yellow")
    elif not source.covered:
        covered = Text(language.say("no days"), "dim")
    else:
        covered = Text(language.date(source.covered[-1].last))
    missing = sum(len(days) for days in source.gaps)
    return (
        Text(source.source, "" if source.in_plan else "dim"),
        Text(source.account),
        Text(source.table, "dim"),
        covered,
        Text("" if late is None else language.number(late), "bold yellow" if (late or 0) >= _LATE else ""),
        Text(language.number(missing) if missing else "", "bold yellow"),
        Text(language.number(source.rows_rejected) if source.rows_rejected else "", "bold yellow"),
        Text(moment_of(source.last, zone, language) if source.last is not None else "", "dim"),
    )


def notes_on(sources: Sequence[SourceData], language: Language) -> Iterator[str]:
    """Name the days that are missing, and the sources that left the plan."""
    for source in sources:
        if source.gaps:
            days = [language.days_range(gap.first, gap.last) for gap in source.gaps[:_GAPS_SHOWN]]
            more = len(source.gaps) - len(days)
            if more:
                days.append(language.say_plural("{n} more", "{n} more", more))
            yield language.say("{source}: no data for {days}.", source=source.source, days=days)
        if not source.in_plan:
            yield language.say(
                "{source} is not in the plan any more; its rows are still in {table}. "
                "Remove them with: kurs load --prune",
                source=source.source,
                table=source.table,
            )


def _loads(loads: Sequence[DoneLoad], zone: ZoneInfo, language: Language, width: int) -> RenderableType:
    columns = (
        Column(language.term("column.last_load")),
        Column(language.term("column.source"), least=12),
        Column(language.term("column.rows"), "right"),
        Column(language.term("column.rejected"), "right"),
        Column(language.term("column.window"), rank=1),
        Column(language.term("column.before_after"), "right"),
        Column(language.term("column.version"), "right", rank=2),
    )
    return table(columns, [_load_row(load, zone, language) for load in loads], width)


def _load_row(load: DoneLoad, zone: ZoneInfo, language: Language) -> Row:
    record = load.record
    window = window_of(load)
    before, after = language.number(record.before.rows), language.number(record.after.rows)
    return (
        Text(moment_of(load, zone, language), "dim"),
        Text(record.source),
        Text(language.number(record.rows_read)),
        Text(language.number(record.rows_rejected) if record.rows_rejected else "", "bold yellow"),
        Text(language.days_range(*window) if window is not None else language.say("everything")),
        Text(f"{before} → {after}"),
        Text(language.number(load.version), "dim"),
    )


def restatements(load: DoneLoad, zone: ZoneInfo, language: Language) -> Iterator[str]:
    """Say how a load changed sums of days that were there before."""
    record = load.record
    for column, before in record.before.sums.items() if record.before.rows else ():
        after = record.after.sums.get(column)
        if after is None or after == before:
            continue
        decimals = None if isinstance(before, int) and isinstance(after, int) else 2
        yield language.say(
            "{moment}, {source}: the sum of {column} went from {before} to {after} ({change}).",
            moment=moment_of(load, zone, language),
            source=record.source,
            column=column,
            before=language.number(before, decimals),
            after=language.number(after, decimals),
            change=language.change((float(after) - float(before)) / abs(float(before)) if before else None),
        )


def _tables(tables: Sequence[Inventory], language: Language, width: int) -> RenderableType:
    columns = (
        Column(language.term("column.table"), least=12),
        Column(language.term("column.rows"), "right"),
        Column(language.term("column.columns"), "right", rank=2),
        Column(language.term("column.versions"), "right", rank=1),
        Column(language.term("column.size"), "right"),
    )
    rows: list[Row] = [
        (
            Text(one.table),
            Text(language.number(one.rows)),
            Text(language.number(one.columns)),
            Text(language.number(one.versions)),
            Text(size(one.bytes_on_disk, language)),
        )
        for one in tables
    ]
    return table(columns, rows, width)


def moment_of(load: DoneLoad, zone: ZoneInfo, language: Language) -> str:
    return language.moment(datetime.fromisoformat(load.record.at).astimezone(zone))


def window_of(load: DoneLoad) -> tuple[date, date] | None:
    replaced = load.record.replaced
    return (replaced[0].first, replaced[-1].last) if replaced else None


def _source_json(source: SourceData) -> Plain:
    return {
        "source": source.source,
        "table": source.table,
        "account": source.account,
        "in_plan": source.in_plan,
        "covered": [_days(days) for days in source.covered],
        "covered_to": plain(source.covered[-1].last) if source.covered else None,
        "days_late": source.days_late,
        "gaps": [_days(days) for days in source.gaps],
        "provisional_from": plain(source.provisional_from),
        "rows_rejected": source.rows_rejected,
        "loads": source.loads,
        "last_load": _load_json(source.last) if source.last is not None else None,
    }


def _table_json(one: Inventory) -> Plain:
    return {
        "table": one.table,
        "sources": list(dict.fromkeys(record.source for _, record in one.loads)),
        "columns": one.columns,
        "rows": one.rows,
        "version": one.version,
        "versions": one.versions,
        "files": one.files,
        "bytes": one.bytes,
        "bytes_on_disk": one.bytes_on_disk,
    }


def _load_json(load: DoneLoad) -> Plain:
    record, window = load.record, window_of(load)
    return {
        "source": record.source,
        "table": load.table,
        "account": record.account,
        "version": load.version,
        "at": record.at,
        "files": [file.name for file in record.files],
        "rows_read": record.rows_read,
        "rows_rejected": record.rows_rejected,
        "window": {"from": plain(window[0]), "to": plain(window[1])} if window is not None else None,
        "before": _totals(record.before),
        "after": _totals(record.after),
    }


def _days(days: Days) -> Plain:
    return {"from": plain(days.first), "to": plain(days.last)}


def _totals(totals: Totals) -> Plain:
    return {**{name: plain(value) for name, value in totals.sums.items()}, "rows": totals.rows}
