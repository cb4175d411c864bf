"""Why a metric moved, in a short paragraph: whole sentences, chosen by rules, with the numbers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.explain.driver_cells import TIMES
from kurs.explain.finding import EffectKind, Method, Part
from kurs.explain.segments import DENOMINATOR, NUMERATOR
from kurs.model.metric import Unit
from kurs.report.labels import dimension_label, inside, kpi_label, metric_label, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kurs.explain.finding import Finding, Located, Search
    from kurs.model.project import Project
    from kurs.words import Language

_WORTH_SAYING = 0.1  # of the change: a smaller counter-movement is left to the table
_NOISE = 1e-12
_SURE = 0.05
_MOST_NAMED = 3  # crossings beside a split: the others are in the table


def sentence(finding: Finding, project: Project, language: Language) -> str:
    """Say what moved, and the most of why."""
    return " ".join(sentences(finding, project, language))


def sentences(finding: Finding, project: Project, language: Language) -> tuple[str, ...]:
    """Say what moved, and then, sentence by sentence, the most of why."""
    return tuple(_Teller(finding, project, language).sentences())


def label_of(finding: Finding, project: Project, language: Language) -> str:
    """Name what is explained: the KPI, else the metric."""
    if finding.kpi is not None:
        return kpi_label(project, finding.kpi, language)
    return metric_label(project, finding.metric.key, language)


def part_name(part: Part, project: Project, language: Language) -> str:
    """Name the cell of a part; members in the order of the dimensions, the long tail by its size."""
    if part.merged > 1:
        return language.say_plural("{n} other", "{n} others", part.merged)
    return cell_name(part.dimensions, part.members, project, language)


def cell_name(
    dimensions: tuple[str, ...], members: tuple[object, ...], project: Project, language: Language
) -> str:
    """Name a cell by its members, in the order of the dimensions."""
    pairs = zip(dimensions, members, strict=True)
    return " · ".join(_member(dimension, member, project, language) for dimension, member in pairs)


def driver_name(driver: str, project: Project, language: Language) -> str:
    """Name a driver: a metric, several that are one factor, or a side of a ratio."""
    if driver in (NUMERATOR, DENOMINATOR):
        return language.term(f"column.{driver}")
    return TIMES.join(metric_label(project, name, language) for name in driver.split(TIMES))


def dimension_name(dimensions: tuple[str, ...], project: Project, language: Language) -> str:
    """Name a split by its dimensions, within a sentence."""
    return " · ".join(inside(dimension_label(project, name, language)) for name in dimensions)


def split_heading(dimensions: tuple[str, ...], project: Project, language: Language) -> str:
    """Name a split by its dimensions, above a column."""
    return " · ".join(dimension_label(project, name, language) for name in dimensions)


def _member(dimension: str, member: object, project: Project, language: Language) -> str:
    name = dimension_name((dimension,), project, language)
    if member is None:
        return language.say("(no {dimension})", dimension=name)
    if isinstance(member, bool):
        answer = language.term("answer.yes" if member else "answer.no")
        return f"{name}: {answer}"
    return shown(str(member))


def change_of(finding: Finding, project: Project, language: Language) -> str:
    """Write the change: of percentages in points, else relative where that has a meaning."""
    if finding.metric.unit is not Unit.PERCENT and finding.against_value > 0:
        return language.change(finding.change / finding.against_value)
    return effect_of(finding, finding.change, project, language)


def effect_of(finding: Finding, effect: float, project: Project, language: Language) -> str:
    """Write an effect in the metric's unit, with its sign."""
    return language.difference(effect, finding.metric.unit, project.settings.currency)


def foremost(finding: Finding, kind: EffectKind | None, direction: float) -> Part | None:
    """Return the largest part of a kind that moves in a direction, and has a name."""
    named = [
        part
        for part in finding.parts
        if kind in (None, part.kind) and part.merged == 1 and part.effect * direction > 0
    ]
    return max(named, key=lambda part: abs(part.effect), default=None)


def comings_and_goings(finding: Finding, scale: float, project: Project, language: Language) -> Iterator[str]:
    """Say which members came, went, or have no denominator, where that made a tenth of ``scale``."""
    for part in finding.parts:
        if abs(part.effect) < _WORTH_SAYING * scale:
            continue
        values = {
            "member": part_name(part, project, language),
            "effect": effect_of(finding, part.effect, project, language),
        }
        if part.kind is EffectKind.NEW:
            yield language.say("{member} is new and made {effect}.", **values)
        elif part.kind is EffectKind.GONE:
            yield language.say("{member} is gone, which made {effect}.", **values)
        elif part.kind is EffectKind.ORPHAN:
            yield language.say(
                "{member} has a numerator and no denominator, a fault of the data; it made {effect}.",
                **values,
            )


