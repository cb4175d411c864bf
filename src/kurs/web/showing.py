"""The project that is shown: opened anew whenever it changes, and the last good one while it is broken."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kurs.problems import KursError, Problem
from kurs.project import read
from kurs.workflows.decide import decided as decided_of
from kurs.workflows.opening import day_of, open_project
from kurs.workflows.version import version_beside, version_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import date
    from pathlib import Path

    from kurs.audit.audit import Audit
    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import Standing
    from kurs.model.project import Project
    from kurs.workflows.opening import Opened

TIMEOUT_SECONDS = 30.0
_MOST_AT_ONCE = 2  # questions are answered side by side: one long one must not stop all readers
_GLANCE_SECONDS = 0.5  # so long a look at the files' stamps is believed


@dataclass(frozen=True, slots=True)
class Known:
    """Where every KPI stands, and ``why`` it moved, by its name, where that can be said."""

    readings: tuple[Reading, ...]
    why: Mapping[str, Finding]


@dataclass(slots=True)
class Edition:
    """One version of the project, opened once or more; ``decided`` is what its journal says.

    ``known`` are the readings that were computed already, by segment; ``audit`` how its KPIs came out, once
    somebody asked.
    """

    version: str
    first: Opened
    decided: Standing
    known: dict[str | None, Known] = field(default_factory=dict["str | None", "Known"])
    audit: Audit | None = None
    idle: list[Opened] = field(default_factory=list["Opened"])
    opened: int = 1
    is_old: bool = False

    @property
    def project(self) -> Project:
        """The plan as it is shown."""
        return self.first.project


@dataclass(slots=True)
class Showing:
    """The project in ``folder``, for all threads of a server.

    A thread takes an opened project for itself and gives it back: an engine answers one question at a
    time. What a load replaces stays readable for those who have it open.
    """

    folder: Path
    as_of: date | None = None
    timeout_seconds: float = TIMEOUT_SECONDS
    _free: threading.Condition = field(default_factory=threading.Condition)
    _edition: Edition | None = None
    _problems: tuple[Problem, ...] = ()
    _seen: str = ""
    _beside: tuple[str, ...] = ()  # files that the plan was read with
    _looked: float = float("-inf")

    def version(self) -> str:
        """Return the version of the files as they are now, be they good or broken."""
        with self._free:
            if time.monotonic() - self._looked >= _GLANCE_SECONDS:
                day = self.as_of or (
                    day_of(self._edition.project) if self._edition is not None else self._first_day()
                )
                plan = version_of(self.folder, day)
                if plan + version_beside(self.folder, self._beside) != self._seen:
                    self._turn(plan)
                self._looked = time.monotonic()
            return self._seen

    def edition(self) -> Edition:
        """Return what is shown now. Raises KursError when there has never been a good version."""
        with self._free:
            self.version()
            if self._edition is None:
                raise KursError(*self._problems)
            return self._edition

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files as they are, while an older version is shown."""
        return self._problems

    @contextmanager
    def opened(self, edition: Edition) -> Generator[Opened]:
        """Take an opened project of an edition, alone; wait for one when all are taken."""
        with self._free:
            while not edition.idle and edition.opened >= _MOST_AT_ONCE:
                self._free.wait()
            mine = edition.idle.pop() if edition.idle else None
            if mine is None:
                edition.opened += 1
        try:
            if mine is None:
                mine = edition.first.again()
            yield mine
        finally:
            with self._free:
                if mine is None:
                    edition.opened -= 1
                elif edition.is_old:
                    mine.engine.__exit__()
                else:
                    edition.idle.append(mine)
                self._free.notify()

    def close(self) -> None:
        """Close the engines; who asks again opens the project again."""
        with self._free:
            self._retire(self._edition)
            self._edition, self._seen, self._looked = None, "", float("-inf")

    def _turn(self, plan: str) -> None:
        """Open the project as it is now; where it is broken, keep the last good version and say why."""
        try:
            opened = open_project(self.folder, self.as_of, self.timeout_seconds)
            decided = decided_of(opened)
        except KursError as error:
            self._problems = error.problems
            self._look_beside(plan, read(self.folder).beside)
            return
        self._look_beside(plan, opened.beside)
        before = self._edition
        self._edition = Edition(self._seen, opened, decided, idle=[opened])
        self._problems = ()
        self._retire(before)

    def _look_beside(self, plan: str, names: tuple[str, ...]) -> None:
        self._beside = names
        self._seen = plan + version_beside(self.folder, names)

    def _retire(self, edition: Edition | None) -> None:
        if edition is not None:
            edition.is_old = True
            for opened in edition.idle:
                opened.engine.__exit__()
            edition.idle.clear()

    def _first_day(self) -> date:
        project = read(self.folder).project
        if project is None:
            from datetime import UTC, datetime

            return datetime.now(UTC).date()
        return day_of(project)
