"""Reads the catalogue of standard KPIs, which comes with kurs: a file for each stage of the journey."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from importlib.resources import files
from typing import cast

from kurs.model.kpi import Level, Nature
from kurs.model.metric import Direction, Unit
from kurs.model.standard import StandardKpi
from kurs.model.strategy import Stage

_KEYS = frozenset(field.name for field in fields(StandardKpi)) - {"name", "stage"}


@lru_cache(maxsize=1)
def catalogue() -> tuple[StandardKpi, ...]:
    """Return all standard KPIs in the order of the journey.

    Raises KeyError, TypeError and ValueError for an entry that is not as it should be: it is our own data.
    """
    import yaml

    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # 25 ms, or 400
    found: list[StandardKpi] = []
    for stage in Stage:
        text = (files("kurs") / "catalogue" / f"{stage}.yaml").read_text("utf-8")
        entries = cast("dict[str, dict[str, object]]", yaml.load(text, loader))
        found += [_standard(name, entry, stage) for name, entry in entries.items()]
    return tuple(found)


def _standard(name: str, entry: dict[str, object], stage: Stage) -> StandardKpi:
    unknown = entry.keys() - _KEYS
    if unknown:
        raise ValueError(f"{name}: what is {', '.join(sorted(unknown))}?")
    source = entry.get("source")
    return StandardKpi(
        name=name,
        label=_text(entry["label"]),
        definition=_text(entry["definition"]),
        formula=_text(entry["formula"]),
        unit=Unit(entry["unit"]),
        good=Direction(entry["good"]),
        stage=stage,
        nature=Nature(entry["nature"]),
        level=Level(entry["level"]),
        dialects=_texts(entry.get("dialects", [])),
        caveats=_texts(entry.get("caveats", [])),
        source=None if source is None else _text(source),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in cast("list[object]", value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
