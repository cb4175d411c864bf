"""Placeholders: nothing that is missing, malformed or hostile may raise at a person's screen."""

import pytest

from kurs.words.filling import MissingValueWarning, fill, isolated, placeholders


def test_a_missing_value_leaves_a_readable_sentence_and_a_warning_for_our_tests() -> None:
    with pytest.warns(MissingValueWarning, match="column"):
        assert fill("No {column} in {table}.", {"table": "orders"}, str) == "No … in orders."


def test_people_do_not_see_the_warning() -> None:
    assert issubclass(MissingValueWarning, ResourceWarning)  # which Python hides by default


@pytest.mark.parametrize(
    "text",
    [
        "{name.__class__}",
        "{name[0]}",
        "{name!r}",
        "{0}",
        "{}",
        "{",
        "}",
        "{expr: sum(orders.net), unit: currency}",
    ],
)
def test_what_is_no_plain_placeholder_stays(text: str) -> None:
    assert fill(text, {"name": "x", "expr": "y"}, str) == text


def test_doubled_braces_are_braces() -> None:
    assert fill("write ${{NAME}} for {name}", {"name": "x"}, str) == "write ${NAME} for x"


def test_a_value_is_not_filled_again() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "{a}"}, str) == "{b} {a}"


def test_placeholders_are_the_names_and_not_the_braces() -> None:
    assert placeholders("{a} {{b}} {c1} {D} {e.f}") == {"a", "c1"}


LRI, PDI = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("به جدول joins: بیفزایید.", "به جدول [joins:] بیفزایید."),
        ("با kurs load {source} --full.", "با [kurs load {source} --full]."),
        ("'28 days'، یا {option} و {n} KPI", "['28 days']، یا {option} و {n} [KPI]"),
        ("(KURS_HASH_KEY یا sum(a, b))", "([KURS_HASH_KEY] یا [sum(a, b)])"),
        ("از ${{SHOP_DB}} بگیرید", "از [${{SHOP_DB}}] بگیرید"),
        ("* موقت", "* موقت"),
        ("{metric} برابر {x} است", "{metric} برابر {x} است"),
        (f"نوع {LRI}:desc kurs{PDI} است", "نوع [:desc kurs] است"),
    ],
)
def test_what_a_person_types_is_isolated_in_a_right_to_left_text(text: str, marked: str) -> None:
    assert isolated(text) == marked.replace("[", LRI).replace("]", PDI)


def test_an_abbreviation_ends_its_sentence() -> None:
    assert fill("{x} less.", {"x": "p.p."}, str) == "p.p. less."
    assert fill("Less by {x}. More by {x}.", {"x": "2 p.p."}, str) == "Less by 2 p.p. More by 2 p.p."
    assert fill("{table}.{column}", {"table": "a.", "column": "b"}, str) == "a..b"
