"""Look at data files: find a profile by which the loader can read them, and what is in doubt about it.

Nothing is decided in silence. What the values do not settle is a ``Doubt`` that is asked about; what
the profile cannot express is a finding.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.model.source import Format, Keep, Source, SourceColumn, column_name
from kurs.problems import Problem, Severity, SourceError
from kurs.sources.archives import members_of, unpacked
from kurs.sources.files import Found, Kind, find
from kurs.sources.layout import numbered_header
from kurs.sources.look_bytes import ALL_UP_TO, encoding_of, head_and_tail, is_ascii, sampled
from kurs.sources.look_columns import LookedAt, look_at_columns
from kurs.sources.look_dress import OWN_POINT
from kurs.sources.look_layout import Laid, lay_out
from kurs.sources.look_names import in_english
from kurs.sources.look_seen import Ask, Decided, Doubt, ReadAs, Seen, SeenColumn, decide, unanswered
from kurs.sources.sheets import MOST_UNPACKED
from kurs.sources.stage import Stage
from kurs.sources.stream import nothing_told

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from duckdb import DuckDBPyConnection

_MOST_NESTED = 200
_MOST_BESIDE = 5
_WIDE = 3  # columns of periods, from which on a table is one of them
_PERIOD = re.compile(
    r"(?:19|20)\d\d(?:[-./](?:\d{1,2}|[QW]\d{1,2})(?:[-./]\d{1,2})?)?|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d\d)"
    r"|[QWv]\d{1,2}(?:[ -](?:19|20)\d\d)?"
    r"|(?:jan|feb|mar|apr|ma[yijr]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zä]*\.?(?:[ -](?:\d{4}|\d\d))?",
    re.IGNORECASE,
)
_PLAIN = Format()
_LEFT_OUT = (
    "not_supported_yet",
    "column_kind_not_yet",
)  # of one column: the others can be taken in


@dataclass(frozen=True, slots=True)
class Outline:
    """One table before its values are looked at: where it lies, its kind, how its text falls into cells.

    ``part`` names it among several tables of one file; ``form`` is what the profile says about its place.
    """

    file: Found
    sample: Found
    sampled: bool = False
    form: Format = _PLAIN
    ascii: bool = True
    laid: Laid | None = None
    decided: tuple[Decided, ...] = ()
    part: str = ""

    @property
    def shape(self) -> tuple[object, ...]:
        """What files must share to be read by one profile."""
        place = (self.file.kind, self.form.sheet, self.form.rows)
        if self.laid is None:
            return place
        return (*place, self.laid.headers, self.laid.delimiter, self.laid.quote, self.laid.header_row)


def look(file: Path, ask: Ask = unanswered) -> Seen:
    """Look at one file of one table. Raises SourceError where it cannot be read at all."""
    with tempfile.TemporaryDirectory() as folder:
        return look_at(outlines(found(file, file.parent)[0], Path(folder), ask)[:1], ask)


def found(file: Path, folder: Path) -> tuple[Found, ...]:
    """Return a file as the loader would find it, or those in an archive that it can read.

    Raises SourceError: ``unknown_format``, ``file_kind_not_yet``, ``unreadable``.
    """
    name = file.relative_to(folder).as_posix()
    source = Source(name, "looked_at", (_literally(name),))
    if not name.lower().endswith(".zip"):
        return find(source, folder)
    members = [member for member, _ in members_of(file, name, "*")]
    if len(members) == 1:
        return find(source, folder)
    there: list[Found] = []
    problems: list[Problem] = []
    for member in members:
        try:
            form = Format(member=_literally(member))
            there += find(replace(source, format=form), folder)
        except SourceError as error:
            problems += error.problems
    if not there:
        raise SourceError(*problems)
    return tuple(there)


def outlines(file: Found, folder: Path, ask: Ask, share: int = 1) -> list[Outline]:
    """Find the tables of a file, their encoding and layout; a sample of a large one is kept in ``folder``."""
    if file.kind is Kind.PARQUET:
        from kurs.sources.look_parquet import sampled_parquet

        return [Outline(file, *sampled_parquet(file, folder, share))]
    if file.kind is Kind.SHEET:
        return _of_sheets(file, folder, ask)
    sample, part = file, False
    if file.kind is not Kind.JSON:
        sample, part = sampled(file, folder, share)
    elif file.zipped or file.member is not None:
        place = Path(tempfile.mkdtemp(dir=folder))
        path = unpacked(file, place, MOST_UNPACKED)
        sample = replace(file, path=path, zipped=False, member=None, size=path.stat().st_size)
    encoding, doubt = encoding_of([sample])
    decided: list[Decided] = []
    if doubt is not None:
        decided.append(decide(replace(doubt, file=file.name), ask))
        encoding = decided[-1].taken
    one = Outline(file, sample, part, Format(encoding=encoding), is_ascii(sample), None, tuple(decided))
    if file.kind is Kind.JSON:
        return _of_json(one, folder, share)
    return [one if file.kind is Kind.JSONL else _laid_out(one, ask)]


def _literally(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _laid_out(one: Outline, ask: Ask) -> Outline:
    """Find the layout of a text, and ask what is in doubt about it."""
    head, tail = head_and_tail(one.sample, one.form.encoding)
    return _asked(one, lambda stated: lay_out(one.file.name, head, tail, stated), ask)


def _asked(one: Outline, lay: Callable[[Collection[str]], Laid | None], ask: Ask) -> Outline:
    laid, decided = lay(()), list(one.decided)
    if laid is None:
        raise SourceError(Problem("file_empty", {"file": one.file.name}))
    stated: list[str] = []
    for doubt in laid.doubts:
        decided.append(decide(doubt, ask))
        if decided[-1].taken != doubt.readings[0].name:
            stated.append(decided[-1].taken)
            laid = lay(stated) or laid
    form = replace(
        one.form,
        delimiter=laid.delimiter or None,
        quote=laid.quote,
        header_row=laid.header_row,
        comment=laid.comment,
        until_blank=laid.below is not None,
    )
    return replace(one, laid=laid, form=form, decided=tuple(decided))


def _of_sheets(file: Found, folder: Path, ask: Ask) -> list[Outline]:
    from kurs.sources.look_sheets import heads_of, laid

    place = Path(tempfile.mkdtemp(dir=folder))
    path = unpacked(file, place, MOST_UNPACKED)
    sample = replace(file, path=path, zipped=False, member=None, size=path.stat().st_size)
    heads, count = heads_of(sample, path)
    return [
        _asked(
            Outline(
                file,
                sample,
                form=Format(sheet=head.name if count > 1 else None),
                part=head.name if len(heads) > 1 else "",
            ),
            partial(laid, file, head),
            ask,
        )
        for head in heads
    ]


def _of_json(one: Outline, folder: Path, share: int) -> list[Outline]:
    """Find the arrays of rows in a document; one that is lines after all is read so."""
    from kurs.sources.look_json import rows_in, sample_of_array

    bound = ALL_UP_TO // share
    paths = rows_in(one.sample, one.form.encoding, bound)
    if not paths:
        lines, part = sampled(replace(one.sample, kind=Kind.JSONL), folder, share)
        file = replace(one.file, kind=Kind.JSONL)
        return [replace(one, file=file, sample=lines, sampled=part, form=replace(one.form, kind="jsonl"))]
    if paths == (None,):
        target = folder / f"sample_{len(list(folder.iterdir()))}"
        sample, part = sample_of_array(one.sample, one.form.encoding, target, bound)
        return [replace(one, sample=sample, sampled=part)]
    return [
        replace(
            one,
            form=replace(one.form, rows=path),
            part=(path or "").rpartition(".")[2] if len(paths) > 1 else "",
        )
        for path in paths
    ]


def look_at(outlines: Sequence[Outline], ask: Ask = unanswered) -> Seen:
    """Look at the values of files of one shape, together: what one leaves open another may settle.

    Raises SourceError where they cannot be read.
    """
    import duckdb

    first = next((one for one in outlines if not one.ascii), outlines[0])
    laid = first.laid
    form = replace(first.form, until_blank=any(one.form.until_blank for one in outlines))
    findings: list[Problem] = []
    doubled: list[Decided] = []
    if laid is not None:
        doubled += [decide(doubt, ask) for doubt in _doubled(laid.headers, first.file.name)]
        findings += [*_beside(outlines), *_wide(laid.headers, first.file.name)]
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(f"{folder}/looked", config=settings) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        # A number that a sheet holds as one has no mark of its own; a text in it may have any.
        staged = replace(form, decimal=OWN_POINT) if first.file.kind is Kind.SHEET else form
        unwanted = {one.doubt.column for one in doubled if one.taken == "dropped"}
        stage, dropped, nested = _stage(connection, outlines, staged, laid, unwanted)
        findings += nested
        looked = look_at_columns(connection, stage, form, laid, ask)
    if (ragged := sum(stage.ragged)) and looked.format.totals is None:
        findings.append(Problem("look_ragged", {"file": first.file.name, "rows": ragged}, Severity.WARNING))
    decided = (*(one for entry in outlines for one in entry.decided), *doubled)
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
    connection: DuckDBPyConnection,
    outlines: Sequence[Outline],
    form: Format,
    laid: Laid | None,
    unwanted: Collection[str | None],
) -> tuple[Stage, tuple[SeenColumn, ...], list[Problem]]:
    """Lay the files' texts side by side, by the loader's own reading; leave out what it cannot hold yet."""
    headers = _told_apart(() if laid is None else laid.headers)
    columns = [
        SourceColumn(header, name, "text", keep=Keep.DROPPED if of in unwanted else Keep.PLAIN)
        for (header, of), name in zip(headers.items(), _names(headers), strict=True)
        if header or outlines[0].file.kind is not Kind.SHEET  # of which one may be nothing but formatted
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


def _told_apart(headers: Sequence[str]) -> dict[str, str]:
    """Return the headers as a plan names them, and as they stand in the file."""
    found: dict[str, str] = {}
    counts: dict[str, int] = {}
    for header in headers:
        plain = header.strip()
        counts[plain] = counts.get(plain, 0) + 1
        found[plain if counts[plain] == 1 else numbered_header(plain, counts[plain])] = plain
    return found


def _names(headers: Collection[str]) -> list[str]:
    """Give each header a name of its own that the plan can use."""
    from kurs.project.names import KEYWORDS

    names: list[str] = []
    # A header that is a name already keeps it, whatever stands before it.
    ready = {header for header in headers if column_name(header) == header} - KEYWORDS
    for n, header in enumerate(headers):
        name = column_name(in_english(header), n)
        name = f"{name}_column" if name in KEYWORDS else name
        while name in names or (name in ready and name != header):
            name = f"{name}_{n + 1}"
        names.append(name)
    return names


def _wide(headers: Sequence[str], file: str) -> list[Problem]:
    """Tell of a table with a column for each day, month or quarter: no time can be read from its names."""
    periods = [header.strip() for header in headers if _PERIOD.fullmatch(header.strip())]
    if len(periods) < _WIDE:
        return []
    values = {"file": file, "count": len(periods), "columns": " | ".join(periods[:3])}
    return [Problem("look_wide", values, Severity.WARNING)]


def _beside(outlines: Sequence[Outline]) -> list[Problem]:
    """Tell what else stands in the files: another table, or notes below it."""
    found: list[Problem] = []
    for one in outlines:
        for rest in (one.laid.above, one.laid.below) if one.laid is not None else ():
            if rest is None:
                continue
            values = {"file": one.file.name, "row": rest.line, "rows": " / ".join(rest.rows)}
            if rest.is_table:
                found.append(Problem("look_other_table", values, Severity.WARNING))
            else:
                found.append(Problem("look_below_end", values, Severity.INFO))
    return found[:_MOST_BESIDE]


def _doubled(headers: Sequence[str], file: str) -> list[Doubt]:
    """Ask about names that stand over several columns."""
    found: list[Doubt] = []
    plain = [header.strip() for header in headers]
    for header in sorted({header for header in plain if header and plain.count(header) > 1}):
        numbers = tuple(key for key, of in _told_apart(headers).items() if of == header)
        readings = (ReadAs("numbered", numbers), ReadAs("dropped"))
        found.append(Doubt("doubt_header_twice", file, header, numbers, readings))
    return found
