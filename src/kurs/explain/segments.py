"""A change split over the cells of one or several dimensions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite
from kurs.explain.algebra import value, weights
from kurs.explain.finding import EffectKind, Method, Part, Side
from kurs.stats.segments import excess, ratio_parts, unevenness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from kurs.explain.algebra import Node, Term
    from kurs.explain.cells import Cells
    from kurs.explain.inquiry import Inquiry

    Floats = NDArray[np.float64]

# The sides of a ratio whose denominators may be negative: shares mean nothing, contributions do.
NUMERATOR, DENOMINATOR = "numerator", "denominator"

Effects = dict[tuple[EffectKind, str | None], "Floats"]


@dataclass(frozen=True, slots=True)
class Split:
    """The effects by kind and driver, one number a cell; ``excess`` belongs to a flow."""

    method: Method
    effects: Effects
    excess: Floats | None = None

    @property
    def total(self) -> Floats:
        return np.sum(list(self.effects.values()), axis=0)


def side(inquiry: Inquiry, found: Cells, change: float, top: int, made: Split | None = None) -> Side:
    """Split ``change`` over the cells; those beyond the ``top`` largest are merged, and nothing is lost.

    ``made`` is by the metric's own formula where none is given.
    """
    if made is None:
        made = split(inquiry, found)
    order = _largest_first(found, made.total)
    parts: list[Part] = []
    for cell in order[:top] if len(order) > top + 1 else order:
        parts += _parts(inquiry, found, made, np.array([cell]))
    if len(order) > top + 1:
        parts += _parts(inquiry, found, made, np.array(order[top:]))
    sizes = _sizes(inquiry, found)
    named = _named(found, sizes)
    return Side(
        dimensions=found.dimensions,
        method=made.method,
        parts=tuple(parts),
        residual=change - fsum(part.effect for part in parts),
        unevenness=unevenness(made.total, sizes) * named,
        named=named,
    )


def _named(found: Cells, sizes: Floats) -> float:
    """Return the share of all that has a member: what is unknown for most rows tells little of the whole."""
    unknown = np.array([None in members for members in found.members])
    total = float(sizes.sum())
    return 1 - float(sizes[unknown].sum()) / total if total and unknown.any() else 1.0


def _largest_first(found: Cells, totals: Floats) -> list[int]:
    """Order cells by the size of their effect; equal ones by name, so that an answer is always the same."""
    return sorted(range(len(totals)), key=lambda cell: (-abs(float(totals[cell])), str(found.members[cell])))


def split(inquiry: Inquiry, found: Cells) -> Split:
    """Split the change over the cells by the metric's own formula."""
    node = inquiry.node
    if node is None:
        raise ValueError("a formula that is no arithmetic has no parts")
    if inquiry.terms is None:
        return _weighted(node, found)
    splits = [_of_term(term, found) for term in inquiry.terms]
    if not splits:
        return Split(Method.CONTRIBUTION, {(EffectKind.VOLUME, None): np.zeros(len(found.members))})
    joined: Effects = {}
    for one in splits:
        for key, effects in one.effects.items():
            joined[key] = joined.get(key, 0.0) + effects
    method = Method.OVERLAPPING if inquiry.counts_shared else _strictest(splits)
    return Split(method, joined, splits[0].excess if len(splits) == 1 else None)


def _strictest(splits: list[Split]) -> Method:
    methods = {split.method for split in splits}
    return next(
        method for method in (Method.WEIGHTED, Method.RATE_MIX, Method.CONTRIBUTION) if method in methods
    )


