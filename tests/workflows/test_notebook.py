"""kurs.open: the answers of the commands, as records, tables and pictures of a notebook."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import kurs
from kurs.cli.main import run
from kurs.problems import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from kurs.workflows.notebook import Asked


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shop")
    assert run(["init", str(made), "--quiet"]) == 0
    assert run(["--project", str(made), "load", "--quiet"]) == 0
    return made


@pytest.fixture(scope="module")
def shop(folder: Path) -> Generator[Asked]:
    with kurs.open(folder) as opened:
        yield opened


def printed(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> object:
    capsys.readouterr()
    assert run(["--project", str(folder), *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_status_is_that_of_the_command(
    shop: Asked, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shop.status()
    assert json.loads(json.dumps(said.plain)) == printed(capsys, folder, "status")
    assert said.to_arrow().column("value").to_pylist() == [row["value"] for row in said.rows]
    assert [row["kpi"] for row in shop.status(shop.kpis[0])] == [shop.kpis[0]]


def test_a_question_is_that_of_the_command(
    shop: Asked, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = shop.query("orders", by="channel", grain="month", first="2025-01-01", last="2025-03-31")
    words = ("--by", "channel", "--grain", "month", "--from", "2025-01-01", "--to", "2025-03-31")
    assert json.loads(json.dumps(said.plain)) == printed(capsys, folder, "query", "orders", *words)
    table = said.to_arrow()
    assert table.num_rows == len(said) == len(said.rows)
    assert table.column_names == ["time", "channel", "orders"]


def test_an_explanation_adds_up(shop: Asked) -> None:
    said = shop.explain("orders", period="2025-02-01..2025-02-28", against="previous", by="channel")
    effects = said.to_arrow().column("effect").to_pylist()
    assert sum(effects) == pytest.approx(said.plain["change"])


def test_a_notebook_sees_a_table_with_escaped_texts(shop: Asked) -> None:
    html = shop.query("orders", by="channel")._repr_html_()
    assert html.count("<tr>") > 2
    assert "<table" in shop.status()._repr_html_()


def test_a_wrong_question_is_refused_as_on_the_command_line(shop: Asked) -> None:
    with pytest.raises(UsageError) as caught:
        shop.query("ordres")
    assert caught.value.problems[0].code == "unknown_metric"


def test_other_libraries_are_imported_only_by_who_asks(folder: Path) -> None:
    code = (
        f"import kurs, sys; shop = kurs.open({str(folder)!r}); shop.status()\n"
        "assert not {'pandas', 'polars', 'fastapi'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
