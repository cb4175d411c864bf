"""History: what changed of a KPI when, and by whom, from the project's git and from its journal.

git is asked by its own command, with words that this file alone chooses. Each commit that touched the plan,
or a file of targets that it names, is read once, as any plan is (``past_plans``): nothing of it is run, the
checkout is not touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from kurs.ledger.definition import with_revisions
from kurs.ledger.history import History, Revision
from kurs.workflows import decide
from kurs.workflows.git import git
from kurs.workflows.past_plans import PastPlans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kurs.ledger.definition import Plain
    from kurs.model.project import Project

MOST_COMMITS = 100
_FORMAT = "%H%x00%an%x00%ae%x00%aI%x00%s"
_PLAN = "*.yaml"
_REGULAR = ("100644", "100755")  # a link in a commit could lead anywhere


@dataclass(frozen=True, slots=True)
class _Commit:
    id: str
    author: str
    time: datetime
    subject: str


def history(project: Project, kpi: str) -> History:
    """Return what changed of a KPI. Raises UsageError ``unknown_kpi`` for one that no plan has or had."""
    entries = tuple(entry for entry in decide.told(project).entries if entry.decision.kpi == kpi)
    commits, revisions, cut = _told(project.folder, kpi)
    if not entries and not any(one.before or one.after for one in revisions):
        decide.known_kpi(project, kpi)
    if commits is None:
        return History(kpi, (), entries, in_git=False)
    return History(kpi, revisions, entries, True, cut, _uncommitted(project, kpi, revisions, cut=cut))


def newest_commit(folder: Path) -> str:
    """Return the name of the commit that is checked out; nothing outside of a repository."""
    return (git(folder, "rev-parse", "HEAD") or b"").decode().strip()


def _uncommitted(project: Project, kpi: str, revisions: Sequence[Revision], *, cut: bool) -> Revision | None:
    """Return what was changed since the last commit; nothing where that commit was not looked at."""
    known = project.kpis.get(kpi)
    now = with_revisions(project, known) if known is not None else None
    sure = [one for one in revisions if not one.is_broken]
    if cut and not sure:
        return None
    last = sure[-1].after if sure else None
    return Revision("", datetime.now(UTC), "", "", last, now) if now != last else None


def _told(folder: Path, kpi: str) -> tuple[list[_Commit] | None, tuple[Revision, ...], bool]:
    """Return the commits of the plan, what they changed, and whether older ones are left out.

    Which files a plan names is known once it is read; their commits are asked for, until no name is new.
    """
    plans = PastPlans.of(folder)
    while True:
        named = plans.named
        commits = _commits(folder, named)
        cut = commits is not None and len(commits) > MOST_COMMITS
        revisions = tuple(_revisions(folder, (commits or [])[:MOST_COMMITS], kpi, plans, cut=cut))
        if plans.named == named:
            plans.keep()
            return commits, revisions, cut


def _revisions(
    folder: Path, commits: Sequence[_Commit], kpi: str, plans: PastPlans, *, cut: bool
) -> Iterator[Revision]:
    """Read the plan of each commit, the oldest first, and yield those in which the definition is another."""
    before: Mapping[str, Plain] | None = None
    files: Mapping[str, str] = {}
    for at, commit in enumerate(reversed(commits)):
        contents = partial(_contents, folder)
        now = plans.whole(_tree(folder, commit.id), contents)
        if now == files:
            continue
        files = now
        said = plans.said(now, contents)
        after = said.get(kpi) if said is not None else None
        if said is None:
            yield Revision(
                commit.id, commit.time, commit.author, commit.subject, before, None, is_broken=True
            )
            continue
        begins = cut and at == 0  # it was so before what is looked at
        if after != before and not begins:
            yield Revision(commit.id, commit.time, commit.author, commit.subject, before, after)
        before = after


def _commits(folder: Path, named: Iterable[str]) -> list[_Commit] | None:
    """Return the commits that touched the plan or a file that it names, the newest first.

    None outside of a repository.
    """
    count = f"--max-count={MOST_COMMITS + 1}"
    paths = (_PLAN, *(f":(literal){name}" for name in sorted(named)))
    words = ("--no-show-signature", "--no-color", count, f"--format={_FORMAT}", "-z", "--", *paths)
    said = git(folder, "log", *words)
    if said is None:
        return None
    fields = said.decode("utf-8", "replace").split("\0")
    rows = [fields[at : at + 5] for at in range(0, len(fields) - 4, 5)]
    return [_Commit(row[0], f"{row[1]} <{row[2]}>", datetime.fromisoformat(row[3]), row[4]) for row in rows]


def _tree(folder: Path, commit: str) -> dict[str, str]:
    """Return the regular files of a commit: the ids of their contents by their path below the project."""
    said = git(folder, "ls-tree", "-r", "-z", commit) or b""
    found: dict[str, str] = {}
    for line in said.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = line.partition("\t")
        mode, _, blob = (*head.split(), "", "", "")[:3]
        if mode in _REGULAR:
            found[path] = blob
    return found


def _contents(folder: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of files by their ids, all by one process: ``ID blob SIZE``, then so many bytes."""
    said = git(folder, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode()) or b""
    found: dict[str, bytes] = {}
    at = 0
    while (end := said.find(b"\n", at)) >= 0:
        name, kind, *size = said[at:end].decode().split(" ")
        if kind != "blob":
            break
        length = int(size[0])
        found[name] = said[end + 1 : end + 1 + length]
        at = end + length + 2
    return found
