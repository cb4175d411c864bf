"""Reads a table of targets: a CSV file of the project with a line for each period, or member of one."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.target import PartTarget, PeriodTarget, Provenance, Target, TargetTable
from kurs.project.amounts import stretch_of
from kurs.project.nodes import PlanFile, Scalar, Spot
from kurs.project.target_amounts import KINDS, as_wanted

if TYPE_CHECKING:
    from kurs.model.days import Days
    from kurs.model.metric import Metric
    from kurs.model.target import TargetKind
    from kurs.project.report import Report
    from kurs.project.section import Section

LARGEST = 1024 * 1024
_PERIOD = "period"
_IN_FILE = tuple(kind for kind in KINDS if kind != "between")
# A cell between commas: in quotes, where "" stands for one of them, or as it is.
_CELL = re.compile(r'[ \t]*(?:"((?:[^"]|"")*)"|([^,\n]*?))[ \t]*\r?(?=,|\n|\Z)')


@dataclass(frozen=True, slots=True)
class _Heads:
    """The columns of the file: the period's, the value's and its kind, the dimension's where there is one."""

    period: int
    value: int
    kind: str
    dimension: str | None = None
    member: int | None = None


def read_target_table(
    section: Section, metric: Metric | None, provenance: Provenance | None
) -> TargetTable | None:
    """Read ``file:``; the head of a column says what it holds: period, a kind of target, a dimension.

    A line without a member is the target of the whole, the others of that period are those of its parts.
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
    found = _read(section.report, rows[1:], heads, len(rows[0]), metric)
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
    kinds = [name for name in by_name if name in _IN_FILE]
    missing = [_PERIOD] if _PERIOD not in by_name else []
    missing += [] if kinds else [_IN_FILE[0]]
    for name in missing:
        report.error("target_column_missing", row[0], column=name, file=file.name, kinds=_IN_FILE)
    if len(kinds) > 1:
        report.error("several_targets", row[by_name[kinds[1]]], kinds=kinds)
    others = [cell for cell in row if cell.text != _PERIOD and cell.text not in _IN_FILE]
    if len(others) > 1 or len(by_name) < len(row):
        report.error("target_columns", (others or row)[-1], file=file.name, kinds=_IN_FILE)
        return None
    if missing or len(kinds) != 1:
        return None
    dimension = others[0].text if others else None
    place = by_name[dimension] if dimension is not None else None
    return _Heads(by_name[_PERIOD], by_name[kinds[0]], kinds[0], dimension, place)


def _read(
    report: Report, rows: list[list[Scalar]], heads: _Heads, width: int, metric: Metric | None
) -> tuple[PeriodTarget, ...]:
    """Read the lines below the heads; a period or member that stands there twice is a problem."""
    whole: dict[Days, Target] = {}
    parts: dict[Days, list[tuple[PartTarget, Scalar]]] = {}
    seen: set[tuple[Days, str]] = set()
    kind: TargetKind | None = None
    for row in rows:
        if len(row) != width:
            report.error("target_cells", row[0], cells=len(row), columns=width)
            continue
        period, cell = row[heads.period], row[heads.value]
        days = stretch_of(period.text)
        if days is None:
            report.error("bad_stretch", period, value=period.text)
        wanted = as_wanted(report, heads.kind, cell, metric)
        if days is None or wanted is None:
            continue
        kind = kind or wanted[0]
        if wanted[0] is not kind:
            report.error("mixed_changes", cell, key=heads.kind)
            continue
        member = row[heads.member].text if heads.member is not None else ""
        if (days, member) in seen:
            report.error("target_twice", period, period=period.text, member=member or "-")
        seen.add((days, member))
        if member:
            part = PartTarget(heads.dimension, member, wanted[1], wanted[2])
            parts.setdefault(days, []).append((part, period))
        else:
            whole[days] = Target(*wanted)
    for days, found in parts.items():
        if days not in whole:
            report.error("members_without_whole", found[0][1], period=found[0][1].text)
    return tuple(
        PeriodTarget(days, replace(target, parts=tuple(part for part, _ in parts.get(days, ()))))
        for days, target in sorted(whole.items(), key=lambda one: one[0])
    )
