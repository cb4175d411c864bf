"""Weak plans for the audit: changes of a strong one, or plans with files of their own; and what is found."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import kurs.lake.attempts
import kurs.workflows.load
from kurs.cli.main import run
from kurs.problems import Severity
from kurs.report.audit_words import found_words
from kurs.words import language
from kurs.workflows.check import check
from messages import cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from kurs.audit.rule import Finding
    from kurs.workflows.check import Checked

FOLDER = Path(__file__).parent / "audit"
STRONG = FOLDER / "strong.yaml"
FIRST, LAST = date(2022, 1, 1), date(2026, 6, 14)
EN = language("en")


@dataclass(frozen=True, slots=True)
class Weak:
    """A case: what of the strong plan is written otherwise, or the files of a plan of its own."""

    path: Path
    changes: tuple[tuple[str, str], ...]
    files: tuple[cases.Written, ...]
    expected: str

    @property
    def code(self) -> str:
        """The rule that the case is about."""
        return self.path.stem.partition("-")[0]


def load(path: Path) -> Weak:
    """Take a case file apart: ``=== was`` and ``=== is`` in pairs, or files; and ``=== problems``."""
    case = cases.load(path)
    was = [file.text.strip("\n") for file in case.files if file.name == "was"]
    now = [file.text.strip("\n") for file in case.files if file.name == "is"]
    own = tuple(file for file in case.files if file.name not in ("was", "is"))
    return Weak(path, tuple(zip(was, now, strict=True)), own, case.expected)


def strong_project(folder: Path) -> Path:
    """Write the strong plan, load its data, and have it signed."""
    shutil.copy(STRONG, folder / "kurs.yaml")
    (folder / "shop.csv").write_text("\n".join(_rows()) + "\n", "utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    assert run(["--project", str(folder), "approve", "bought", "--by", "cmo", "--quiet"]) == 0
    return folder


def _rows() -> Iterator[str]:
    """Yield the days of a small shop: some months grow by 10 % in a year, others not at all."""
    chance = random.Random(9)
    names = ("visits", "search", "engaged", "orders", "again", "sales", "sent", "opens")
    growth = {name: [chance.uniform(-0.02, 0.11) for _ in range(60)] for name in names}
    level = dict.fromkeys(names, 1.0)
    months: dict[tuple[str, int], float] = {}
    for month in range(60):
        for name in names:
            before = months.get((name, month - 12), level[name])
            months[name, month] = before * (1 + growth[name][month])
    yield ",".join(("day", *names))
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        month = (day.year - FIRST.year) * 12 + day.month - 1
        visits, search, orders, sales, sent = (
            base * months[name, month] * chance.gauss(1, 0.03)
            for name, base in (
                ("visits", 4000),
                ("search", 1500),
                ("orders", 700),
                ("sales", 21000),
                ("sent", 900),
            )
        )
        engaged, again, opens = (
            whole * share * months[name, month] ** power * chance.gauss(1, 0.02)
            for name, whole, share, power in (
                ("engaged", visits, 0.54, 0.3), ("again", orders, 0.34, 1), ("opens", sent, 0.31, 0.3),
            )
        )  # fmt: skip
        told = (visits, search, engaged, orders, again, sales, sent, opens)
        yield ",".join((str(day), *(str(round(value)) for value in told)))


def checked(weak: Weak, strong: Path, folder: Path, patch: pytest.MonkeyPatch) -> Checked:
    """Write the case into ``folder``, load what it says is to be loaded, and check it."""
    if not weak.changes:
        _write_and_load(weak.files, folder, patch)
        return check(folder)
    shutil.copytree(strong, folder, dirs_exist_ok=True)
    plan = STRONG.read_text("utf-8")
    for was, now in weak.changes:
        assert plan.count(was) == 1, f"{weak.path.name}: {plan.count(was)} times in the strong plan: {was}"
        plan = plan.replace(was, now)
    (folder / "kurs.yaml").write_text(plan, "utf-8")
    return check(folder)


def _write_and_load(files: Sequence[cases.Written], folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Write the files; those with a day on which they were ``loaded`` come only then, and all are loaded."""
    for day in sorted({file.how.get("loaded", "") for file in files}):
        for file in files:
            if file.how.get("loaded", "") == day:
                file.write(folder)
        if day:
            _clock_at(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC), patch)
            assert run(["--project", str(folder), "load", "--quiet"]) in (0, 3)


def _clock_at(moment: datetime, patch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            assert tz is UTC
            return moment

    for module in (kurs.workflows.load, kurs.lake.attempts):
        patch.setattr(module, "datetime", Clock)


def found(of: Checked) -> list[tuple[str, Finding]]:
    """Return the findings with the KPI that they are about, or ``set``."""
    assert of.audit is not None, of.problems
    of_kpis = [(one.kpi.key, finding) for one in of.audit.kpis for finding in one.findings]
    return [*of_kpis, *(("set", finding) for finding in of.audit.of_set)]


def rendered(of: Checked) -> str:
    """Return what is found as a person reads it: what is wrong with the plan, then what is weak."""
    project = of.project
    assert project is not None

    about: dict[tuple[str, str, str], list[str]] = {}
    for key, finding in found(of):
        words = found_words(finding, project, EN, project.kpis.get(key))
        about.setdefault((f"{finding.mark} {finding.letter} {finding.code}", *words), []).append(key)
    worse = [problem for problem in of.problems if problem.severity is not Severity.INFO]
    parts = [cases.rendered(tuple(worse))] if worse else []
    parts += [
        f"{head}: {', '.join(keys)}\n  {message}\n  {hint}" for (head, message, hint), keys in about.items()
    ]
    return "\n\n".join(parts)
