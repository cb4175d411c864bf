"""Draft: a project from data files, with an explicit profile for each of them."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kurs.model.currency_columns import by_currency_column, is_currency_column
from kurs.model.days import Grain, grain_of_rows
from kurs.model.source import FilesAre, column_name
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity, SourceError, UsageError
from kurs.project.names import KEYWORDS
from kurs.sources.look_names import in_english
from kurs.sources.look_seen import Ask, Doubt, ReadAs, Seen, decide, unanswered
from kurs.words import Language, language
from kurs.workflows.draft_amounts import in_minor_units
from kurs.workflows.draft_files import groups_of, places_of, stem_of
from kurs.workflows.draft_metrics import (
    NUMBERS,
    Currencies,
    DraftedKpi,
    DraftedMetric,
    is_number,
    joined,
    kpis_of,
    metrics_of,
)
from kurs.workflows.draft_periods import grain_of, last_day, week_starts_of
from kurs.workflows.draft_yaml import Draftsman

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import DataType
    from kurs.sources.files import Found
    from kurs.sources.look_seen import SeenColumn
    from kurs.workflows.draft_files import Group
    from kurs.workflows.draft_tables import Shape, Typed

_STALE = timedelta(days=40)  # data that end longer ago need an `as_of` to show anything
_ADS = frozenset({"impressions", "spend", "cost", "cost_micros", "amount_spent", "clicks"})


@dataclass(frozen=True, slots=True)
class DraftedSource:
    """One source and the table over it; ``days`` are those that its rows are of, in order."""

    key: str
    table: str
    files: tuple[str, ...]
    seen: Seen
    key_columns: tuple[str, ...] = ()
    window: str | None = None
    time: str | None = None
    naive_time: bool = False
    days: tuple[date, ...] = ()
    rows_are: Grain | None = None
    rows_guessed: bool = False
    files_are: str | None = None
    restates: int = 0
    currency: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    joins: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return self.seen.rows

    @property
    def sampled(self) -> bool:
        """Say whether there are more."""
        return self.seen.sampled

    @property
    def columns(self) -> int:
        """How many columns the files have."""
        return len(self.seen.columns)

    @property
    def questions(self) -> int:
        """How many questions nobody answered."""
        return sum(not one.answered for one in self.seen.all_decided)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A plan as text by file name, the data files to be copied in, and what was found.

    ``left_out`` are the files, or parts of them, that no source was drafted for.
    """

    texts: Mapping[str, str]
    copies: Mapping[Path, str]
    sources: tuple[DraftedSource, ...]
    metrics: tuple[DraftedMetric, ...]
    kpis: tuple[DraftedKpi, ...]
    left_out: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the plan cannot make good: a person should know before the first load."""
        found = (one for source in self.sources for one in source.seen.all_findings)
        return (*self.left_out, *(one for one in found if one.severity is Severity.WARNING))


def draft(
    files: Sequence[Path], folder: Path, answers: Ask = unanswered, speak: Language | None = None
) -> Drafted:
    """Draft a plan for ``folder`` from data files; nothing is written.

    ``answers`` is asked about each doubt, and the likeliest reading is taken where it has none. Raises
    UsageError ``no_data_files``, SourceError with the problems of all files that cannot be read.
    """
    import duckdb

    from kurs.workflows.draft_tables import joins_of, shape_of

    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    places = places_of(files, folder)
    with tempfile.TemporaryDirectory() as work:
        groups = groups_of(places, Path(work), answers)
        with duckdb.connect(f"{work}/drafted", config=settings) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            drafted: dict[str, DraftedSource] = {}
            typed: dict[str, Typed] = {}
            shapes: dict[str, Shape] = {}
            problems: list[Problem] = []
            left_out: list[Problem] = []
            for group in groups:
                try:
                    source, rows = _take_in(connection, group, set(drafted), answers)
                    if not rows.rows:
                        connection.execute(f"DROP TABLE {rows.relation}")
                        values = {"file": group.outlines[0].file.name}
                        left_out.append(Problem("look_no_rows", values, Severity.WARNING))
                        continue
                except SourceError as error:
                    problems.extend(error.problems)
                    continue
                drafted[source.key] = source
                typed[source.key] = rows
                shapes[source.key] = shape_of(connection, rows)
            if problems or not drafted:
                raise SourceError(*problems, *(replace(one, severity=Severity.ERROR) for one in left_out))
            for key, source in drafted.items():
                drafted[key] = _shaped(connection, source, typed[key], shapes[key], answers)
            joins = joins_of(connection, typed, shapes)
            for key, source in drafted.items():
                kept = {drafted[other].table: column for other, column in joins[key].items()}
                drafted[key] = replace(source, joins=kept)
            metrics, kpis = _measured(connection, drafted, typed)
    written = _written(folder, places, tuple(drafted.values()), metrics, kpis, speak or language("en"))
    return replace(written, left_out=tuple(left_out))


def write(drafted: Drafted, folder: Path) -> tuple[str, ...]:
    """Write the plan and copy the data files in; return the names.

    Raises UsageError when any of these files is there already (then nothing is written), or when the
    folder cannot be written.
    """
    from kurs.workflows.scaffold import ignore

    names = [*drafted.texts, *drafted.copies.values()]
    if in_the_way := [name for name in names if (folder / name).exists()]:
        raise UsageError(Problem("files_in_the_way", {"files": in_the_way}))
    try:
        for name, text in drafted.texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        for path, name in drafted.copies.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
        ignored = ignore(folder)
    except OSError as error:
        values = {"file": str(error.filename or folder), "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("not_writable", values)) from error
    return (*names, *ignored)


def _take_in(
    connection: DuckDBPyConnection,
    group: Group,
    taken: set[str],
    answers: Ask,
) -> tuple[DraftedSource, Typed]:
    """Look at one group of files, and have the loader read them by the profile: it must hold."""
    from kurs.sources.look import look_at
    from kurs.workflows.draft_tables import Typed

    seen = look_at(group.outlines, answers)
    first = group.outlines[0]
    key = _key_for("_".join(filter(None, (stem_of(first.file.name), stem_of(first.part)))), taken)
    files = tuple(one.sample for one in group.outlines)
    seen, types, count = _held(connection, key, seen, files, answers)
    numbers = {name for name, data in types.items() if data.kind in NUMBERS and is_number(name, data)}
    numbers |= {column.name for column in seen.columns if column.findings and column.type == "text"}
    seen = replace(seen, format=replace(seen.format, member=group.member), columns=in_minor_units(seen))
    drafted = DraftedSource(key, key, group.files, seen)
    return drafted, Typed(f'"{key}"', types, count, len(files), frozenset(numbers))


def _held(
    connection: DuckDBPyConnection, key: str, seen: Seen, files: Sequence[Found], answers: Ask
) -> tuple[Seen, dict[str, DataType], int]:
    """Have the loader read the files; a column that it cannot read after all becomes a text."""
    from kurs.sources.take import Order, take

    while True:
        source = replace(seen.source(key), into=key, files_are=FilesAre.PARTS)
        try:
            with take(Order(source, tuple(files), "draft"), lambda _: None) as rows:
                better = _without_sums(_with_letters(seen, rows.doubts), rows.doubts, answers)
                if better.format != seen.format:
                    seen = better
                    continue
                seen = better
                connection.register("arrived", rows.relation.to_arrow_reader(100_000))
                connection.execute(f'CREATE TABLE "{key}" AS SELECT * FROM arrived')
                connection.unregister("arrived")
                return seen, dict(rows.types), rows.rows
        except SourceError as error:
            kept = _without_types(seen, error.problems)
            if kept == seen:
                raise
            seen = kept


def _without_types(seen: Seen, problems: Sequence[Problem]) -> Seen:
    """Take columns for texts whose values did not fit, and say so with the first of them."""
    misfits = {
        str(problem.values["column"]): problem
        for problem in reversed(problems)
        if problem.code in ("untypable", "untypable_decimal", "timezone_needed")
    }
    columns: list[SeenColumn] = []
    for column in seen.columns:
        problem = misfits.get(column.header)
        if problem is not None and column.type not in (None, "text"):
            said = replace(problem, severity=Severity.WARNING)
            column = replace(
                column, type="text", date_format=None, currency_signs=(), findings=(*column.findings, said)
            )
        columns.append(column)
    return replace(seen, columns=tuple(columns))


def _with_letters(seen: Seen, doubts: Sequence[Problem]) -> Seen:
    """Take a file for UTF-8 whose letters are of it, whatever else spoke against it: that is then told."""
    told = next((doubt for doubt in doubts if doubt.code == "mojibake"), None)
    if told is None:
        return seen
    if not seen.format.encoding.startswith("utf"):
        return replace(seen, format=replace(seen.format, encoding="utf-8"))
    return seen if told in seen.findings else replace(seen, findings=(*seen.findings, told))


def _without_sums(seen: Seen, doubts: Sequence[Problem], answers: Ask) -> Seen:
    """Leave rows out that hold the sums of the others, unless somebody says that they are data."""
    found = next((doubt for doubt in doubts if doubt.code == "sum_rows"), None)
    if found is None:
        return seen
    column, file = str(found.values["column"]), str(found.values["file"])
    sums = cast("tuple[str, ...]", found.values["sums"])
    doubt = Doubt("doubt_sum_rows", file, column, sums, (ReadAs("totals"), ReadAs("data")))
    decided = decide(doubt, answers)
    form = seen.format
    if decided.taken == "totals":
        form = replace(form, sums_where_empty=column.strip())
    return replace(seen, format=form, decided=(*seen.decided, decided))


def _key_for(stem: str, taken: set[str]) -> str:
    name = column_name(in_english(stem) or "data")
    name = re.sub(r"_(data|export|report)$", "", name) or name
    name = f"{name}_table" if name in KEYWORDS else name
    base, n = name, 2
    while name in taken:
        name, n = f"{base}_{n}", n + 1
    return name


def _shaped(
    connection: DuckDBPyConnection, source: DraftedSource, typed: Typed, shape: Shape, answers: Ask
) -> DraftedSource:
    from kurs.workflows.draft_tables import is_unique_over_all, shared_days

    files_are = None
    if typed.files > 1 and shape.time is not None and shared_days(connection, typed, shape.time):
        together = not shape.key or is_unique_over_all(connection, typed, shape.key)
        readings = tuple(ReadAs(way) for way in ("parts", "restatements"))
        doubt = Doubt(
            "doubt_overlap", source.seen.files[0].name, None, (), readings if together else readings[::-1]
        )
        decided = decide(doubt, answers)
        files_are = decided.taken
        source = replace(source, seen=replace(source.seen, decided=(*source.seen.decided, decided)))
    is_ads = bool(_ADS & set(typed.columns)) and shape.time in shape.key
    kind = None if shape.time is None else typed.types[shape.time].kind
    grain = grain_of(source.seen, shape.time)
    names = [
        (f"{name}_of_row" if name in KEYWORDS or name == "time" else name, name) for name in shape.dimensions
    ]
    return replace(
        source,
        key_columns=shape.key,
        window=shape.time,
        time=shape.time,
        naive_time=kind is ColumnType.TIMESTAMP,
        days=shape.days,
        rows_are=grain or grain_of_rows(shape.days),
        rows_guessed=grain is None,
        files_are=files_are,
        restates=30 if is_ads else 0,
        currency=source.seen.currency,
        dimensions=tuple(names),
    )


def _measured(
    connection: DuckDBPyConnection, drafted: Mapping[str, DraftedSource], typed: Mapping[str, Typed]
) -> tuple[tuple[DraftedMetric, ...], tuple[DraftedKpi, ...]]:
    from kurs.workflows.draft_tables import distinct_texts

    by_table: dict[str, list[DraftedMetric]] = {}
    for key, source in drafted.items():
        rows = typed[key]
        types = {name: rows.types[name] for name in rows.columns}
        texts = [c for c in rows.columns if rows.types[c].kind is ColumnType.TEXT and is_currency_column(c)]
        amounts = [n for n, data in types.items() if data.kind in NUMBERS and n not in source.key_columns]
        currencies: dict[str, Currencies] = {}
        for column, theirs in by_currency_column(amounts, texts).items():
            found = distinct_texts(connection, rows, column) if theirs else ()
            currencies |= dict.fromkeys(theirs, Currencies(column, found)) if len(found) > 1 else {}
        by_table[source.table] = metrics_of(source.table, types, currencies, source.key_columns)
    taken = {name for source in drafted.values() for name, _ in source.dimensions}
    metrics = joined(by_table, taken)
    return tuple(metrics), tuple(kpis_of(metrics, {source.table: source.days for source in drafted.values()}))


def _written(
    folder: Path,
    places: Mapping[Path, str],
    sources: tuple[DraftedSource, ...],
    metrics: tuple[DraftedMetric, ...],
    kpis: tuple[DraftedKpi, ...],
    speak: Language,
) -> Drafted:
    spoken = {source.currency for source in sources if source.currency}
    weekly = {one.time or "": one.days[0] for one in sources if one.rows_are is Grain.WEEK}
    starts = week_starts_of(weekly)
    lasts = [last_day(source.days[-1], source.rows_are, starts or 0) for source in sources if source.days]
    as_of = None
    if lasts and max(lasts) < datetime.now(UTC).date() - _STALE:
        as_of = max(lasts).isoformat()
    by = Draftsman(speak)
    name = folder.resolve().name or "kurs"
    texts: dict[str, str] = {
        "kurs.yaml": by.project(name, next(iter(spoken)) if len(spoken) == 1 else None, as_of, starts),
        "sources.yaml": by.sources(sources),
        "metrics.yaml": by.metrics(metrics),
        "kpis.yaml": by.kpis(kpis),
    }
    home = folder.resolve()
    copies = {path: place for path, place in places.items() if not path.is_relative_to(home)}
    return Drafted(texts, copies, sources, metrics, kpis)
