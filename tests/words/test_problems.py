"""The words of problems: each code that the house raises has them, and is given the values they ask for."""

import ast
from collections.abc import Iterator
from datetime import date

import pytest

from kurs.model.events import Event
from kurs.model.text import Text
from kurs.words import MissingValueWarning, language
from kurs.words.catalogue import SOURCE
from kurs.words.filling import placeholders
from kurs.words.problems import PROBLEMS
from kurs.words.problems_of_audit import PROBLEMS_OF_AUDIT
from kurs.words.problems_of_changes import PROBLEMS_OF_CHANGES
from kurs.words.problems_of_data import PROBLEMS_OF_DATA
from kurs.words.problems_of_decisions import PROBLEMS_OF_DECISIONS
from kurs.words.problems_of_formats import PROBLEMS_OF_FORMATS
from kurs.words.problems_of_plan import PROBLEMS_OF_PLAN
from kurs.words.problems_of_questions import PROBLEMS_OF_QUESTIONS
from kurs.words.problems_of_targets import PROBLEMS_OF_TARGETS
from kurs.words.problems_of_web import PROBLEMS_OF_WEB

EN = language("en")


def raised() -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Each `Problem("code", {...})` of the source: its place, code, and value names if they are literal."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name("Problem"), args=[ast.Constant(str(code)), *rest]):
                    keys = None
                    if rest and isinstance(rest[0], ast.Dict):
                        names = [key.value for key in rest[0].keys if isinstance(key, ast.Constant)]
                        keys = frozenset(map(str, names)) if len(names) == len(rest[0].keys) else None
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", code, keys
                case _:
                    pass


def test_every_problem_that_the_house_raises_has_its_words() -> None:
    assert [f"{place} {code}" for place, code, _ in raised() if code not in PROBLEMS] == []


def test_every_problem_is_given_the_values_that_its_words_ask_for() -> None:
    lacking = [
        f"{place} {code}: {sorted(wanted - keys)}"
        for place, code, keys in raised()
        if keys is not None and code in PROBLEMS
        for wanted in [placeholders(PROBLEMS[code].message) | placeholders(PROBLEMS[code].hint)]
        if not wanted <= keys
    ]
    assert lacking == []


def test_no_code_stands_in_two_tables() -> None:
    tables = (
        PROBLEMS_OF_PLAN,
        PROBLEMS_OF_QUESTIONS,
        PROBLEMS_OF_CHANGES,
        PROBLEMS_OF_DATA,
        PROBLEMS_OF_DECISIONS,
        PROBLEMS_OF_FORMATS,
        PROBLEMS_OF_AUDIT,
        PROBLEMS_OF_TARGETS,
        PROBLEMS_OF_WEB,
    )
    assert sum(map(len, tables)) == len(PROBLEMS)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_can_be_said(code: str) -> None:
    text = PROBLEMS[code]
    values = dict.fromkeys(placeholders(text.message) | placeholders(text.hint), "X")
    message, hint = EN.problem(code, values)
    assert message
    assert bool(hint) == bool(text.hint)
    assert "suggestion" not in values  # it opens the hint by itself


def test_a_suggestion_opens_the_hint() -> None:
    def hint(suggestion: object) -> str:
        return EN.problem("unknown_kpi", {"name": "revnue", "suggestion": suggestion})[1]

    own = "Define it under kpis:, or name one that is there."
    assert hint("revenue") == hint(["revenue"]) == f"Did you mean revenue? {own}"
    assert hint(("revenue", "returns")) == f"Did you mean one of revenue and returns? {own}"
    assert [hint(nothing) for nothing in ("", [], (), None)] == [own] * 4


def test_braces_and_lists_in_a_problem() -> None:
    message, _ = EN.problem("unquoted_sql", {"key": "aov", "quoted": '"sum(a, b)"'})
    assert "{ }" in message
    _, hint = EN.problem("literal_password", {"key": "url"})
    assert "${SHOP_DB}" in hint
    _, hint = EN.problem(
        "unknown_key", {"key": "exp", "section": "metrics", "allowed": ["expr", "good", "unit"]}
    )
    assert hint == "Its keys are expr, good and unit."


def test_an_unknown_code_still_says_something_useful() -> None:
    message, hint = EN.problem("brand_new", {"metric": "orders", "rows": 1200, "tables": ["a", "b"]})
    assert message == "Something is wrong: brand_new (metric: orders; rows: 1,200; tables: a and b)."
    assert hint
    assert EN.problem("brand_new", {})[0] == "Something is wrong: brand_new (–)."


def test_a_problem_without_its_values_can_still_be_read() -> None:
    with pytest.warns(MissingValueWarning):
        assert EN.problem("unknown_table", {})[0] == "There is no table “…”."


def test_a_source_without_an_account_is_named_alone() -> None:
    values = {"source": "orders", "to": date(2026, 12, 9)}
    said = [EN.problem("late_source", {**values, "account": account})[0] for account in ("123", None)]
    assert said == [
        "orders has data only until 9 Dec 2026 (account: 123).",
        "orders has data only until 9 Dec 2026.",
    ]


def test_what_a_revision_changed_is_said_by_its_label() -> None:
    values = {"since": date(2026, 9, 1), "keys": ["target"]}
    assert EN.problem("plan_revised", values)[0].endswith(": Target.")
    assert language("pl").problem("plan_revised", values)[0].endswith(": Wartość docelowa.")


def test_an_event_is_said_by_its_label_in_the_readers_language() -> None:
    season = Event("season", label=Text((("en", "Holiday season"), ("fa", "فصل تعطیلات"))))
    values = {"event": season.name, "days": 3, "other_days": 0}
    assert "Holiday season" in EN.problem("event_on_one_side", values)[0]
    assert "\u2068فصل تعطیلات\u2069" in language("fa").problem("event_on_one_side", values)[0]
    assert Event("season").name == "season"
