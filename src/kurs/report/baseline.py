"""A KPI's baseline as it is measured and as it was frozen, as plain values and in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.report.as_json import sentence
from kurs.report.labels import kpi_label

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kurs.evaluate.baseline import MeasuredBaseline
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language


def baseline_json(measured: MeasuredBaseline, language: Language) -> Plain:
    """Return a baseline by the keys of docs/json.md."""
    frozen = measured.frozen
    return {
        "kpi": measured.kpi.key,
        "of_period": {"from": measured.period.first.isoformat(), "to": measured.period.last.isoformat()},
        "period": {"from": measured.days.first.isoformat(), "to": measured.days.last.isoformat()},
        "value": measured.value,
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "frozen": {
            "value": frozen.value,
            "numerator": frozen.numerator,
            "denominator": frozen.denominator,
            "day": frozen.on.isoformat(),
            "same_definition": frozen.same_definition,
        }
        if frozen is not None
        else None,
        "caveats": [sentence(caveat, language) for caveat in measured.caveats],
    }


def baseline_page(measured: MeasuredBaseline, project: Project, language: Language) -> RenderableType:
    """Say what the baseline is by the data of now, and what it was frozen at."""
    unit, currency = project.metrics[measured.kpi.metric].unit, project.settings.currency
    values = {
        "kpi": kpi_label(project, measured.kpi, language),
        "days": language.days_range(measured.days.first, measured.days.last),
        "value": language.quantity(measured.value, unit, currency),
    }
    lines = [Text(language.say("{kpi}, {days}: {value} by the data of now", **values), "bold")]
    of = language.days_range(measured.period.first, measured.period.last)
    lines.append(Text(language.say("{days} is measured from it.", days=of)))
    frozen = measured.frozen
    if frozen is None:
        lines.append(Text(language.say("Not frozen: it changes when history is restated.")))
    else:
        value = language.quantity(frozen.value, unit, currency)
        lines.append(Text(language.say("Frozen on {day} at {value}", day=frozen.on, value=value)))
        if not frozen.same_definition:
            lines.append(Text(language.say("The number's definition was changed since."), "yellow"))
    lines += [Text(f"* {sentence(caveat, language)}", "dim") for caveat in measured.caveats]
    return Group(*lines)
