"""The Python face: a project that is asked in code, whose answers turn into tables of other libraries.

    shop = kurs.open("examples/shop")
    shop.query("revenue", by="channel", grain="month").to_pandas()

An answer becomes an Arrow table; pandas and polars are imported only by the method that names them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from types import TracebackType

    from kurs.report.pages.tables import Table
    from kurs.words import Language
    from kurs.workflows.opening import Opened


@dataclass(frozen=True, slots=True)
class Records:
    """An answer: ``plain`` is what the command prints as JSON, ``rows`` are its records.

    ``table`` is what a notebook shows, ``title`` stands above it.
    """

    plain: Any
    rows: tuple[dict[str, Any], ...]
    title: str
    table: Table
    language: Language

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of records of any shape
        return iter(self.rows)

    def to_arrow(self) -> Any:  # noqa: ANN401 - a pyarrow.Table, which nobody needs who does not ask
        """Return a ``pyarrow.Table``; what is a list or a record in itself is a text of JSON."""
        import pyarrow as pa

        names = list(dict.fromkeys(name for row in self.rows for name in row))
        return pa.Table.from_pydict({name: [_flat(row.get(name)) for row in self.rows] for name in names})

    def to_pandas(self) -> Any:  # noqa: ANN401 - a pandas.DataFrame
        """Return a ``pandas.DataFrame``; pandas must be installed."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:  # noqa: ANN401 - a polars.DataFrame
        """Return a ``polars.DataFrame``; polars must be installed."""
        import importlib

        return importlib.import_module("polars").from_arrow(self.to_arrow())

    def _repr_html_(self) -> str:
        """Show the answer in a notebook, styled as a page of the dashboard."""
        from kurs.report.pages.environment import environment, stylesheet

        page = environment(self.language).get_template("notebook.html")
        return page.render(title=self.title, table=self.table, style=stylesheet())


class Asked:
    """An open project. Use it as a context, or ``close`` it: it holds an engine."""

    def __init__(self, opened: Opened, language: Language) -> None:
        self._opened = opened
        self._language = language

    def __enter__(self) -> Asked:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the engine."""
        self._opened.engine.__exit__()

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of the plan's metrics."""
        return tuple(self._opened.project.metrics)

    @property
    def kpis(self) -> tuple[str, ...]:
        """The names of the plan's KPIs."""
        return tuple(self._opened.project.kpis)

    def query(
        self,
        *metrics: str,
        by: str | Sequence[str] = (),
        grain: str | None = None,
        first: date | str | None = None,
        last: date | str | None = None,
        where: str | Sequence[str] = (),
        segment: str | Sequence[str] = (),
        order: str | Sequence[str] = (),
        limit: int | None = None,
        compare: str | None = None,
    ) -> Records:
        """Compute metrics as ``kurs query`` does; ``first`` and ``last`` are its --from and --to.

        Raises KursError with all that is wrong with the question.
        """
        from kurs.report import as_json
        from kurs.report.pages.answered import answered
        from kurs.workflows import asking, measure

        words = asking.QuestionWords(
            metrics=list(metrics),
            by=_listed(by),
            grain=grain,
            first=_said(first),
            last=_said(last),
            where=_listed(where),
            segment=_listed(segment),
            order=_listed(order),
            limit=_said(limit),
            compare=compare,
        )
        question = asking.question(words).within(self._opened)
        said = measure.query(self._opened, question)
        table = answered(said, question, self._opened.project, self._language)
        names = [column.name for column in said.columns]
        rows = tuple(dict(zip(names, row, strict=True)) for row in said.rows)
        return Records(as_json.answer(said, self._language), rows, table.caption, table, self._language)

    def status(self, *kpis: str, segment: str | None = None) -> Records:
        """Say where KPIs stand, all if none is named, by the keys of ``kurs status --format json``."""
        from kurs.report import as_json
        from kurs.report.pages.defined import status_table
        from kurs.report.pages.headline import headline
        from kurs.workflows import decide, measure
        from kurs.workflows.reasons import reasons

        opened, language = self._opened, self._language
        readings = measure.status(opened, kpis, segment)
        decided = decide.decided(opened)
        why = reasons(opened, readings)
        plain = [as_json.reading(one, language, decided, why.get(one.kpi.key)) for one in readings]
        table = status_table(readings, decided, language)
        return Records(plain, tuple(plain), headline(readings, opened.project, language), table, language)

    def explain(
        self,
        name: str,
        *,
        period: str | None = None,
        against: str | None = None,
        by: str | Sequence[str] = (),
        where: str | Sequence[str] = (),
        drivers: bool = False,
        search: bool = False,
        users: str | None = None,
    ) -> Records:
        """Say why a metric or a KPI moved, as ``kurs explain`` does; the records are the parts."""
        from kurs.report import explain_json
        from kurs.report.pages.explained import explained
        from kurs.report.pages.tables import Table
        from kurs.workflows import asking
        from kurs.workflows.explain import explain

        words = asking.RequestWords(
            name, period, against, _listed(by), drivers, search, _listed(where), users=users
        )
        found = explain(self._opened, asking.request(words))
        project = self._opened.project
        plain: dict[str, Any] = explain_json.finding(found, project, self._language)
        page = explained(found, project, self._language)
        table = page.waterfall or Table(page.days, (), ())
        return Records(plain, tuple(plain["parts"]), plain["sentence"], table, self._language)

    def check(self) -> Records:
        """Check the plan and audit its KPIs, as ``kurs check`` does; the records are the KPIs.

        The files are read as they are now, also where they have changed since the project was opened.
        """
        from kurs.audit.audit import Audit
        from kurs.report import as_json
        from kurs.report.audit_json import audited
        from kurs.report.pages.recorded import audit
        from kurs.report.problems import render_json
        from kurs.workflows.check import check

        opened, language = self._opened, self._language
        found = check(opened.project.folder, opened.as_of)
        problems = [render_json(problem, language) for problem in found.problems]
        plan, judged = found.project, found.audit
        plain: dict[str, Any] = as_json.checked(problems, plan, audited(judged, plan, found.marks, language))
        table = audit(judged or Audit(), plan or opened.project, language)
        return Records(plain, tuple(plain["audit"]), table.caption, table, language)


def open_for_asking(
    folder: str | Path = ".", *, as_of: date | None = None, language: str | None = None
) -> Asked:
    """Open the project in ``folder``, or the nearest one above it, to ask it in code. Raises KursError."""
    from kurs.project import find_project
    from kurs.words import language as language_of
    from kurs.workflows.opening import open_project

    opened = open_project(find_project(Path(folder)), as_of)
    return Asked(opened, language_of(language or (opened.project.settings.languages or ("en",))[0]))


def _listed(words: str | Sequence[str]) -> list[str] | None:
    listed = [words] if isinstance(words, str) else list(words)
    return listed or None


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
