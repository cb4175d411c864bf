"""Which passes over which rows a question needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.events import CohortRows, EntityRows, FunnelRows, entity_of
from kurs.metrics.filters import conditions
from kurs.metrics.frames import reach_back
from kurs.metrics.intervals import has_intervals
from kurs.metrics.leaf import OF_DAYS, Leaf
from kurs.metrics.made import built_in, common_days, leaf_names, with_passes
from kurs.metrics.per_entity import ASKED, ENTITY
from kurs.metrics.reach import Resolved, Step, UnreachableError
from kurs.model.days import Days
from kurs.model.frame import Edge, Frame, Span
from kurs.model.metric import Whole
from kurs.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kurs.metrics.listing import Listing
    from kurs.metrics.question import Question
    from kurs.metrics.reach import Map
    from kurs.metrics.rollup import Source
    from kurs.model.coverage import RelationFacts


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the rows of ``home``: its leaves (by column name), dimensions and conditions.

    ``first`` None reaches back to the beginning. ``covered`` are the days that the data speak of; None
    for a table without time, where every group is known. ``then`` marks the pass for the comparison.
    ``frame`` None: a row counts in the bucket in which it lies; else each bucket takes in the days of its
    frame, and where ``by_day``, it does so from daily values, ``each`` entity by itself. A leaf that is
    ``alone`` is a distinct count by intervals. ``whole`` takes groups together, so it has fewer dimensions.
    ``made`` are rows that kurs makes first, out of those of the ``passes``, which are ``part_of`` it.
    ``source`` is the rollup that is read instead of rows. ``mark`` makes its name one of its own.
    """

    home: str
    leaves: tuple[tuple[str, Leaf], ...]
    dimensions: tuple[tuple[str, exp.Expr], ...]
    conditions: tuple[exp.Expr, ...]
    steps: frozenset[Step]
    first: date | None
    last: date
    covered: tuple[Days, ...] | None
    then: bool = False
    frame: Frame | None = None
    by_day: bool = False
    each: exp.Expr | None = None
    alone: str = ""
    whole: Whole = Whole.GROUP
    made: FunnelRows | EntityRows | None = None
    passes: tuple[Scan, ...] = ()
    part_of: str = ""
    mark: str = ""
    source: Source | None = None

    @property
    def name(self) -> str:
        """Name the scan's step of SQL."""
        words = [self.part_of, self.home if self.made is None else self.made.key]
        if self.frame is not None:
            levels = "levels" if any(leaf.at for _, leaf in self.leaves) else ""
            words += [self.frame.named() or levels, self.alone or ("" if self.by_day else "rows")]
        if self.each is not None:
            words.append("each")
        if self.whole is not Whole.GROUP:
            words.append(f"of_{self.whole}")
        if self.then or self.frame is None or not any(words[1:]):
            words.append("then" if self.then else "now")
        return "_".join(word for word in words if word) + self.mark

    @property
    def is_mean(self) -> bool:
        """Say whether a bucket's value is the mean over its days."""
        return self.frame is not None and self.frame.edge is Edge.AVERAGE

    def of(self, whole: Whole) -> Scan:
        """Return the same for ``whole`` groups together."""
        return replace(self, dimensions=self.dimensions[: _KEPT[whole]], whole=whole)

    @property
    def all_passes(self) -> tuple[Scan, ...]:
        """The passes over rows of tables, those out of which rows are made included."""
        return (*self.passes, self)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a question: asked (None: all), and what is compared with them.

    ``start`` is the first asked day, or the first that has data. ``then`` are the compared days; ``shift``
    (days) or ``years`` say how far back they lie. ``listing`` holds buckets that SQL cannot reckon.
    """

    asked: Days | None
    start: date | None
    as_of: date
    then: Days | None = None
    shift: int = 0
    years: int = 0
    listing: Listing | None = None

    @property
    def takes_rows(self) -> bool:
        """Say whether a row finds its bucket in the listing."""
        return self.listing is not None and self.listing.takes_rows


@dataclass(frozen=True, slots=True)
class _Reached:
    dimensions: tuple[tuple[str, exp.Expr], ...]
    conditions: tuple[exp.Expr, ...]
    steps: frozenset[Step]


# How many of the dimensions a whole keeps: all, all but the last, none.
_KEPT = {Whole.GROUP: None, Whole.PARENT: -1, Whole.ALL: 0}


@dataclass(frozen=True, slots=True)
class _Alike:
    """What the leaves of one scan have in common."""

    frame: Frame | None = None
    by_day: bool = False
    each: exp.Expr | None = None
    alone: str = ""
    whole: Whole = Whole.GROUP


class Scans:
    """Makes the scans of a question, and collects what its homes cannot reach."""

    def __init__(self, question: Question, world: Map, stretch: Stretch) -> None:
        self.problems: list[Problem] = []
        self._question = question
        self._world = world
        self._stretch = stretch
        self._relations = world.relations()
        self._names: set[str] = set()
        self._filters = conditions(question, world.project)
        self._entities = dict.fromkeys(world.project.segments[name].of for name in question.segments)

    def of(self, home: str, leaves: Sequence[tuple[str, Leaf]], facts: RelationFacts) -> list[Scan]:
        """Return the scans of one table: one for each frame, twice with a comparison."""
        scans: list[Scan] = []
        bare = [(name, leaf) for name, leaf in leaves if leaf.made is None]
        made: dict[tuple[Frame | None, FunnelRows | EntityRows, Whole], list[tuple[str, Leaf]]] = {}
        for name, leaf in leaves:
            if leaf.made is not None:
                frame = None if leaf.is_plain and not self._stretch.takes_rows else leaf.frame
                if self._needs_groups:
                    made.setdefault((frame, leaf.made, Whole.GROUP), [])
                made.setdefault((frame, leaf.made, leaf.whole), []).append((name, leaf))
        if bare or not made:
            for scan in self._plain(home, bare, facts, framed=self._stretch.takes_rows):
                scans += map(self._named, self._over_days(scan))
        for (frame, rows, whole), group in made.items():
            if isinstance(rows, EntityRows) and rows.cohort is not None:
                scan = self._scan(home, group, facts, rows).of(whole)
                scans += self._of_cohort(scan, rows, rows.cohort, frame)
                continue
            if isinstance(rows, EntityRows):
                scans += self._of_entities(home, tuple(group), rows, frame, whole)
                continue
            scan = replace(self._scan(home, group, facts, rows), frame=frame, made=rows)
            over = self._over_days(scan)
            scans += [self._named(with_passes(each, rows, self._stretch.as_of)) for each in over]
        return scans

    @property
    def _needs_groups(self) -> bool:
        """Say whether somebody must tell which groups there are, besides those that take groups together."""
        return bool(self._question.by or self._question.grain)

    def _plain(
        self, home: str, leaves: list[tuple[str, Leaf]], facts: RelationFacts, *, framed: bool = False
    ) -> list[Scan]:
        """Return the scans over a table's own rows; ``framed``: buckets take in the days of their frame."""
        groups: dict[_Alike, list[tuple[str, Leaf]]] = {}
        for name, leaf in leaves:
            frame = None if leaf.is_plain and not framed else leaf.frame
            by_day = frame is not None and (leaf.kind in OF_DAYS or leaf.at is not None)
            # Of a single bucket the rows are read once anyway.
            by_intervals = self._question.grain is not None and self._stretch.listing is None
            alone = name if by_intervals and has_intervals(leaf) else ""
            groups.setdefault(_Alike(frame, by_day, leaf.each, alone, leaf.whole), []).append((name, leaf))
        if self._needs_groups and not any(alike.whole is Whole.GROUP for alike in groups):
            groups[_Alike()] = []
        scans: list[Scan] = []
        for alike, group in groups.items():
            scan = self._scan(home, group, facts).of(alike.whole)
            scans.append(
                replace(scan, frame=alike.frame, by_day=alike.by_day, each=alike.each, alone=alike.alone)
            )
        return scans

    def _scan(
        self,
        home: str,
        leaves: list[tuple[str, Leaf]],
        facts: RelationFacts,
        made: FunnelRows | EntityRows | None = None,
    ) -> Scan:
        reached = self._reached(home, built_in(made, self._world))
        only = made.only if made is not None else ()
        steps = reached.steps | frozenset(step for _, leaf in leaves for step in leaf.steps)
        steps |= frozenset(step for condition in only for step in condition.steps)
        timed = self._world.project.tables[home].time is not None
        if not timed and any(self._world.project.tables[step.join.table].has_history for step in steps):
            self.problems.append(Problem("no_time", {"table": home}))
        return Scan(
            home=home,
            leaves=tuple(leaves),
            dimensions=reached.dimensions,
            conditions=(*reached.conditions, *(condition.tree for condition in only)),
            steps=steps,
            first=None,
            last=self._stretch.as_of,
            covered=facts.days if timed else None,
        )

    def _of_entities(
        self,
        home: str,
        leaves: tuple[tuple[str, Leaf], ...],
        made: EntityRows,
        frame: Frame | None,
        whole: Whole,
    ) -> list[Scan]:
        """Return the scans over the rows of entities, each with the passes that their values need."""
        names = leaf_names(made.leaves, self._question.by)
        passes: list[list[Scan]] = []
        for table in made.tables:
            entity = entity_of(self._world, table, made.entity)
            facts = self._world.facts[table].until(self._stretch.as_of)
            own = [(name, leaf) for leaf, name in names.items() if leaf.home == table]
            for each in self._plain(table, own, facts, framed=frame is not None):
                scan = each.of(whole)
                whose = replace(
                    scan,
                    dimensions=(*scan.dimensions, (ENTITY, entity.tree)),
                    conditions=(*scan.conditions, entity.tree.is_(exp.null()).not_()),
                    steps=scan.steps | entity.steps,
                    part_of=made.key,
                )
                passes.append([self._named(each) for each in self._over_days(whose)])
        first = passes[0][0]
        dimensions = tuple((name, exp.column(name, quoted=True)) for name, _ in first.dimensions[:-1])
        scan = replace(
            first, home=home, leaves=leaves, dimensions=dimensions, conditions=(), steps=frozenset[Step]()
        )
        scan = replace(scan, frame=frame, by_day=False, made=made, part_of="", mark="")
        over = self._over_days(scan)
        return [
            self._named(replace(each, passes=tuple(some[place] for some in passes), covered=common))
            for place, each in enumerate(over)
            for common in (common_days(some[place].covered for some in passes),)
        ]

    def _of_cohort(self, scan: Scan, made: EntityRows, cohort: CohortRows, frame: Frame | None) -> list[Scan]:
        """Return the scans over the entities of a cohort: a pass for their first events, others for values.

        Filters and dimensions are those of the first event; an entity's first is the first of all time.
        """
        names = leaf_names(made.leaves, ())
        first = cohort.first
        there = (*([first.where] if first.where is not None else []), first.entity.is_(exp.null()).not_())
        asked = (*scan.dimensions, *((ASKED, tree) for tree in scan.conditions))
        bare = replace(scan, leaves=(), dimensions=asked, conditions=there, steps=scan.steps | first.steps)
        scan = replace(scan, frame=frame, made=made)
        found: list[Scan] = []
        for each in self._over_days(scan):
            passes = [bare]
            for home in made.valued:
                entity = entity_of(self._world, home, made.entity)
                own = [(name, leaf) for leaf, name in names.items() if leaf.home == home]
                steps = entity.steps.union(*(leaf.steps for _, leaf in own))
                values = replace(bare, home=home, leaves=tuple(own), steps=steps, first=each.first)
                passes.append(replace(values, dimensions=((ENTITY, entity.tree),), conditions=()))
            found.append(self._named(replace(each, passes=tuple(passes))))
        return found

    def _named(self, scan: Scan) -> Scan:
        # A step of SQL hides the relation of the same name: a table called orders_now.
        # Another scan may look back alike, and differ in what is taken of a bucket, or whose last day.
        while scan.name in self._names or any(name.startswith(scan.name) for name in self._relations):
            scan = replace(scan, mark=f"{scan.mark}_")
        self._names.add(scan.name)
        return scan

    def _over_days(self, scan: Scan) -> list[Scan]:
        stretch, grain = self._stretch, self._question.grain
        first = stretch.asked.first if stretch.asked else None
        last = min(stretch.asked.last, stretch.as_of) if stretch.asked else stretch.as_of
        if scan.frame is None:
            found = [replace(scan, first=first, last=last, covered=_within(scan.covered, first, last))]
            if stretch.then is not None:
                first, last = stretch.then.first, min(stretch.then.last, stretch.as_of)
                covered = _within(scan.covered, first, last)
                found.append(replace(scan, first=first, last=last, covered=covered, then=True))
            return found
        start = stretch.start or last

        def reach(frame: Frame) -> date | None:
            listing = stretch.listing
            return listing.reach_back(frame) if listing else reach_back(frame, start, grain)

        found = [replace(scan, first=reach(scan.frame), last=last)]
        if stretch.then is not None:
            year = self._world.project.reckoning.year_of_comparison(grain)
            frame = scan.frame.shifted(year if stretch.years else Span(days=stretch.shift))
            earliest = reach(frame)
            found.append(replace(scan, frame=frame, first=earliest, last=stretch.as_of, then=True))
        return found

    def _reached(self, home: str, built_in_names: frozenset[str]) -> _Reached:
        dimensions: list[tuple[str, Resolved]] = []
        filters: list[Resolved] = []
        for name in self._question.by:
            if name in built_in_names:
                dimensions.append((name, Resolved(exp.column(name), frozenset())))
                continue
            try:
                dimensions.append((name, self._world.dimension(home, name)))
            except UnreachableError as error:
                self.problems += error.problems
        for tree in self._filters:
            try:
                filters.append(self._world.condition(home, tree))
            except UnreachableError as error:
                self.problems += error.problems
        filters += (found for entity in self._entities if (found := self._has(home, entity)) is not None)
        steps = [resolved.steps for resolved in (*(found for _, found in dimensions), *filters)]
        return _Reached(
            tuple((name, resolved.tree) for name, resolved in dimensions),
            tuple(resolved.tree for resolved in filters),
            frozenset[Step]().union(*steps),
        )

    def _has(self, home: str, entity: str) -> Resolved | None:
        """Return the condition that a row has its entity: one without belongs to none of its segments."""
        path, key = self._world.path(home, entity), self._world.table(entity).unique_key
        if not path or key is None:
            return None
        return Resolved(exp.column(key, table=entity).is_(exp.null()).not_(), frozenset(path))


def _within(known: tuple[Days, ...] | None, first: date | None, last: date) -> tuple[Days, ...] | None:
    """Return the covered days among those that are scanned: of the others nothing can be said."""
    if known is None or first is None:
        return known
    if last < first:
        return ()
    return tuple(part for days in known if (part := days.overlap(Days(first, last))) is not None)