class _Teller:
    """Chooses the sentences of one finding."""

    def __init__(self, finding: Finding, project: Project, language: Language) -> None:
        self.finding = finding
        self.project = project
        self.language = language

    def sentences(self) -> Iterator[str]:
        yield self._headline()
        yield from self._surety()
        yield from self._beneath()
        if not self._moved():
            return
        search = self.finding.search
        if search is not None and not search.is_aside:
            yield from self._located(search)
            return
        match self.finding.method:
            case Method.RATE_MIX:
                yield from self._rate_and_mix()
            case Method.CONTRIBUTION | Method.WEIGHTED | Method.OVERLAPPING:
                yield from self._members()
            case Method.SHAPLEY | Method.LMDI:
                yield self._drivers()
            case None:
                return
        if self.finding.method is Method.OVERLAPPING:
            yield self.language.say(
                "What several of them share belongs to none alone: {residual}.",
                residual=self._effect(self.finding.residual),
            )
        if search is not None and search.causes:
            crossings = [cause for cause in search.causes if len(cause.dimensions) > 1]
            yield self.language.say("Most striking: {causes}.", causes=self._made(crossings[:_MOST_NAMED]))

    def _moved(self) -> bool:
        found = self.finding
        return abs(found.change) > _NOISE * max(abs(found.value), abs(found.against_value))

    # What moved

    def _headline(self) -> str:
        said, found = self.language, self.finding
        values = {
            "metric": label_of(found, self.project, said),
            "before": self._amount(found.against_value),
            "after": self._amount(found.value),
            "change": change_of(found, self.project, said),
        }
        if values["before"] == values["after"]:
            return said.say("{metric} stayed at {after}.", **values)
        if found.change > 0:
            return said.say("{metric} rose from {before} to {after} ({change}).", **values)
        return said.say("{metric} fell from {before} to {after} ({change}).", **values)

    def _surety(self) -> Iterator[str]:
        """Say how sure the change is, where that is known."""
        tested, said = self.finding.significance, self.language
        if tested is None or not self._moved():
            return
        values = {"low": self._effect(tested.low95), "high": self._effect(tested.high95)}
        if tested.p_value <= _SURE:
            yield said.say("It is more than chance (95 % interval: {low} to {high}).", **values)
        else:
            yield said.say("It may be chance (95 % interval: {low} to {high}).", **values)
        if tested.users is not None:
            yield said.say_plural(
                "Judged by {n} user, as {key} names them.",
                "Judged by {n} users, as {key} names them.",
                tested.users,
                key=shown(tested.key or ""),
            )

    def _beneath(self) -> Iterator[str]:
        """Say how the two sides of a ratio moved: a rate can fall while all grows."""
        above, below = self.finding.numerator, self.finding.denominator
        if above is None or below is None or above[0] <= 0 or below[0] <= 0:
            return
        names = (self.finding.numerator_metric, self.finding.denominator_metric)
        known = [metric_label(self.project, name, self.language) for name in names if name is not None]
        if len(known) == len(names):
            yield self.language.say(
                "{numerator}: {above}; {denominator}: {below}.",
                numerator=known[0],
                above=self.language.change(above[1] / above[0] - 1),
                denominator=known[1],
                below=self.language.change(below[1] / below[0] - 1),
            )

    # Why

    def _located(self, search: Search) -> Iterator[str]:
        """Say where it happened, or that it is in no few places."""
        said = self.language
        values = {
            "dimensions": [dimension_name((name,), self.project, said) for name in search.dimensions],
            "rest": self._effect(search.rest),
            "causes": self._made(search.causes),
        }
        if search.is_localised:
            yield said.say("It happened in few places: {causes}; all else made {rest}.", **values)
        elif search.causes:
            yield said.say("What stands out does not explain it: {causes}; all else made {rest}.", **values)
        else:
            yield said.say("No combination of {dimensions} stands out: it is spread over many.", **values)

    def _made(self, causes: Sequence[Located]) -> list[str]:
        return [
            self.language.say(
                "{member} made {effect}",
                member=cell_name(cause.dimensions, cause.members, self.project, self.language),
                effect=self._effect(cause.effect),
            )
            for cause in causes
        ]

    def _rate_and_mix(self) -> Iterator[str]:
        rate, mix = (self._total(kind) for kind in (EffectKind.RATE, EffectKind.MIX))
        change, said = self.finding.change, self.language
        values = {"dimension": self._dimension(), "mix": self._effect(mix), "rate": self._effect(rate)}
        if abs(mix) > abs(rate):
            yield self._mix(values, mix)
            if rate * change < 0 and abs(rate) >= _WORTH_SAYING * abs(change):
                yield said.say("The rates moved it the other way ({rate}).", **values)
            else:
                yield said.say("The rates made {rate}.", **values)
        elif rate:
            yield self._rate(values, rate)
            if mix * change < 0 and abs(mix) >= _WORTH_SAYING * abs(change):
                yield said.say("The mix moved it the other way ({mix}).", **values)
            else:
                yield said.say("The mix made {mix}.", **values)
        scale = max(abs(rate), abs(mix), abs(change))
        yield from comings_and_goings(self.finding, scale, self.project, said)

    def _mix(self, values: dict[str, str], total: float) -> str:
        part = foremost(self.finding, EffectKind.MIX, total)
        shares = self._shares(part) if part is not None else None
        if part is None or shares is None:
            return self.language.say("By {dimension}, the mix made {mix}.", **values)
        return self.language.say(
            "By {dimension}, the mix made {mix}: {member} went from {before} to {after} of the whole, "
            "which made {effect}.",
            **values,
            member=part_name(part, self.project, self.language),
            before=self.language.percent(shares[0]),
            after=self.language.percent(shares[1]),
            effect=self._effect(part.effect),
        )

    def _rate(self, values: dict[str, str], total: float) -> str:
        part = foremost(self.finding, EffectKind.RATE, total)
        if part is None:
            return self.language.say("By {dimension}, the rates made {rate}.", **values)
        return self.language.say(
            "By {dimension}, the rates made {rate}: {member} went from {before} to {after}, "
            "which made {effect}.",
            **values,
            member=part_name(part, self.project, self.language),
            before=self._amount(part.against_value),
            after=self._amount(part.value),
            effect=self._effect(part.effect),
        )

    def _members(self) -> Iterator[str]:
        change = self.finding.change
        first = foremost(self.finding, None, change)
        other = foremost(self.finding, None, -change)
        values = {"dimension": self._dimension()}
        if first is not None:
            yield self.language.say(
                "By {dimension}, {member} made the most of it: {effect}.",
                **values,
                member=part_name(first, self.project, self.language),
                effect=self._effect(first.effect),
            )
        if other is not None and abs(other.effect) >= _WORTH_SAYING * abs(change):
            yield self.language.say(
                "{member} moved it the other way ({effect}).",
                member=part_name(other, self.project, self.language),
                effect=self._effect(other.effect),
            )

    def _drivers(self) -> str:
        """Say what each driver made, over all cells."""
        effects: dict[tuple[bool, str | None], float] = {}
        for part in self.finding.parts:
            key = (part.kind is EffectKind.MIX, part.driver)
            effects[key] = effects.get(key, 0.0) + part.effect
        return self.language.say("By driver: {parts}.", parts=[self._driver(*key) for key in effects.items()])

    def _driver(self, key: tuple[bool, str | None], effect: float) -> str:
        is_mix, driver = key
        values = {"effect": self._effect(effect), "dimension": self._dimension()}
        if is_mix:
            return self.language.say("the mix of {dimension} made {effect}", **values)
        if driver is None:
            return self.language.say("what has no drivers made {effect}", **values)
        name = driver_name(driver, self.project, self.language)
        return self.language.say("{driver} made {effect}", driver=name, **values)

    # The pieces

    def _shares(self, part: Part) -> tuple[float, float] | None:
        below = self.finding.denominator
        if below is None or part.denominator is None or part.against_denominator is None:
            return None
        return part.against_denominator / below[0], part.denominator / below[1]

    def _dimension(self) -> str:
        if not self.finding.parts:
            return ""
        return dimension_name(self.finding.parts[0].dimensions, self.project, self.language)

    def _total(self, kind: EffectKind) -> float:
        return sum(part.effect for part in self.finding.parts if part.kind is kind)

    def _amount(self, value: float | None) -> str:
        return self.language.quantity(value, self.finding.metric.unit, self.project.settings.currency)

    def _effect(self, effect: float) -> str:
        return effect_of(self.finding, effect, self.project, self.language)
