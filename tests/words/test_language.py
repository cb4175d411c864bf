"""Languages: which one a tag means, texts with values, plurals, and a language added by a catalogue alone."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from kurs.words import Language, MissingValueWarning, language, languages
from kurs.words.catalogue import write

EN = language("en")
FSI, PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@pytest.mark.parametrize(
    ("tag", "known_as", "locale"),
    [
        ("en", "en", "en_GB"),
        ("EN", "en", "en_GB"),
        ("en_US", "en-US", "en_US"),
        ("pt-BR", "pt-BR", "pt_BR"),
        ("pl_PL.UTF-8", "pl-PL", "pl_PL"),
        ("sv_SE@euro", "sv-SE", "sv_SE"),
        ("zh-hans-cn", "zh-Hans-CN", "zh_Hans_CN"),
        ("de", "de", "de"),
        ("sv_BR", "sv", "sv"),  # CLDR knows no Swedish of Brazil
        ("xx", "en", "en_GB"),
        ("C", "en", "en_GB"),
        ("POSIX", "en", "en_GB"),
        ("", "en", "en_GB"),
        ("../../etc/passwd", "en", "en_GB"),
        ("sv\0", "en", "en_GB"),
        ("s" * 10_000, "en", "en_GB"),
    ],
)
def test_what_a_tag_means(tag: str, known_as: str, locale: str) -> None:
    found = language(tag)
    assert (found.tag, found.locale) == (known_as, locale)


def test_a_language_is_a_value_made_once() -> None:
    assert language("sv") is language("sv")
    assert language("sv") == Language("sv", "sv")
    assert "en" in languages()


def test_direction() -> None:
    assert [language(tag).direction for tag in ("en", "pl", "fa", "he")] == ["ltr", "ltr", "rtl", "rtl"]


def test_values_are_shown_by_their_kind() -> None:
    text = EN.say(
        "{s}|{n}|{f}|{d}|{day}|{at}|{some}|{none}|{yes}",
        s="orders",
        n=12345,
        f=0.5,
        d=Decimal("2.50"),
        day=date(2026, 11, 20),
        at=datetime(2026, 11, 20, 15, 4),  # noqa: DTZ001 - a wall clock
        some=["a", "b", "c"],
        none=None,
        yes=True,
    )
    assert text == "orders|12,345|0.5|2.5|20 Nov 2026|20 Nov 2026, 15:04|a, b and c|–|yes"


def test_a_long_list_is_cut() -> None:
    names = [f"t{n}" for n in range(1, 41)]
    assert EN.say("{names}", names=names) == "t1, t2, t3, t4, t5, t6, t7, t8, t9 and 31 more"
    assert EN.say("{names}", names=names[:10]) == "t1, t2, t3, t4, t5, t6, t7, t8, t9 and t10"
    assert EN.say("{names}", names=[]) == "–"
    assert EN.listed(["a", "b", "c"], "or") == "a, b or c"


def test_a_missing_value_does_not_raise_for_a_person() -> None:
    with pytest.warns(MissingValueWarning):
        assert EN.say("{a} and {b}", a="x") == "x and …"


def test_an_empty_text_stays_empty(polish: Language) -> None:
    assert EN.say("") == polish.say("") == ""


def test_values_may_have_any_name() -> None:
    assert EN.say("{self} {msgid} {n}", self="a", msgid="b", n="c") == "a b c"


def test_english_plurals() -> None:
    said = [EN.say_plural("{n} row of {t}", "{n} rows of {t}", n, t="orders") for n in (0, 1, 2, 1200)]
    assert said == ["0 rows of orders", "1 row of orders", "2 rows of orders", "1,200 rows of orders"]


# A language that is added by a catalogue alone


@pytest.fixture
def polish(tmp_path: Path) -> Language:
    catalog = Catalog(locale="pl", fuzzy=False)
    catalog.add(("{n} row", "{n} rows"), ("{n} wiersz", "{n} wiersze", "{n} wierszy"))
    catalog.add("{a} before {b}", "{b} po {a}")
    catalog.add("half done {a}", "na pół {a}", flags=["fuzzy"])
    catalog.add("On track", "Zgodnie z planem", context="status")
    catalog.add("There is no metric “{name}”.", "Nie ma metryki „{name}”.")
    catalog.add("Did you mean {suggestion}?", "Czy chodzi o {suggestion}?")
    catalog.add("week {week}, {year}", "tydz. {week}, {year}")
    write(catalog, tmp_path / "pl.po")
    return language("pl", tmp_path)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1 wiersz"),
        (2, "2 wiersze"),
        (4, "4 wiersze"),
        (22, "22 wiersze"),
        (0, "0 wierszy"),
        (5, "5 wierszy"),
        (12, "12 wierszy"),
        (112, "112 wierszy"),
        (1001, "1\N{NO-BREAK SPACE}001 wierszy"),
    ],
)
def test_polish_has_three_plural_forms(polish: Language, n: int, text: str) -> None:
    assert polish.say_plural("{n} row", "{n} rows", n) == text


def test_a_translation_may_change_the_order_of_the_words(polish: Language) -> None:
    assert polish.say("{a} before {b}", a="jeden", b="dwa") == "dwa po jeden"


def test_what_is_not_translated_or_only_guessed_is_english(polish: Language) -> None:
    assert polish.say("half done {a}", a=1.5) == "half done 1,5"
    assert polish.say("not there {a}", a="x") == "not there x"
    assert polish.say_plural("{n} cat", "{n} cats", 1) == "1 cat"
    assert polish.term("status.met") == "Met"


def test_terms_problems_and_buckets_are_translated_too(polish: Language) -> None:
    assert polish.term("status.on_track") == "Zgodnie z planem"
    assert polish.say("On track") == "On track"  # without its context it is another text
    message, hint = polish.problem("unknown_metric", {"name": "ordrs", "suggestion": "orders"})
    assert message == "Nie ma metryki „ordrs”."
    assert hint.startswith("Czy chodzi o orders? ")
    assert polish.bucket(date(2026, 11, 16), "week") == "tydz. 47, 2026"


def test_a_country_takes_the_texts_of_its_language(polish: Language) -> None:
    assert language("pl_PL", polish.folder).term("status.on_track") == "Zgodnie z planem"
    assert languages(polish.folder) == ("en", "pl")


def test_names_in_a_right_to_left_sentence_are_isolated(tmp_path: Path) -> None:
    catalog = Catalog(locale="fa", fuzzy=False)
    catalog.add("{metric} is {x}", "{metric} برابر {x} است")
    write(catalog, tmp_path / "fa.po")
    persian = language("fa", tmp_path)
    assert persian.say("{metric} is {x}", metric="CTR", x=12) == f"{FSI}CTR{PDI} برابر ۱۲ است"
    assert persian.say("{metric} was {x}", metric="CTR", x=12) == "CTR was ۱۲"  # English: nothing to isolate


def test_a_broken_translation_does_not_raise(tmp_path: Path) -> None:
    catalog = Catalog(locale="sv", fuzzy=False)
    catalog.add("{a} here", "{a här }{ {0} {a.b}")
    write(catalog, tmp_path / "sv.po")
    assert language("sv", tmp_path).say("{a} here", a="x") == "{a här }{ {0} {a.b}"


# Cost


def test_texts_need_no_babel() -> None:
    script = (
        "import sys, kurs.words as w; w.language('pl').say('Owner'); "
        "en = w.language('en'); en.say('{a}', a='b'); en.term('status.met'); "
        "en.say_plural('a', 'b', 1); en.problem('unknown_metric', {'name': 'x', 'suggestion': 'y'}); "
        "rooms = {m.split('.')[1] for m in sys.modules if m.startswith('kurs.')}; "
        "assert 'babel' not in sys.modules; assert rooms == {'words', 'release'}, rooms"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
