"""One load of one source: files in, checked rows out. See design, "Loading"."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from shutil import rmtree
from typing import TYPE_CHECKING

from kurs.model.coverage import around, merged
from kurs.model.days import Days
from kurs.model.source import DataType, FilesAre
from kurs.model.table import ColumnType
from kurs.model.window import Window
from kurs.problems import Problem, Severity, SourceError
from kurs.sources.checks import check_key, check_types
from kurs.sources.doubts import doubts, unseen
from kurs.sources.files import Kind
from kurs.sources.forms import named, quoted
from kurs.sources.mojibake import mojibake
from kurs.sources.pseudonyms import use_key
from kurs.sources.settle import settle, settle_ahead
from kurs.sources.stage import PART, TEXT, Stage, UndecidedError
from kurs.sources.sum_rows import sum_rows
from kurs.sources.undecided import undecided
from kurs.sources.windows import check_overlap, days_by_file, window_of, winners

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from kurs.model.source import Source
    from kurs.sources.covers import Spoken
    from kurs.sources.database import Rows, Stretch
    from kurs.sources.files import Found
    from kurs.sources.pseudonyms import Forgotten
    from kurs.sources.settled import Settled

_ROW_COLUMNS = ("_source", "_account", "_load", "_file")
_TYPED_AT_ONCE = (Kind.CSV, Kind.PARQUET)
_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_MEMORY = ("300MB", "1GB", "4GB")  # of DuckDB: more only where less does not do, as for very many columns
_MEMORY_TO_PASS_ON = "120MB"
_LARGE = 150_000_000  # bytes of text
_NARROW = 60  # columns


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of one source.

    ``known`` are the types that the lake has for its columns; they lead. ``zone`` decides to which day a
    moment belongs. ``only`` limits the load to some days of the window. ``time_column`` tells the covered
    days of a source without a window. ``load`` is the id that every row carries. What does not fit into
    memory goes to ``scratch`` meanwhile. Of an open ``database`` the rows of ``stretch`` are read, or all.
    Rows after ``today`` are doubted. By ``hash_key`` personal data are hashed, and rows of people who are
    ``forgotten`` are known and left out; it is needed where there is either. ``spoken`` is
    what the plan says about the days that the files are complete on, beyond what their rows say.
    """

    source: Source
    files: tuple[Found, ...]
    load: str
    zone: str = "UTC"
    known: Mapping[str, DataType] = field(default_factory=dict[str, DataType])
    only: Days | None = None
    time_column: str | None = None
    rejects_file: Path | None = None
    scratch: Path | None = None
    today: date | None = None
    database: Rows | None = None
    stretch: Stretch | None = None
    hash_key: bytes | None = None
    forgotten: tuple[Forgotten, ...] = ()
    spoken: Spoken | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the files hold. ``rows`` can be streamed as Arrow, again and again, while the context is open.

    ``days`` are those of each file, None without a window or rows. ``replaced`` are the days whose rows
    give way, None for the source's whole content; ``covered`` the days that the files speak of.
    ``file_rows`` counts the rows of each file before a later one wins, ``empty`` names the columns
    without a value. ``doubts`` are warnings: what is taken in, but looks wrong. ``until`` tells by file until
    when the plan calls it complete.
    """

    types: Mapping[str, DataType]
    relation: DuckDBPyRelation
    window: Window | None
    days: tuple[Days | None, ...]
    replaced: tuple[Days, ...] | None
    covered: tuple[Days, ...]
    rows_read: int
    rows_rejected: int
    file_rows: tuple[int, ...]
    rows: int
    sums: Mapping[str, int | Decimal | float]
    empty: tuple[str, ...]
    doubts: tuple[Problem, ...] = ()
    until: tuple[date | None, ...] = ()


@contextmanager
def take(order: Order, advanced: Callable[[int], None]) -> Generator[Taken]:
    """Read, type and check the files of an order; ``advanced`` hears of the bytes that were read.

    Raises SourceError with all problems of the first stage that fails.
    """
    import duckdb

    for memory in _MEMORY:
        with _workshop(order, memory) as connection:
            try:
                taken = _take(connection, order, advanced)
            except duckdb.OutOfMemoryException as error:
                if memory == _MEMORY[-1]:
                    raise SourceError(Problem("too_little_memory", {"source": order.source.key})) from error
                continue
            if order.scratch is not None and len(taken.types) <= _NARROW:
                # The lake needs memory too, and here the rows are only passed on; of very many, so
                # little is not enough.
                with suppress(duckdb.OutOfMemoryException):
                    connection.execute(f"SET memory_limit = '{_MEMORY_TO_PASS_ON}'")
            yield taken
            return


@contextmanager
def _workshop(order: Order, memory: str) -> Generator[DuckDBPyConnection]:
    """Open a DuckDB of little memory: what is above it goes to the scratch folder, while it is open."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with ExitStack() as left:
        place = ":memory:"
        if order.scratch is not None:
            order.scratch.mkdir(parents=True, exist_ok=True)
            left.callback(rmtree, order.scratch, ignore_errors=True)
            if memory == _MEMORY[0] and _is_large(order):
                # A file bears many rows with little memory, but not many columns; few rows need none.
                place = str(order.scratch / "rows.duckdb")
        connection = left.enter_context(duckdb.connect(place, config=settings))
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # it would write to stdout
        if order.scratch is not None:
            connection.execute(f"SET temp_directory = {quoted(str(order.scratch))}")
            connection.execute(f"SET memory_limit = '{memory}'")
        # Rows are known by their ordinals; without an order to keep, both ends of a copy work in parallel.
        connection.execute("SET preserve_insertion_order = false")
        yield connection


