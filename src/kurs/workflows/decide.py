"""Decide: sign a KPI, note something, move an action; each is a line of the journal."""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import socket
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from kurs.ledger.definition import definition, digest
from kurs.ledger.entry import Decision, Kind
from kurs.ledger.journal import Journal
from kurs.ledger.standing import (
    ActionState,
    Approval,
    Stage,
    Standing,
)
from kurs.problems import Problem, SourceError, UsageError, closest
from kurs.workflows.git import git
from kurs.workflows.signing import is_signed, sign, signatures, statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kurs.ledger.entry import Entry
    from kurs.ledger.journal import Told
    from kurs.ledger.postgres import PostgresJournal
    from kurs.model.action import Action
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.workflows.opening import Opened

WRITER = "KURS_WRITER"


def journal_of(project: Project) -> Journal | PostgresJournal:
    """Return the project's journal, with this machine's person as its writer.

    Raises SourceError where its database has no address.
    """
    writer, name = _writer(project.folder), project.settings.ledger
    if name is None:
        return Journal(project.folder, writer)
    from kurs.ledger.postgres import PostgresJournal

    url = os.environ.get(name, "").strip()
    if not url:
        raise SourceError(Problem("database_url_missing", {"source": "ledger", "name": name}))
    return PostgresJournal(project.folder, writer, project.settings.name, f"${{{name}}}", url)


def standing(project: Project, day: date) -> Standing:
    """Return what is decided at the end of ``day``."""
    entries = journal_of(project).read().entries
    return Standing(project.in_force(day), day, entries, signatures(project, entries))


def decided(opened: Opened) -> Standing:
    """Return what is decided at the end of the opened day, read once: an answer speaks of one journal."""
    if not opened.decisions:
        opened.decisions.append(standing(opened.project, opened.as_of))
    return opened.decisions[0]


def approve(project: Project, day: date, kpi: str, by: str, key_file: str | None = None) -> Approval:
    """Sign the definition of a KPI that is in force, by an ssh key where one is given.

    Raises UsageError, SourceError where the key cannot sign.
    """
    project = project.in_force(day)
    chosen = known_kpi(project, kpi, by)
    if chosen.approver is None:
        raise UsageError(Problem("no_approver", {"kpi": kpi, "person": by}))
    if chosen.approver != by:
        raise UsageError(Problem("not_the_approver", {"kpi": kpi, "person": by, "approver": chosen.approver}))
    of = definition(project, chosen)
    content: dict[str, object] = {"definition_hash": digest(of), "definition": of}
    if key_file is not None:
        content["signature"] = _signature(project, kpi, digest(of), by, key_file)
    record(project, day, Kind.APPROVE, content, by, kpi)
    return standing(project, day).approval(chosen)


def _signature(project: Project, kpi: str, of: str, by: str, key_file: str) -> str:
    key = project.people[by].key_text
    if key is None:
        raise UsageError(Problem("no_key_of_person", {"person": by}))
    text = statement(kpi, of, by)
    signature = sign(text, key_file)
    if not is_signed(text, signature, by, key):
        raise UsageError(Problem("signature_of_other_key", {"person": by}))
    return signature


def note(project: Project, day: date, kpi: str, text: str, by: str | None) -> Entry:
    """Note something about a KPI. Raises UsageError."""
    known_kpi(project, kpi, by)
    if not text.strip():
        raise UsageError(Problem("empty_note", {"kpi": kpi}))
    return record(project, day, Kind.NOTE, {"text": text.strip()}, by, kpi)


