"""A target, a baseline and a period in words, from the plain values of a definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kurs.model.target import Stands
from kurs.report.labels import event_label, metric_label, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.model.project import Project
    from kurs.words import Language

    Plain = str | int | float | bool | None
    Definition = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Says parts of a KPI's definition, whose amounts are of one unit."""

    project: Project
    language: Language
    unit: str

    def target(self, of: Definition) -> dict[str, str]:
        """Say a target piece by piece: each by its name."""
        say, term = self.language.say, self.language.term
        found = {term("definition.target"): self._wanted(of)} if "value" in of else {}
        for name in ("at_least", "stretch"):
            if name in of:
                found[term(f"threshold.{name}")] = self._amount(str(of.get("kind")), of[name])
        for key, label in (("since", say("Way begins")), ("by", say("Way ends"))):
            if key in of:
                found[label] = self._day(of[key])
        for one in _listed(of, "milestones"):
            found[say("Milestone of {day}", day=self._day(one.get("day")))] = self._milestone(one)
        for one in _listed(of, "parts"):
            name = f"{term('definition.target')} ({shown(str(one.get('name')))})"
            found[name] = self._wanted({"kind": of.get("kind"), **one})
        for row in _listed(of, "rows"):
            days = self._days(below(row, "days."))
            pieces = self.target({"kind": of.get("kind"), **below(row, "target.")})
            rest = (f"{name} {said}" for name, said in list(pieces.items())[1:])
            found[say("Target of {days}", days=days)] = ", ".join((next(iter(pieces.values()), ""), *rest))
        return found

    def baseline(self, of: Definition) -> str:
        """Say a baseline: a value, or the days that it is the value of."""
        if "value" in of:
            return self._quantity(of["value"])
        return self._compared(below(of, "comparison."))

    def period(self, of: Definition) -> str:
        """Say the days of a KPI."""
        if "days.first" in of:
            return self._days(below(of, "days."))
        if "event" in of:
            return event_label(self.project, str(of["event"]), self.language)
        return shown(self.language.term(f"grain.{of.get('every')}"))

    def _wanted(self, of: Definition) -> str:
        kind = str(of.get("kind"))
        said = f"{self.language.term(f'target.{kind}')} {self._amount(kind, of.get('value'))}"
        if "high" in of:
            said += f" – {self._quantity(of['high'])}"
        basis = below(of, "basis.")
        if not basis:
            return said
        metric = basis.get("metric")
        named = metric_label(self.project, str(metric), self.language) if metric is not None else ""
        compared = self._compared(below(basis, "comparison."))
        return f"{said} ({', '.join(part for part in (named, compared) if part)})"

    def _milestone(self, of: Definition) -> str:
        stands = str(of.get("stands", Stands.VALUE))
        if stands == Stands.SHARE:
            share = self.language.percent(_number(of.get("value")))
            return self.language.say("{share} of the target", share=share)
        return self._amount(stands, of.get("value"))

    def _compared(self, of: Definition) -> str:
        if "days.first" in of:
            return self._days(below(of, "days."))
        said = self.language.term(f"comparison.{of.get('against')}")
        if "event" not in of:
            return said
        return f"{said} ({event_label(self.project, str(of['event']), self.language)})"

    def _amount(self, kind: str, value: Plain) -> str:
        if kind == "change":
            return self.language.change(_number(value))
        if kind == "change_by":
            return self.language.difference(_number(value), self.unit, self.project.settings.currency)
        return self._quantity(value)

    def _quantity(self, value: Plain) -> str:
        return self.language.quantity(_number(value), self.unit, self.project.settings.currency)

    def _day(self, value: Plain) -> str:
        return self.language.date(date.fromisoformat(str(value)))

    def _days(self, of: Definition) -> str:
        first, last = (date.fromisoformat(str(of.get(end))) for end in ("first", "last"))
        return self.language.days_range(first, last)


def below(of: Definition, path: str) -> Definition:
    """Return the values below a path, by what is left of theirs."""
    return {key.removeprefix(path): value for key, value in of.items() if key.startswith(path)}


def _listed(of: Definition, name: str) -> list[Definition]:
    """Return the members of a list, in their order."""
    numbers = {int(key.split(".")[1]) for key in of if key.startswith(f"{name}.")}
    return [below(of, f"{name}.{number}.") for number in sorted(numbers)]


def _number(value: Plain) -> float | None:
    return value if isinstance(value, int | float) else None
