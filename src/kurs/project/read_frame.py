"""How a metric looks back in time: ``window``, ``to_date``, ``at_coarser``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.days import Grain
from kurs.model.frame import Edge, Frame, FrameKind, Span
from kurs.project.read_calendar import as_grain
from kurs.project.section import as_day

if TYPE_CHECKING:
    from kurs.project.nodes import Scalar
    from kurs.project.section import Section

_EVER = "ever"


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
    """Read a grain such as ``month``, a date since which is counted, or ``ever``."""
    word = node.text.strip().lower()
    if word == _EVER:
        return Frame(FrameKind.SINCE, edge=edge)
    if word[:1].isdigit():
        day = as_day(section.report, node)
        return None if day is None else Frame(FrameKind.SINCE, since=day, edge=edge)
    grain = as_grain(section.report, node, "to_date", (Grain.HOUR, Grain.DAY))
    return None if grain is None else Frame(FrameKind.TO_DATE, grain=grain, edge=edge)
