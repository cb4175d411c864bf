"""A source that is a table or a query of a database."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Database:
    """Where the rows are: a ``table`` (``schema.orders``) or a ``query``, one SELECT.

    ``url`` is ``${NAME}``, which the environment fills, or a file of the project: ``sqlite:///shop.db``,
    ``duckdb:///shop.duckdb``. ``cursor`` is the column, by its name in the lake, that tells when a row was
    changed; a load then reads the rows since ``look_back_days`` before the latest that it has.
    """

    url: str
    table: str | None = None
    query: str | None = None
    cursor: str | None = None
    look_back_days: int = 0

    @property
    def variable(self) -> str | None:
        """Return the environment's name for the address, None where the plan states it."""
        found = _VARIABLE.fullmatch(self.url)
        return None if found is None else found[1]

    @property
    def name(self) -> str:
        """Name the rows for a person, without a secret: ``orders (${SHOP_DB})``."""
        return f"{self.table or 'query'} ({self.url})"
