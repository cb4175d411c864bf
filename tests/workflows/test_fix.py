"""``kurs check --fix``: what is written, that nothing else changes, and that no fix makes anything worse."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.plans import GOOD
from audit.test_mends import in_block
from audit.test_rules import CASES
from kurs.problems import UsageError
from kurs.project import read
from kurs.project.nodes import LINE_END
from kurs.workflows.check import check
from kurs.workflows.fix import Fixed, fix, safe_fixes, worse
from kurs.workflows.typos import only_near

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

AS_OF = date(2026, 6, 15)
WEAK = """\
# The plan of a shop.
project: {name: Weak, timezone: UTC}

tables:
  visits: {time: day}   # from the web
  orders: {time: day}
metrics:
  visits: {expr: count(visits), good: up}
  orders: count(orders)
  conversion_rate: orders / visits   # by day
  points: 100 * orders / visits

kpis:
  # the big one
  orders_per_month:
    metric: orders   # all of them
    period: {every: month}

  share: {metric: conversion_rate, period: {every: year}}  # keep
  pts: {metric: points, period: {every: quarter}, review: 'weekly'}
"""
ORDERS = "    metric: orders   # all of them"


def fixed(folder: Path, files: Mapping[str, str] | str = WEAK, *, write: bool = True) -> Fixed:
    for name, text in ({"kurs.yaml": files} if isinstance(files, str) else files).items():
        (folder / name).write_bytes(text.encode())
    return fix(folder, AS_OF, write=write)


def is_kept(before: str, after: str) -> bool:
    """Say whether the one text is the other with characters put in."""
    rest = iter(after)
    return all(character in rest for character in before)


def comments(text: str) -> list[str]:
    return re.findall(r"(?:^|\s)(#.*)", text)


def test_what_takes_no_judgement_is_written_in_place(tmp_path: Path) -> None:
    done = fixed(tmp_path)
    text = (tmp_path / "kurs.yaml").read_text("utf-8")
    assert text == WEAK.replace(
        "  conversion_rate: orders / visits   # by day\n",
        "  conversion_rate:\n    expr: orders / visits   # by day\n    unit: percent\n",
    ).replace(
        "    period: {every: month}\n",
        "    period: {every: month}\n    label: Orders per month\n    review: weekly\n    nature: lagging\n",
    ).replace("{every: year}}  #", "{every: year}, label: Share, review: monthly,\n      nature: lagging}  #")
    codes = {one.code for one in done.done}
    assert codes == {"no_label", "no_review", "ratio_without_unit", "nature_not_said"}
    assert "+    unit: percent\n" in done.diff
    assert not done.refused


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    fixed(tmp_path)
    text = (tmp_path / "kurs.yaml").read_bytes()
    again = fix(tmp_path, AS_OF, write=True)
    assert (again.texts, again.done) == ({}, ())
    assert (tmp_path / "kurs.yaml").read_bytes() == text


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    shown = fixed(tmp_path, write=False)
    assert (tmp_path / "kurs.yaml").read_text("utf-8") == WEAK
    assert shown.stands is shown.before
    assert shown.diff == fixed(tmp_path).diff


@pytest.mark.parametrize("form", ["crlf", "cr", "bom", "no_end"])
def test_line_ends_and_marks_stay(tmp_path: Path, form: str) -> None:
    said = WEAK.replace("\n", {"crlf": "\r\n", "cr": "\r"}.get(form, "\n"))
    said = "\N{ZERO WIDTH NO-BREAK SPACE}" + said if form == "bom" else said
    said = said.rstrip() if form == "no_end" else said
    done = fixed(tmp_path, said)
    after = (tmp_path / "kurs.yaml").read_bytes().decode()
    assert done.done
    assert is_kept(said, after)
    written, stood = (comments(LINE_END.sub("\n", text)) for text in (after, said))
    assert written == stood
    assert ("\r\n" in after) == (form == "crlf")
    assert ("\n" not in after) == (form == "cr")
    assert after.count("\n") == after.count("\r\n") or form != "crlf"


def test_the_mode_of_a_file_and_a_link_to_one_stay(tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text("project: {name: Linked}\n", "utf-8")
    body = WEAK.replace("project: {name: Weak, timezone: UTC}\n", "")
    real = tmp_path / "real"
    real.mkdir()
    (real / "own.txt").write_text(body, "utf-8")
    (real / "own.txt").chmod(0o640)
    (tmp_path / "all.yaml").symlink_to(real / "own.txt")
    fix(tmp_path, AS_OF, write=True)
    assert (tmp_path / "all.yaml").is_symlink()
    assert "review: weekly" in (real / "own.txt").read_text("utf-8")
    assert (real / "own.txt").stat().st_mode & 0o777 == 0o640


def test_what_an_anchor_shares_is_left_and_said(tmp_path: Path) -> None:
    shared = WEAK.replace("  orders_per_month:\n", "  orders_per_month: &shared\n")
    done = fixed(tmp_path, shared)
    refused = [one for one in done.refused if one.code == "fix_not_placed"]
    assert {one.kpi for one in refused} == {"orders_per_month"}
    assert "&shared\n    metric: orders   # all of them\n    period: {every: month}\n\n" in (
        tmp_path / "kurs.yaml"
    ).read_text("utf-8")


def test_typos_with_one_meaning_are_put_right(tmp_path: Path) -> None:
    wrong = WEAK.replace("metric: orders   #", "metirc: ordres   #").replace("'weekly'", "'wekly'")
    wrong = wrong.replace("visits   # by", "vistis   # by")
    done = fixed(tmp_path, wrong)
    text = (tmp_path / "kurs.yaml").read_text("utf-8")
    assert {one.typo.word for one in done.done if one.typo} == {"metirc", "ordres", "wekly", "vistis"}
    assert "metric: orders   # all" in text
    assert "review: 'weekly'" in text
    assert done.checked.passed
    assert comments(text) == comments(wrong)


def test_sql_that_yaml_tore_apart_gets_its_quotes(tmp_path: Path) -> None:
    torn = WEAK.replace(
        "points: 100 * orders / visits", "points: {expr: coalesce(orders, 0) / visits, good: up}"
    )
    done = fixed(tmp_path, torn.replace("'weekly'", "'wekly'"))
    text = (tmp_path / "kurs.yaml").read_text("utf-8")
    assert '  points: {expr: "coalesce(orders, 0) / visits", good: up' in text
    assert "review: 'weekly'" in text
    assert comments(text) == comments(torn)
    assert done.checked.passed


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_typo_is_put_right_on_its_line(tmp_path: Path, end: str) -> None:
    said = WEAK.replace("metric: orders   #", "metric: ordrs   #").replace("\n", end)
    done = fixed(tmp_path, said, write=False)
    assert [one.typo.place.line for one in done.done if one.typo] == [WEAK.split("\n").index(ORDERS) + 1]
    assert f"-{ORDERS.replace('orders', 'ordrs')}" in done.diff.replace("\r", "").split("\n")
    assert "metric: orders   # all of them" in done.texts["kurs.yaml"][1]


def test_natures_are_written_only_while_others_may_balance_them(tmp_path: Path) -> None:
    """Two are known to be lagging, and what the third is nobody says; without it neither is written."""
    third = "  pts: {metric: points"
    done = fixed(tmp_path, WEAK[: WEAK.index(third)])
    assert "no_review" in {one.code for one in done.done}
    assert "nature_not_said" not in {one.code for one in done.done}
    assert not done.refused
    assert not safe_fixes(check(tmp_path, AS_OF))  # nor is it offered again
    done = fixed(tmp_path, WEAK)
    assert "nature_not_said" in {one.code for one in done.done}
    assert not done.refused


def test_a_fault_that_moves_down_is_no_new_one(tmp_path: Path) -> None:
    """A name that stands in two files is told with the line of the other."""
    month = "    period: {every: month}\n"
    wanting = WEAK.replace(month, month + "    target: {reach: 9}\n")
    twice = "kpis:\n  share: {metric: points, period: {every: month}}\n"
    done = fixed(tmp_path, {"kurs.yaml": wanting, "more.yaml": twice})
    assert [one.code for one in done.done] == ["no_direction"]
    assert not done.refused


def test_a_typo_that_would_bring_an_error_is_left(tmp_path: Path) -> None:
    twice = WEAK.replace("review: 'weekly'", "review: weekly, reveiw: weekly")
    done = fixed(tmp_path, twice)
    assert (tmp_path / "kurs.yaml").read_text("utf-8") == twice
    assert [(one.code, one.values["codes"]) for one in done.refused] == [("fix_brings", ["duplicate_key"])]
    others = twice.replace("metric: orders   #", "metric: ordres   #").replace(
        "visits   # by", "vistis   # by"
    )
    done = fixed(tmp_path, others)
    assert {one.typo.word for one in done.done if one.typo} == {"ordres", "vistis"}
    assert [(one.code, one.values["codes"]) for one in done.refused] == [("fix_brings", ["duplicate_key"])]


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("revenu", ("revenue", "revenue_28d"), "revenue"),
        ("conversoin_rate", ("conversion_rate",), "conversion_rate"),
        ("head_of_wbe", ("head_of_web",), None),  # three letters could be any
        ("orders_2025", ("orders_2026",), None),
        ("sales_de", ("sales_se",), None),
        ("sales_uk", ("sales_usa",), None),
        ("conversion_rat", ("conversion_rate",), "conversion_rate"),
        ("order", ("orders", "border"), None),
        ("new_orders", ("net_orders",), None),
        ("headofsales", ("head_of_sales",), "head_of_sales"),
        ("orders", (), None),
    ],
)
def test_what_counts_as_a_typo(word: str, candidates: Sequence[str], meant: str | None) -> None:
    assert only_near(word, candidates) == meant


def test_a_direction_that_the_catalogue_knows(tmp_path: Path) -> None:
    plan = WEAK.replace(
        "    period: {every: month}\n", "    period: {every: month}\n    target: {reach: 9}\n"
    )
    done = fixed(tmp_path, plan)
    text = (tmp_path / "kurs.yaml").read_text("utf-8")
    assert "no_direction" in {one.code for one in done.done}
    assert "  orders:\n    expr: count(orders)\n    good: up\n" in text
    assert done.checked.passed


def test_a_file_that_changes_meanwhile_stops_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kurs.workflows.rewrite as rewriting

    def late(folder: Path, texts: Mapping[str, tuple[str, str]]) -> None:
        (folder / "kurs.yaml").write_text(WEAK + "# somebody was here\n", "utf-8")
        original(folder, texts)

    original = rewriting.rewrite
    monkeypatch.setattr(rewriting, "rewrite", late)
    with pytest.raises(UsageError) as stopped:
        fixed(tmp_path)
    assert stopped.value.problems[0].code == "plan_file_changed"
    assert (tmp_path / "kurs.yaml").read_text("utf-8").endswith("# somebody was here\n")


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_nothing_is_lost_when_it_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    head, _, kpis = WEAK.partition("kpis:\n")
    files = {"kurs.yaml": head, "kpis.yaml": "kpis:\n" + kpis}

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync" if moment == "fsync" else "pathlib.Path.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            fixed(tmp_path, files)
    assert {name: (tmp_path / name).read_text("utf-8") for name in files} == files
    fix(tmp_path, AS_OF, write=True)
    assert fix(tmp_path, AS_OF, write=True).texts == {}
    assert sorted(path.name for path in tmp_path.iterdir() if not path.is_dir()) == sorted(files)


SAFE_TO_MIX = [case for case in CASES if case[3] and case[0] in GOOD]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(st.sampled_from(SAFE_TO_MIX), min_size=1, max_size=5), block=st.booleans())
def test_findings_only_fall_and_all_else_stays(
    tmp_path_factory: pytest.TempPathFactory, cases: list[tuple[str, ...]], *, block: bool
) -> None:
    plan = GOOD
    for old, new, *_ in cases:
        plan = plan.replace(old, new, 1)
    plan = in_block(plan) if block else plan
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "kurs.yaml").write_text(plan, "utf-8")
    before = check(folder, AS_OF)
    done = fixed(folder, plan)
    text = (folder / "kurs.yaml").read_text("utf-8")
    assert is_kept(plan, text)
    assert comments(text) == comments(plan)
    assert worse(before, check(folder, AS_OF)) == set()
    assert read(folder).project is not None
    assert fix(folder, AS_OF, write=False).texts == {}
    assert bool(done.done) == bool(done.texts)
