"""The words that cannot be names are those that SQL parsers do not read as a column."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from kurs.project.names import KEYWORDS

EVERYWHERE = (
    "select {0} / {0} + 1, sum({0}.{0}), count({0}), count(distinct {0}.x) filter (where {0}.{0} = 'a'),"
    " case when {0} > 1 then {0} else {0} end, coalesce({0}, 0), upper({0}) as {0} from {0}"
    " where {0} in ('a') and not {0} between 1 and 2 and {0} is null group by {0}"
)
DIALECTS = ("duckdb", "postgres")


def columns(name: str, dialect: str) -> int:
    """How many columns a parser finds where the name stands in every place that it may."""
    try:
        tree = sqlglot.parse_one(EVERYWHERE.format(name), dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return 0
    return len(list(tree.find_all(exp.Column)))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_other_word_of_sql_is_read_as_a_column(dialect: str) -> None:
    known = Dialect.get_or_raise(dialect).tokenizer_class.KEYWORDS
    words = {word.lower() for word in known if word.isidentifier()} - KEYWORDS
    expected = columns("plain_name", dialect)
    assert [word for word in sorted(words) if columns(word, dialect) != expected] == []


@pytest.mark.parametrize(
    "word", ["date", "day", "month", "year", "week", "value", "name", "source", "type", "status", "campaign"]
)
def test_everyday_words_can_be_names(word: str) -> None:
    assert word not in KEYWORDS
    assert all(columns(word, dialect) == columns("plain_name", dialect) for dialect in DIALECTS)
