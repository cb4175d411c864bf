"""Reads ``fx:``, and what a table says of its amounts and of the history of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.fx import MAX_AGE_DAYS, Fx, is_code
from kurs.project.read_settings import currency
from kurs.project.section import as_section

if TYPE_CHECKING:
    from kurs.model.table import Table
    from kurs.project.nodes import Node, Scalar
    from kurs.project.report import Report
    from kurs.project.section import Section


def read_fx(report: Report, name: Scalar, node: Node, home: str | None) -> Fx | None:
    """Read the ``fx:`` block; ``home`` is the project's currency. None when there is nothing to go by.

    The base is what ``base:`` says, else the one code that stands for all rows, else the project's currency.
    """
    section = as_section(report, node, name, "fx")
    if section is None:
        return None
    section.need("table")
    table = section.name("table", "table")
    source, target = (read_currency_of(section, key) for key in ("from", "to"))
    stated = next((side for side in (source, target) if side is not None and is_code(side)), None)
    max_age = section.length("max_age")
    fx = Fx(
        table=table or "",
        base=currency(section, "base") or stated or home or "",
        source=source or "from",
        target=target or "to",
        rate=section.text("rate") or "rate",
        max_age_days=MAX_AGE_DAYS if max_age is None else max_age,
    )
    section.close()
    if home is None:
        report.error("no_project_currency", name, key=name.text)
    return fx if table and home else None


def read_currency_of(section: Section, key: str = "currency") -> str | None:
    """Return a column or dimension that holds currencies, or the code of one currency for all rows."""
    text = section.text(key)
    return currency(section, key) if text is not None and is_code(text) else text


def check_amounts(section: Section, table: Table) -> None:
    """Note amounts without the day by which they are converted, and a currency of nothing."""
    if table.currency is not None:
        section.need("amounts")
    if table.amounts:
        section.need("time")


def check_history(section: Section, table: Table) -> None:
    """Note a history that is only half told, or told twice."""
    if table.latest_by:
        section.need("key")
    if table.valid_from is not None or table.valid_to is not None:
        section.need("key", "valid_from", "valid_to")
        if table.latest_by:
            section.report.error("two_histories", section.key_node("latest_by"), table=table.key)
