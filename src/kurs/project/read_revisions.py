"""Reads ``revisions:``: what an entry of the plan says instead, since a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kurs.model.version import Version
from kurs.project.nodes import Fields, Items
from kurs.project.report import Report
from kurs.project.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

Noun = TypeVar("Noun")

REVISIONS, _SINCE = "revisions", "since"


def without_revisions(node: Fields) -> Fields:
    """Return the entry as it stands without its revisions."""
    return Fields(node.spot, tuple(entry for entry in node.entries if entry[0].text != REVISIONS))


def read_versions(
    report: Report,
    node: Fields,
    title: str,
    first: Noun,
    read: Callable[[Report, Fields], Noun | None],
    fixed: tuple[str, ...],
) -> tuple[Version[Noun], ...]:
    """Return all versions of an entry of which ``first`` is the oldest; none where it is never revised.

    A revision says what is new; all else stays. It is read as a whole entry, so that all is checked which is
    checked of one; what was said of the older version is not said again. ``fixed`` are keys that stay.
    """
    entry = node.get(REVISIONS)
    if entry is None:
        return ()
    name, below = entry
    if not isinstance(below, Items) or not below.items:
        report.error("bad_revisions", name if isinstance(below, Items) else below)
        return ()
    versions = [Version(None, first)]
    latest = without_revisions(node)
    for item in below.items:
        if not isinstance(item, Fields):
            report.error("bad_revisions", item)
            continue
        before = len(report.problems)
        since = _since(report, item, title, versions[-1].since)
        latest = _merged(report, latest, item, fixed)
        noun = _read(report, latest, read)
        if noun is None or since is None:
            continue
        changed = tuple(key.text for key, _ in item.entries if key.text != _SINCE)
        if noun == versions[-1].noun and len(report.problems) == before:
            report.warning("revision_changes_nothing", item, since=since)
        versions.append(Version(since, noun, changed))
    return tuple(versions)


def _since(report: Report, item: Fields, title: str, before: date | None) -> date | None:
    """Read since when a revision holds; each is later than the one before."""
    section = Section(report, item, item, f"{title}.{REVISIONS}")
    section.need(_SINCE)
    since = section.day(_SINCE)
    section.expect(*(key.text for key, _ in item.entries))  # they are read with the whole entry
    section.close()
    if since is not None and before is not None and since <= before:
        report.error("revisions_out_of_order", section.key_node(_SINCE), since=since, before=before)
    return since


def _merged(report: Report, older: Fields, item: Fields, fixed: tuple[str, ...]) -> Fields:
    """Put what is new in the place of what it was."""
    entries = {key.text: (key, value) for key, value in older.entries}
    for key, value in item.entries:
        if key.text in fixed or key.text == REVISIONS:
            report.error("not_revised", key, key=key.text)
        elif key.text != _SINCE:
            entries[key.text] = (key, value)
    return Fields(older.spot, tuple(entries.values()))


def _read(report: Report, node: Fields, read: Callable[[Report, Fields], Noun | None]) -> Noun | None:
    """Read a version, and take over what was not said of another one."""
    own = Report(kpi=report.kpi, folder=report.folder)
    noun = read(own, node)
    said = {(problem.code, problem.place) for problem in report.problems}
    used = {(reference.kind, id(reference.node)) for reference in report.references}
    report.problems += [one for one in own.problems if (one.code, one.place) not in said]
    report.references += [one for one in own.references if (one.kind, id(one.node)) not in used]
    return noun
