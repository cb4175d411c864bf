"""What each weak plan is told to write mends it: pasted where it is said, or merged as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from kurs.project import read
from kurs.project.insert import insert
from kurs.report.audit_json import audited
from kurs.words import language
from kurs.workflows.check import Checked, check, check_draft
from kurs.workflows.fix import worse
from messages import weak

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted(weak.FOLDER.glob("*.txt"))


def faults(checked: Checked) -> list[tuple[str, str]]:
    return [(key, finding.code) for key, finding in weak.found(checked)]


def problems(checked: Checked) -> set[tuple[str, ...]]:
    return {(one.code, one.kpi or "") for one in checked.problems if one.severity != "info"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_told_mends_it(
    path: Path, strong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = weak.load(path)
    before = weak.checked(case, strong, tmp_path, monkeypatch)
    draft = read(tmp_path)
    found = weak.found(before)
    own = next((key, one) for key, one in found if one.code == case.code)
    if own[1].entries:
        alone = insert(draft.marks, own[1].entries, str)
        assert alone.left == ()
        after = check_draft(read(tmp_path, alone.texts))
        assert problems(after) <= problems(before), alone.texts
        assert (own[0], case.code) not in faults(after), alone.texts
    everything = insert(draft.marks, [entry for _, one in found for entry in one.entries], str)
    after = check_draft(read(tmp_path, everything.texts))
    assert problems(after) <= problems(before), everything.texts
    assert len(faults(after)) <= len(faults(before))


def merged(plan: Any, more: Any) -> Any:  # noqa: ANN401 - any YAML
    """Put a piece of YAML into another, key by key."""
    if not isinstance(plan, dict) or not isinstance(more, dict):
        return more
    return {**plan, **{key: merged(plan.get(key), value) for key, value in more.items()}}


@pytest.mark.parametrize(
    "name", ["no_owner-and-more", "no_goal", "same_label", "no_milestones", "after_strategy"]
)
def test_a_snippet_is_yaml_that_fits_into_the_plan(
    name: str, strong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = weak.checked(weak.load(weak.FOLDER / f"{name}.txt"), strong, tmp_path, monkeypatch)
    plan = yaml.load((tmp_path / "kurs.yaml").read_text("utf-8"), yaml.BaseLoader)
    said: Any = audited(before.audit, before.project, before.marks, language("sv"))
    told = [(one["kpi"], fault) for one in said["audit"] for fault in one["findings"]]
    for kpi, fault in [*told, *(("set", fault) for fault in said["set"])]:
        if fault["snippet"] is None:
            assert fault["paste"] == []
            continue
        more = yaml.load(fault["snippet"], yaml.BaseLoader)
        (tmp_path / "kurs.yaml").write_text(
            yaml.dump(merged(plan, more), sort_keys=False, allow_unicode=True), "utf-8"
        )
        after = check(tmp_path)
        assert (kpi, fault["code"]) not in faults(after), fault["snippet"]
        assert problems(after) <= problems(before), fault["snippet"]
    assert worse(before, before) == set()
