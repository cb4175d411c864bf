"""What the journal says at the end of a day: who signed what, what was noted, how the actions stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from kurs.ledger.definition import changes, definition, digest, of_the_number
from kurs.ledger.entry import Kind
from kurs.ledger.reported import Reported, reported
from kurs.model.days import Days
from kurs.model.kpi import FrozenBaseline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kurs.ledger.definition import Change, Plain
    from kurs.ledger.entry import Entry
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project


class Signed(StrEnum):
    """How an approval stands."""

    APPROVED = "approved"
    LAPSED = "lapsed"
    MISSING = "missing"


class Signature(StrEnum):
    """How an approval is signed: by an ssh key that was verified, or by a name in a file alone."""

    SIGNED = "signed"
    RECORDED = "recorded"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Approval:
    """The last approval of a KPI, if there is one, held against the definition in force.

    ``changes`` are what was changed since it was signed. An approval by somebody who was not the approver
    counts for nothing.
    """

    kpi: Kpi
    state: Signed
    entry: Entry | None = None
    changes: tuple[Change, ...] = ()
    signature: Signature | None = None


class Stage(StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ActionState:
    """One action of one KPI; ``owner`` is a name of the plan's people.

    ``because`` is the ``when:`` that opened it, where no person did.
    """

    kpi: str
    action: str
    stage: Stage = Stage.PLANNED
    owner: str | None = None
    opened: date | None = None
    due: date | None = None
    done: date | None = None
    effect: str | None = None
    because: str | None = None

    def is_overdue(self, day: date) -> bool:
        """Say whether it is open beyond its due day."""
        return self.stage is Stage.OPEN and self.due is not None and self.due < day


@dataclass(frozen=True, slots=True)
class Watched:
    """What a look at the plan brought: actions that it ``opened``, and open ones beyond their due day."""

    as_of: date
    opened: tuple[ActionState, ...]
    overdue: tuple[ActionState, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The decisions that hold at the end of ``day``, of a plan as it is now.

    ``signatures`` are the verified ones, by the hash of their entry; an invalid one counts for nothing.
    """

    project: Project
    day: date
    entries: tuple[Entry, ...]
    signatures: Mapping[str, Signature] = field(default_factory=dict[str, "Signature"])

    def approval(self, kpi: Kpi) -> Approval:
        """Return how the KPI's approval stands, of the plan in force on the day."""
        kpi = kpi.in_force(self.day)
        given = (entry for entry in self._about(kpi.key, Kind.APPROVE) if is_by_approver(entry))
        signed = [entry for entry in given if self.signatures.get(entry.hash) is not Signature.INVALID]
        if not signed:
            return Approval(kpi, Signed.MISSING)
        last = signed[-1]
        then, now = signed_definition(last), definition(self.project, kpi)
        signature = self.signatures.get(last.hash, Signature.RECORDED)
        if digest(then) == digest(now):
            return Approval(kpi, Signed.APPROVED, last, (), signature)
        return Approval(kpi, Signed.LAPSED, last, changes(then, now), signature)

    def actions(self, kpi: Kpi) -> tuple[ActionState, ...]:
        """Return the KPI's actions: those of the plan, and those that were opened and left it since."""
        kpi = kpi.in_force(self.day)
        decided = self._about(kpi.key, Kind.ACTION)
        named = (str(entry.decision.content.get("action")) for entry in decided)
        return tuple(self._action(kpi.key, name, decided) for name in dict.fromkeys((*kpi.actions, *named)))

    def notes(self, kpi: Kpi) -> tuple[Entry, ...]:
        """Return the notes on the KPI, oldest first."""
        return self._about(kpi.key, Kind.NOTE)

    def frozen(self, kpi: Kpi, day: date | None = None) -> tuple[FrozenBaseline, ...]:
        """Return the KPI's frozen baselines, the last one of each stretch of days.

        Those of an earlier ``day`` are the ones that were there at its end.
        """
        until = day or self.day
        entries = [entry for entry in self._about(kpi.key, Kind.FREEZE) if entry.decision.day <= until]
        now = number_digest(self.project, kpi) if entries else ""
        found = (frozen_of(entry, now) for entry in entries)
        return tuple({one.days: one for one in found if one is not None}.values())

    def reported(self) -> Reported | None:
        """Return what was last reported by the end of the day."""
        kept = (entry for entry in self.entries if entry.decision.day <= self.day)
        found = [one for one in map(reported, kept) if one is not None]
        return max(found, key=lambda one: one.day) if found else None

    def about(self, kpi: str) -> tuple[Entry, ...]:
        """Return what was decided about the KPI, oldest first."""
        return tuple(
            entry for entry in self.entries if entry.decision.kpi == kpi and entry.decision.day <= self.day
        )

    def _about(self, kpi: str, kind: Kind) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.about(kpi) if entry.decision.kind is kind)

    def _action(self, kpi: str, name: str, decided: Iterable[Entry]) -> ActionState:
        planned = self.project.actions.get(name)
        state = ActionState(kpi, name, owner=planned.owner if planned is not None else None)
        for entry in decided:
            if entry.decision.content.get("action") == name:
                state = _moved(state, entry)
        return state


def is_by_approver(entry: Entry) -> bool:
    """Say whether the signer of an approval is the approver that its own definition names."""
    decision = entry.decision
    approver = signed_definition(entry).get(f"kpis.{decision.kpi}.approver")
    return approver is not None and decision.person == approver


def signed_definition(entry: Entry) -> Mapping[str, Plain]:
    """Return the definition that an approval was given to."""
    said = entry.decision.content.get("definition")
    return cast("dict[str, Plain]", said) if isinstance(said, dict) else {}


def number_digest(project: Project, kpi: Kpi) -> str:
    """Return the hash of how the KPI's number is defined, whatever its target and its days."""
    return digest(of_the_number(definition(project, kpi), kpi.key))


def frozen_of(entry: Entry, definition_now: str = "") -> FrozenBaseline | None:
    """Read a frozen baseline; None where the entry holds none."""
    content = entry.decision.content
    value, days = _number(content.get("value")), content.get("days")
    if value is None or not isinstance(days, dict):
        return None
    ends = cast("dict[str, object]", days)
    return FrozenBaseline(
        days=Days(date.fromisoformat(str(ends.get("from"))), date.fromisoformat(str(ends.get("to")))),
        value=value,
        on=entry.decision.day,
        numerator=_number(content.get("numerator")),
        denominator=_number(content.get("denominator")),
        same_definition=content.get("definition_hash") == definition_now,
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _moved(state: ActionState, entry: Entry) -> ActionState:
    """Return an action's state after one more decision."""
    content, day = entry.decision.content, entry.decision.day
    owner = content.get("to")
    state = replace(state, owner=str(owner)) if owner is not None else state
    match content.get("step"):
        case "open":
            due, because = content.get("due"), content.get("because")
            return replace(
                state,
                stage=Stage.OPEN,
                opened=day,
                due=date.fromisoformat(str(due)) if due is not None else None,
                done=None,
                effect=None,
                because=str(because) if because is not None else None,
            )
        case "done":
            effect = content.get("effect")
            return replace(
                state, stage=Stage.DONE, done=day, effect=str(effect) if effect is not None else None
            )
        case _:
            return state
