"""kurs catalog: needs no project, searches names, labels and definitions, keeps the keys of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurs.project.read_catalogue import catalogue
from kurs.report.catalogue import NOBODY
from kurs.words import language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

KEYS = ["name", "label", "definition", "formula", "unit", "good", "stage", "nature", "level", "dialects"]


def test_the_keys_of_the_contract(kurs: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kurs("catalog", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.json()) >= 100
    assert all(list(kpi) == [*KEYS, "caveats", "source"] for kpi in ran.json())


def test_all_words_must_be_there(kurs: Run) -> None:
    def names(*words: str) -> list[str]:
        return [kpi["name"] for kpi in kurs("catalog", *words, "--format", "json").json()]

    assert names("ROAS") == ["roas", "new_customer_roas"]
    assert names("new", "roas") == names("new roas") == ["new_customer_roas"]
    assert names("zzz") == []
    assert set(names("cart")) >= {"add_to_cart_rate", "cart_abandonment"}


def test_many_are_a_table_and_few_are_shown_in_full(kurs: Run) -> None:
    everything, one = kurs("catalog").out, kurs("catalog", "bounce_rate").out
    assert "Loyalty" in everything
    assert "Universal Analytics" not in everything
    assert "Universal Analytics" in one
    assert max(map(len, everything.splitlines())) <= 110
    nothing = kurs("catalog", "zzz")
    assert (nothing.code, nothing.out) == (0, "")
    assert "kurs catalog" in nothing.err


def test_one_is_shown_by_its_name(kurs: Run) -> None:
    assert kurs("catalog", "show", "roas", "--format", "json").json()["name"] == "roas"
    assert "ROAS" in kurs("catalog", "show", "roas").out
    unknown = kurs("catalog", "show", "roass")
    assert (unknown.code, "roas" in unknown.err) == (2, True)
    assert {kpi["name"] for kpi in kurs("catalog", "add", "cart", "--format", "json").json()} == {
        "add_to_cart_rate"
    }


def test_labels_are_in_the_language_that_was_asked_for(kurs: Run) -> None:
    told = {kpi["name"]: kpi["label"] for kpi in kurs("catalog", "--lang", "fa", "--format", "json").json()}
    assert len(told) >= 100
    latin = [name for name, label in told.items() if not any("\u0600" <= char <= "\u06ff" for char in label)]
    assert len(latin) <= 3  # DAU/MAU, LTV:CAC


def test_one_is_taken_into_the_plan(kurs: Run, shop: Path) -> None:
    ran = kurs("catalog", "add", "units_sold", "--project", shop)
    assert ran.code == 2
    assert "order_items" in ran.err
    assert "--map" in ran.err
    bad = kurs("catalog", "add", "aov", "--map", "orders", "--project", shop)
    assert (bad.code, "--map" in bad.err) == (2, True)


def test_a_narrow_terminal(kurs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, kurs("catalog").out.splitlines())) <= 50


def test_it_is_read_and_searched_in_the_readers_language(kurs: Run) -> None:
    polish = kurs("catalog", "rezygnacji", "--lang", "pl").out
    assert "Wskaźnik rezygnacji" in polish
    assert "churn_rate" in polish
    assert (
        "Wskaźnik rezygnacji" in kurs("catalog", "churn", "--lang", "pl").out
    )  # English words are found, too
    assert "Churn" not in kurs("catalog", "churn_rate", "--lang", "fa").out


def test_a_comma_in_a_sentence_does_not_part_it(kurs: Run) -> None:
    everything = kurs("catalog", "--format", "json").json()
    parts = [part for kpi in everything for part in (*kpi["dialects"], *kpi["caveats"])]
    assert [part for part in parts if not part[0].isupper()] == []


@pytest.mark.parametrize("tag", ["en", "pl", "sv", "fa"])
def test_the_whole_catalogue_is_told_in_the_language_of_the_plan(kurs: Run, tmp_path: Path, tag: str) -> None:
    """As a table and each by itself; no English is left in another language but what is a name in it, too."""
    (tmp_path / "kurs.yaml").write_text(f"project: {{name: Shop, languages: [{tag}, en]}}\n", "utf-8")
    say = language(tag).say
    told = kurs("catalog", "--project", tmp_path, "--format", "json").json()
    assert [(kpi["label"], kpi["definition"]) for kpi in told] == [
        (say(kpi.label), say(kpi.definition)) for kpi in catalogue()
    ]
    assert [(kpi["dialects"], kpi["caveats"]) for kpi in told] == [
        ([say(text) for text in kpi.dialects], [say(text) for text in kpi.caveats]) for kpi in catalogue()
    ]
    table = " ".join(kurs("catalog", "--project", tmp_path).out.split())
    assert all(kpi.name in table for kpi in catalogue())
    if tag != "en":
        left = [kpi.name for kpi in catalogue() if say(kpi.definition) == kpi.definition]
        assert left == []
    one = kurs("catalog", "show", "bounce_rate", "--project", tmp_path).out
    assert say("Mind:") in one or say("People count it differently:") in one


def test_what_nobody_in_particular_defines_is_said_in_the_readers_language(kurs: Run) -> None:
    nobodys = next(kpi for kpi in catalogue() if kpi.source == NOBODY)
    assert "Źródło: powszechny zwyczaj" in kurs("catalog", nobodys.name, "--lang", "pl").out
