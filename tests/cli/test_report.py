"""``kurs report``: one file, or a problem that says which."""

from pathlib import Path

import duckdb
import pytest

from kurs.cli.main import run

PLAN = """
project: {name: Test, engine: "duckdb:///shop.duckdb", as_of: 2026-03-20}
tables: {orders: {time: day}}
metrics: {orders: {expr: count(orders), good: up}}
kpis: {orders: {metric: orders, every: month, target: {reach: 31}}}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE orders AS SELECT (DATE '2026-01-01' + INTERVAL (i) DAY)::DATE AS day "
            "FROM range(80) t(i)"
        )
    (tmp_path / "kurs.yaml").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_report_is_one_file(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report"]) == 0
    assert capsys.readouterr().out == "report.html\n"
    page = (shop / "report.html").read_text("utf-8")
    assert page.lstrip().startswith("<!doctype html>")
    assert 'value="20"' in page
    assert run(["report", "--period", "2026-02", "--lang", "sv", "-o", "feb.pdf"]) == 0
    assert (shop / "feb.pdf").read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_written_is_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in (
        (["-o", "report.docx"], "unknown_report_file"),
        (["-o", "no/such/folder.html"], "report_not_written"),
        (["--period", "never"], "bad_report_period"),
    ):
        assert run(["report", *words]) == 2
        assert code in capsys.readouterr().err
    assert not list(shop.glob("report*"))
