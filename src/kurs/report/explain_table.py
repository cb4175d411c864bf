"""A finding for a terminal: the sentence, then a row a cell with a bar for its effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.explain.finding import EffectKind, Method, by_cell
from kurs.explain.real import FOUND_BELOW
from kurs.model.metric import Direction
from kurs.report.explain_sentence import cell_name, part_name, sentence, split_heading
from kurs.report.labels import metric_label
from kurs.report.layout import Column, Row, table
from kurs.report.split_columns import (
    Key,
    aligned_effects,
    effect_of_key,
    key_heading,
    shares_of,
    split_keys,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from kurs.explain.finding import Branch, Finding, Linked, Part, Search, Side
    from kurs.model.project import Project
    from kurs.words import Language

_BAR = 8  # cells to either side of the axis
_FULL, _AXIS = "█", "│"
_PARTIAL = "▏▎▍▌▋▊▉"
_MARK = "*"
_UP, _DOWN, _LEVEL = "▲", "▼", "▬"


def explain_table(found: Finding, project: Project, language: Language, width: int) -> RenderableType:
    """Lay out why it moved."""
    return Group(*_Sheet(found, project, language, width).parts())


def bar(effect: float, largest: float) -> str:
    """Draw an effect to the right of an axis, or to the left where it is negative."""
    eighths = round(abs(effect) / largest * _BAR * 8) if largest else 0
    whole, rest = divmod(eighths, 8)
    if effect < 0:  # no block is filled from the right, so that half a cell is the finest step
        length = whole + (rest >= 4)
        return " " * (_BAR - length) + _FULL * length + _AXIS
    return " " * _BAR + _AXIS + _FULL * whole + (_PARTIAL[rest - 1] if rest else "")


class _Sheet:
    """One finding, laid out."""

    def __init__(self, found: Finding, project: Project, language: Language, width: int) -> None:
        self.found = found
        self.project = project
        self.language = language
        self.width = width
        self._effect = aligned_effects(found, project, language)

    def parts(self) -> Iterator[RenderableType]:
        found, said = self.found, self.language
        yield Text.assemble(self._arrow(), " ", (sentence(found, self.project, said), "bold"))
        days = said.days_range(found.days.first, found.days.last)
        against = said.days_range(found.against.first, found.against.last)
        yield Text(said.say("{days}, against {against}", days=days, against=against), "dim")
        if found.tree is not None:
            yield Text()
            yield from self._tree(found.tree)
        if found.linked:
            yield Text()
            yield Text(said.say("Said by the plan to lead it; not part of the sum"), "bold")
            yield self._links(found.linked)
        if found.search is not None and found.search.causes:
            yield Text()
            yield self._causes(found.search)
            if found.search.overlaps:
                yield Text(said.say("What lies in two of these is counted in one."), "dim")
        if found.parts and found.parts[0].dimensions:
            yield Text()
            yield self._cells(by_cell(found.parts))
            if any(map(_stands_out, found.parts)):
                share = said.percent(FOUND_BELOW, 0)
                noted = said.say_plural(
                    "* more than chance; at most {share} of them are not ({n} member was tested)",
                    "* more than chance; at most {share} of them are not ({n} members were tested)",
                    found.family,
                    share=share,
                )
                yield Text(noted, "dim")
        others = [
            side for side in found.sides if found.parts and side.dimensions != found.parts[0].dimensions
        ]
        if others:
            yield Text()
            yield Text(said.say("The same change, split otherwise"), "bold")
            yield self._others(others)

    def _arrow(self) -> Text:
        change = self.found.change
        return Text(_UP if change > 0 else _DOWN if change < 0 else _LEVEL, self._style(change))

    # Where it happened

    def _causes(self, search: Search) -> RenderableType:
        effects = [*(cause.effect for cause in search.causes), search.rest]
        largest = max(map(abs, effects))
        names = [
            cell_name(cause.dimensions, cause.members, self.project, self.language) for cause in search.causes
        ]
        rows: list[Row] = [
            (
                Text(name),
                Text(self._amount(cause.against_value)),
                Text(self._amount(cause.value)),
                Text(self.language.percent(cause.score, 0), "dim"),
                Text(self._effect(cause.effect), self._style(cause.effect)),
                Text(bar(cause.effect, largest), self._style(cause.effect)),
            )
            for name, cause in zip(names, search.causes, strict=True)
        ]
        blank = [Text()] * 3
        effect = Text(self._effect(search.rest), self._style(search.rest))
        rest = Text(bar(search.rest, largest), self._style(search.rest))
        rows.append((Text(self.language.say("All else"), "dim"), *blank, effect, rest))
        total = Text(self._effect(self.found.change), "bold")
        term = self.language.term
        columns = [
            Column(term("column.where"), least=20),
            Column(term("column.before"), "right"),
            Column(term("column.after"), "right"),
            Column(term("column.alike"), "right", rank=2),
            Column(term("column.effect"), "right"),
            Column("", rank=3),
        ]
        return table(
            columns, rows, self.width, (Text(self.language.say("All"), "bold"), *blank, total, Text())
        )

    # The cells of one split

    def _cells(self, cells: Sequence[Sequence[Part]]) -> RenderableType:
        totals = [sum(part.effect for part in parts) for parts in cells]
        largest = max(map(abs, totals), default=0.0)
        keys = split_keys(self.found.method, self.found.parts)
        head = split_heading(self.found.parts[0].dimensions, self.project, self.language)
        columns = [Column(head, least=14), *self._value_columns()]
        columns += [Column(key_heading(key, self.project, self.language), "right", rank=1) for key in keys]
        columns += [Column(self.language.term("column.effect"), "right"), Column("", rank=3)]
        rows = [self._cell(parts, keys, total, largest) for parts, total in zip(cells, totals, strict=True)]
        return table(columns, rows, self.width, self._foot(keys, len(columns)))

    def _value_columns(self) -> list[Column]:
        name = self.language.term
        shares = [
            Column(name("column.share_before"), "right", rank=2),
            Column(name("column.share_after"), "right", rank=2),
        ]
        values = [Column(name("column.before"), "right"), Column(name("column.after"), "right")]
        if self.found.denominator is not None:
            return [*shares, *values]
        return [*values, Column(name("column.excess"), "right", rank=2)]

    def _cell(self, parts: Sequence[Part], keys: Sequence[Key], total: float, largest: float) -> Row:
        part = parts[0]
        values = [Text(self._amount(part.against_value)), Text(self._amount(part.value))]
        shares = shares_of(self.found, part)
        if shares is not None:
            values = [*(Text(self.language.percent(share, 1), "dim") for share in shares), *values]
        else:
            values.append(Text("" if part.excess is None else self._effect(part.excess), "dim"))
        by_key = [effect_of_key(parts, key) for key in keys]
        return (
            Text(part_name(part, self.project, self.language)),
            *values,
            *(Text(self._effect(effect) if effect else "") for effect in by_key),
            Text(self._effect(total) + (_MARK if _stands_out(part) else ""), self._style(total)),
            Text(bar(total, largest), self._style(total)),
        )

    def _foot(self, keys: Sequence[Key], width: int) -> Row:
        totals = [effect_of_key(self.found.parts, key) or 0.0 for key in keys]
        blank = [Text()] * (width - 3 - len(keys))
        if self.found.denominator is not None:
            blank[-2:] = [
                Text(self._amount(self.found.against_value), "bold"),
                Text(self._amount(self.found.value), "bold"),
            ]
        else:
            blank[:2] = [
                Text(self._amount(self.found.against_value), "bold"),
                Text(self._amount(self.found.value), "bold"),
            ]
        explained = self.found.change - self.found.residual
        return (
            Text(self.language.say("All"), "bold"),
            *blank,
            *(Text(self._effect(total), "bold") for total in totals),
            Text(self._effect(explained), "bold"),
            Text(),
        )

    # Other splits, and drivers

    def _others(self, sides: Sequence[Side]) -> RenderableType:
        rows: list[Row] = []
        for side in sides:
            first = by_cell(side.parts)[0]
            total = sum(part.effect for part in first)
            rows.append(
                (
                    Text(split_heading(side.dimensions, self.project, self.language)),
                    *(
                        Text(self._effect(side.total(kind)) if side.method is Method.RATE_MIX else "")
                        for kind in (EffectKind.RATE, EffectKind.MIX)
                    ),
                    Text.assemble(
                        part_name(first[0], self.project, self.language),
                        " ",
                        (self._effect(total), self._style(total)),
                    ),
                )
            )
        columns = [
            Column(self.language.term("column.split"), least=12),
            Column(self.language.term("column.effect_rate"), "right"),
            Column(self.language.term("column.effect_mix"), "right"),
            Column(self.language.term("column.most"), least=20),
        ]
        return table(columns, rows, self.width)

    def _tree(self, root: Branch) -> Iterator[RenderableType]:
        largest = max((abs(leaf.effect) for leaf in root.leaves()), default=0.0)
        rows = list(self._branches(root, 0, largest))
        columns = [
            Column(self.language.term("column.driver"), least=20),
            Column(self.language.term("column.before"), "right"),
            Column(self.language.term("column.after"), "right"),
            Column(self.language.term("column.effect"), "right"),
            Column("", rank=3),
        ]
        yield Padding(table(columns, rows, self.width), 0)

    def _branches(self, branch: Branch, depth: int, largest: float) -> Iterator[Row]:
        metric = self.project.metrics.get(branch.driver)
        unit = metric.unit if metric is not None else self.found.metric.unit
        currency = self.project.settings.currency
        yield (
            Text("  " * depth + metric_label(self.project, branch.driver, self.language)),
            Text(self.language.quantity(branch.against_value, unit, currency)),
            Text(self.language.quantity(branch.value, unit, currency)),
            Text(self._effect(branch.effect), self._style(branch.effect)),
            Text(bar(branch.effect, largest) if depth else "", self._style(branch.effect)),
        )
        for below in branch.branches:
            yield from self._branches(below, depth + 1, largest)

    def _links(self, linked: Sequence[Linked]) -> RenderableType:
        rows = [
            (
                Text(metric_label(self.project, link.metric, self.language)),
                self._of(link.metric, link.against_value),
                self._of(link.metric, link.value),
                Text(metric_label(self.project, link.leads, self.language), "dim"),
            )
            for link in linked
        ]
        term = self.language.term
        columns = [
            Column(term("column.driver"), least=20),
            Column(term("column.before"), "right"),
            Column(term("column.after"), "right"),
            Column(term("column.leads"), least=12),
        ]
        return table(columns, rows, self.width)

    def _of(self, metric: str, value: float | None) -> Text:
        unit = self.project.metrics[metric].unit
        return Text(self.language.quantity(value, unit, self.project.settings.currency))

    # The pieces

    def _style(self, effect: float) -> str:
        kpi = self.found.kpi
        good = (kpi.good if kpi is not None else None) or self.found.metric.good
        if not effect or good not in (Direction.UP, Direction.DOWN):
            return ""
        return "green" if (effect > 0) == (good is Direction.UP) else "red"

    def _amount(self, value: float | None) -> str:
        return self.language.quantity(value, self.found.metric.unit, self.project.settings.currency)


def _stands_out(part: Part) -> bool:
    return part.q_value is not None and part.q_value <= FOUND_BELOW
