"""The help in other languages: whole, and in the language that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ran

    Run = Callable[..., Ran]

ENGLISH = ("Usage:", "Arguments:", "Options:", "Commands:", "[required]", "Show this message", "Example:")


@pytest.mark.parametrize(("lang", "usage"), [("pl", "Użycie: "), ("sv", "Användning: "), ("fa", "کاربرد: ")])
def test_no_english_is_left_in_the_help(kurs: Run, lang: str, usage: str) -> None:
    for command in ((), ("explain",), ("approve",)):
        said = kurs("--lang", lang, *command, "--help").out
        assert said.startswith(usage)
        assert [text for text in ENGLISH if text in said] == []


def test_english_help_is_the_librarys_own(kurs: Run) -> None:
    said = kurs("explain", "--help").out
    assert [text for text in ENGLISH if text not in said] == ["Commands:"]


@pytest.mark.parametrize(
    ("environment", "usage"),
    [
        ({"LANG": "sv_SE.UTF-8"}, "Användning:"),
        ({"LANG": "sv_SE.UTF-8", "LC_ALL": "C"}, "Usage:"),
        ({"LANG": "sv_SE.UTF-8", "KURS_LANG": "pl"}, "Użycie:"),
        ({"LANG": "de_DE.UTF-8"}, "Usage:"),
    ],
)
def test_the_help_speaks_the_language_of_the_machine(
    kurs: Run, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], usage: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert kurs("--help").out.startswith(usage)