def act(
    project: Project,
    day: date,
    kpi: str,
    action: str,
    step: str,
    *,
    by: str | None = None,
    to: str | None = None,
    effect: str | None = None,
    because: str | None = None,
) -> ActionState:
    """Open, assign or finish an action of a KPI. Raises UsageError.

    Opened, it belongs to ``to``, else to the plan's owner, and is due by the plan's ``due:``. ``because`` is
    the condition of the plan that opens it.
    """
    project = project.in_force(day)
    chosen = known_kpi(project, kpi, by, to)
    states = {state.action: state for state in standing(project, day).actions(chosen)}
    if action not in states:
        values = {"name": action, "kpi": kpi, "suggestion": closest(action, states)}
        raise UsageError(Problem("unknown_action_of_kpi", values))
    state = states[action]
    values: dict[str, object] = {"action": action, "kpi": kpi}
    if step == "open" and state.stage is Stage.OPEN:
        raise UsageError(Problem("action_already_open", values | {"day": state.opened}))
    if step == "done" and state.stage is not Stage.OPEN:
        raise UsageError(Problem("action_not_open", values))
    if step == "assign" and to is None:
        raise UsageError(Problem("assigned_to_nobody", values))
    if effect is not None and step != "done":
        raise UsageError(Problem("effect_before_done", values))
    content: dict[str, object] = {"action": action, "step": step}
    if to is not None:
        content["to"] = to
    if effect is not None:
        content["effect"] = effect
    if step == "open":
        due = _due(project.actions.get(action), day)
        content["due"] = due.isoformat() if due is not None else None
        if because is not None:
            content["because"] = because
    record(project, day, Kind.ACTION, content, by, kpi)
    return next(one for one in standing(project, day).actions(chosen) if one.action == action)


def actions(project: Project, day: date, *, only_open: bool = False) -> tuple[ActionState, ...]:
    """Return the actions of all KPIs as they stand at the end of ``day``."""
    decided = standing(project, day)
    found = (state for kpi in project.kpis.values() for state in decided.actions(kpi))
    return tuple(state for state in found if not only_open or state.stage is Stage.OPEN)


def told(project: Project) -> Told:
    """Read the whole journal."""
    return journal_of(project).read()


def versions(opened: Opened) -> dict[str, int]:
    """Return the version of each lake table in which its rows were last changed."""
    return {name: snapshot.data_version for name, snapshot in opened.rollups.snapshots.items()}


def record(
    project: Project,
    day: date,
    kind: Kind,
    content: Mapping[str, object],
    by: str | None = None,
    kpi: str | None = None,
) -> Entry:
    """Write one line of the journal, now. Raises SourceError ``not_writable``."""
    identity = _identity(project.folder)
    decision = Decision(kind, day, datetime.now(UTC), identity, content, by, kpi)
    try:
        return journal_of(project).append(decision)
    except OSError as error:
        values = {"file": "ledger", "reason": error.strerror or str(error)}
        raise SourceError(Problem("not_writable", values)) from error


def known_kpi(project: Project, kpi: str, *people: str | None) -> Kpi:
    """Return a KPI by name. Raises UsageError for it and for people whom the plan does not have."""
    problems: list[Problem] = []
    if kpi not in project.kpis:
        problems.append(Problem("unknown_kpi", {"name": kpi, "suggestion": closest(kpi, project.kpis)}))
    problems += _strangers(project, people)
    if problems:
        raise UsageError(*problems)
    return project.kpis[kpi]


def known_people(project: Project, *people: str | None) -> None:
    """Raise UsageError for people whom the plan does not have."""
    if problems := _strangers(project, people):
        raise UsageError(*problems)


def _strangers(project: Project, people: Iterable[str | None]) -> list[Problem]:
    return [
        Problem("unknown_person", {"name": person, "suggestion": closest(person, project.people)})
        for person in dict.fromkeys(people)
        if person is not None and person not in project.people
    ]


def _due(action: Action | None, day: date) -> date | None:
    """Return the day by which an action that is opened on ``day`` is due: a length, or a day, of the plan."""
    from kurs.project.amounts import day_of, days_of

    if action is None or action.due is None:
        return None
    length = days_of(action.due)
    return day + timedelta(days=length) if length is not None else day_of(action.due)


def _writer(folder: Path) -> str:
    """Name this writer: KURS_WRITER, else the account, the machine, and a mark of this very checkout.

    Two checkouts on one machine must not share a file: their branches could not be merged.
    """
    named = os.environ.get(WRITER)
    if named:
        return _slug(named)
    mark = hashlib.sha256(str(folder.resolve()).encode("utf-8", "replace")).hexdigest()[:4]
    return f"{_slug(_account())}-{_slug(socket.gethostname())}-{mark}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40] or "writer"


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"  # a container may run as a number that has no name


def _identity(folder: Path) -> str:
    """Say who is at work: as git knows them, else the account and the machine."""
    name, email = _config(folder, "user.name"), _config(folder, "user.email")
    if email:
        return f"{name} <{email}>".strip()
    return f"{_account()}@{socket.gethostname()}"


def _config(folder: Path, key: str) -> str:
    return (git(folder, "config", key) or b"").decode("utf-8", "replace").strip()
