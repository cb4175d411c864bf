"""One column as it will be: its type, and the SQL that makes its values of its texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.sources.forms import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.model.source import DataType

_NUMBERS = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)
_WIDEST_SUM = 20  # whole digits of a decimal


@dataclass(frozen=True, slots=True)
class Settled:
    """One column as it will be.

    ``text`` is SQL for its value in the stage, null marks taken out; ``value`` is SQL over a column of
    that name for the typed value. ``recorded`` says that the lake's type led where the plan states none,
    ``sure`` that no value can fail: all have been looked at, or any text will do. ``bounds`` is SQL over the
    stage that is true for a bound such as ``< 10``, where the profile says how to read it.
    """

    name: str
    header: str
    data: DataType
    text: str
    value: str
    recorded: bool = False
    sure: bool = False
    bounds: str | None = None

    @property
    def is_summable(self) -> bool:
        """Say whether it is a number whose sum fits: one of very wide decimals might not."""
        return self.data.kind in _NUMBERS and self.data.precision - self.data.scale <= _WIDEST_SUM


LOST = "_lost"


def typed_sql(rows: str, columns: Sequence[Settled], kept: Sequence[str]) -> str:
    """Return a SELECT that types ``rows``; its column ``LOST`` is true where a value has not its type.

    ``kept`` are columns that stay as they are.
    """
    marks = [c for c in columns if not c.sure]
    names = [named(column.name) for column in columns]
    texts = [f"{column.text} AS {named(column.name)}" for column in columns]
    values = [f"{column.value} AS {named(column.name)}" for column in columns]
    filled = [f"{named(column.name)} IS NOT NULL AS _filled_{n}" for n, column in enumerate(marks)]
    lost = [f"_filled_{n} AND {named(column.name)} IS NULL" for n, column in enumerate(marks)]
    # Layer by layer: DuckDB would work out a text anew wherever it stands in the expression for its value.
    as_texts = f"SELECT {', '.join([*kept, *texts])} FROM ({rows})"
    as_values = f"SELECT {', '.join([*kept, *values, *filled])} FROM ({as_texts})"
    return f"SELECT {', '.join([*kept, *names])}, {' OR '.join(lost) or 'FALSE'} AS {LOST} FROM ({as_values})"
