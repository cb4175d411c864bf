"""Why something moved, on a page: the sentence, and its parts as a waterfall that is a table."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from kurs.explain.finding import EffectKind, by_cell
from kurs.model.metric import Direction
from kurs.report.as_json import sentence as said_problem
from kurs.report.explain_sentence import (
    cell_name,
    dimension_name,
    driver_name,
    label_of,
    part_name,
    sentences,
    split_heading,
)
from kurs.report.pages.tables import Bar, Cell, Heading, Table
from kurs.report.split_columns import aligned_effects, effect_of_key, key_heading, shares_of, split_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.explain.finding import Branch, Finding, Part, Side
    from kurs.model.metric import Unit
    from kurs.model.project import Project
    from kurs.report.split_columns import Key
    from kurs.words import Language

_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding in words: what moved in one ``sentence``, then ``more``.

    ``waterfall`` leads from the value before to the value now, part by part; ``places`` does so by the
    combinations of members that stand out.
    """

    label: str
    sentence: str
    more: str
    days: str
    waterfall: Table | None
    places: Table | None
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
        places=_places(found, project, language),
        sides=tuple(
            _side(side, found, project, language) for side in found.sides if side.dimensions != first
        ),
        caveats=tuple(said_problem(caveat, language) for caveat in found.caveats),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the waterfall: a cell, a driver, a combination, or what lies in none.

    ``unit`` is that of its values, where it is not the whole's; what lies in none has no values.
    """

    name: str
    effect: float
    values: tuple[float | None, float | None] | None = None
    unit: Unit | None = None
    parts: tuple[Part, ...] = ()


def _waterfall(found: Finding, project: Project, language: Language) -> Table | None:
    """Lay out the cells, or the drivers, with their effects; each bar starts where the one before ended.

    What a cell's effect is made of (rate beside mix, volume beside its drivers) stands in columns.
    """
    keys: list[Key] = []
    if found.tree is not None and not (found.parts and found.parts[0].dimensions):
        steps = [_of_branch(leaf, project, language) for leaf in found.tree.leaves()]
        heading = language.term("column.driver")
    elif found.parts:
        steps = [_of_cell(parts, project, language) for parts in by_cell(found.parts)]
        heading = split_heading(found.parts[0].dimensions, project, language) or language.term(
            "column.driver"
        )
        keys = split_keys(found.method, found.parts)
    else:
        return None
    rest = found.change - fsum(step.effect for step in steps)
    if abs(rest) > _NOISE * max(abs(found.value), abs(found.against_value), _NOISE):
        steps.append(_Step(language.say("Not in any part"), rest))
    return _Columns(found, project, language, keys).table(
        language.say("The parts of the change; they add up to it"), heading, steps
    )


def _places(found: Finding, project: Project, language: Language) -> Table | None:
    """Lay out the combinations of members that stand out, and all else; together they are the change."""
    search = found.search
    if search is None or not search.causes:
        return None
    steps = [
        _Step(
            cell_name(one.dimensions, one.members, project, language),
            one.effect,
            (one.against_value, one.value),
        )
        for one in search.causes
    ]
    steps.append(_Step(language.say("All else"), search.rest))
    columns = _Columns(found, project, language, [])
    return columns.table(language.say("Where it happened"), language.term("column.where"), steps)


class _Columns:
    """Lays steps out as rows: values, shares of the whole, what the effect is made of, and its bar."""

    def __init__(self, found: Finding, project: Project, language: Language, keys: Sequence[Key]) -> None:
        self.found, self.project, self.language, self.keys = found, project, language, keys
        self.has_shares = bool(keys) and found.denominator is not None
        self.written = aligned_effects(found, project, language)

    def table(self, caption: str, heading: str, steps: Sequence[_Step]) -> Table:
        bars = _bars(self.found.against_value, [step.effect for step in steps], self.found)
        rows = [self._row(step, bar) for step, bar in zip(steps, bars, strict=True)]
        return Table(caption, self._headings(heading), (*rows, self._total(steps)))

    def _headings(self, first: str) -> tuple[Heading, ...]:
        term = self.language.term
        shares = [term("column.share_before"), term("column.share_after")] if self.has_shares else []
        split = [key_heading(key, self.project, self.language) for key in self.keys]
        numbers = [*shares, term("column.before"), term("column.after"), *split, term("column.effect")]
        return (Heading(first), *(Heading(name, is_numeric=True) for name in numbers), Heading(""))

    def _row(self, step: _Step, bar: Bar) -> tuple[Cell, ...]:
        before_and_now = [self._amount(one, step.unit) for one in step.values or ()]
        return (
            Cell(step.name),
            *(self._shares(step.parts) if self.has_shares else ()),
            *(before_and_now or (Cell(), Cell())),
            *(self._effect(effect_of_key(step.parts, key)) for key in self.keys),
            self._effect(step.effect),
            Cell(bar=bar),
        )

    def _shares(self, parts: Sequence[Part]) -> tuple[Cell, ...]:
        shares = shares_of(self.found, parts[0]) if parts else None
        if shares is None:
            return Cell(), Cell()
        return tuple(Cell(self.language.percent(share, 1), raw=share) for share in shares)

    def _total(self, steps: Sequence[_Step]) -> tuple[Cell, ...]:
        all_parts = [part for step in steps for part in step.parts]
        return (
            Cell(self.language.say("All together")),
            *((Cell(), Cell()) if self.has_shares else ()),
            self._amount(self.found.against_value),
            self._amount(self.found.value),
            *(self._effect(effect_of_key(all_parts, key)) for key in self.keys),
            self._effect(self.found.change),
            Cell(),
        )

    def _amount(self, value: float | None, unit: Unit | None = None) -> Cell:
        unit, currency = unit or self.found.metric.unit, self.project.settings.currency
        return Cell(self.language.quantity(value, unit, currency), raw=value)

    def _effect(self, effect: float | None) -> Cell:
        return Cell() if effect is None else Cell(self.written(effect), raw=effect)


def _is_within(key: Key) -> bool:
    """Say whether a column is worth its place in a narrow table: who came and went is seen by the effect."""
    return key[0] not in (EffectKind.NEW, EffectKind.GONE, EffectKind.ORPHAN)


def _of_cell(parts: Sequence[Part], project: Project, language: Language) -> _Step:
    first = parts[0]
    names = [part_name(first, project, language)] if first.dimensions or first.merged > 1 else []
    if first.driver is not None and len(parts) == 1:
        names.append(driver_name(first.driver, project, language))
    effect = fsum(part.effect for part in parts)
    return _Step(" · ".join(names), effect, (first.against_value, first.value), parts=tuple(parts))


def _of_branch(branch: Branch, project: Project, language: Language) -> _Step:
    name = driver_name(branch.driver, project, language)
    metric = project.metrics.get(branch.driver)
    unit = metric.unit if metric is not None else None
    return _Step(name, branch.effect, (branch.against_value, branch.value), unit)


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
    """Lay out the same change split by another dimension: its members and what made their effects."""
    keys = [key for key in split_keys(side.method, side.parts) if _is_within(key)]
    numbers = [key_heading(key, project, language) for key in keys]
    written = aligned_effects(found, project, language)
    columns = (
        Heading(split_heading(side.dimensions, project, language)),
        *(Heading(name, is_numeric=True) for name in (*numbers, language.term("column.effect"))),
    )

    def effect(value: float | None) -> Cell:
        return Cell() if value is None else Cell(written(value), raw=value)

    rows = tuple(
        (Cell(step.name), *(effect(effect_of_key(step.parts, key)) for key in keys), effect(step.effect))
        for step in (_of_cell(parts, project, language) for parts in by_cell(side.parts))
    )
    caption = language.say("By {dimension}", dimension=dimension_name(side.dimensions, project, language))
    return Table(caption, columns, rows, is_sortable=True)
