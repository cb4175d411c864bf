"""Each rule finds its fault, and nothing else does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import pytest

from audit.plans import GOOD, audited, faults
from kurs.audit.audit import RULES, RULES_OF_SIGNATURES, RULES_OF_THE_SET
from kurs.audit.rule import Letter, Mark
from kurs.project.read_catalogue import catalogue
from kurs.words import language
from kurs.words.filling import placeholders
from kurs.words.problems import PROBLEMS

if TYPE_CHECKING:
    from pathlib import Path

# What is taken out of the good plan, what comes instead, and what is then found of which KPI.
CASES = (
    ("label: Conversion, description: Per visit", "label: Conversion", "no_definition", "read"),
    ("label: Orders, description: Without cancelled ones", "label: Revenue, description: Before tax",
     "dialect_not_said", "kept sold"),
    ("label: Conversion, description: Per visit", "label: Opening rate, description: Conversion rate",
     "dialect_not_said", ""),
    ("label: B,", "label: Open rate of mails sent,", "machine_opens", "read"),
    (", milestones: {2026-03: 20%}", "", "no_milestones", "sold"),
    ("read: {label: B,", "read: {label: A,", "same_label", "found read"),
    ("unit: percent, ", "", "ratio_without_unit", "read"),
    ("nature: leading, leads: orders, owner: web,\n    review", "nature: leading, leads: orders,\n    review",
     "no_owner", "found"),
    ("web: {name: Web, department: web}", "web: {name: Web, department: crm}", "owner_elsewhere", "found"),
    ("period: {every: quarter},\n    baseline: previous, target: {change: +5%}",
     "period: {every: quarter},\n    target: {reach: 5}", "no_baseline", "kept"),
    ("period: {every: quarter},\n    baseline: previous, target: {change: +5%}",
     "period: {every: quarter},\n    baseline: previous", "no_target", "kept"),
    ("goal: keep, ", "", "no_goal", "kept"),
    ("keep: {says: Keep, strategy: grow,", "keep: {says: Keep,", "goal_without_strategy", "kept"),
    ("strategy: grow, stage: loyalty", "strategy: grow", "goal_without_stage", "kept"),
    ("department: web, nature: leading, leads: orders", "department: web, nature: leading, leads: visits",
     "outside_strategic", "found"),
    ("metric: orders, where: country = 'SE', goal: keep, period: {every: quarter}",
     "metric: conversion, goal: keep, period: {every: month}", "duplicate", "kept read"),
    ("owner: cmo,\n    review: weekly, ", "owner: cmo,\n    ", "no_review", "kept"),
    ("review: monthly", "review: 95 days", "too_few_reviews", "sold"),
    ("to: 2026-12-31", "to: 2026-05-31", "over", "sold"),
    ("by: 2027-12-31", "by: 2026-10-31", "after_strategy", "sold"),
    ("strategy: grow, stage: loyalty", "strategy: grow, stage: reach", "stage_without_kpi", "set"),
    ("nature: leading", "nature: lagging", "one_sided", "set"),
    ("nature: lagging, ", "", "nature_not_said", "set"),
    ("level: operational, ", "", "level_not_said", "set"),
    ("level: strategic", "level: operational", "nothing_strategic", "set"),
    ("approver: cmo,", "", "strategic_without_approver", "set"),
    ("actions: [help]}", "}", "no_action_plan", "set"),
    ("{says: Help, owner: web,", "{says: Help,", "action_without_owner", "set"),
    ("owner: web, due: 5 days", "owner: web", "action_without_due", "set"),
    ("read: {label: B,", "read: {label: Marketing KPI 3,", "label_says_nothing", "read"),
    ("read: {label: B,", "read: {label: {en: Conversion, pl: Wynik ogólny},", "label_says_nothing", "read"),
    ("read: {label: B,", "read: {label: conv_rate_q,", "label_says_nothing", "read"),
    ("read: {label: B,", "read: {label: Key events by search,", "label_says_nothing", ""),
    ("expr: orders / visits, unit: percent", "expr: (orders / visits) - 1", "ratio_without_unit", "read"),
    ("web: {name: Web,", "web: {name: Anna & Piotr,", "shared_owner", "found read"),
    ("web: {name: Web,", "web: {name: {en: The marketing team},", "shared_owner", "found read"),
    ("web: {name: Web,", "web: {name: Head of sales and marketing,", "shared_owner", ""),
    ("level: operational", "level: strategic, approver: cmo", "only_strategic", ""),
    ("metric: orders, where: country = 'SE', goal: keep", "metric: orders, where: country = 'SE', goal: sell",
     "goal_without_kpi", "set"),
    ("by: 2027-12-31}}", "by: 2027-12-31}, fame: {says: Be famous}}", "strategy_without_goal", "set"),
)  # fmt: skip
ELSEWHERE = {"no_label", "too_many_for_one", "too_many_strategic", "only_strategic", "scope_not_said",
             "scope_in_name_only", "way_not_chosen"}  # fmt: skip
# tests/workflows/test_audit.py
BY_DATA = {
    "not_computed",
    "baseline_not_computed",
    "data_late",
    "days_not_covered",
    "short_history",
    "below_noise",
    "too_few_cases",
    "many_sources",
    "kept_by_hand",
    "loads_fail",
    "loads_rare",
    "moves_as_one",
    "not_signed",
}
# tests/workflows/test_audit_past.py
BY_PAST = {
    "already_reached",
    "hopeless",
    "rarely_changed_so",
    "rarely_so_good",
    "target_not_known",
    "too_little_past",
}


def test_a_good_plan_has_no_faults(tmp_path: Path) -> None:
    audit = audited(tmp_path)
    assert faults(audit) == []
    assert {one.mark(letter) for one in audit.kpis for letter in (Letter.SPECIFIC, Letter.RELEVANT)} == {
        Mark.PASS
    }
    assert not audit.failed


def test_without_data_nothing_passes_as_measurable_or_achievable(tmp_path: Path) -> None:
    for one in audited(tmp_path).kpis:
        assert one.mark(Letter.MEASURABLE) is one.mark(Letter.ACHIEVABLE) is Mark.UNKNOWN
        assert one.score == 0.6


@pytest.mark.parametrize(("old", "new", "code", "of"), CASES, ids=[f"{case[2]}-{case[3]}" for case in CASES])
def test_a_rule_finds_its_fault(tmp_path: Path, old: str, new: str, code: str, of: str) -> None:
    assert old in GOOD
    every = code in ("one_sided", "no_action_plan")
    found = faults(audited(tmp_path, GOOD.replace(old, new, -1 if every else 1)))
    assert sorted(key for key, fault in found if fault.code == code) == sorted(of.split())
    for _, fault in found:
        asked = placeholders(PROBLEMS[fault.code].message) | placeholders(PROBLEMS[fault.code].hint)
        assert asked <= set(fault.evidence), fault.code


def test_a_kpi_whose_metric_has_no_label_either(tmp_path: Path) -> None:
    plan = GOOD.replace("label: B, ", "").replace("label: Conversion, ", "")
    assert [(key, fault.code) for key, fault in faults(audited(tmp_path, plan))] == [("read", "no_label")]


def test_eight_kpis_are_too_many_for_one(tmp_path: Path) -> None:
    read = re.search(r"  read: .*?\n  sold", GOOD, re.DOTALL)
    assert read is not None
    entry = read[0].removesuffix("\n  sold")
    copies = "".join(
        "\n"
        + entry.replace("read:", f"read_{n}:").replace("label: B", f"label: B{n}, where: country = '{n}'")
        for n in range(6)
    )
    within = GOOD.replace(entry, entry + copies[: copies.rindex("\n  read_5")])
    assert faults(audited(tmp_path, within)) == []
    ((key, fault),) = faults(audited(tmp_path, GOOD.replace(entry, entry + copies)))
    assert (key, fault.code, fault.evidence["owners"]) == ("set", "too_many_for_one", ["web"])


def test_a_strategic_kpi_is_reached_through_what_another_one_leads(tmp_path: Path) -> None:
    """Visits lead conversion, whose KPI leads orders: the chain is followed to its end."""
    plan = GOOD.replace("  conversion:", "  depth: {expr: avg(visits.pages), unit: ratio, good: up, "
                        "label: Depth, description: Pages}\n  conversion:")  # fmt: skip
    plan = plan.replace("read: {label: B, metric: conversion", "read: {label: B, metric: depth")
    chained = plan.replace("department: web, nature: leading, leads: orders",
                           "department: web, nature: leading, leads: depth")  # fmt: skip
    assert faults(audited(tmp_path, chained)) == []
    broken = chained.replace("level: operational, nature: leading, leads: orders",
                             "level: operational, nature: leading, leads: depth")  # fmt: skip
    codes = [(key, fault.code) for key, fault in faults(audited(tmp_path, broken))]
    assert codes == [("found", "outside_strategic"), ("read", "outside_strategic")]


def codes_of(folder: Path, plan: str, kpi: str) -> set[str]:
    return {fault.code for key, fault in faults(audited(folder, plan)) if key == kpi}


def test_of_whom_it_is_must_be_said_where_there_are_segments(tmp_path: Path) -> None:
    divided = GOOD.replace("tables:\n", "tables:\n  customers: {key: id}\n").replace("orders: {time: day,",
        "orders: {time: day, joins: {customers: customer_id},").replace("goals:\n",
        "segments: {loyal: {of: customers, where: customers.orders >= 2, label: Loyal customers}}\ngoals:\n"
    )  # fmt: skip
    assert "scope_not_said" in codes_of(tmp_path, divided, "sold")
    assert "scope_not_said" not in codes_of(tmp_path, divided, "kept")  # it has a condition
    for said in ("segment: loyal", "segment: all", "where: country = 'SE'"):
        plan = divided.replace("sold: {label: C,", f"sold: {{label: C, {said},")
        assert codes_of(tmp_path, plan, "sold") == set(), said
    of_metric = divided.replace("{expr: count(orders)", "{expr: count(orders), where: orders.country = 'SE'")
    assert "scope_not_said" not in codes_of(tmp_path, of_metric, "sold")
    named = divided.replace("sold: {label: C,", "sold: {label: Orders of loyal customers,SEGMENT")
    assert "scope_in_name_only" in codes_of(tmp_path, named.replace("SEGMENT", ""), "sold")
    assert "scope_in_name_only" in codes_of(tmp_path, named.replace("SEGMENT", " segment: all,"), "sold")
    assert codes_of(tmp_path, named.replace("SEGMENT", " segment: loyal,"), "sold") == set()


def test_a_kpi_of_the_catalogue_chooses_its_way_of_counting(tmp_path: Path) -> None:
    own = GOOD.replace("conversion", "sessions").replace("description: Per visit", "description: WORDS")
    standard = next(one for one in catalogue() if one.name == "sessions")
    assert standard.dialects
    found = dict(faults(audited(tmp_path, own.replace("WORDS", f"'{standard.definition}'"))))
    assert found["read"].evidence == {"standard": "sessions", "ways": list(standard.dialects)}
    assert codes_of(tmp_path, own.replace(", description: WORDS", ""), "read") >= {"way_not_chosen"}
    polish = re.sub(r"project: \{", "project: {languages: [sv, pl], ", own, count=1)
    copied = f"'{language('pl').say(standard.definition)}'"
    assert codes_of(tmp_path, polish.replace("WORDS", copied), "read") == {"way_not_chosen"}
    assert codes_of(tmp_path, own.replace("WORDS", "A new campaign begins a new one"), "read") == set()


def test_the_drivers_of_a_strategic_metric_tie_a_kpi_to_it(tmp_path: Path) -> None:
    loose = GOOD.replace(
        "department: web, nature: leading, leads: orders", "department: web, nature: lagging"
    )
    assert "outside_strategic" in codes_of(tmp_path, loose, "found")
    driven = loose.replace("{expr: count(orders),", "{expr: count(orders), drivers: visits * conversion,")
    assert "outside_strategic" not in codes_of(tmp_path, driven, "found")


def test_levels_are_in_balance(tmp_path: Path) -> None:
    strategic = GOOD.replace("level: operational", "level: strategic, approver: cmo")
    assert codes_of(tmp_path, strategic, "set") == set()
    only = strategic.replace("level: functional, department: web", "level: strategic, approver: cmo")
    assert codes_of(tmp_path, only, "set") == {"only_strategic"}
    read = re.search(r"  read: .*?(?=\n  sold)", strategic, re.DOTALL)
    assert read is not None
    owners = ("web", "cmo", "web", "cmo", "web")
    copies = [
        "\n"
        + read[0]
        .replace("read: {label: B", f"read_{n}: {{label: B{n}, where: country = '{n}'")
        .replace("owner: web", f"owner: {owner}")
        for n, owner in enumerate(owners)
    ]
    assert codes_of(tmp_path, strategic.replace(read[0], read[0] + "".join(copies[:4])), "set") == set()
    found = dict(faults(audited(tmp_path, strategic.replace(read[0], read[0] + "".join(copies)))))
    assert (found["set"].code, len(cast("list[str]", found["set"].evidence["kpis"]))) == (
        "too_many_strategic",
        8,
    )


def test_every_rule_has_a_case_and_words() -> None:
    rules = (*RULES, *RULES_OF_THE_SET, *RULES_OF_SIGNATURES)
    codes = [rule.code for rule in rules]
    assert len(set(codes)) == len(codes)
    assert set(codes) - ELSEWHERE - BY_DATA - BY_PAST - {case[2] for case in CASES} == set()
    assert [code for code in codes if not PROBLEMS[code].hint] == []