def _is_large(order: Order) -> bool:
    """Say whether the rows may need a good part of the memory; what is packed counts as ten times as much."""
    plain = (Kind.CSV, Kind.JSONL, Kind.JSON)
    packed = [file.kind not in plain or file.zipped or file.member is not None for file in order.files]
    size = sum(file.size * (10 if tight else 1) for file, tight in zip(order.files, packed, strict=True))
    return order.database is not None or size > _LARGE


class _Progress:
    """Tells of each byte once: a file that is read again is no progress."""

    def __init__(self, advanced: Callable[[int], None]) -> None:
        self._advanced, self._told, self._now = advanced, 0, 0

    def __call__(self, count: int) -> None:
        self._now += count
        if self._now > self._told:
            self._advanced(self._now - self._told)
            self._told = self._now

    def again(self) -> None:
        """Begin anew."""
        self._now = 0


def _staged(
    connection: DuckDBPyConnection, order: Order, advanced: Callable[[int], None]
) -> tuple[Stage, tuple[Settled, ...], tuple[str, ...]]:
    """Read the files, typed at once where all types are known ahead and all values fit; else as texts.

    Also returns the columns, and the names of those without any value.
    """
    source, progress = order.source, _Progress(advanced)
    if order.files and all(file.kind in _TYPED_AT_ONCE for file in order.files):
        ahead = partial(settle_ahead, source, order.files[0].kind, order.known)
        typed = Stage(connection, source, order.files, ahead=ahead)
        with suppress(UndecidedError):
            typed.fill(progress)
            if typed.fits():
                return typed, tuple(typed.settled.values()), ()
        connection.execute("DROP TABLE typed")
        progress.again()
    stage = Stage(connection, source, order.files, order.database, order.stretch)
    stage.fill(progress)
    columns, empty = settle(connection, source, stage, order.known)
    return stage, columns, empty


def _take(connection: DuckDBPyConnection, order: Order, advanced: Callable[[int], None]) -> Taken:
    source = order.source
    if order.hash_key is not None:
        use_key(connection, order.hash_key)
    stage, columns, empty = _staged(connection, order, advanced)
    read, rejected = check_types(connection, source, stage, columns, order.rejects_file)
    said = tuple(
        one for look in (unseen, sum_rows, mojibake) for one in look(connection, source, stage, columns)
    )
    kinds = {c.name: (c.header, c.data.kind) for c in columns}
    said = (*said, *undecided(source, kinds, connection, "typed"))
    connection.execute("DROP VIEW IF EXISTS texts")
    connection.execute("DROP TABLE IF EXISTS stage")
    check_key(connection, source, stage, columns, per_file=not _is_one(source))
    windowed = _windowed(connection, order, stage, columns)
    plain = _stretches(connection, order, windowed.of_rows, columns)
    replaced, covered = plain if order.spoken is None else _said(order, order.spoken, windowed.days, plain)
    left_out = _leave_out(connection, order, columns)
    final = _final(order, columns, windowed.kept)
    rows, sums = _totals(connection, final, source, columns)
    time = _time_of(order, columns) if source.window is None else windowed.window
    # Days without a change are no gaps, nor are those of which the plan says that they are complete.
    dense = () if order.stretch is not None and order.only is None else plain[1]
    return Taken(
        types={**{c.name: c.data for c in columns}, **dict.fromkeys(_ROW_COLUMNS, TEXT)},
        relation=connection.sql(final),
        window=windowed.window,
        days=windowed.days,
        replaced=replaced,
        covered=covered,
        rows_read=read,
        rows_rejected=rejected,
        file_rows=tuple(stage.counts),
        rows=rows,
        sums=sums,
        empty=empty,
        doubts=(
            *said,
            *left_out,
            *doubts(connection, source, stage, columns, windowed.kept, time, dense, order.today),
        ),
        until=tuple(None for _ in order.files) if order.spoken is None else order.spoken.until(order.files),
    )


def _is_one(source: Source) -> bool:
    return source.files_are is FilesAre.PARTS or source.window is None


@dataclass(frozen=True, slots=True)
class _Windowed:
    """The days of each file, by its rows and as it speaks of them; the rows to keep."""

    window: Window | None
    of_rows: tuple[Days | None, ...]
    days: tuple[Days | None, ...]
    kept: str


