"""What all tests share: the marker ``needs``, calm hypothesis settings, and a shop to look at.

``@pytest.mark.needs("shared")`` says what a test cannot run without. Where that is absent the test is
skipped, with the reason. A test or fixture that finds out by itself skips with ``"needs records: why"``.
``KURS_REQUIRE=records,shared`` names what must be there: then such a skip is a failure.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parents[1]
REQUIRE = "KURS_REQUIRE"
REQUIRED = pytest.StashKey[frozenset[str]]()

# What a test may need, and where it lies; None: only the test itself can tell, and skips.
NEEDS: dict[str, Path | None] = {
    "chromium": None,  # Debian's package, by which tests/browser looks at the dashboard
    "postgres": None,  # the server of Debian's package postgresql, which tests/databases starts
    "records": None,  # the orders that examples/records/fetch.py gets
    "shared": ROOT.parent / "shared",  # sample data beside the checkout, in no public clone
}

settings.register_profile("kurs", deadline=None)  # a busy machine is no counterexample
if "CI" not in os.environ:
    settings.load_profile("kurs")  # in CI hypothesis has a profile of its own, without deadline too


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project of a shop with its data loaded; not to be written to."""
    from kurs.cli.main import run

    folder = tmp_path_factory.mktemp("shop")
    assert run(["init", str(folder), "--quiet"]) == 0
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


def required() -> frozenset[str]:
    """The names in KURS_REQUIRE. Unknown ones raise UsageError: a typo must not switch the gate off."""
    names = frozenset(name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip())
    if unknown := names - NEEDS.keys():
        raise pytest.UsageError(f"{REQUIRE}: unknown {sorted(unknown)}; known are {sorted(NEEDS)}")
    return names


def needed_by(item: pytest.Item) -> frozenset[str]:
    """The names in all ``needs`` markers of a test."""
    names = frozenset(name for marker in item.iter_markers("needs") for name in marker.args)
    if unknown := names - NEEDS.keys():
        raise pytest.UsageError(f"{item.nodeid} needs unknown {sorted(unknown)}; known are {sorted(NEEDS)}")
    return names


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse a misspelt KURS_REQUIRE before any test runs."""
    config.addinivalue_line("markers", "needs(*names): skip without these; fail if KURS_REQUIRE names them")
    config.stash[REQUIRED] = required()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a misspelt marker."""
    for item in items:
        needed_by(item)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that lacks something."""
    for name in sorted(needed_by(item)):
        place = NEEDS[name]
        if place is not None and not place.exists():
            pytest.skip(f"needs {name}: {place.parent.name}/{place.name} is not there")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that needs a required thing into a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        said = frozenset(re.findall(r"\bneeds (\w+):", reason))
        if missing := (needed_by(item) | said) & item.config.stash[REQUIRED]:
            report.outcome = "failed"
            report.longrepr = (
                f"{REQUIRE} has {', '.join(sorted(missing))}, but the test was skipped: {reason}"
            )
    return report
