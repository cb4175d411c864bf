"""kurs.open: the answers of the commands, as records, tables and pictures of a notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kurs
from commands import printed
from kurs.problems import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from kurs.workflows.notebook import Asked


@pytest.fixture(scope="module")
def asked(shop: Path) -> Generator[Asked]:
    with kurs.open(shop) as opened:
        yield opened


def test_a_status_is_that_of_the_command(
    asked: Asked, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked.status()
    assert json.loads(json.dumps(said.plain)) == printed(capsys, "--project", str(shop), "status")
    assert said.to_arrow().column("value").to_pylist() == [row["value"] for row in said.rows]
    assert [row["kpi"] for row in asked.status(asked.kpis[0])] == [asked.kpis[0]]


def test_a_question_is_that_of_the_command(
    asked: Asked, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked.query("orders", by="channel", grain="month", first="2025-01-01", last="2025-03-31")
    words = ("--by", "channel", "--grain", "month", "--from", "2025-01-01", "--to", "2025-03-31")
    assert json.loads(json.dumps(said.plain)) == printed(
        capsys, "--project", str(shop), "query", "orders", *words
    )
    table = said.to_arrow()
    assert table.num_rows == len(said) == len(said.rows)
    assert table.column_names == ["time", "channel", "orders"]


def test_an_explanation_adds_up(asked: Asked) -> None:
    said = asked.explain("orders", period="2025-02-01..2025-02-28", against="previous", by="channel")
    effects = said.to_arrow().column("effect").to_pylist()
    assert sum(effects) == pytest.approx(said.plain["change"])


def test_an_audit_is_that_of_the_command(
    asked: Asked, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked.check()
    assert json.loads(json.dumps(said.plain)) == printed(capsys, "--project", str(shop), "check")
    assert [row["kpi"] for row in said] == list(asked.kpis)
    assert set(said.to_arrow().column("achievable").to_pylist()) <= {"pass", "warn", "fail", "unknown"}
    assert said._repr_html_().count("<tr>") == 1 + len(asked.kpis)


def test_a_notebook_sees_a_table_with_escaped_texts(asked: Asked) -> None:
    html = asked.query("orders", by="channel")._repr_html_()
    assert html.count("<tr>") > 2
    assert "<table" in asked.status()._repr_html_()


def test_a_wrong_question_is_refused_as_on_the_command_line(asked: Asked) -> None:
    with pytest.raises(UsageError) as caught:
        asked.query("ordres")
    assert caught.value.problems[0].code == "unknown_metric"


def test_other_libraries_are_imported_only_by_who_asks(shop: Path) -> None:
    code = (
        f"import kurs, sys; shop = kurs.open({str(shop)!r}); shop.status()\n"
        "assert not {'pandas', 'polars', 'fastapi'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
