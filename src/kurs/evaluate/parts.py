"""How members of a dimension stand against their own targets, and whether those add up to the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.answers import problem
from kurs.evaluate.judging import Numbers, judge
from kurs.evaluate.reading import Band, PartReading, Status
from kurs.problems import Problem, closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.evaluate.answers import Found, Members
    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Judged
    from kurs.model.metric import Direction

_NOISE = 1e-9  # relative, of a sum of floats


def read_parts(need: Need, said: Found, good: Direction | None) -> tuple[PartReading, ...]:
    """Return a reading of every member that has a target, in the order of the plan.

    A member without rows is 0 for a sum of covered days; of anything else it has no value.
    """
    if need.target is None or not said.members:
        return ()
    return tuple(
        _part(need, part.dimension, part.name, *_values(need, said, part.dimension, part.name), good)
        for part in need.target.parts
        if part.dimension is not None
    )


def _values(need: Need, said: Found, dimension: str, name: str) -> tuple[float | None, float | None]:
    """Return a member's value, and what a change of it is measured from."""
    now = _of_dimension(need, said.members, dimension)
    before = _of_dimension(need, said.members_before, dimension)
    empty = 0.0 if need.facts.accumulates else None
    value = now.get(name, empty) if now is not None else None
    return value, before.get(name, empty) if before is not None else None


def _of_dimension(need: Need, members: tuple[Members, ...], dimension: str | None) -> Members | None:
    if need.target is None or dimension is None:
        return None
    place = need.target.dimensions.index(dimension)
    return members[place] if place < len(members) else None


def _part(
    need: Need,
    dimension: str,
    name: str,
    value: float | None,
    before: float | None,
    good: Direction | None,
) -> PartReading:
    target = need.target.of_part(dimension, name) if need.target is not None else None
    assert target is not None
    found = judge(need, target, Numbers(value, before, before), good)
    judged = None if isinstance(found, Problem) else found
    if need.as_of < need.period.first:
        status = Status.NOT_STARTED
    else:
        status = (judged.verdict if judged is not None and value is not None else None) or Status.NO_DATA
    return PartReading(dimension, name, value, before, judged, status)


def unequal_sums(
    need: Need, said: Found, parts: tuple[PartReading, ...], whole: Judged | None
) -> Iterator[Problem]:
    """Say where the targets of all members of a dimension do not add up to that of the whole.

    Sums and counts alone have to, and where every member that has a value, now or before, has a target.
    """
    if whole is None or isinstance(whole.target, Band) or not need.facts.adds_up or need.target is None:
        return
    for place, dimension in enumerate(need.target.dimensions):
        own = [part for part in parts if part.dimension == dimension]
        there = _with_values(said.members, place) | _with_values(said.members_before, place)
        targets = [part.judged.target for part in own if part.judged is not None]
        numbers = [one for one in targets if not isinstance(one, Band)]
        if not there or not there <= {part.member for part in own} or len(numbers) < len(own):
            continue
        total = sum(numbers)
        if abs(total - whole.target) > _NOISE * max(abs(total), abs(whole.target)):
            values = {"dimension": dimension, "sum": total, "target": whole.target}
            yield problem(need, "members_do_not_add_up", values)


def unknown_members(need: Need, said: Found) -> Iterator[Problem]:
    """Say which members have a target and no row, now or before: the name may be misspelt."""
    if need.target is None:
        return
    for part in need.target.parts:
        found = [_of_dimension(need, all_, part.dimension) for all_ in (said.members, said.members_before)]
        there = [name for members in found if members is not None for name in members]
        if part.dimension is not None and there and part.name not in there:
            values = {"member": part.name, "dimension": part.dimension}
            suggestion = closest(part.name, there)
            yield problem(need, "member_without_rows", {**values, "suggestion": suggestion})


def _with_values(members: tuple[Members, ...], place: int) -> set[str]:
    return {name for name, value in members[place].items() if value} if place < len(members) else set()
