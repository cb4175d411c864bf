"""The numbers of targets and baselines, where a percentage and a number must not be mixed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.metric import Unit
from kurs.model.target import FROM_BASELINE, TargetKind
from kurs.project.amounts import Sign
from kurs.project.nodes import Items, Scalar
from kurs.project.section import as_amount, as_scalar

if TYPE_CHECKING:
    from kurs.model.metric import Metric
    from kurs.model.target import Target
    from kurs.project.amounts import Amount
    from kurs.project.nodes import Node
    from kurs.project.report import Report

# The keys that say what a target is, as a plan writes them: ``change`` is two kinds, by its sign.
KINDS = ("reach", "change", "keep_above", "keep_below", "between")


def as_wanted(
    report: Report, kind: str, node: Node, metric: Metric | None, key: str | None = None
) -> tuple[TargetKind, float, float | None] | None:
    """Return the kind and the one or two numbers of what is wanted; ``key`` is where it stands."""
    if kind == "between":
        ends = _between(report, node, metric)
        return None if ends is None else (TargetKind.BETWEEN, *ends)
    scalar = as_scalar(report, node, key or kind)
    amount = as_amount(report, scalar) if scalar is not None else None
    if scalar is None or amount is None:
        return None
    if kind == "change":
        return _change(report, scalar, amount, metric), amount.value, None
    check_fraction(report, key or kind, scalar, amount, metric)
    if amount.sign is Sign.POINTS:
        report.error("points_of_what", scalar, value=scalar.text)
    return TargetKind(kind), amount.value, None


def as_alike(
    report: Report, target: Target, node: Node, metric: Metric | None, key: str | None = None
) -> tuple[float, float | None] | None:
    """Return the one or two numbers of what must be put as ``target`` is: a mark of it, or a part."""
    kind = "change" if target.kind in FROM_BASELINE else str(target.kind)
    wanted = as_wanted(report, kind, node, metric, key)
    if wanted is None:
        return None
    if wanted[0] is not target.kind:
        report.error("mixed_changes", node, key=key or kind)
        return None
    return wanted[1], wanted[2]


def check_fraction(report: Report, key: str, node: Scalar, amount: Amount, metric: Metric | None) -> None:
    """Note 20 where 20% is meant, and 20% of something that is no share."""
    if metric is None:
        return
    if metric.unit is Unit.PERCENT and amount.sign is Sign.NONE and abs(amount.value) > 1:
        report.error("not_a_fraction", node, given=node.text, key=key)
    elif amount.sign is Sign.PERCENT and metric.unit not in (Unit.PERCENT, Unit.RATIO):
        report.warning("not_percent", node, metric=metric.key, value=node.text)


def _change(report: Report, node: Scalar, amount: Amount, metric: Metric | None) -> TargetKind:
    """Read ``+20%`` as relative to the baseline, ``+0.2pp`` and ``500`` as a difference from it."""
    if amount.sign is Sign.PERCENT:
        return TargetKind.CHANGE
    is_percent = metric is not None and metric.unit is Unit.PERCENT
    if amount.sign is Sign.POINTS:
        if metric is not None and not is_percent:
            report.error("points_of_what", node, value=node.text)
    elif is_percent:
        if abs(amount.value) > 1:
            report.error("not_a_fraction", node, given=node.text, key="change")
        else:
            report.error("ambiguous_change", node, value=node.text)
    elif 0 < abs(amount.value) < 1:
        right = f"{amount.value * 100:+.10g}%"
        report.warning("small_change", node, value=node.text, right=right)
    return TargetKind.CHANGE_BY


def _between(report: Report, node: Node, metric: Metric | None) -> tuple[float, float] | None:
    if not isinstance(node, Items) or len(node.items) != 2:
        report.error("expected_two_numbers", node)
        return None
    ends: list[Amount] = []
    for item in node.items:
        scalar = as_scalar(report, item, "between")
        amount = as_amount(report, scalar) if scalar else None
        if scalar is not None and amount is not None:
            check_fraction(report, "between", scalar, amount, metric)
            ends.append(amount)
    if len(ends) != 2:
        return None
    low, high = ends
    if low.value > high.value:
        texts = [item.text for item in node.items if isinstance(item, Scalar)]
        report.error("range_backwards", node, low=texts[0], high=texts[1])
        return None
    return low.value, high.value
