"""Whatever stands in the files: an answer with problems, never a traceback."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kurs.problems import errors
from kurs.project import read
from kurs.report.problems import render_json, render_text
from kurs.words import language

GOOD = (Path(__file__).parent / "plan.yaml").read_text("utf-8")
PIECES = st.sampled_from(
    [
        *"{}[]:,#'\"|>&*!%@`-?~\n\t \\\x00\u2028\ufeff\ud800é𝄞",
        *(": ", " #", "\n  ", "- ", "''", "---\n", "<<: *x", "&x ", "null", "{}", "[]"),
        *("1_000", "20%", "-5 %", "9" * 5000, "+1e99", "2026-02-30"),
    ]
)


def is_answered(content: bytes) -> bool:
    """Read a plan of these bytes; say whether it ended with a project or an error. Problems have places."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "kurs.yaml").write_bytes(content)
        draft = read(Path(folder))
    lines = content.decode("utf-8-sig", "replace").split("\n")
    for problem in draft.problems:
        assert render_text(problem, language("en"))
        shown = render_json(problem, language("en"))
        str(shown).encode("utf-8")
        place = problem.place
        assert place is not None
        assert 1 <= place.line <= len(lines) + 1
        assert place.column >= 1
        assert place.length >= 1
    return draft.project is not None or bool(errors(draft.problems))


@given(st.binary(max_size=300))
@settings(max_examples=150)
@example(b"\xef\xbb\xbfproject: {name: x}\r\n")
@example("project: {name: x}".encode("utf-16"))
@example(b'a: "\\U99999999"')
@example(b"%YAML 1." + b"9" * 5000 + b"\n---\na")
@example(b"a: &a [*a]")
@example(b"[" * 100_000)
@example(b"- " * 100_000)
@example(b"{a: " * 100_000)
@example(b"? " * 100_000)
@example(b"'" * 10_000)
def test_random_bytes(content: bytes) -> None:
    assert is_answered(content)


@given(st.lists(st.tuples(st.integers(0, len(GOOD)), PIECES, st.integers(0, 40)), min_size=1, max_size=4))
@settings(max_examples=150)
def test_a_good_plan_with_pieces_put_in_and_cut_out(changes: list[tuple[int, str, int]]) -> None:
    text = GOOD
    for place, piece, cut in changes:
        text = text[:place] + piece + text[place + cut :]
    assert is_answered(text.encode("utf-8", "surrogatepass"))


@given(st.integers(0, len(GOOD)))
@settings(max_examples=50)
def test_a_plan_that_breaks_off(length: int) -> None:
    assert is_answered(GOOD[:length].encode())
