"""What was known on a day, as plain values and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.console import Group
from rich.text import Text

from kurs.evaluate.reading import Band, Status
from kurs.model.target import TargetKind
from kurs.report.amounts import target_amount, target_kind
from kurs.report.as_json import reading as as_plain
from kurs.report.labels import shown
from kurs.report.layout import Column, Row, table
from kurs.report.status_word import status_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from kurs.ledger.known import Known
    from kurs.ledger.reported import Reported
    from kurs.ledger.standing import Standing
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language


def reported_json(reported: Reported) -> Plain:
    """What was kept, by the keys of docs/json.md."""
    return {
        "day": reported.day.isoformat(),
        "time": reported.time.isoformat(),
        "person": reported.person,
        "kpis": [row["kpi"] for row in reported.readings],
        "versions": dict(reported.versions),
    }


def known_json(known: Known, decided: Standing, language: Language) -> list[Plain]:
    """The readings by the keys of ``kurs status``; ``source`` says whether the journal or the lake has them.

    ``recomputed`` is what the tables as they were give again, by the plan of now.
    """
    kept = known.reported
    if kept is None:
        rows = [as_plain(one, language, decided) for one in known.again or ()]
        more: Plain = {"known_on": known.day.isoformat(), "reported_on": None, "source": "lake"}
        more |= {"recomputed": None, "same": None, "definition_changed": None}
        return [{**row, **more} for row in rows]
    found: list[Plain] = []
    for row in kept.readings:
        again = known.said(str(row["kpi"]))
        status = str(again.status) if again is not None and again.status is not None else None
        found.append(
            {
                **row,
                "known_on": known.day.isoformat(),
                "reported_on": kept.day.isoformat(),
                "source": "journal",
                "recomputed": {"value": again.value, "status": status} if again is not None else None,
                "same": known.is_same(row),
                "definition_changed": row["kpi"] in known.changed,
            }
        )
    return found


def known_page(
    known: Known, project: Project, zone: ZoneInfo, language: Language, width: int
) -> RenderableType:
    """Lay out what was reported, and beside it what the tables as they were give again."""
    kept = known.reported
    assert kept is not None
    columns = (
        Column(language.term("column.kpi"), least=24),
        Column(language.term("column.value"), "right"),
        Column(language.term("column.target"), "right"),
        Column(language.term("column.status")),
        Column(language.say("Computed again"), least=14),
    )
    plan = project.in_force(kept.day)
    rows = [_row(row, known, plan, language) for row in kept.readings]
    title = language.say(
        "Reported on {day}, kept in the journal on {time}", day=kept.day, time=kept.time.astimezone(zone)
    )
    parts: list[RenderableType] = [Text(title, "bold"), Text(), table(columns, rows, width)]
    if known.again is None:
        gone = language.say("The tables as they were then are no longer kept.")
        parts += [Text(), Text(gone, "dim")]
    if known.changed:
        labels = [str(row["label"]) for row in kept.readings if row["kpi"] in known.changed]
        said = language.say("Defined otherwise by now: {kpis}", kpis=[shown(label) for label in labels])
        parts += [Text(), Text(said, "yellow")]
    return Group(*parts)


def _row(row: Mapping[str, object], known: Known, project: Project, language: Language) -> Row:
    currency, unit = project.settings.currency, str(row["unit"])

    def amount(value: float | None) -> str:
        return language.quantity(value, unit, currency)

    key, status = str(row["kpi"]), row["status"]
    same, again = known.is_same(row), known.said(key)
    said = language.say("the same") if same else ""
    if same is False and again is not None:
        said = amount(again.value)
    return (
        Text(shown(str(row["label"]))),
        Text(amount(_number(row["value"])), "bold"),
        Text(target_amount(_target(row["target"]), _kind(row, known, project), amount)),
        status_word(Status(str(status)) if status is not None else None, language),
        Text(said, "yellow" if same is False else "dim"),
    )


def _kind(row: Mapping[str, object], known: Known, project: Project) -> TargetKind | None:
    """Return which limit a target was; where that was not kept, that of a plan which is as it was."""
    kept, key = row.get("target_kind"), str(row["kpi"])
    if isinstance(kept, str):
        return TargetKind(kept) if kept in list(TargetKind) else None
    return target_kind(project.kpis.get(key)) if key not in known.changed else None


def _target(kept: object) -> float | Band | None:
    """Read a target as it was kept: a number, or an object with both ends."""
    if isinstance(kept, dict):
        ends = cast("dict[str, float]", kept)
        return Band(ends["low"], ends["high"])
    return _number(kept)


def _number(kept: object) -> float | None:
    return kept if isinstance(kept, int | float) else None
