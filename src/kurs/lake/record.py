"""What one load did: written into the commit that holds its rows, so that the two can never part."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kurs.model.coverage import Covered, merged
from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Sum = int | Decimal | float


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows a stretch has, and the sums of its numeric columns, exact where the column is."""

    rows: int = 0
    sums: Mapping[str, Sum] = field(default_factory=dict[str, "Sum"])


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file that a load took in; ``window`` are the days it replaced, None where there is no window.

    ``until`` is the day until which the plan, and not its rows, called it complete.
    """

    name: str
    sha256: str
    rows: int
    window: Days | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One load of one source into one table.

    ``replaced`` are the days whose rows were replaced; None: the source's whole content. ``complete``
    says that ``files`` are all files of the source. ``only`` are the days to which a back-fill was
    limited. ``empty`` are columns of the files without a single value, so without a type.
    ``hash_key`` is the fingerprint of the key by which personal data were hashed, if any were.
    """

    load: str
    source: str
    account: str
    at: str
    profile: str
    files: tuple[FileRecord, ...] = ()
    complete: bool = True
    replaced: tuple[Days, ...] | None = None
    covered: tuple[Days, ...] = ()
    only: Days | None = None
    restates_days: int = 0
    rows_read: int = 0
    rows_rejected: int = 0
    before: Totals = Totals()
    after: Totals = Totals()
    empty: tuple[str, ...] = ()
    hash_key: str = ""

    @property
    def is_pruned(self) -> bool:
        """Say whether this took all rows of its source away: nothing was read, and nothing stayed."""
        return self.replaced is None and not self.files and not self.after.rows

    def to_json(self) -> str:
        """Write the record as one line of JSON; decimals are texts, integers and floats are numbers."""
        plain: dict[str, object] = {
            "load": self.load,
            "source": self.source,
            "account": self.account,
            "at": self.at,
            "profile": self.profile,
            "files": [_file_out(file) for file in self.files],
            "complete": self.complete,
            "replaced": None if self.replaced is None else [_days_out(days) for days in self.replaced],
            "covered": [_days_out(days) for days in self.covered],
            "only": _days_out(self.only),
            "restates_days": self.restates_days,
            "rows_read": self.rows_read,
            "rows_rejected": self.rows_rejected,
            "before": _totals_out(self.before),
            "after": _totals_out(self.after),
            "empty": list(self.empty),
            "hash_key": self.hash_key,
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> LoadRecord:
        """Read what ``to_json`` wrote."""
        plain: dict[str, Any] = json.loads(text)
        replaced: list[list[str]] | None = plain["replaced"]
        return cls(
            load=plain["load"],
            source=plain["source"],
            account=plain["account"],
            at=plain["at"],
            profile=plain["profile"],
            files=tuple(_file_in(*said) for said in plain["files"]),
            complete=plain["complete"],
            replaced=None if replaced is None else _ranges_in(replaced),
            covered=_ranges_in(plain["covered"]),
            only=_days_in(plain["only"]),
            restates_days=plain["restates_days"],
            rows_read=plain["rows_read"],
            rows_rejected=plain["rows_rejected"],
            before=_totals_in(plain["before"]),
            after=_totals_in(plain["after"]),
            empty=tuple(plain["empty"]),
            hash_key=plain.get("hash_key", ""),
        )


def files_in(loads: Iterable[LoadRecord], source: str, account: str) -> dict[str, tuple[str, FileRecord]]:
    """Return the files whose rows are in the table as they were read: name -> (profile hash, file).

    A back-fill of a file in another state makes what was known of that file void.
    """
    known: dict[str, tuple[str, FileRecord]] = {}
    for record in loads:
        if record.source != source:
            continue
        if record.replaced is None or record.account != account:
            known = {}
        if record.account != account:
            continue
        if record.only is not None:
            for file in record.files:
                if file.name in known and known[file.name][1].sha256 != file.sha256:
                    del known[file.name]
            continue
        if record.complete:
            known = {}
        known.update((file.name, (record.profile, file)) for file in record.files)
    return known


def covered_by(loads: Iterable[LoadRecord]) -> tuple[Covered, ...]:
    """Fold loads, oldest first, into what each (source, account) covers now.

    A whole load starts anew, for all accounts of its source. Rejects count until their days are replaced.
    """
    covered: dict[tuple[str, str], Covered] = {}
    rejected: dict[tuple[str, str], list[tuple[tuple[Days, ...], int]]] = {}
    for record in loads:
        key = (record.source, record.account)
        if record.replaced is None:
            for other in [other for other in covered if other[0] == record.source]:
                del covered[other], rejected[other]
        before = covered.get(key, Covered(*key, ()))
        kept = [entry for entry in rejected.get(key, []) if not _inside(entry[0], record.replaced or ())]
        rejected[key] = [*kept, (record.replaced or record.covered, record.rows_rejected)]
        covered[key] = replace(
            before,
            days=merged((*before.days, *record.covered)),
            restates_days=record.restates_days,
            rejected_rows=sum(rows for _, rows in rejected[key]),
        )
    return tuple(entry for entry in covered.values() if entry.days)


def _inside(inner: tuple[Days, ...], outer: tuple[Days, ...]) -> bool:
    return all(any(days.overlap(whole) == days for whole in outer) for days in inner)


def _file_out(file: FileRecord) -> list[object]:
    plain: list[object] = [file.name, file.sha256, file.rows, _days_out(file.window)]
    return plain if file.until is None else [*plain, file.until.isoformat()]


def _file_in(
    name: str, sha: str, rows: int, window: list[str] | None, until: str | None = None
) -> FileRecord:
    return FileRecord(name, sha, rows, _days_in(window), None if until is None else date.fromisoformat(until))


def _days_out(days: Days | None) -> list[str] | None:
    return None if days is None else [days.first.isoformat(), days.last.isoformat()]


def _days_in(pair: list[str] | None) -> Days | None:
    return None if pair is None else Days(date.fromisoformat(pair[0]), date.fromisoformat(pair[1]))


def _ranges_in(pairs: list[list[str]]) -> tuple[Days, ...]:
    return tuple(Days(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs)


def _totals_out(totals: Totals) -> dict[str, object]:
    sums = {name: str(value) if isinstance(value, Decimal) else value for name, value in totals.sums.items()}
    return {"rows": totals.rows, "sums": sums}


def _totals_in(plain: dict[str, Any]) -> Totals:
    sums: dict[str, int | str | float] = plain["sums"]
    return Totals(
        plain["rows"],
        {name: Decimal(value) if isinstance(value, str) else value for name, value in sums.items()},
    )
