"""A case: the files of a broken plan, and the problems as a person reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kurs.metrics.check import check_plan
from kurs.problems import Problem, ProjectError
from kurs.project import find_project, read
from kurs.report.problems import render_text
from kurs.words import language
from kurs.workflows.check import check

FOLDER = Path(__file__).parent
PROBLEMS = "problems"
NO_DATA = "not_loaded"  # the cases have none
_HEAD = re.compile(r"^=== (?P<name>.+?)(?: \((?P<how>[^)]+)\))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a case; ``how`` is how it comes to the disk."""

    name: str
    how: dict[str, str]
    text: str

    def write(self, folder: Path) -> None:
        for number in range(int(self.how.get("copies", "1"))):
            path = folder / (f"{number}_{self.name}" if "copies" in self.how else self.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if "link" in self.how:
                path.symlink_to(folder / self.how["link"])
            else:
                text = self.text * int(self.how.get("times", "1"))
                path.write_bytes(text.encode(self.how.get("encoding", "utf-8")))


@dataclass(frozen=True, slots=True)
class Case:
    """A case file, taken apart."""

    path: Path
    note: str
    files: tuple[Written, ...]
    expected: str

    @property
    def code(self) -> str:
        """The code that the case is about: ``bad_date-american.txt`` is one more for ``bad_date``."""
        return self.path.stem.partition("-")[0]


def load(path: Path) -> Case:
    """Take a case file apart."""
    text = path.read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    files: list[Written] = []
    expected = ""
    for head, end in zip(heads, ends, strict=True):
        body = text[head.end() + 1 : end]
        if head["name"] == PROBLEMS:
            expected = body.strip("\n")
            continue
        how = dict(part.split(" ", 1) for part in (head["how"] or "").split(", ") if part)
        files.append(Written(head["name"], how, body.rstrip("\n") + "\n"))
    return Case(path, text[: heads[0].start()], tuple(files), expected)


def found(case: Case) -> tuple[Problem, ...]:
    """Write the files into a folder of their own and return the problems; with data, those of ``check``."""
    with TemporaryDirectory() as place:
        folder = Path(place, "project")
        folder.mkdir()
        for file in case.files:
            file.write(folder)
        try:
            if any(file.name.endswith(".csv") for file in case.files):
                said = check(find_project(folder)).problems
                return tuple(problem for problem in said if problem.code != NO_DATA)
            draft = read(find_project(folder))
        except ProjectError as error:
            return error.problems
        said = check_plan(draft.project, {}) if draft.project else []
        return draft.with_found(problem for problem in said if problem.code != NO_DATA)


def rendered(problems: tuple[Problem, ...]) -> str:
    """The problems as text; what differs from machine to machine is left out."""
    text = "\n\n".join(render_text(problem, language("en")) for problem in problems)
    return re.sub(r"\S*/project\b", "/project", text)


def rewrite(case: Case, text: str) -> None:
    """Put what is said today into the case file, for a person to read."""
    before = case.path.read_text("utf-8").partition(f"=== {PROBLEMS}\n")[0].rstrip("\n")
    case.path.write_text(f"{before}\n=== {PROBLEMS}\n{text}\n", "utf-8")
