"""Which names may be given, and which are taken by SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.project.nodes import Scalar
    from kurs.project.report import Report

NAME = re.compile(r"[a-z][a-z0-9_]*")

# Words that an SQL parser reads as something else than a column. Tried with sqlglot: a test holds it.
_KEYWORDS = """
all alter analyse analyze and any array as asc asymmetric between both by case cast check collate column
constraint create cross cube current_catalog current_date current_role current_schema current_time
current_timestamp current_user default deferrable desc describe distinct do drop else end except exists
false fetch for force foreign from full glob grant group grouping having ilike in initially inner insert
install intersect interval into is isnull join lateral leading left like limit localtime localtimestamp
lock map natural not notnull null offset on only or order outer over partitioned_by pivot placing
positional primary qualify references regexp returning revoke right rlike rollback rollup select
session_user set show similar some straight_join summarize symmetric table tablesample then to trailing
true try_cast uncache union unique unpivot user using values variadic when where window with xor
"""
KEYWORDS = frozenset(_KEYWORDS.split())

# The answer's own columns: `time`, and what is put behind a metric's name.
ANSWER_COLUMNS = frozenset({"time"})
ANSWER_ENDINGS = ("compare", "change", "numerator", "denominator")


def check_name(report: Report, name: Scalar, *, in_sql: bool = False) -> None:
    """Note a name that cannot be given; ``in_sql`` when expressions use it."""
    if not NAME.fullmatch(name.text):
        report.error("bad_name", name, name=name.text, suggestion=_better(name.text))
    elif in_sql and name.text in KEYWORDS:
        report.error("reserved_name", name, name=name.text)


def check_answer_name(report: Report, name: Scalar) -> None:
    """Note a metric or a dimension that would stand in an answer as one of the answer's own columns."""
    if name.text in ANSWER_COLUMNS:
        report.error("reserved_name", name, name=name.text)


def _better(text: str) -> str | None:
    """Return the nearest name that could be given, or None."""
    from kurs.model.source import column_name

    better = column_name(text)
    return better if NAME.fullmatch(better) else None
