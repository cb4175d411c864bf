"""What the YAML parser says, as a problem that a person can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, cast

from kurs.problems import Problem

if TYPE_CHECKING:
    import yaml

    from kurs.project.nodes import PlanFile

_KEY = re.compile(r"[ \t]*(?:- +)*[^\s:#][^:#]*:(?=\s|$)")


class _Tokens(Protocol):
    """What is used of the parser; its own stubs do not type it."""

    def get_token(self) -> yaml.Token | None: ...


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
        if "flow node" in context:  # the parser names what it met instead of a value
            began = _innermost_open(text, stopped)
        return "yaml_unclosed_bracket", began, {"character": text[began : began + 1]}
    if "block scalar" in context:
        return "yaml_block_text", began, {}
    if "simple key" in context:
        return "yaml_no_colon", began, {}
    if "expected <block end>" in said:
        return ("yaml_after_quote" if "<scalar>" in said else "yaml_indent"), stopped, {}
    return "yaml_syntax", stopped, {}


def _innermost_open(text: str, stopped: int) -> int:
    """Return where the last bracket opens that is still open where reading stopped."""
    import yaml

    opened = [stopped]
    loader = cast("_Tokens", yaml.SafeLoader(text))
    for token in iter(loader.get_token, None):
        if token.start_mark.index >= stopped:
            break
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            opened.append(token.start_mark.index)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            opened.pop()
    return opened[-1]


def flow_stretches(text: str) -> list[tuple[int, int]]:
    """Return where braces and brackets open and close, of a text that is YAML."""
    import yaml

    found: list[tuple[int, int]] = []
    opened: list[int] = []
    loader = cast("_Tokens", yaml.SafeLoader(text))
    for token in iter(loader.get_token, None):
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            opened.append(token.start_mark.index)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            found.append((opened.pop(), token.end_mark.index))
    return found


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
