"""What is known of a target beyond one number, in lines below the table: for a KPI asked for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from kurs.report.amounts import target_amount, target_kind
from kurs.report.labels import owner_name, shown, text
from kurs.report.status_word import status_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.evaluate.reading import Judged, PartReading, Reading
    from kurs.model.project import Project
    from kurs.model.target import Provenance
    from kurs.words import Language


def target_details(reading: Reading, project: Project, language: Language) -> Iterator[Text]:
    """Yield the lines of one reading; none where there is nothing to add."""
    if reading.provenance is not None:
        yield Text(_set(reading.provenance, project, language))
    if reading.judged is not None:
        yield from _of_way(reading, reading.judged, project, language)
        for threshold in reading.judged.thresholds:
            name = language.term(f"threshold.{threshold.name}")
            amount = language.quantity(threshold.value, reading.unit, project.settings.currency)
            yield Text(f"{name} {amount}  ") + status_word(threshold.status, language)
    for part in reading.parts:
        yield _part(part, reading, project, language)


def _set(provenance: Provenance, project: Project, language: Language) -> str:
    who = owner_name(project, provenance.by, language)
    if who and provenance.on is not None:
        said = language.say("Target set by {who} on {day}", who=who, day=provenance.on)
    elif who:
        said = language.say("Target set by {who}", who=who)
    elif provenance.on is not None:
        said = language.say("Target set on {day}", day=provenance.on)
    else:
        said = language.say("Target set")
    return f"{said}: {text(provenance.why, language)}" if provenance.why is not None else said


def _of_way(reading: Reading, judged: Judged, project: Project, language: Language) -> Iterator[Text]:
    """Say what comes next on the way, and where it ends."""

    def amount(value: float) -> str:
        return language.quantity(value, reading.unit, project.settings.currency)

    if judged.upcoming is not None:
        point = judged.upcoming
        yield Text(language.say("Next: {amount} by {day}", amount=amount(point.value), day=point.day))
    if judged.final is not None and judged.final != judged.upcoming:
        point = judged.final
        yield Text(language.say("At last: {amount} by {day}", amount=amount(point.value), day=point.day))


def _part(part: PartReading, reading: Reading, project: Project, language: Language) -> Text:
    def amount(value: float | None) -> str:
        return language.quantity(value, reading.unit, project.settings.currency)

    target = part.judged.target if part.judged is not None else None
    wanted = target_amount(target, target_kind(reading.kpi), amount) or amount(None)
    said = language.say(
        "{member}: {value} of {target}", member=shown(part.member), value=amount(part.value), target=wanted
    )
    return Text(f"{said}  ") + status_word(part.status, language)
