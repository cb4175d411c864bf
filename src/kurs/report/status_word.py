"""A status on a terminal: a sign and a word, in its colour."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from kurs.evaluate.reading import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.evaluate.reading import Reading
    from kurs.words import Language

# A sign and a colour for each status; the word always stands beside them.
SIGNS: dict[Status | None, tuple[str, str]] = {
    Status.MET: ("✓", "green"),
    Status.ON_TRACK: ("●", "green"),
    Status.AT_RISK: ("▲", "yellow"),
    Status.OFF_TRACK: ("▼", "red"),
    Status.MISSED: ("✗", "bold red"),
    Status.TOO_EARLY: ("◌", "cyan"),
    Status.NOT_STARTED: ("○", "dim"),
    Status.NO_DATA: ("?", "magenta"),
    None: ("–", "dim"),
}


def status_word(status: Status | None, language: Language) -> Text:
    """Write a status as sign and word, in its colour."""
    sign, style = SIGNS[status]
    word = language.term(f"status.{status if status is not None else 'none'}")
    return Text(f"{sign} {word}", style)


def in_order(readings: Iterable[Reading]) -> list[tuple[Status | None, int]]:
    """Count the readings of each status that there is, in the order of the statuses."""
    counts = Counter(reading.status for reading in readings)
    return [(status, counts[status]) for status in SIGNS if counts[status]]


def counted(readings: Iterable[Reading], language: Language) -> Text:
    """Write how many readings have each status."""
    parts = (
        Text.assemble(status_word(status, language), f" {language.number(count)}")
        for status, count in in_order(readings)
    )
    return Text("   ").join(parts)