def _windowed(
    connection: DuckDBPyConnection, order: Order, stage: Stage, columns: Sequence[Settled]
) -> _Windowed:
    """Find the days of each file; refuse files that share some, and nobody said which of them wins."""
    source, only = order.source, order.only
    nothing = tuple[Days | None, ...](None for _ in order.files)
    spoken_of = order.spoken is not None and any(column.name == source.window for column in columns)
    if source.window is None or not (spoken_of or _has_rows(connection)):
        return _Windowed(None, nothing, nothing, "TRUE")
    window = window_of(source, stage, columns, order.zone)
    of_rows = days_by_file(connection, source, stage, window)
    days = of_rows if order.spoken is None else order.spoken.by_file(of_rows)
    if source.files_are is None:
        check_overlap(connection, source, stage, window, days, columns)
    kept = "TRUE"
    if only is not None:
        kept = window.holds((only,))
        of_rows, days = (tuple(span and span.overlap(only) for span in spans) for spans in (of_rows, days))
    if not _is_one(source):
        kept += f" AND {winners(window, days)}"
    return _Windowed(window, of_rows, days, kept)


def _leave_out(
    connection: DuckDBPyConnection, order: Order, columns: Sequence[Settled]
) -> tuple[Problem, ...]:
    """Remove the rows of people who are forgotten, once it is known which days the files speak of."""
    tests = [
        test
        for person in order.forgotten
        for column in columns
        if (test := person.condition(column.name, column.data.kind)) is not None
    ]
    if not tests:
        return ()
    ((count,),) = connection.execute(f"DELETE FROM typed WHERE {' OR '.join(tests)}").fetchall()
    values = {"source": order.source.key, "count": count}
    return (Problem("forgotten_left_out", values, Severity.WARNING),) if count else ()


def _has_rows(connection: DuckDBPyConnection) -> bool:
    return bool(connection.execute("SELECT 1 FROM typed LIMIT 1").fetchall())


def _stretches(
    connection: DuckDBPyConnection, order: Order, days: Sequence[Days | None], columns: Sequence[Settled]
) -> tuple[tuple[Days, ...] | None, tuple[Days, ...]]:
    """Return the days to replace (None: the whole content) and the days that are covered."""
    if order.source.window is not None:
        spans = (order.only,) if order.only is not None else _together(order.source, days)
        return spans, spans
    window = _time_of(order, columns)
    if window is None:
        return None, ()
    moment = named(window.column)
    if window.kind is ColumnType.DATE:
        moment = f"CAST({moment} AS TIMESTAMP)"
    (row,) = connection.execute(
        f"SELECT epoch_us(min({moment})), epoch_us(max({moment})) FROM typed"
    ).fetchall()
    if row[0] is None:
        return None, ()
    return None, (Days(window.day_of(row[0]), window.day_of(row[1])),)


def _said(
    order: Order,
    spoken: Spoken,
    days: Sequence[Days | None],
    plain: tuple[tuple[Days, ...] | None, tuple[Days, ...]],
) -> tuple[tuple[Days, ...] | None, tuple[Days, ...]]:
    """Return the days to replace and the covered ones, where the plan says more of them than the rows."""
    source, only = order.source, order.only
    if source.window is None:
        if not plain[1] and not spoken.is_whole and order.time_column is None:
            raise SourceError(Problem("covers_needs_days", {"source": source.key}))
        return None, spoken.onward(plain[1])
    if only is not None:
        covered = spoken.covered((only,))
        return (only,), tuple(part for one in covered if (part := one.overlap(only)) is not None)
    spans = _together(source, days)
    return spans, spoken.covered(spans)


def _together(source: Source, days: Sequence[Days | None]) -> tuple[Days, ...]:
    """Return the days of all files; parts of one export are one stretch, whatever lies between them."""
    spans = [span for span in days if span is not None]
    whole = around(spans)
    return (whole,) if source.files_are is FilesAre.PARTS and whole is not None else merged(spans)


def _time_of(order: Order, columns: Sequence[Settled]) -> Window | None:
    """Return the time of a source without a window, where a table of the plan tells which column it is."""
    time = next((c for c in columns if c.name == order.time_column and c.data.kind in _TIMES), None)
    return None if time is None else Window(time.name, time.data.kind, order.zone)


def _final(order: Order, columns: Sequence[Settled], kept: str) -> str:
    values = [f"{named(column.name)}" for column in columns]
    names = ", ".join(quoted(file.name) for file in order.files)
    said = (order.source.key, order.source.account.id, order.load)
    marks = [f"{quoted(text)} AS {name}" for text, name in zip(said, _ROW_COLUMNS, strict=False)]
    marks.append(f"[{names}][{PART} + 1] AS _file")
    return f"SELECT {', '.join([*values, *marks])} FROM typed WHERE {kept}"


def _totals(
    connection: DuckDBPyConnection, sql: str, source: Source, columns: Sequence[Settled]
) -> tuple[int, dict[str, int | Decimal | float]]:
    summed = [
        column.name for column in columns if column.is_summable and column.name not in source.unique_key
    ]
    sums = "".join(f", sum({named(name)})" for name in summed)
    (row,) = connection.execute(f"SELECT count(*){sums} FROM ({sql})").fetchall()
    return row[0], {name: value for name, value in zip(summed, row[1:], strict=True) if value is not None}
