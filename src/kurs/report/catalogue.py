"""The catalogue: a table of many standard KPIs, a page of few, and plain values by the contract's keys."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.report.layout import Column, table
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from kurs.model.standard import StandardKpi
    from kurs.report.as_json import Plain
    from kurs.words import Language

_IN_FULL = 5  # so many are shown with all that is known of them
_INDENT = (0, 0, 0, 2)
NOBODY = N_("common usage")  # the source of what no firm defines; firms are called alike in every language


def standard(kpi: StandardKpi) -> Plain:
    """Return a standard KPI as ``kurs catalog`` gives it."""
    return {
        "name": kpi.name,
        "label": kpi.label,
        "definition": kpi.definition,
        "formula": kpi.formula,
        "unit": str(kpi.unit),
        "good": str(kpi.good),
        "stage": str(kpi.stage),
        "nature": str(kpi.nature),
        "level": str(kpi.level),
        "dialects": list(kpi.dialects),
        "caveats": list(kpi.caveats),
        "source": kpi.source,
    }


def catalogue_list(found: Sequence[StandardKpi], language: Language, width: int) -> RenderableType:
    """Lay out standard KPIs: a few in full, many as a table for each stage."""
    if len(found) <= _IN_FULL:
        return Group(*(part for kpi in found for part in _page(kpi, language)))
    columns = (
        Column(language.term("column.name")),
        Column(language.term("column.kpi"), least=20),
        Column(language.term("column.definition"), least=24),
    )
    parts: list[RenderableType] = []
    for stage, of_stage in groupby(found, key=lambda kpi: kpi.stage):
        rows = [(Text(kpi.name, "cyan"), Text(kpi.label, "bold"), Text(kpi.definition)) for kpi in of_stage]
        parts += [Text(language.term(f"stage.{stage}"), "bold cyan"), table(columns, rows, width), Text()]
    count = language.say_plural("{n} standard KPI", "{n} standard KPIs", len(found))
    return Group(*parts, Text(count, "dim"))


def _page(kpi: StandardKpi, language: Language) -> Iterator[RenderableType]:
    yield Text.assemble((kpi.label, "bold"), (f"  {kpi.name}", "cyan"))
    traits = (("unit", kpi.unit), ("good", kpi.good), ("stage", kpi.stage), ("nature", kpi.nature))
    said = [language.term(f"{kind}.{value}") for kind, value in (*traits, ("level", kpi.level))]
    yield Padding(Text(kpi.definition), _INDENT)
    yield Padding(Text(" · ".join(said), "dim"), _INDENT)
    yield Padding(Text(kpi.formula, "green"), _INDENT)
    for heading, texts in ((language.say("People count it differently:"), kpi.dialects),
                           (language.say("Mind:"), kpi.caveats)):  # fmt: skip
        if texts:
            yield Padding(Text.assemble((f"{heading} ", "dim"), " ".join(map(_sentence, texts))), _INDENT)
    if kpi.source is not None:
        yield Padding(Text(language.say("Source: {source}", source=language.say(kpi.source)), "dim"), _INDENT)
    yield Text()


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
