"""Labels of fixed values."""

from kurs.words import language
from kurs.words.terms import TERMS


def test_the_context_of_a_term_is_the_first_part_of_its_key() -> None:
    assert [key for key, phrase in TERMS.items() if key.partition(".")[0] != phrase.context] == []


def test_every_fixed_value_has_its_label() -> None:
    values = {
        "status": "met on_track at_risk off_track missed too_early not_started no_data none",
        "stage": "reach engage activate loyalty",
        "good": "up down band",
        "level": "strategic operational functional",
        "nature": "leading lagging",
        "unit": "number currency percent ratio days seconds",
        "grain": "hour day week month quarter year",
        "severity": "error warning info",
        "comparison": "previous last_year last_year_weekday same_event",
    }
    missing = [f"{kind}.{value}" for kind, names in values.items() for value in names.split()]
    assert [key for key in missing if key not in TERMS] == []


def test_a_term_and_one_that_has_no_label() -> None:
    en = language("en")
    assert en.term("status.on_track") == "On track"
    assert en.term("status.brand_new") == "brand new"
    assert en.term("plain") == "plain"
