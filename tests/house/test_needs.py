"""The marker ``needs`` and KURS_REQUIRE: a skip that CI must not have is a failure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., pytest.RunResult]

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a test's text under our conftest, in a folder that has no ``shared`` beside it."""

    def result(test: str, require: str = "", *, shared: bool = False) -> pytest.RunResult:
        checkout = pytester.mkdir("checkout")
        tests = checkout / "tests"
        tests.mkdir()
        (tests / "conftest.py").write_text(CONFTEST.read_text("utf-8"), "utf-8")
        (tests / "test_it.py").write_text(f"import pytest\n{test}\n", "utf-8")
        if shared:
            pytester.mkdir("shared")
        monkeypatch.setenv("KURS_REQUIRE", require)
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
        return pytester.runpytest_inprocess(
            f"--rootdir={checkout}", str(tests), "-p", "no:xdist", "-p", "no:syrupy", "-rs"
        )

    return result


ABSENT = '@pytest.mark.needs("shared")\ndef test_it(): pass'
SKIPS_ITSELF = '@pytest.mark.needs("records")\ndef test_it(): pytest.skip("no network")'


def test_what_is_absent_is_skipped_with_its_reason(run: Run) -> None:
    result = run(ABSENT)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*needs shared*not there*"])


def test_what_is_there_is_tested(run: Run) -> None:
    run(ABSENT, "shared", shared=True).assert_outcomes(passed=1)


@pytest.mark.parametrize("require", ["shared", "records,shared", " shared , "])
def test_what_is_required_and_absent_fails(run: Run, require: str) -> None:
    result = run(ABSENT, require)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*KURS_REQUIRE has shared*not there*"])


def test_another_requirement_does_not_make_it_fail(run: Run) -> None:
    run(ABSENT, "records").assert_outcomes(skipped=1)


def test_a_test_that_skips_itself_is_held_too(run: Run) -> None:
    run(SKIPS_ITSELF).assert_outcomes(skipped=1)


def test_a_test_that_skips_itself_fails_when_required(run: Run) -> None:
    result = run(SKIPS_ITSELF, "records")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*KURS_REQUIRE has records*no network*"])


def test_a_skip_inside_a_fixture_is_held_too(run: Run) -> None:
    fixture = '@pytest.fixture\ndef orders(): pytest.skip("no network")\n'
    result = run(fixture + '@pytest.mark.needs("records")\ndef test_it(orders): pass', "records")
    result.assert_outcomes(errors=1)


def test_a_skip_that_names_its_need_is_held_without_a_marker(run: Run) -> None:
    fixture = '@pytest.fixture\ndef orders(): pytest.skip("needs records: no network")\n'
    test = fixture + "def test_it(orders): pass"
    run(test, "records").assert_outcomes(errors=1)


def test_a_skip_that_names_another_need_stays_a_skip(run: Run) -> None:
    run('def test_it(): pytest.skip("needs records: no network")', "shared").assert_outcomes(skipped=1)


def test_an_expected_failure_is_no_skip(run: Run) -> None:
    test = '@pytest.mark.needs("records")\n@pytest.mark.xfail\ndef test_it(): assert False'
    run(test, "records").assert_outcomes(xfailed=1)


def test_a_skip_of_an_unmarked_test_stays_a_skip(run: Run) -> None:
    run('def test_it(): pytest.skip("other")', "records,shared").assert_outcomes(skipped=1)


def test_a_misspelt_requirement_stops_the_run(run: Run) -> None:
    result = run("def test_it(): pass", "recods")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_misspelt_marker_stops_the_run(run: Run) -> None:
    result = run('@pytest.mark.needs("recods")\ndef test_it(): pass')
    assert result.ret == pytest.ExitCode.USAGE_ERROR
