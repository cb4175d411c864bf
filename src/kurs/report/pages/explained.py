"""Why something moved, on a page: the sentence, and its parts as a waterfall that is a table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from math import fsum
from typing import TYPE_CHECKING

from kurs.model.metric import Direction
from kurs.report.as_json import sentence as said_problem
from kurs.report.explain_sentence import (
    dimension_name,
    driver_name,
    effect_of,
    label_of,
    part_name,
    sentences,
    split_heading,
)
from kurs.report.pages.tables import Bar, Cell, Heading, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.explain.finding import Branch, Finding, Part, Side
    from kurs.model.project import Project
    from kurs.words import Language

_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding in words: what moved in one ``sentence``, then ``more``.

    ``waterfall`` leads from the value before to the value now, part by part.
    """

    label: str
    sentence: str
    more: str
    days: str
    waterfall: Table | None
    sides: tuple[Table, ...]
    caveats: tuple[str, ...]


def explained(found: Finding, project: Project, language: Language) -> Explained:
    """Word a finding."""
    first = found.parts[0].dimensions if found.parts else ()
    told, *more = sentences(found, project, language)
    return Explained(
        label=label_of(found, project, language),
        sentence=told,
        more=" ".join(more),
        days=language.say(
            "{days}, against {against}",
            days=language.days_range(found.days.first, found.days.last),
            against=language.days_range(found.against.first, found.against.last),
        ),
        waterfall=_waterfall(found, project, language),
        sides=tuple(
            _side(side, found, project, language) for side in found.sides if side.dimensions != first
        ),
        caveats=tuple(said_problem(caveat, language) for caveat in found.caveats),
    )


def _waterfall(found: Finding, project: Project, language: Language) -> Table | None:
    """Lay out the cells, or the drivers, with their effects; each bar starts where the one before ended."""
    if found.tree is not None and not (found.parts and found.parts[0].dimensions):
        steps = [_of_branch(leaf, project, language) for leaf in found.tree.leaves()]
        heading = language.term("column.driver")
    elif found.parts:
        cells = [list(parts) for _, parts in groupby(found.parts, key=lambda part: part.cell)]
        steps = [_of_cell(found, parts, project, language) for parts in cells]
        heading = split_heading(found.parts[0].dimensions, project, language)
        heading = heading or language.term("column.driver")
    else:
        return None
    rest = found.change - fsum(effect for _, _, _, _, effect in steps)
    if abs(rest) > _NOISE * max(abs(found.value), abs(found.against_value), _NOISE):
        steps.append((language.say("Not in any part"), "", None, None, rest))
    bars = _bars(found.against_value, [effect for *_, effect in steps], found)

    def amount(value: float | None) -> Cell:
        return Cell(language.quantity(value, found.metric.unit, project.settings.currency), raw=value)

    rows = [
        (
            Cell(name, note=note),
            amount(before),
            amount(now),
            Cell(effect_of(found, effect, project, language), raw=effect),
            Cell(bar=bar),
        )
        for (name, note, before, now, effect), bar in zip(steps, bars, strict=True)
    ]
    whole = effect_of(found, found.change, project, language)
    total = (
        Cell(language.say("All together")),
        amount(found.against_value),
        amount(found.value),
        Cell(whole, raw=found.change),
        Cell(),
    )
    columns = (
        Heading(heading),
        Heading(language.term("column.before"), is_numeric=True),
        Heading(language.term("column.after"), is_numeric=True),
        Heading(language.term("column.effect"), is_numeric=True),
        Heading(""),
    )
    return Table(language.say("The parts of the change; they add up to it"), columns, (*rows, total))


_Step = tuple[str, str, "float | None", "float | None", float]


def _of_cell(found: Finding, parts: Sequence[Part], project: Project, language: Language) -> _Step:
    first = parts[0]
    names = [part_name(first, project, language)] if first.dimensions or first.merged > 1 else []
    if first.driver is not None and len(parts) == 1:
        names.append(driver_name(first.driver, project, language))
    effects = (
        f"{_kind(part, project, language)} {effect_of(found, part.effect, project, language)}"
        for part in parts
    )
    note = "; ".join(effects) if len(parts) > 1 else ""
    return " · ".join(names), note, first.against_value, first.value, fsum(part.effect for part in parts)


def _kind(part: Part, project: Project, language: Language) -> str:
    if part.driver is not None:
        return driver_name(part.driver, project, language)
    return language.term(f"column.effect_{part.kind}")


def _of_branch(branch: Branch, project: Project, language: Language) -> _Step:
    return (
        driver_name(branch.driver, project, language),
        "",
        branch.against_value,
        branch.value,
        branch.effect,
    )


def _bars(start: float, effects: Sequence[float], found: Finding) -> list[Bar]:
    """Draw each effect from where the one before ended; the axis is where all of them began."""
    levels = [start, *(start + fsum(effects[: n + 1]) for n in range(len(effects)))]
    low, high = min(levels), max(levels)
    span = (high - low) or 1.0

    def place(level: float) -> int:
        return round(1000 * (level - low) / span)

    bars: list[Bar] = []
    for before, after, effect in zip(levels, levels[1:], effects, strict=False):
        ends = sorted((place(before), place(after)))
        bars.append(Bar(ends[0], ends[1] - ends[0], _tone(effect, found), place(start)))
    return bars


def _tone(effect: float, found: Finding) -> str:
    """Say whether an effect goes the right way; none where there is no such way."""
    good = (found.kpi.good if found.kpi is not None else None) or found.metric.good
    if not effect or good not in (Direction.UP, Direction.DOWN):
        return "none"
    return "good" if (effect > 0) == (good is Direction.UP) else "bad"


def _side(side: Side, found: Finding, project: Project, language: Language) -> Table:
    """Lay out the same change split by another dimension: its members and their effects."""
    cells = [list(parts) for _, parts in groupby(side.parts, key=lambda part: part.cell)]
    steps = [_of_cell(found, parts, project, language) for parts in cells]
    columns = (
        Heading(split_heading(side.dimensions, project, language)),
        Heading(language.term("column.effect"), is_numeric=True),
    )
    rows = tuple(
        (Cell(name, note=note), Cell(effect_of(found, effect, project, language), raw=effect))
        for name, note, _, _, effect in steps
    )
    caption = language.say("By {dimension}", dimension=dimension_name(side.dimensions, project, language))
    return Table(caption, columns, rows, is_sortable=True)
