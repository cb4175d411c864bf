"""A problem as text and as JSON: the caret stands under what is wrong, whatever the line holds."""

from __future__ import annotations

import pytest

from kurs.problems import Place, Problem, Severity
from kurs.report.problems import excerpt, render_json, render_text
from kurs.words import language

EN = language("en")


def under_caret(place: Place) -> str:
    """The characters that the caret underlines, tabs and wide letters counted as a terminal does."""
    line, caret = excerpt(place)
    return line[caret.index("^") :][: caret.count("^")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("  metric: ordres", "ordres"),
        ("\tmetric: ordres", "ordres"),
        ("ordres", "ordres"),
        ("x" * 300 + " ordres " + "y" * 300, "ordres"),
        ("x" * 300 + " ordres", "ordres"),
    ],
)
def test_the_caret(text: str, word: str) -> None:
    place = Place("kpis.yaml", 12, text.index(word) + 1, text, len(word))
    assert under_caret(place) == word
    assert all(len(line) <= 120 for line in excerpt(place))


def test_wide_letters_move_the_caret() -> None:
    text = "名前: ordres"
    _, caret = excerpt(Place("x.yaml", 1, text.index("ordres") + 1, text, 6))
    assert caret == "    | " + " " * 6 + "^" * 6


def test_a_line_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in "".join(excerpt(Place("x.yaml", 1, 1, "a: \x1b[31mred", 2)))


def test_text_and_json() -> None:
    place = Place("kpis.yaml", 7, 13, "    metric: ordres", 6)
    values = {"name": "ordres", "suggestion": ("orders",)}
    problem = Problem("unknown_metric", values, Severity.ERROR, place, kpi="growth")
    text = render_text(problem, EN)
    assert text.startswith("kpis.yaml:7:13: error unknown_metric\n")
    assert "Did you mean orders?" in text
    said = render_json(problem, EN)
    assert list(said) == ["code", "severity", "file", "line", "column", "kpi", "message", "hint"]
    assert (said["file"], said["line"], said["column"], said["kpi"]) == ("kpis.yaml", 7, 13, "growth")


def test_a_problem_without_a_place() -> None:
    said = render_json(Problem("no_project", {"folder": "x"}), EN)
    assert (said["file"], said["line"], said["column"], said["kpi"]) == (None, None, None, None)
    assert render_text(Problem("no_project", {"folder": "x"}), EN).startswith("error no_project\n")
