"""Plain values, by the keys of the contract."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from kurs.metrics.query import Answer, AnswerColumn, ColumnKind
from kurs.model.metric import Unit
from kurs.problems import Problem, Severity
from kurs.report import as_csv, as_json
from kurs.words import language

EN = language("en")
COLUMNS = (
    AnswerColumn("time", ColumnKind.TIME),
    AnswerColumn("channel", ColumnKind.DIMENSION),
    AnswerColumn("revenue", ColumnKind.METRIC, Unit.CURRENCY),
)
ANSWER = Answer(
    COLUMNS,
    (
        (datetime.fromisoformat("2026-01-01T13:00"), "a,b", Decimal("1234567890123.45")),
        (date(2026, 1, 2), None, Decimal("1E+3")),
        (date(2026, 1, 3), True, 0.1),
    ),
    date(2026, 1, 3),
    (Problem("late_source", {"source": "ads", "to": date(2026, 1, 1), "account": "a"}, Severity.WARNING),),
)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (Decimal("12.50"), 12.5),
        (Decimal("1E+3"), 1000),
        (Decimal(12345678901234567890), 12345678901234567890),
        (Decimal("12345678901234567.89"), Decimal("12345678901234567.89")),
        (Decimal("0.1000000000000000000001"), Decimal("0.1000000000000000000001")),
        (2**70, 2**70),
        (True, True),
        (None, None),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime.fromisoformat("2026-01-02T03:04"), "2026-01-02T03:04:00"),
    ],
)
def test_cells(cell: object, written: object) -> None:
    plain = as_json.plain(cell)
    assert (plain, type(plain)) == (written, type(written))


def test_a_document_is_that_of_json_with_all_digits_of_a_decimal() -> None:
    nested = {"a": [1, 0.1, {}, [], {"ä": None, 'q"': [True, (2, "x\n")]}], "": 1e300}
    assert as_json.document(nested) == json.dumps(nested, ensure_ascii=False, indent=2)
    long = Decimal("-98765432109876543210.0123456789")
    (back,) = json.loads(as_json.document([long]), parse_float=Decimal)
    assert back == long
    for endless in (float("inf"), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(ValueError, match=r".+"):
            as_json.document([endless])


def test_an_answer() -> None:
    said = json.loads(as_json.document(as_json.answer(ANSWER, EN)))
    assert said["columns"][2] == {"name": "revenue", "kind": "metric", "unit": "currency"}
    assert said["rows"] == [
        {"time": "2026-01-01T13:00:00", "channel": "a,b", "revenue": 1234567890123.45},
        {"time": "2026-01-02", "channel": None, "revenue": 1000},
        {"time": "2026-01-03", "channel": True, "revenue": 0.1},
    ]
    assert said["complete_to"] == "2026-01-03"
    assert said["warnings"] == ["ads has data only until 1 Jan 2026 (account: a)."]


def test_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json.document({"value": float("nan")})


def test_csv_is_exact() -> None:
    assert as_csv.answer(ANSWER).split("\n") == [
        "time,channel,revenue",
        '2026-01-01T13:00:00,"a,b",1234567890123.45',
        "2026-01-02,,1000",
        "2026-01-03,true,0.1",
        "",
    ]


def test_csv_of_records_is_flat() -> None:
    period = {"from": "2026-01-01", "to": "2026-01-31"}
    rows = [
        {"kpi": "a", "period": period, "target": 5, "caveats": ["x"]},
        {"kpi": "b", "period": period, "target": {"low": 1, "high": 2}, "caveats": []},
    ]
    assert as_csv.records(rows).split("\n") == [
        "kpi,period_from,period_to,target,target_low,target_high",
        "a,2026-01-01,2026-01-31,5,,",
        "b,2026-01-01,2026-01-31,,1,2",
        "",
    ]


def test_coverage_of_nothing_is_zero() -> None:
    assert set(as_json.coverage(None).values()) == {0}
