"""What a look at data files finds: a profile with its evidence, and what is in doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.source import Format, Keep, Source, SourceColumn
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from kurs.sources.files import Found, Kind


@dataclass(frozen=True, slots=True)
class ReadAs:
    """One way to read: its ``name`` (a date form, an encoding, ...) and what the samples become."""

    name: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} → {' | '.join(self.values)}" if self.values else self.name


@dataclass(frozen=True, slots=True)
class Doubt:
    """What can be read in several ways: the same ``samples`` in each, the likeliest way first."""

    code: str
    file: str
    column: str | None
    samples: tuple[str, ...]
    readings: tuple[ReadAs, ...]

    def problem(self) -> Problem:
        """Return the doubt as a warning, to be put into words."""
        values = {
            "file": self.file,
            "column": self.column or "",
            "samples": " | ".join(self.samples),  # a comma may belong to a sample
            "readings": "; ".join(str(reading) for reading in self.readings),
        }
        return Problem(self.code, values, Severity.WARNING)


Ask = Callable[[Doubt], str | None]


def unanswered(doubt: Doubt) -> str | None:
    """Answer no question: the likeliest reading is taken."""
    del doubt


@dataclass(frozen=True, slots=True)
class Decided:
    """A doubt, and which of its readings was taken; ``answered`` by a person."""

    doubt: Doubt
    taken: str
    answered: bool


def decide(doubt: Doubt, ask: Ask) -> Decided:
    """Ask, and take the first reading where there is no answer, or none of the readings."""
    said = ask(doubt)
    answered = said is not None and said in {reading.name for reading in doubt.readings}
    return Decided(doubt, said if said is not None and answered else doubt.readings[0].name, answered)


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """One column as it is best taken in; ``type`` is None where no row has a value."""

    header: str
    name: str
    type: str | None
    date_format: str | None = None
    keep: Keep = Keep.PLAIN
    currency_signs: tuple[str, ...] = ()
    nulls: int = 0
    decided: tuple[Decided, ...] = ()
    findings: tuple[Problem, ...] = ()

    @property
    def declared(self) -> SourceColumn:
        """The column as the plan states it."""
        return SourceColumn(
            self.header, self.name, self.type, self.date_format, self.keep, self.currency_signs
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile for files of one shape.

    ``rows`` are without totals rows and, when ``sampled``, those of the sample. ``decided`` and
    ``findings`` concern the files as a whole; each column has its own.
    """

    files: tuple[Found, ...]
    kind: Kind
    format: Format
    columns: tuple[SeenColumn, ...]
    rows: int
    sampled: bool
    currency: str | None = None
    decided: tuple[Decided, ...] = ()
    findings: tuple[Problem, ...] = ()

    @property
    def all_decided(self) -> tuple[Decided, ...]:
        """All that was in doubt."""
        return (*self.decided, *(one for column in self.columns for one in column.decided))

    @property
    def all_findings(self) -> tuple[Problem, ...]:
        """All that is to be said."""
        return (*self.findings, *(one for column in self.columns for one in column.findings))

    def source(self, key: str = "looked_at") -> Source:
        """Return the profile as a source, without a key and a window."""
        stated = tuple(
            column.declared for column in self.columns if column.type or column.keep is not Keep.PLAIN
        )
        if self.format.header_row == 0:
            stated = tuple(column.declared for column in self.columns)
        names = tuple(file.name for file in self.files)
        return Source(key, key, names, format=self.format, columns=stated)
