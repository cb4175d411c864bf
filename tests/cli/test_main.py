"""The frame of all commands: help, usage, languages, what happens when something goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kurs import __version__
from kurs.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

COMMANDS = ("init", "check", "load", "data", "forget", "query", "status", "explain", "plan")
DECISIONS = ("approve", "approvals", "note", "action", "actions", "baseline", "journal", "watch", "snapshot")


def test_without_a_command_the_help_is_shown(kurs: Run) -> None:
    alone, asked = kurs(), kurs("--help")
    assert (alone.code, alone.err) == (0, "")
    assert alone.out == asked.out
    assert all(f"\n  {command} " in alone.out for command in (*COMMANDS, *DECISIONS))
    assert "..." not in alone.out.split("Commands:")[1]  # one line says it all


@pytest.mark.parametrize("command", [*COMMANDS, *DECISIONS])
def test_each_command_explains_itself_with_an_example(kurs: Run, command: str) -> None:
    ran = kurs(command, "--help")
    assert ran.code == 0
    assert f"kurs {command}" in ran.out.partition("Example: ")[2]


def test_the_version(kurs: Run) -> None:
    assert kurs("--version").out == f"kurs {__version__}\n"


def test_an_unknown_command_is_met_with_the_likely_one(kurs: Run) -> None:
    ran = kurs("statsu")
    assert (ran.code, ran.out) == (2, "")
    assert "“statsu”" in ran.err
    assert "Did you mean status?" in ran.err


def test_all_unknown_options_are_told_at_once(kurs: Run) -> None:
    ran = kurs("--quite", "status", "--stagee", "reach", "--fromat=json")
    assert (ran.code, ran.out) == (2, "")
    assert [option in ran.err for option in ("--quiet?", "--stage?", "--format?")] == [True] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["query", "--limit"], "--limit"),
        (["status", "--stage=reach", "--format", "xml"], "“xml”"),
        (["--as-of", "2026-02-30", "status"], "--as-of"),
        (["status", "--lang", "klingon"], "--lang"),
        (["check", "surplus"], "surplus"),
        (["note", "a_kpi"], "TEXT"),
        (["action", "a_kpi"], "ACTION and open|assign|done"),
        (["note", "a_kpi", "of", "several", "words"], "several and words"),
        (["status", "--quiet=yes"], "--quiet"),
        (["status", "--as-of"], "--as-of"),
        (["--", "bogus"], "bogus"),
        (["--project", "nowhere", "status"], "nowhere"),
    ],
)
def test_wrong_usage_ends_with_two_and_an_empty_stdout(kurs: Run, words: list[str], said: str) -> None:
    ran = kurs(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_behind_two_dashes_nothing_is_an_option(kurs: Run, shop: Path) -> None:
    ran = kurs("--project", shop, "query", "--", "--visits")
    assert ran.code == 2
    assert "There is no metric “--visits”" in ran.err


def test_shared_options_stand_before_or_after_the_command(kurs: Run, shop: Path) -> None:
    before = kurs("--project", shop, "--format", "json", "--as-of", "2026-02-01", "status")
    after = kurs("status", "--project", shop, "--format", "json", "--as-of", "2026-02-01")
    assert before.out == after.out
    assert {entry["as_of"] for entry in before.json()} == {"2026-02-01"}
    both = kurs("--as-of", "2026-01-01", "status", "--project", shop, "--format=json", "--as-of=2026-02-01")
    assert both.out == after.out


def test_a_project_is_found_from_a_folder_below_it(
    kurs: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / "data")
    assert kurs("check").code == 0


def test_no_project_is_wrong_usage_even_for_check(kurs: Run, tmp_path: Path) -> None:
    ran = kurs("check", "--project", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "kurs init" in ran.err


REVENUE = ("query", "revenue", "--from", "2026-01-01", "--to", "2026-03-20")


def test_numbers_follow_the_language(kurs: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(*words: str) -> str:
        return kurs("--project", shop, *REVENUE, *words).out

    assert "€18,088" in said()
    assert "18\N{NO-BREAK SPACE}088\N{NO-BREAK SPACE}€" in said("--lang", "sv")
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert "€18,088" in said()  # the project says English
    monkeypatch.setenv("KURS_LANG", "de")
    assert "18.088" in said()  # the reader says German
    assert "€18,088" in said("--lang", "en")


def test_before_a_project_is_known_the_machine_speaks(kurs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fa_IR.UTF-8")
    assert kurs("statsu").code == 2


def test_an_unexpected_failure_is_admitted(kurs: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("the cause")

    monkeypatch.setattr("kurs.workflows.measure.status", fail)
    ran = kurs("status", "--project", shop)
    assert (ran.code, ran.out) == (3, "")
    assert "ZeroDivisionError: the cause" in ran.err
    assert "KURS_DEBUG=1" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("KURS_DEBUG", "1")
    assert "Traceback" in kurs("status", "--project", shop).err


def test_an_interrupt_is_quiet(kurs: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kurs.workflows.measure.status", interrupt)
    ran = kurs("status", "--project", shop)
    assert (ran.code, ran.out, ran.err) == (main.INTERRUPTED, "", "")


def test_a_reader_that_leaves_early_gets_no_complaint(shop: Path) -> None:
    query = ["--project", str(shop), "query", "visits", "--grain", "day", "--format", "csv"]
    code = "import sys; from kurs.cli.main import run; sys.exit(run())"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", code, *query], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_without_letters_still_gets_an_answer(shop: Path) -> None:
    code = "import sys; from kurs.cli.main import run; sys.exit(run())"
    done = subprocess.run(
        [sys.executable, "-c", code, "--project", str(shop), "status"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"At risk" in done.stdout


def test_the_help_is_translated_where_there_are_texts() -> None:
    class Shouting:
        tag = "xx"

        def say(self, text: str) -> str:
            return text.upper()

    application = main.build()
    main.translate(application, Shouting())
    assert application.help == main.HELP.upper()
    options = {param.name: param for param in application.commands["query"].params}
    assert options["by"].help == "SPLIT BY THESE DIMENSIONS."
