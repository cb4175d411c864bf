"""kurs forget: it asks before it removes, and never says the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Small, timezone: UTC}
sources:
  news: {files: news.csv, into: readers, columns: {mail: {name: mail, keep: hashed}}}
"""
KEYS = ["dry_run", "tables", "files", "sources", "remembered"]


@pytest.fixture
def small(kurs: Run, tmp_path: Path) -> Path:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "news.csv").write_text("id,mail\n1,ann@example.com\n2,bob@example.com\n", "utf-8")
    assert kurs("--project", tmp_path, "load", "--quiet").code == 0
    return tmp_path


def test_it_shows_and_asks_before_it_removes(kurs: Run, small: Path) -> None:
    shown = kurs("--project", small, "forget", "ann@example.com", "--dry-run", "--format", "json").json()
    assert list(shown) == KEYS
    assert shown["tables"] == [
        {"table": "readers", "columns": ["mail"], "rows": 1, "versions": 0, "files": 1}
    ]
    assert (shown["dry_run"], shown["remembered"], shown["sources"]) == (True, False, ["news"])
    unasked = kurs("--project", small, "forget", "ann@example.com")
    assert (unasked.code, unasked.out) == (2, "")
    assert "--yes" in unasked.err
    done = kurs("--project", small, "forget", "ann@example.com", "--yes")
    assert done.code == 0
    assert "news" in done.out
    assert "ann@" not in done.out
    again = kurs("--project", small, "forget", "ann@example.com")
    assert (again.code, "Nothing" in again.out) == (0, True)
    assert "rows: 1" in kurs("--project", small, "load", "--full").err
