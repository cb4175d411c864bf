"""Reads a table of targets: a CSV file of the project with a line for each period, or member of one.

A column ``reach``, ``change``, ``keep_above`` or ``keep_below`` holds the target, ``low`` and ``high`` a
band, ``at_least`` and ``stretch`` the marks around it.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.target import PartTarget, PeriodTarget, Provenance, Target, TargetTable
from kurs.project.amounts import stretch_of
from kurs.project.nodes import Items, PlanFile, Scalar, Spot
from kurs.project.read_way import MARKS, read_mark
from kurs.project.target_amounts import KINDS, as_wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kurs.model.days import Days
    from kurs.model.metric import Direction, Metric
    from kurs.model.target import TargetKind
    from kurs.project.report import Report
    from kurs.project.section import Section

LARGEST = 1024 * 1024
_PERIOD = "period"
_IN_FILE = tuple(kind for kind in KINDS if kind != "between")
_BAND = ("low", "high")
_NAMED = (_PERIOD, *_IN_FILE, *_BAND, *MARKS)
# A cell between commas: in quotes, where "" stands for one of them, or as it is.
_CELL = re.compile(r'[ \t]*(?:"((?:[^"]|"")*)"|([^,\n]*?))[ \t]*\r?(?=,|\n|\Z)')


@dataclass(frozen=True, slots=True)
class _Heads:
    """The columns of the file: the period's, those of the numbers, the dimension's where there is one.

    ``values`` are one column, or the two ends of a band; ``marks`` the columns that there are, by name.
    """

    period: int
    values: tuple[int, ...]
    kind: str
    marks: Mapping[str, int]
    dimension: str | None = None
    member: int | None = None


def read_target_table(
    section: Section,
    metric: Metric | None,
    provenance: Provenance | None,
    way_up: Callable[[TargetKind], Direction | None],
) -> TargetTable | None:
    """Read ``file:``; the head of a column says what it holds: period, a kind of target, a dimension.

    A line without a member is the target of the whole, the others of that period are those of its parts.
    ``way_up`` says which way is good with a kind of target.
    """
    section.expect("file", "set")
    name = section.scalar("file")
    file = None if name is None else _file(section.report, name)
    if name is None or file is None:
        return None
    rows = _rows(file)
    if len(rows) < 2:
        section.report.error("empty_value", rows[0][0] if rows else name, key=file.name)
        return None
    heads = _heads(section.report, file, rows[0])
    if heads is None:
        return None
    found = _Lines(section.report, heads, metric, way_up).read(rows[1:], len(rows[0]))
    return TargetTable(found[0].target.kind, found, provenance) if found else None


def _file(report: Report, name: Scalar) -> PlanFile | None:
    """Read the file's text; it must lie within the project."""
    folder = report.folder
    if folder is None:
        return None
    path = folder / name.text
    report.beside[name.text] = None
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            report.error("outside_project", name, file=name.text)
            return None
        if not path.is_file():
            report.error("unreadable_file", name, file=name.text, reason=os.strerror(errno.ENOENT))
            return None
        if path.stat().st_size > LARGEST:
            report.error("too_large", name, what=name.text, limit=f"{LARGEST // 1024**2} MiB")
            return None
        return PlanFile.of(name.text, path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        report.error("not_utf8", name, file=name.text)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links; a name that no file can have
        cause = error.strerror if isinstance(error, OSError) else None
        report.error("unreadable_file", name, file=name.text, reason=cause or str(error))
    return None


def _rows(file: PlanFile) -> list[list[Scalar]]:
    """Take the text apart into cells that know where they stand; empty lines are left out."""
    text, at = file.text, 0
    rows: list[list[Scalar]] = []
    row: list[Scalar] = []
    while at < len(text):
        match = _CELL.match(text, at)
        if match is None:  # a quote that ends within its cell: the cell as it stands
            end = min(place for place in (text.find(",", at), text.find("\n", at), len(text)) if place >= at)
            row.append(Scalar(Spot(file, at, end), text[at:end].strip()))
        else:
            end = match.end()
            group = 1 if match[1] is not None else 2
            row.append(Scalar(Spot(file, *match.span(group)), match[group].replace('""', '"').strip()))
        if end >= len(text) or text[end] == "\n":
            if any(cell.text for cell in row):
                rows.append(row)
            row = []
        at = end + 1
    return rows


def _heads(report: Report, file: PlanFile, row: list[Scalar]) -> _Heads | None:
    """Find the columns by their heads; one that is nothing else is a dimension."""
    by_name = {cell.text: place for place, cell in enumerate(row)}
    band = [name for name in _BAND if name in by_name]
    kinds = [name for name in by_name if name in _IN_FILE] + (["between"] if band else [])
    missing = [_PERIOD] if _PERIOD not in by_name else []
    missing += [] if kinds else [_IN_FILE[0]]
    missing += [name for name in _BAND if band and name not in band]
    for name in missing:
        report.error("target_column_missing", row[0], column=name, file=file.name, kinds=_IN_FILE)
    if len(kinds) > 1:
        second = band[0] if band else kinds[1]
        report.error("several_targets", row[by_name[second]], kinds=kinds)
    others = [cell for cell in row if cell.text not in _NAMED]
    if len(others) > 1 or len(by_name) < len(row):
        report.error("target_columns", (others or row)[-1], file=file.name, kinds=_IN_FILE)
        return None
    marks = {name: by_name[name] for name in MARKS if name in by_name}
    if band:
        for name, place in marks.items():
            report.error("not_of_this_target", row[place], key=name, target="between")
    if missing or len(kinds) != 1 or (band and marks):
        return None
    dimension = others[0].text if others else None
    place = by_name[dimension] if dimension is not None else None
    values = tuple(by_name[name] for name in (_BAND if band else kinds))
    return _Heads(by_name[_PERIOD], values, kinds[0], marks, dimension, place)


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the lines below the heads are read with."""

    report: Report
    heads: _Heads
    metric: Metric | None
    way_up: Callable[[TargetKind], Direction | None]

    def read(self, rows: list[list[Scalar]], width: int) -> tuple[PeriodTarget, ...]:
        """Read the lines; a period or member that stands there twice is a problem."""
        heads, report = self.heads, self.report
        whole: dict[Days, Target] = {}
        parts: dict[Days, list[tuple[PartTarget, Scalar]]] = {}
        seen: set[tuple[Days, str]] = set()
        kind: TargetKind | None = None
        for row in rows:
            if len(row) != width:
                report.error("target_cells", row[0], cells=len(row), columns=width)
                continue
            period, cell = row[heads.period], row[heads.values[0]]
            days = stretch_of(period.text)
            if days is None:
                report.error("bad_stretch", period, value=period.text)
            wanted = self._wanted(row)
            if days is None or wanted is None:
                continue
            kind = kind or wanted.kind
            if wanted.kind is not kind:
                report.error("mixed_changes", cell, key=heads.kind)
                continue
            member = row[heads.member].text if heads.member is not None else ""
            if (days, member) in seen:
                report.error("target_twice", period, period=period.text, member=member or "-")
            seen.add((days, member))
            if member:
                self._refuse_marks(row, member)
                part = PartTarget(heads.dimension, member, wanted.value, wanted.high)
                parts.setdefault(days, []).append((part, period))
            else:
                whole[days] = self._marked(wanted, row)
        for days, found in parts.items():
            if days not in whole:
                report.error("members_without_whole", found[0][1], period=found[0][1].text)
        return tuple(
            PeriodTarget(days, replace(target, parts=tuple(part for part, _ in parts.get(days, ()))))
            for days, target in sorted(whole.items(), key=lambda one: one[0])
        )

    def _wanted(self, row: list[Scalar]) -> Target | None:
        """Read the number of a line, or the two ends of its band."""
        cells = tuple(row[place] for place in self.heads.values)
        node = cells[0] if len(cells) == 1 else Items(cells[0].spot, cells)
        wanted = as_wanted(self.report, self.heads.kind, node, self.metric)
        return Target(*wanted) if wanted is not None else None

    def _marked(self, target: Target, row: list[Scalar]) -> Target:
        """Add the marks of a line; an empty cell is none."""
        cells = {name: row[place] for name, place in self.heads.marks.items() if row[place].text}
        good = self.way_up(target.kind)
        marks = {
            name: read_mark(self.report, target, cell, self.metric, good, name)
            for name, cell in cells.items()
        }
        return replace(target, at_least=marks.get("at_least"), stretch=marks.get("stretch"))

    def _refuse_marks(self, row: list[Scalar], member: str) -> None:
        for name, place in self.heads.marks.items():
            if row[place].text:
                self.report.error("mark_of_member", row[place], key=name, member=member)
