"""What became of a KPI: commits that changed its definition, and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kurs.ledger.definition import Plain
    from kurs.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed a KPI's definition: what it was before and after, None where there was none.

    ``is_broken``: the plan of that commit cannot be read, so nobody knows what it says of the KPI.
    """

    commit: str
    time: datetime
    author: str
    subject: str
    before: Mapping[str, Plain] | None
    after: Mapping[str, Plain] | None
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What became of a KPI, the oldest first: commits of the plan, and entries of the journal.

    ``in_git`` is false where the project lies in no repository; ``cut`` where older commits were left out;
    ``uncommitted`` is the definition of now where it differs from that of the last commit.
    """

    kpi: str
    revisions: tuple[Revision, ...]
    entries: tuple[Entry, ...]
    in_git: bool
    cut: bool = False
    uncommitted: Revision | None = None
