"""Reads a KPI's ``target:`` and ``baseline:``, where a percentage and a number must not be mixed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.comparison import Against, Comparison
from kurs.model.kpi import Baseline, Target, TargetKind
from kurs.model.metric import Direction, Metric, Unit
from kurs.project.amounts import Sign, amount_of
from kurs.project.nodes import Fields, Items, Scalar
from kurs.project.section import Section, as_amount, as_scalar

if TYPE_CHECKING:
    from kurs.project.amounts import Amount

_KINDS = ("reach", "change", "keep_above", "keep_below", "between")
_IMPLIED = {
    TargetKind.KEEP_ABOVE: Direction.UP,
    TargetKind.KEEP_BELOW: Direction.DOWN,
    TargetKind.BETWEEN: Direction.BAND,
}
_BY_NAME = {
    against.value: against for against in (Against.PREVIOUS, Against.LAST_YEAR, Against.LAST_YEAR_WEEKDAY)
}
_FORMS = (*_BY_NAME, "same_event")


def read_target(kpi: Section, metric: Metric | None) -> Target | None:
    """Read the target; exactly one of its kinds must be there."""
    node = kpi.get("target")
    if not isinstance(node, Fields):
        if node is not None:
            kpi.report.error("bad_target", node, kinds=_KINDS)
        return None
    section = Section(kpi.report, node, kpi.key_node("target"), f"{kpi.title}.target")
    section.expect(*_KINDS)
    given = [kind for kind in _KINDS if section.has(kind)]
    target = None
    if len(given) == 1:
        kind = given[0]
        target = _between(section, metric) if kind == "between" else _single(section, kind, metric)
    elif given:
        kpi.report.error("several_targets", section.key_node(given[1]), kinds=given)
    if not given and not section.node.entries:
        kpi.report.error("bad_target", node, kinds=_KINDS)
    section.close()
    return target


def direction(kpi: Section, metric: Metric | None, target: Target | None) -> Direction | None:
    """Return which way is good for the KPI, if it says so or its target does.

    A target that needs a direction and has none, and one that contradicts it, are problems. A metric of
    which more is good may well be kept within a band; that it is to be kept low deserves a warning.
    """
    stated = kpi.choice("good", Direction)
    good = stated or (metric.good if metric else None)
    if target is None:
        return stated
    place = kpi.key_node("target")
    implied = _IMPLIED.get(target.kind)
    if implied is None:
        if good is None and metric is not None and not kpi.has("good"):
            kpi.report.error("no_direction", place, kpi=kpi.report.kpi, metric=metric.key)
        elif good is Direction.BAND:
            kpi.report.error("direction_conflict", place, good="band", target=target.kind.value)
        return stated
    if good is None or good is implied:
        return implied
    values = {"good": good.value, "target": target.kind.value}
    if stated is not None:
        kpi.report.error("direction_conflict", place, **values)
    elif implied is not Direction.BAND:
        kpi.report.warning("direction_conflict", place, **values)
    return stated or implied


def _single(section: Section, kind: str, metric: Metric | None) -> Target | None:
    found = section.amount(kind)
    if found is None:
        return None
    node, amount = found
    if kind == "change":
        return _change(section, node, amount, metric)
    _check_fraction(section, kind, node, amount, metric)
    if amount.sign is Sign.POINTS:
        section.report.error("points_of_what", node, value=node.text)
    return Target(TargetKind(kind), amount.value)


def _change(section: Section, node: Scalar, amount: Amount, metric: Metric | None) -> Target:
    """Read ``+20%`` as relative to the baseline, ``+0.2pp`` and ``500`` as a difference from it."""
    if amount.sign is Sign.PERCENT:
        return Target(TargetKind.CHANGE, amount.value)
    is_percent = metric is not None and metric.unit is Unit.PERCENT
    if amount.sign is Sign.POINTS:
        if metric is not None and not is_percent:
            section.report.error("points_of_what", node, value=node.text)
    elif is_percent:
        if abs(amount.value) > 1:
            section.report.error("not_a_fraction", node, given=node.text, key="change")
        else:
            section.report.error("ambiguous_change", node, value=node.text)
    elif 0 < abs(amount.value) < 1:
        section.report.warning(
            "small_change", node, value=node.text, right=f"{_plain(amount.value * 100, signed=True)}%"
        )
    return Target(TargetKind.CHANGE_BY, amount.value)


def _between(section: Section, metric: Metric | None) -> Target | None:
    node = section.get("between")
    if not isinstance(node, Items) or len(node.items) != 2:
        if node is not None:
            section.report.error("expected_two_numbers", node)
        return None
    ends: list[Amount] = []
    for item in node.items:
        scalar = as_scalar(section.report, item, "between")
        amount = as_amount(section.report, scalar) if scalar else None
        if scalar is not None and amount is not None:
            _check_fraction(section, "between", scalar, amount, metric)
            ends.append(amount)
    if len(ends) != 2:
        return None
    low, high = ends
    if low.value > high.value:
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        section.report.error("range_backwards", node, low=texts[0], high=texts[1])
        return None
    return Target(TargetKind.BETWEEN, low.value, high.value)


def _check_fraction(section: Section, key: str, node: Scalar, amount: Amount, metric: Metric | None) -> None:
    """Note 20 where 20% is meant, and 20% of something that is no share."""
    if metric is None:
        return
    if metric.unit is Unit.PERCENT and amount.sign is Sign.NONE and abs(amount.value) > 1:
        section.report.error("not_a_fraction", node, given=node.text, key=key)
    elif amount.sign is Sign.PERCENT and metric.unit not in (Unit.PERCENT, Unit.RATIO):
        section.report.warning("not_percent", node, metric=metric.key, value=node.text)


def _plain(number: float, *, signed: bool) -> str:
    return f"{number:+.10g}" if signed else f"{number:.10g}"


def read_baseline(kpi: Section, metric: Metric | None) -> Baseline | None:
    """Read the baseline: a word, a stated value, a range of days, or ``{same_event: previous}``."""
    node = kpi.get("baseline")
    if node is None:
        return None
    if isinstance(node, Scalar):
        amount = amount_of(node.text)
        if amount is None:
            return _by_name(kpi, node)
        _check_fraction(kpi, "baseline", node, amount, metric)
        return Baseline(value=amount.value)
    if not isinstance(node, Fields):
        kpi.report.error("expected_mapping", node, key="baseline")
        return None
    section = Section(kpi.report, node, kpi.key_node("baseline"), f"{kpi.title}.baseline")
    baseline = _from_section(section, metric)
    section.close()
    return baseline


def _from_section(section: Section, metric: Metric | None) -> Baseline | None:
    forms = [("value",), ("same_event",), ("from", "to")]
    section.expect("value", "same_event", "from", "to")
    given = [form for form in forms if any(section.has(key) for key in form)]
    if len(given) > 1:
        section.report.error("several_baselines", section.owner)
    if section.has("value"):
        found = section.amount("value")
        if found is None:
            return None
        _check_fraction(section, "value", *found, metric)
        return Baseline(value=found[1].value)
    if section.has("same_event"):
        same = section.one_of("same_event", {"previous": Against.SAME_EVENT})
        return Baseline(comparison=Comparison(same)) if same else None
    if section.has("from") or section.has("to"):
        days = section.days()
        return Baseline(comparison=Comparison(Against.RANGE, days)) if days else None
    if not section.node.entries:
        section.report.error("empty_value", section.owner, key="baseline")
    return None


def _by_name(kpi: Section, node: Scalar) -> Baseline | None:
    if node.text == "same_event":
        return Baseline(comparison=Comparison(Against.SAME_EVENT))
    against = _BY_NAME.get(node.text)
    if against is None:
        values = {"value": node.text, "key": "baseline", "choices": _FORMS}
        kpi.report.unknown("unknown_choice", node, node.text, _FORMS, **values)
        return None
    return Baseline(comparison=Comparison(against))
