"""Look at data files: find a profile by which the loader can read them, and what is in doubt about it.

Nothing is decided in silence. What the values do not settle is a ``Doubt`` that is asked about; what
the profile cannot express is a finding.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.model.source import Format, Keep, Source, SourceColumn, column_name
from kurs.problems import Problem, Severity, SourceError
from kurs.sources.files import Found, Kind, find
from kurs.sources.look_bytes import encoding_of, head_and_tail, is_ascii, sampled
from kurs.sources.look_columns import LookedAt, look_at_columns
from kurs.sources.look_layout import Laid, lay_out
from kurs.sources.look_seen import Ask, Decided, Seen, SeenColumn, decide, unanswered
from kurs.sources.stage import Stage
from kurs.sources.stream import nothing_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_MOST_NESTED = 200
_LEFT_OUT = (
    "not_supported_yet",
    "column_kind_not_yet",
)  # of one column: the others can be taken in


@dataclass(frozen=True, slots=True)
class Outline:
    """One file before its values are looked at: where it lies, its kind, how its text falls into cells."""

    file: Found
    sample: Found
    sampled: bool
    encoding: str
    ascii: bool
    laid: Laid | None
    decided: tuple[Decided, ...] = ()

    @property
    def shape(self) -> tuple[object, ...]:
        """What files must share to be read by one profile."""
        if self.laid is None:
            return (self.file.kind,)
        return (self.file.kind, self.laid.headers, self.laid.delimiter, self.laid.quote, self.laid.header_row)


def look(file: Path, ask: Ask = unanswered) -> Seen:
    """Look at one file. Raises SourceError where it cannot be read at all."""
    with tempfile.TemporaryDirectory() as folder:
        return look_at([outline(found(file, file.parent), Path(folder), ask)], ask)


def found(file: Path, folder: Path) -> Found:
    """Return a file as the loader would find it. Raises SourceError."""
    name = file.relative_to(folder).as_posix()
    pattern = "".join(f"[{c}]" if c in "*?[" else c for c in name)
    return find(Source(name, "looked_at", (pattern,)), folder)[0]


def outline(file: Found, folder: Path, ask: Ask, share: int = 1) -> Outline:
    """Find the encoding and the layout; a sample of a large file is kept in ``folder``."""
    if file.kind in (Kind.SHEET, Kind.JSON) or file.member is not None:
        raise SourceError(Problem("look_not_yet", {"file": file.name}))
    sample, part = sampled(file, folder, share)
    if file.kind is Kind.PARQUET:
        return Outline(file, sample, part, "utf-8", ascii=True, laid=None)
    encoding, doubt = encoding_of([sample])
    decided: list[Decided] = []
    if doubt is not None:
        decided.append(decide(replace(doubt, file=file.name), ask))
        encoding = decided[-1].taken
    if file.kind is Kind.JSONL:
        return Outline(file, sample, part, encoding, is_ascii(sample), None, tuple(decided))
    head, tail = head_and_tail(sample, encoding)
    laid = lay_out(file.name, head, tail)
    if laid is None:
        raise SourceError(Problem("file_empty", {"file": file.name}))
    for layout_doubt in laid.doubts:
        decided.append(decide(layout_doubt, ask))
        if decided[-1].taken != layout_doubt.readings[0].name:
            laid = lay_out(file.name, head, tail, decided[-1].taken) or laid
    return Outline(file, sample, part, encoding, is_ascii(sample), laid, tuple(decided))


def look_at(outlines: Sequence[Outline], ask: Ask = unanswered) -> Seen:
    """Look at the values of files of one shape, together: what one leaves open another may settle.

    Raises SourceError where they cannot be read.
    """
    import duckdb

    first = next((one for one in outlines if not one.ascii), outlines[0])
    laid = first.laid
    form = Format(encoding=first.encoding)
    findings: list[Problem] = []
    if laid is not None:
        form = Format(
            encoding=first.encoding,
            delimiter=laid.delimiter,
            quote=laid.quote,
            header_row=laid.header_row,
            comment=laid.comment,
        )
        findings += _twice(laid.headers, first.file.name)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/looked", config=settings) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        stage, dropped, nested = _stage(connection, outlines, form, laid)
        findings += nested
        looked = look_at_columns(connection, stage, form, laid, ask)
    if ragged := sum(stage.ragged):
        findings.append(Problem("look_ragged", {"file": first.file.name, "rows": ragged}, Severity.WARNING))
    decided = tuple(one for entry in outlines for one in entry.decided)
    return _seen(outlines, replace(looked, columns=(*looked.columns, *dropped)), decided, findings)


def _seen(
    outlines: Sequence[Outline], looked: LookedAt, decided: tuple[Decided, ...], findings: Sequence[Problem]
) -> Seen:
    return Seen(
        files=tuple(one.file for one in outlines),
        kind=outlines[0].file.kind,
        format=looked.format,
        columns=looked.columns,
        rows=looked.rows,
        sampled=any(one.sampled for one in outlines),
        currency=looked.currency,
        decided=(*decided, *looked.decided),
        findings=(*findings, *looked.findings),
    )


def _stage(
    connection: DuckDBPyConnection, outlines: Sequence[Outline], form: Format, laid: Laid | None
) -> tuple[Stage, tuple[SeenColumn, ...], list[Problem]]:
    """Lay the files' texts side by side, by the loader's own reading; leave out what it cannot hold yet."""
    headers = () if laid is None else laid.headers
    names = _names(headers)
    columns = [SourceColumn(header, name, "text") for header, name in names.items()]
    twice = {header.strip() for header in headers if [h.strip() for h in headers].count(header.strip()) > 1}
    columns = [c for c in columns if c.header not in twice]
    columns += [
        SourceColumn(header, f"twice_{n}", keep=Keep.DROPPED) for n, header in enumerate(sorted(twice))
    ]
    findings: list[Problem] = []
    while True:
        source = Source("looked_at", "looked_at", format=form, columns=tuple(columns))
        stage = Stage(connection, source, [one.sample for one in outlines])
        try:
            stage.fill(nothing_told)
        except SourceError as error:
            nested = error.problems[0]
            column = nested.values.get("column")
            if nested.code not in _LEFT_OUT or not isinstance(column, str) or len(findings) > _MOST_NESTED:
                raise
            columns.append(SourceColumn(column, column_name(column), keep=Keep.DROPPED))
            findings.append(
                Problem("look_nested", {"column": column, "file": outlines[0].file.name}, Severity.WARNING)
            )
            connection.execute("DROP TABLE stage")
        else:
            dropped = (column for column in columns if column.keep is Keep.DROPPED)
            return stage, tuple(SeenColumn(c.header, c.name, None, keep=c.keep) for c in dropped), findings


def _names(headers: Sequence[str]) -> dict[str, str]:
    """Give each header a name of its own that the plan can use."""
    from kurs.project.names import KEYWORDS

    names: dict[str, str] = {}
    # A header that is a name already keeps it, whatever stands before it.
    ready = {header.strip() for header in headers if column_name(header.strip()) == header.strip()} - KEYWORDS
    for n, header in enumerate(headers):
        name = column_name(header.strip(), n)
        name = f"{name}_column" if name in KEYWORDS else name
        while name in names.values() or (name in ready and name != header.strip()):
            name = f"{name}_{n + 1}"
        names[header.strip()] = name
    return names


def _twice(headers: Sequence[str], file: str) -> list[Problem]:
    plain = [header.strip() for header in headers]
    twice = sorted({header for header in plain if plain.count(header) > 1})
    return [
        Problem("look_header_twice", {"column": header, "file": file}, Severity.WARNING) for header in twice
    ]
