"""How a metric looks back in time: ``window``, ``to_date``, ``at_coarser``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.days import Grain
from kurs.model.frame import Edge, Frame, FrameKind, Span
from kurs.project.section import as_day

if TYPE_CHECKING:
    from kurs.project.nodes import Scalar
    from kurs.project.section import Section

_EVER = "ever"
_TO_DATE = {str(grain): grain for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)}


def read_frame(section: Section) -> Frame | None:
    """Read a metric's frame; None where its value is that of its bucket."""
    edge = section.choice("at_coarser", Edge) or Edge.LAST
    window, to_date = section.scalar("window"), section.scalar("to_date")
    if window is not None and to_date is not None:
        section.report.error("only_one_key", to_date, keys=["window", "to_date"])
        return None
    if window is not None:
        span = Span.parse(window.text)
        if span is None:
            section.report.error("bad_duration", window, value=window.text)
            return None
        return Frame(FrameKind.ROLLING, span=span, edge=edge)
    return None if to_date is None else _to_date(section, to_date, edge)


def _to_date(section: Section, node: Scalar, edge: Edge) -> Frame | None:
    """Read ``month``, a date since which is counted, or ``ever``."""
    word = node.text.strip().lower()
    if word in _TO_DATE:
        return Frame(FrameKind.TO_DATE, grain=_TO_DATE[word], edge=edge)
    if word == _EVER:
        return Frame(FrameKind.SINCE, edge=edge)
    if word[:1].isdigit():
        day = as_day(section.report, node)
        return None if day is None else Frame(FrameKind.SINCE, since=day, edge=edge)
    choices = (*_TO_DATE, _EVER)
    values = {"value": node.text, "key": "to_date", "choices": [*choices, "2026-01-01"]}
    section.report.unknown("unknown_choice", node, node.text, choices, **values)
    return None
