"""What the plans of earlier commits said of every KPI, kept so that each of them is read once.

A plan is named by the contents of its files, those of targets that it names among them. What is kept can be
made again, so it lies in ``.kurs``.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kurs.ledger.definition import with_revisions
from kurs.problems import errors
from kurs.release import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kurs.ledger.definition import Plain

    Contents = Callable[[Iterable[str]], Mapping[str, bytes]]

Said = dict[str, "Mapping[str, Plain]"]
_DIGITS = 16
_FORM = f"{__version__} 2"  # of what is kept; another one is read again


@dataclass(slots=True)
class PastPlans:
    """Definitions of KPIs by the plan that held them; equal ones are kept once. ``None``: a broken plan.

    Beside them the names of the files that a plan's YAML speaks of.
    """

    path: Path
    _plans: dict[str, dict[str, str] | None] = field(default_factory=dict[str, "dict[str, str] | None"])
    _definitions: Said = field(default_factory=dict[str, "Mapping[str, Plain]"])
    _beside: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _is_new: bool = False

    @classmethod
    def of(cls, folder: Path) -> PastPlans:
        """Return what is kept for the project in ``folder``; a file that cannot be used is none."""
        path = folder / ".kurs" / "past_plans.json"
        try:
            kept = json.loads(path.read_text("utf-8"))
            if kept["version"] != _FORM:
                return cls(path)
            return cls(path, dict(kept["plans"]), dict(kept["definitions"]), dict(kept["beside"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path)

    @property
    def named(self) -> frozenset[str]:
        """The files that the plans read so far speak of."""
        return frozenset(name for names in self._beside.values() for name in names)

    def whole(self, tree: Mapping[str, str], contents: Contents) -> dict[str, str]:
        """Return the files of a commit's plan, of all that lies in its ``tree``: ids of contents by path."""
        files = {path: blob for path, blob in tree.items() if _is_plan(path)}
        name = _digest(sorted(files.items()))
        if name not in self._beside:
            said, beside = _read(files, contents(files.values()))
            self._beside[name] = sorted(beside)
            self._is_new = True
            if not beside:
                self._plans[name] = self._kept(said)
        return files | {path: tree[path] for path in self._beside[name] if path in tree}

    def said(self, files: Mapping[str, str], contents: Contents) -> Said | None:
        """Return the definitions of all KPIs of a plan; None where it is broken.

        ``files`` are the ids of its contents by their paths; ``contents`` gets these where they are needed.
        """
        name = _digest(sorted(files.items()))
        if name not in self._plans:
            self._plans[name] = self._kept(_read(files, contents(files.values()))[0])
            self._is_new = True
        plan = self._plans[name]
        return None if plan is None else {kpi: self._definitions[one] for kpi, one in plan.items()}

    def keep(self) -> None:
        """Write down what was read anew; where that cannot be written, it is read again."""
        if not self._is_new:
            return
        kept = {
            "version": _FORM,
            "plans": self._plans,
            "definitions": self._definitions,
            "beside": self._beside,
        }
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            place = self.path.parent
            with tempfile.NamedTemporaryFile("w", dir=place, encoding="utf-8", delete=False) as file:
                json.dump(kept, file, separators=(",", ":"))
            Path(file.name).replace(self.path)

    def _kept(self, said: Said | None) -> dict[str, str] | None:
        if said is None:
            return None
        named = {kpi: _digest(sorted(one.items())) for kpi, one in said.items()}
        self._definitions |= {named[kpi]: one for kpi, one in said.items()}
        return named


def _read(files: Mapping[str, str], contents: Mapping[str, bytes]) -> tuple[Said | None, set[str]]:
    """Read a plan of the past in a folder of its own, as any plan is read: nothing of it is run.

    Return what it says, None where it is broken, and the files that it speaks of, named as git names them.
    """
    from kurs.project import read

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for path, blob in files.items():
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(contents.get(blob, b""))
        if not (place / "kurs.yaml").is_file():
            return {}, set()
        draft = read(place)
        beside = {PurePosixPath(one).as_posix() for one in draft.beside}
        if draft.project is None or errors(draft.problems):
            return None, beside
        return {key: with_revisions(draft.project, kpi) for key, kpi in draft.project.kpis.items()}, beside


def _is_plan(path: str) -> bool:
    return path.endswith(".yaml") and not any(part.startswith(".") for part in PurePosixPath(path).parts)


def _digest(value: object) -> str:
    return sha256(json.dumps(value).encode()).hexdigest()[:_DIGITS]
