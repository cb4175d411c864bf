"""What changed between two definitions of a KPI, in sentences and not by the paths of the plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kurs.ledger.definition import REVISIONS, changes, definition, in_time
from kurs.ledger.standing import Signed, signed_definition
from kurs.report.labels import metric_label, owner_name, segment_label, shown, text
from kurs.report.plan_words import PlanWords, below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kurs.ledger.definition import Change
    from kurs.ledger.standing import Approval
    from kurs.model.project import Project
    from kurs.words import Language

    Definition = Mapping[str, str | int | float | bool | None]

_NOTHING = "–"
_WHOLE = ("target", "baseline", "period")  # said as one thing, not key by key


def since_signed(approval: Approval, project: Project, language: Language) -> list[str]:
    """Say what changed since a KPI was approved; nothing where the approval holds or was never given."""
    if approval.state is not Signed.LAPSED or approval.entry is None:
        return []
    then, now = signed_definition(approval.entry), definition(project, approval.kpi)
    return differences(approval.kpi.key, then, now, project, language)


def differences(
    kpi: str, then: Definition, now: Definition, project: Project, language: Language
) -> list[str]:
    """Say in a line each what differs between two definitions of a KPI, and since when where revised."""
    sides, others = in_time(then), in_time(now)
    said = dict.fromkeys(_of_one(kpi, sides[""], others[""], project, language))
    for day in sorted({*sides, *others} - {""}):
        if _change_of(then, day) == _change_of(now, day):
            continue
        if day in others:
            earlier = others[max(one for one in others if one < day)]
            lines = _of_one(kpi, earlier, others[day], project, language)
        else:
            lines = [language.say("No revision any more")]
        since = date.fromisoformat(day)
        said |= dict.fromkeys(language.say("From {day}: {what}", day=since, what=line) for line in lines)
    return list(said)


def _change_of(of: Definition, day: str) -> Definition:
    """Return what is revised on a day."""
    return below(of, f"{REVISIONS}.{day}.")


def _of_one(kpi: str, then: Definition, now: Definition, project: Project, language: Language) -> list[str]:
    """Say what differs between two definitions that are in force."""
    said: dict[str, None] = {}
    for change in changes(then, now):
        room, _, rest = change.what.partition(".")
        name, _, key = rest.partition(".")
        whole = key.partition(".")[0]
        if room == "kpis" and name == kpi and whole in _WHOLE:
            path = f"kpis.{kpi}.{whole}."
            sides = [_whole(whole, below(of, path), kpi, project, language) for of in (then, now)]
            said |= dict.fromkeys(_pieces(sides[0], sides[1], language))
        else:
            said[_said(change, room, name, key, kpi, project, language)] = None
    return list(said)


def _said(
    change: Change, room: str, name: str, key: str, kpi: str, project: Project, language: Language
) -> str:
    """Say one change of a plain value."""
    naming = _naming(key, project, language) if room == "kpis" and name == kpi else _plainly
    before, after = (
        _NOTHING if side is None else naming(str(side)) for side in (change.before, change.after)
    )
    if room == "kpis" and name == kpi:
        what = language.term(f"definition.{key}")
    elif room == "metrics" and key == "expr":
        what = language.say("How {metric} is computed", metric=metric_label(project, name, language))
    elif room == "metrics":
        what = f"{metric_label(project, name, language)}, {shown(key)}"
    elif room == "tables":
        what = language.say("Table {table}, {key}", table=shown(name), key=shown(key))
    elif room == "segments":
        what = language.say("Segment {segment}", segment=segment_label(project, name, language))
    else:
        what = shown(change.what)
    return _line(what, before, after, language)


def _naming(key: str, project: Project, language: Language) -> Callable[[str], str]:
    """Return how a value of this key is called by people."""
    if key in ("owner", "approver"):
        return lambda person: owner_name(project, person, language)
    if key == "metric":
        return lambda metric: metric_label(project, metric, language)
    if key == "segment":
        return lambda segment: segment_label(project, segment, language)
    if key == "goal":
        return lambda goal: text(project.goals[goal].says, language) if goal in project.goals else shown(goal)
    return _plainly


def _plainly(value: str) -> str:
    return shown(value)


def _whole(what: str, of: Definition, kpi: str, project: Project, language: Language) -> dict[str, str]:
    """Say a target, a baseline or a period in a few words, each by its name."""
    if not of:
        return {}
    known = project.kpis.get(kpi)
    metric = project.metrics.get(known.metric) if known is not None else None
    words = PlanWords(project, language, str(metric.unit) if metric is not None else "number")
    name = language.term(f"definition.{what}")
    try:
        if what == "target":
            return words.target(of)
        return {name: words.baseline(of) if what == "baseline" else words.period(of)}
    except ValueError:  # written by another version
        return {name: ", ".join(f"{shown(key)} {shown(str(value))}" for key, value in of.items())}


def _pieces(before: Mapping[str, str], after: Mapping[str, str], language: Language) -> Iterator[str]:
    """Say what differs of two things that are said piece by piece."""
    for name in dict.fromkeys((*before, *after)):
        then, now = before.get(name, _NOTHING), after.get(name, _NOTHING)
        if then != now:
            yield _line(name, then, now, language)


def _line(what: str, before: str, after: str, language: Language) -> str:
    return language.say("{what}: {before} → {after}", what=what, before=before, after=after)