def _of_term(term: Term, found: Cells) -> Split:
    n0, n1 = term.above.over(found.then), term.above.over(found.now)
    if term.below is None:
        return _of_flow(n0, n1)
    d0, d1 = term.below.over(found.then), term.below.over(found.now)
    if (d0 < 0).any() or (d1 < 0).any():
        return _of_sides(n0, d0, n1, d1)
    parts = ratio_parts(n0, d0, n1, d1)
    effects: Effects = {
        (EffectKind.RATE, None): parts.rate,
        (EffectKind.MIX, None): parts.mix,
        (EffectKind.NEW, None): parts.new,
        (EffectKind.GONE, None): parts.gone,
        (EffectKind.ORPHAN, None): parts.orphan,
    }
    return Split(Method.RATE_MIX, effects)


def _of_flow(f0: Floats, f1: Floats) -> Split:
    added = f1 - f0
    effects: Effects = {
        (EffectKind.VOLUME, None): np.where((f0 != 0) & (f1 != 0), added, 0.0),
        (EffectKind.NEW, None): np.where(f0 == 0, added, 0.0),
        (EffectKind.GONE, None): np.where((f0 != 0) & (f1 == 0), added, 0.0),
    }
    return Split(Method.CONTRIBUTION, effects, excess(f0, f1))


def _of_sides(n0: Floats, d0: Floats, n1: Floats, d1: Floats) -> Split:
    """Contributions to numerator and denominator, each by its exact weight in the quotient."""
    then, now = float(d0.sum()), float(d1.sum())
    above = (n1 - n0) * (1 / then + 1 / now) / 2
    below = -(d1 - d0) * float(n0.sum() + n1.sum()) / (2 * then * now)
    effects: Effects = {(EffectKind.DRIVER, NUMERATOR): above, (EffectKind.DRIVER, DENOMINATOR): below}
    return Split(Method.WEIGHTED, effects)


def _weighted(node: Node, found: Cells) -> Split:
    by_leaf: Mapping[int, float] = weights(node, found.then.sum(axis=1), found.now.sum(axis=1))
    change = found.now - found.then
    effects = [weight * change[leaf] for leaf, weight in by_leaf.items()]
    total = np.sum(effects, axis=0) if effects else np.zeros(len(found.members))
    return Split(Method.WEIGHTED, {(EffectKind.VOLUME, None): total})


def _parts(inquiry: Inquiry, found: Cells, split: Split, at: NDArray[np.int_]) -> Iterator[Part]:
    """Make the parts of one cell, or of several that are merged; an effect of nothing is no part."""
    then, now = found.then[:, at].sum(axis=1), found.now[:, at].sum(axis=1)
    merged = len(at) > 1
    whole = Part(
        kind=EffectKind.VOLUME,
        effect=0.0,
        dimensions=found.dimensions,
        members=() if merged else found.members[int(at[0])],
        merged=len(at),
        value=_value(inquiry, now),
        against_value=_value(inquiry, then),
        excess=None if split.excess is None else float(split.excess[at].sum()),
    )
    term = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    if term is not None and term.below is not None:
        whole = replace(
            whole,
            numerator=float(term.above.over(now)),
            denominator=float(term.below.over(now)),
            against_numerator=float(term.above.over(then)),
            against_denominator=float(term.below.over(then)),
        )
    made = [
        replace(whole, kind=kind, driver=driver, effect=float(effects[at].sum()))
        for (kind, driver), effects in split.effects.items()
        if effects[at].any()
    ]
    kind, driver = next(iter(split.effects))
    yield from made or [replace(whole, kind=kind, driver=driver)]


def _value(inquiry: Inquiry, leaves: Floats) -> float | None:
    if inquiry.node is None:
        return None
    return finite(float(value(inquiry.node, leaves)))


def _sizes(inquiry: Inquiry, found: Cells) -> Floats:
    """Return how large each cell is, over both periods: its share of an even change."""
    term = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    if term is None:
        return np.abs(found.then).sum(axis=0) + np.abs(found.now).sum(axis=0)
    of = term.below or term.above
    then, now = np.abs(of.over(found.then)), np.abs(of.over(found.now))
    return then / (then.sum() or 1.0) + now / (now.sum() or 1.0)
