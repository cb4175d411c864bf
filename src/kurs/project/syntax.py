"""What the YAML parser says, as a problem that a person can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kurs.problems import Problem

if TYPE_CHECKING:
    import yaml

    from kurs.project.nodes import PlanFile

_KEY = re.compile(r"[ \t]*(?:- +)*[^\s:#][^:#]*:(?=\s|$)")


def explained_character(file: PlanFile, at: int) -> Problem:
    """Name a character that no YAML file may contain."""
    code = f"U+{ord(file.text[at]):04X}"
    return Problem("control_character", {"character": code}, place=file.place(at))


def explained(file: PlanFile, error: yaml.MarkedYAMLError) -> tuple[Problem, int]:
    """Return the problem for an error of the parser, and the place where reading stopped."""
    stopped = error.problem_mark.index if error.problem_mark else 0
    began = error.context_mark.index if error.context_mark else stopped
    said, context = error.problem or "", error.context or ""
    code, at, values = _cause(file, said, context, began, stopped)
    return Problem(code, values, place=file.place(min(at, len(file.text)))), stopped


def _cause(
    file: PlanFile, said: str, context: str, began: int, stopped: int
) -> tuple[str, int, dict[str, object]]:
    text = file.text
    here = text[stopped : stopped + 1]
    if "cannot start any token" in said:
        return ("yaml_tab", stopped, {}) if here == "\t" else ("yaml_start", stopped, {"character": here})
    if "mapping values are not allowed" in said:
        return _unexpected_colon(text, stopped)
    if "quoted scalar" in context or "double-quoted" in context:
        if "escape" in said or "expected escape" in said:
            return "yaml_escape", stopped, {}
        return "yaml_unclosed_quote", began, {"character": text[began : began + 1]}
    if "flow" in context:
        return "yaml_unclosed_bracket", began, {"character": text[began : began + 1]}
    if "block scalar" in context:
        return "yaml_block_text", began, {}
    if "simple key" in context:
        return "yaml_no_colon", began, {}
    if "expected <block end>" in said:
        return ("yaml_after_quote" if "<scalar>" in said else "yaml_indent"), stopped, {}
    return "yaml_syntax", stopped, {}


def _unexpected_colon(text: str, stopped: int) -> tuple[str, int, dict[str, object]]:
    """Tell a second colon on a line from a line that goes on with the text of the one before."""
    start = text.rfind("\n", 0, stopped) + 1
    if _KEY.match(text, start, stopped):
        return "yaml_second_colon", stopped, {}
    before = text[:start].rstrip()
    line_before = before[before.rfind("\n") + 1 :]
    if line_before.strip() and not _KEY.match(line_before + "\n"):
        return "yaml_no_colon", len(before) - len(line_before.lstrip()), {}
    return "yaml_indent", stopped - len(text[start:stopped].lstrip()), {}
