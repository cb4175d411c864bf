"""Load: bring the sources' files into the lake, each source in one commit, each only if it changed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from kurs.lake.attempts import noted
from kurs.model.days import Days
from kurs.model.source import FilesAre
from kurs.problems import Problem, Severity, SourceError, UsageError, closest
from kurs.workflows.load_database import load_database
from kurs.workflows.loaded import (
    Loaded,
    LoadError,
    Privacy,
    Progress,
    check_account,
    privacy_of,
    time_column_of,
    worth_telling,
    zone_of,
)
from kurs.workflows.opening import day_of, open_lake, today_of
from kurs.workflows.private import forgotten
from kurs.workflows.prune import gone_warnings, prune
from kurs.workflows.workplace import workplace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.lake.lake import Lake, Snapshot
    from kurs.lake.record import FileRecord, LoadRecord
    from kurs.lake.upkeep import Needed
    from kurs.model.project import Project
    from kurs.model.source import Source
    from kurs.sources.covers import Spoken
    from kurs.sources.files import Found
    from kurs.sources.take import Order, Taken
    from kurs.workflows.workplace import Workplace

_ATTEMPTS = 5  # at a source that other loads bring in at the same time
_OVERTAKEN = ("lake_busy", "type_changed_meanwhile")


class _Silent:
    def started(self, source: str, total_bytes: int) -> None:
        pass

    def advanced(self, read_bytes: int) -> None:
        pass

    def finished(self) -> None:
        pass


def load(
    project: Project,
    only: Sequence[str] = (),
    days: Days | None = None,
    full: bool = False,
    progress: Progress | None = None,
    as_of: date | None = None,
    pruning: bool = False,
) -> tuple[Loaded, ...]:
    """Load all sources, or those named in ``only``, one after another.

    ``days`` limits the load to a stretch of the window, which is replaced whether or not the files were
    loaded before. ``full`` replaces a source's whole content by what its files hold now: what came from
    files that are gone since goes too. ``pruning`` removes the rows of sources that
    left the plan. Rows after ``as_of`` are doubted; without it, those after today and
    after the plan's own. Raises UsageError ``unknown_source``, and at the end LoadError
    with the problems of all sources that failed, and what was loaded.
    """
    if unknown := [name for name in only if name not in project.sources]:
        values = [{"name": name, "suggestion": closest(name, project.sources)} for name in unknown]
        raise UsageError(*(Problem("unknown_source", value) for value in values))
    lake = open_lake(project)
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    watcher = progress or _Silent()
    today = as_of or max(day_of(project), today_of(project))  # data of an archive go on after its as_of
    for source in project.sources.values():
        if only and source.key not in only:
            continue
        try:
            with noted(project.folder / ".kurs", source.key):
                loaded.append(_load_one(project, source, lake, days, full, watcher, today))
        except SourceError as error:
            problems.extend(error.problems)
    loaded = _kept_up(project, lake, loaded)
    if pruning:
        loaded += prune(project, lake)
    if loaded and (beside := _beside(project, lake)):
        loaded[0] = replace(loaded[0], warnings=(*beside, *loaded[0].warnings))
    if problems:
        if loaded:
            names = tuple(entry.source for entry in loaded)
            problems.append(Problem("sources_loaded", {"sources": names}, Severity.INFO))
        raise LoadError(loaded, problems)
    return tuple(loaded)


def needed_versions(project: Project) -> Needed:
    """Return which versions must stay readable beside the newest ones: those behind what was reported."""
    from kurs.lake.upkeep import Needed
    from kurs.ledger.reported import reported
    from kurs.workflows.decide import told

    versions: dict[str, frozenset[int]] = {}
    for one in filter(None, map(reported, told(project).entries)):
        for table, version in one.versions.items():
            versions[table] = versions.get(table, frozenset()) | {version}
    return Needed(versions=versions)


def _beside(project: Project, lake: Lake) -> tuple[Problem, ...]:
    """Say what is not about one source of the plan."""
    half_done = not all(person.finished for person in forgotten(project.folder))
    said = (Problem("forget_unfinished", {}, Severity.WARNING),) if half_done else ()
    return (*said, *gone_warnings(project, lake))


def _kept_up(project: Project, lake: Lake, loaded: Sequence[Loaded]) -> list[Loaded]:
    """Merge small files and remove old ones where a load has written; a load does not fail for it."""
    from kurs.lake.upkeep import keep_up

    needed, failed = needed_versions(project), dict[str, str]()
    for table in dict.fromkeys(entry.table for entry in loaded if entry.files):
        try:
            keep_up(lake, table, needed)
        except OSError as error:
            failed[table] = error.strerror or str(error)
    warnings = {
        table: Problem("not_tidied", {"table": table, "reason": reason}, Severity.WARNING)
        for table, reason in failed.items()
    }
    return [
        replace(entry, warnings=(*entry.warnings, warnings.pop(entry.table)))
        if entry.table in warnings
        else entry
        for entry in loaded
    ]


def _load_one(
    project: Project,
    source: Source,
    lake: Lake,
    days: Days | None,
    full: bool,
    progress: Progress,
    today: date,
) -> Loaded:
    """Load one source; once more over what another load of it has put there meanwhile."""
    import duckdb

    for attempt in range(_ATTEMPTS):
        try:
            if source.database is not None:
                return load_database(project, source, lake, days, full, progress, today)
            return _Load(project, source, lake, days, full, progress, today).run()
        except SourceError as error:
            if attempt == _ATTEMPTS - 1 or error.problems[0].code not in _OVERTAKEN:
                raise
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            reason = (isinstance(error, OSError) and error.strerror) or str(error).partition("\n")[0]
            raise SourceError(Problem("not_stored", {"source": source.key, "reason": reason})) from error
    raise AssertionError("the last attempt returns or raises")


@dataclass(frozen=True, slots=True)
class _Load:
    """One source's load."""

    project: Project
    source: Source
    lake: Lake
    days: Days | None
    full: bool
    progress: Progress
    today: date

    def run(self) -> Loaded:
        from kurs.lake.record import files_in
        from kurs.sources.files import find, profile_hash, sha256

        began = time.monotonic()
        source = self.source
        if self.days is not None and source.window is None:
            raise SourceError(Problem("window_needed", {"source": source.key}))
        snapshot = self.lake.open(source.into)
        check_account(source, snapshot, full=self.full)
        privacy = privacy_of(self.project, source, snapshot, full=self.full and self.days is None)
        found = find(source, self.project.folder)
        hashes = {file.name: sha256(file.path) for file in found}
        profile = profile_hash(
            source, zone_of(self.project, self.source), time_column_of(self.project, self.source)
        )
        known = {} if snapshot is None else files_in(snapshot.loads, source.key, source.account.id)
        said = self._spoken(found, found)
        chosen = self._chosen(found, hashes, profile, known, () if said is None else said.until(found))
        self.progress.started(source.key, sum(file.size for file in chosen))
        try:
            if not chosen and snapshot is not None:
                return self._nothing_new(found, snapshot, began)
            return self._take(found, chosen, hashes, profile, snapshot, known, privacy, began)
        finally:
            self.progress.finished()

    def _take(
        self,
        found: Sequence[Found],
        chosen: tuple[Found, ...],
        hashes: Mapping[str, str],
        profile: str,
        snapshot: Snapshot | None,
        known: Mapping[str, tuple[str, FileRecord]],
        privacy: Privacy,
        began: float,
    ) -> Loaded:
        from kurs.lake.lake import last_load
        from kurs.sources.take import take

        source = self.source
        with (
            workplace(self.project.folder / ".kurs", source.key) as place,
            take(self._order(place, chosen, found, snapshot, privacy), self.progress.advanced) as taken,
        ):
            if len(chosen) < len(found) and self._meets_loaded(chosen, taken, known):
                everything = tuple(found)  # to show the totals of both, both must be read
                return self._take(found, everything, hashes, profile, snapshot, known, privacy, began)
            complete = len(chosen) == len(found)
            record = self._record(taken, chosen, hashes, profile, place.load, complete=complete)
            record = replace(record, hash_key=privacy.mark)
            version, record = self._replace(taken, record, last_load(snapshot, source.key))
            place.settle(whole=record.replaced is None)
        return Loaded(
            source=source.key,
            table=source.into,
            files=tuple(file.name for file in chosen),
            skipped_files=tuple(file.name for file in found if file not in chosen),
            rows_read=taken.rows_read,
            rows_loaded=taken.rows,
            rows_rejected=taken.rows_rejected,
            window=Days(record.replaced[0].first, record.replaced[-1].last) if record.replaced else None,
            before=record.before,
            after=record.after,
            version=version,
            seconds=time.monotonic() - began,
            warnings=worth_telling(self.project, self.source, taken.doubts),
        )

    def _spoken(self, chosen: Sequence[Found], found: Sequence[Found]) -> Spoken | None:
        """Return what the plan says about days; an archive's day is its own."""
        from kurs.sources.covers import spoken, wholes_of

        project, source, now = self.project, self.source, self.today
        days = (min(now, day_of(project)), wholes_of(source.covers, project.reckoning, now))
        return spoken(source, chosen, found, zone_of(project, source), *days)

    def _order(
        self,
        place: Workplace,
        chosen: tuple[Found, ...],
        found: Sequence[Found],
        snapshot: Snapshot | None,
        privacy: Privacy,
    ) -> Order:
        from kurs.sources.take import Order

        return Order(
            source=self.source,
            files=chosen,
            load=place.load,
            zone=zone_of(self.project, self.source),
            known={} if snapshot is None or self._alone(snapshot) else snapshot.types,
            only=self.days,
            today=self.today,
            time_column=time_column_of(self.project, self.source),
            rejects_file=place.rejects,
            scratch=place.scratch,
            hash_key=privacy.key,
            forgotten=privacy.forgotten,
            spoken=self._spoken(chosen, found),
        )

    def _replace(self, taken: Taken, record: LoadRecord, onto: str) -> tuple[int, LoadRecord]:
        from kurs.lake.lake import Rows, Scope

        source = self.source
        all_left_out = any(said.code == "forgotten_left_out" for said in taken.doubts)
        if taken.rows == 0 and record.replaced is None and not all_left_out:
            raise SourceError(Problem("no_rows", {"source": source.key}))
        whole = record.replaced is None
        scope = Scope(
            source=source.key,
            account=None if whole else source.account.id,
            window=None if whole else taken.window,
            days=record.replaced,
            alone=self.full and self.days is None,
        )
        rows = Rows(taken.types, lambda: taken.relation.to_arrow_reader(20_000))
        return self.lake.replace(source.into, rows, scope, record, onto)

    def _record(
        self,
        taken: Taken,
        chosen: Sequence[Found],
        hashes: Mapping[str, str],
        profile: str,
        load_id: str,
        *,
        complete: bool,
    ) -> LoadRecord:
        from kurs.lake.record import FileRecord, LoadRecord, Totals

        rows = zip(chosen, taken.file_rows, taken.days, taken.until, strict=True)
        return LoadRecord(
            load=load_id,
            source=self.source.key,
            account=self.source.account.id,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            profile=profile,
            files=tuple(
                FileRecord(file.name, hashes[file.name], n, days, until) for file, n, days, until in rows
            ),
            complete=complete,
            replaced=None if self.full and self.days is None else taken.replaced,
            covered=taken.covered,
            only=self.days,
            restates_days=self.source.restates_days,
            rows_read=taken.rows_read,
            rows_rejected=taken.rows_rejected,
            after=Totals(taken.rows, taken.sums),
            empty=taken.empty,
        )

    def _chosen(
        self,
        found: tuple[Found, ...],
        hashes: Mapping[str, str],
        profile: str,
        known: Mapping[str, tuple[str, FileRecord]],
        until: Sequence[date | None],
    ) -> tuple[Found, ...]:
        """Return the files to read: those whose rows are not in the lake as they would be read now.

        Among them is one that is complete until a later day than it was (``until``).
        Of restatements also every later one, since the later wins. Parts, and files without a window,
        are read all or none.
        """
        if self.full or self.days is not None:
            return found
        loaded = {name: (said, file.sha256) for name, (said, file) in known.items()}
        days = zip(found, until, strict=False)
        later = {
            file.name
            for file, day in days
            if day is not None and file.name in known and day > (known[file.name][1].until or date.min)
        }
        new = [loaded.get(file.name) != (profile, hashes[file.name]) or file.name in later for file in found]
        as_one = self.source.window is None or self.source.files_are is FilesAre.PARTS
        if as_one:
            gone = set(known) - {file.name for file in found}
            return found if any(new) or gone else ()
        return found[new.index(True) :] if any(new) else ()

    def _meets_loaded(
        self, chosen: Sequence[Found], taken: Taken, known: Mapping[str, tuple[str, FileRecord]]
    ) -> bool:
        """Say whether a new file shares days with one that was loaded before, and nobody said who wins."""
        if self.source.files_are is not None:
            return False
        read = {file.name for file in chosen}
        before = [file.window for name, (_, file) in known.items() if name not in read and file.window]
        return any(days is not None and days.overlap(old) for days in taken.days for old in before)

    def _nothing_new(self, found: Sequence[Found], snapshot: Snapshot, began: float) -> Loaded:
        from kurs.lake.record import Totals

        return Loaded(
            source=self.source.key,
            table=self.source.into,
            files=(),
            skipped_files=tuple(file.name for file in found),
            rows_read=0,
            rows_loaded=0,
            rows_rejected=0,
            window=None,
            before=Totals(),
            after=Totals(),
            version=snapshot.version,
            seconds=time.monotonic() - began,
        )

    def _alone(self, snapshot: Snapshot) -> bool:
        return self.full and self.days is None and all(r.source == self.source.key for r in snapshot.loads)
