"""How the words of a question are understood, be they typed in a terminal, an address or a notebook."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.problems import Problem, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COMPARISONS = tuple(str(name) for name in Against if name is not Against.RANGE)


class Understanding:
    """Takes the words of options and collects what is wrong with them; ``done`` raises it all at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def done(self) -> None:
        """Raise UsageError with all problems, if there are any."""
        if self._problems:
            raise UsageError(*self._problems)

    def day(self, option: str, said: str | None) -> date | None:
        """Understand a day: 2026-11-20."""
        if said is None:
            return None
        try:
            return date.fromisoformat(said.strip())
        except ValueError:
            self._problems.append(Problem("bad_day", {"option": option, "value": said}))
            return None

    def days(self, option: str, said: str) -> Days | None:
        """Understand a range of days: 2026-11-20..2026-12-27."""
        first, _, last = said.partition("..")
        try:
            return self.ordered(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        except ValueError:
            self._problems.append(Problem("bad_range", {"option": option, "value": said}))
            return None

    def ordered(self, first: date, last: date) -> Days | None:
        """Make a range of two days; one that ends before it begins is a problem."""
        if last < first:
            self._problems.append(Problem("days_backwards", {"from": first, "to": last}))
            return None
        return Days(first, last)

    def comparison(self, option: str, said: str | None) -> Comparison | None:
        """Understand a comparison by name, or with the days of a range."""
        if said is None:
            return None
        if ".." in said:
            days = self.days(option, said)
            return Comparison(Against.RANGE, days) if days is not None else None
        name = self.choice(option, said, COMPARISONS)
        return Comparison(Against(name)) if name is not None else None

    def choice(self, option: str, said: str | None, choices: Iterable[str]) -> str | None:
        """Understand one of several words."""
        allowed = list(choices)
        if said is None or said in allowed:
            return said
        values = {"value": said, "key": option, "choices": allowed, "suggestion": closest(said, allowed)}
        self._problems.append(Problem("unknown_choice", values))
        return None

    def count(self, option: str, said: str | None) -> int | None:
        """Understand a whole number from 1 on."""
        if said is None:
            return None
        if said.isascii() and said.isdigit() and int(said):
            return int(said)
        self._problems.append(Problem("bad_limit", {"option": option, "value": said}))
        return None


def names(said: Sequence[str] | None) -> tuple[str, ...]:
    """Split names that are given one by one, with commas, or both."""
    return tuple(name for part in said or () for name in (piece.strip() for piece in part.split(",")) if name)
