"""YAML files -> the linked plan, with every problem at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.project.draft import Draft
from kurs.project.files import find_project, plan_files
from kurs.project.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Draft", "Marks", "find_project", "plan_files", "read"]


def read(folder: Path, texts: Mapping[str, str] | None = None) -> Draft:
    """Read the plan in ``folder``; all problems are collected, in the order of the files.

    ``texts`` are read instead of what stands in the files of these names.
    """
    from kurs.project.reader import read_plan  # YAML and all that understands it: a tenth of a second

    return read_plan(folder, texts)
