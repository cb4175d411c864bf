"""What the templates of the dashboard are handed: navigation, filters, and the page's own values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kurs.evaluate.reading import NOT_WELL
from kurs.model.strategy import Stage
from kurs.report.labels import owner_name, segment_label, text
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.model.project import Project
    from kurs.words import Language

FILTERS = ("stage", "goal", "segment", "owner", "period", "status")  # of the overview
TROUBLE = "trouble"  # the status of all that needs attention

# Pages by address, in the order of the navigation.
NAVIGATION = (
    ("/", N_("Overview")),
    ("/metrics", N_("Metrics")),
    ("/plan", N_("Plan")),
    ("/actions", N_("Actions")),
    ("/audit", N_("Audit")),
    ("/data", N_("Data")),
    ("/catalogue", N_("Catalogue")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: a list to choose from, whose first entry chooses all."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def is_set(self) -> bool:
        """Say whether anything but all is chosen."""
        return any(choice.is_chosen and choice.value for choice in self.choices)


def filters(
    project: Project, readings: Sequence[Reading], chosen: Mapping[str, str], language: Language
) -> tuple[Filter, ...]:
    """Return the filters that leave something to choose between."""

    def of(name: str, label: str, everything: str, entries: Iterable[tuple[str, str]]) -> Filter:
        value = chosen.get(name, "")
        listed = [Choice("", everything, not value)]
        listed += [Choice(key, said, key == value) for key, said in dict(entries).items()]
        return Filter(name, label, tuple(listed))

    kpis = [reading.kpi for reading in readings]
    goals = {kpi.goal for kpi in kpis}
    statuses = {str(reading.status) for reading in readings if reading.status is not None}
    anything, everyone = language.say("all"), language.say("everyone")
    found = (
        of("stage", language.say("Step"), anything, _stages(readings, language)),
        of(
            "goal",
            language.say("Goal"),
            anything,
            ((key, text(goal.says, language)) for key, goal in project.goals.items() if key in goals),
        ),
        of(
            "segment",
            language.say("Segment"),
            everyone,
            ((key, segment_label(project, key, language)) for key in project.segments),
        ),
        of(
            "owner",
            language.term("column.owner"),
            anything,
            ((kpi.owner, owner_name(project, kpi.owner, language)) for kpi in kpis if kpi.owner is not None),
        ),
        of("period", language.say("Period"), anything, _periods(readings, language)),
        of(
            "status",
            language.term("column.status"),
            anything,
            (
                (TROUBLE, language.say("needs attention")),
                *((status, language.term(f"status.{status}")) for status in sorted(statuses)),
            ),
        ),
    )
    return tuple(one for one in found if len(one.choices) > 2 or one.is_set)


def passing(readings: Iterable[Reading], chosen: Mapping[str, str]) -> list[Reading]:
    """Keep the readings that all filters let through; a segment is no filter but another reading."""
    held = [(_TESTS[name], value) for name, value in chosen.items() if value and name in _TESTS]
    return [reading for reading in readings if all(test(reading, value) for test, value in held)]


def _passes_status(reading: Reading, value: str) -> bool:
    return reading.status in NOT_WELL if value == TROUBLE else reading.status == value


_TESTS: Mapping[str, Callable[[Reading, str], bool]] = {
    "stage": lambda reading, value: reading.stage == value,
    "goal": lambda reading, value: reading.kpi.goal == value,
    "owner": lambda reading, value: reading.kpi.owner == value,
    "period": lambda reading, value: str(reading.period) == value,
    "status": _passes_status,
}


def address(path: str, **parameters: str) -> str:
    """Write an address with those parameters that have a value."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _stages(readings: Sequence[Reading], language: Language) -> list[tuple[str, str]]:
    here = {reading.stage for reading in readings}
    return [(str(stage), language.term(f"stage.{stage}")) for stage in Stage if stage in here]


def _periods(readings: Sequence[Reading], language: Language) -> list[tuple[str, str]]:
    periods = sorted({reading.period for reading in readings})
    return [(str(days), language.days_range(days.first, days.last)) for days in periods]
