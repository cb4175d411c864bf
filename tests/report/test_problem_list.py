"""Problems on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from kurs.problems import Place, Problem, Severity
from kurs.report.problem_list import counted, problem_list
from kurs.words import language

EN = language("en")
LINE = "    expr: " + "sum(orders.net_amount) + " * 4 + "sum(orders.amuont)"
PROBLEM = Problem(
    "unknown_column",
    {"table": "orders", "name": "amuont", "suggestion": "amount"},
    place=Place("metrics.yaml", 12, LINE.index("amuont") + 1, LINE, 6),
)


def drawn(width: int, **colours: object) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=width, **colours)  # type: ignore[arg-type]
    console.print(problem_list([PROBLEM], EN, width))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_the_caret_stays_below_its_word_on_any_screen() -> None:
    for width in (40, 60, 100, 200):
        lines = drawn(width, color_system=None)
        caret = next(line for line in lines if "^" in line)
        above = lines[lines.index(caret) - 1]
        assert above[caret.index("^") : caret.rindex("^") + 1] == "amuont"
        assert max(map(len, lines)) <= width


def test_the_severity_is_a_word_and_a_colour() -> None:
    plain = drawn(80, color_system=None)
    assert plain[0].endswith("error unknown_column")
    assert "\x1b[1;31merror" in drawn(80, force_terminal=True, color_system="standard")[0]
    assert "Did you mean amount?" in plain[-2] + plain[-1]


def test_counts() -> None:
    warning, info = (Problem("x", {}, severity) for severity in (Severity.WARNING, Severity.INFO))
    assert counted([], EN) == ""
    assert counted([PROBLEM], EN) == "1 error"
    assert counted([PROBLEM, warning, PROBLEM, info, info], EN) == "2 errors, 1 warning and 2 notes"
