"""Frozen values as plain JSON and back, for what is kept to answer faster.

Only the nouns that are named here are ever made of a page, from their own fields: no page can run code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, cast

from kurs.metrics.query import AnswerColumn, ColumnKind
from kurs.metrics.question import Asked, Order, Part, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, Grain, OwnPeriods
from kurs.model.events import Calendar
from kurs.model.metric import Direction, Metric, Unit
from kurs.model.periods import Period, PeriodSet
from kurs.model.project import Project, Settings
from kurs.model.text import Text
from kurs.model.years import JalaliYears, MonthYears, WeekYears, YearEnd
from kurs.problems import Place, Problem, Severity

_NOUNS: Mapping[str, type[Any]] = {
    noun.__name__: noun
    for noun in (
        *(
            AnswerColumn,
            ColumnKind,
            Asked,
            Order,
            Part,
            Question,
            Against,
            Comparison,
            Days,
            Grain,
            OwnPeriods,
        ),
        *(Calendar, Direction, Metric, Unit, Period, PeriodSet, Project, Settings, Text),
        *(JalaliYears, MonthYears, WeekYears, YearEnd, Place, Problem, Severity),
    )
}
_TEXTS: Mapping[str, Any] = {
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "decimal": (Decimal, Decimal),
    "path": (type(Path()), Path),
}


class NotWritableError(TypeError):
    """A value of a kind that no page may hold."""


def written(value: object) -> object:
    """Return ``value`` as JSON has it. Raises NotWritableError."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind is tuple:
        return [written(each) for each in cast("tuple[object, ...]", value)]
    if kind is list:
        return {"list": [written(each) for each in cast("list[object]", value)]}
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value).items()
        return {"map": [[written(key), written(each)] for key, each in entries]}
    for name, (texts, _) in _TEXTS.items():
        if kind is texts:
            return {name: value.isoformat() if isinstance(value, date) else str(value)}
    if _NOUNS.get(kind.__name__) is not kind:
        raise NotWritableError(kind.__name__)
    if is_dataclass(value):
        return {"noun": kind.__name__, "of": [written(getattr(value, field.name)) for field in fields(value)]}
    return {"noun": kind.__name__, "of": [value.value if isinstance(value, Enum) else str(value)]}


def as_it_was(plain: object) -> Any:  # noqa: ANN401 - whatever was written
    """Return the value that ``written`` wrote. Raises ValueError, KeyError, TypeError for anything else."""
    if isinstance(plain, list):
        return tuple(as_it_was(each) for each in cast("list[object]", plain))
    if not isinstance(plain, dict):
        return plain
    told = cast("dict[str, Any]", plain)
    if "noun" in told:
        return _NOUNS[told["noun"]](*as_it_was(told["of"]))
    ((kind, held),) = told.items()
    if kind == "list":
        return [as_it_was(each) for each in held]
    if kind == "map":
        return {as_it_was(key): as_it_was(each) for key, each in held}
    return _TEXTS[kind][1](held)
