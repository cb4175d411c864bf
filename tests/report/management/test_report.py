"""The management report: the numbers of status, nothing from outside, and no text of the plan as markup."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from kurs.explain.effect import Effect, Verdict
from kurs.explain.finding import Significance
from kurs.ledger.standing import Stage
from kurs.problems import Problem, Severity, UsageError
from kurs.report.charts.theme import LIGHT
from kurs.report.effects import interval_said
from kurs.report.management.content import Content, content
from kurs.report.management.page import report_page
from kurs.report.management.paper import FONT, report_paper, sheet
from kurs.report.management.review import Review
from kurs.words import language
from kurs.workflows.audit import audit
from kurs.workflows.decide import act
from kurs.workflows.measure import status
from kurs.workflows.opening import Opened, open_project
from kurs.workflows.report import review

EN, FA = language("en"), language("fa")
EVIL = '<script>alert(1)</script> #panic("x") *b* $y$ \\u{41} @ref'
PLAN = """
project: {name: "Shop <b>#1</b>", currency: SEK, engine: "duckdb:///shop.duckdb", as_of: 2026-03-20}
tables:
  visits: {time: day, dimensions: [channel]}
calendar:
  events:
    sale: [{from: 2026-01-10, to: 2026-01-19}, {from: 2026-03-05, to: 2026-03-24}]
metrics:
  orders: {expr: sum(visits.orders), good: up}
  visits: {expr: sum(visits.visits), good: up}
  revenue: {expr: sum(visits.revenue), unit: currency, good: up}
  rate: {expr: orders / visits, unit: percent, good: up}
people: {web: {name: Head of web}}
strategy: {grow: {says: Grow}}
goals:
  come: {says: More come, strategy: grow, stage: reach}
  buy: {says: More buy, strategy: grow, stage: activate}
actions:
  push: {says: 'EVIL', owner: web, due: 5 days}
kpis:
  visits: {metric: visits, goal: come, every: month, baseline: previous, target: {change: +10%}, owner: web}
  orders:
    metric: orders
    label: 'EVIL'
    goal: buy
    every: month
    baseline: previous
    target: {change: +60%}
    actions: [push]
  rate: {metric: rate, goal: buy, every: quarter, baseline: {value: 0.04}, target: {keep_above: 4%}}
  band: {metric: rate, every: month, target: {between: [4%, 6%]}}
  sale: {metric: revenue, period: {event: sale}, baseline: {same_event: previous}, target: {change: +5%}}
  free: {metric: revenue, every: year}
  later: {metric: orders, period: {from: 2026-06-01, to: 2026-06-30}, target: {reach: 10}}
""".replace("EVIL", EVIL)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("shop")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute("""
            CREATE TABLE visits AS
            SELECT (DATE '2025-12-01' + INTERVAL (i) DAY)::DATE AS day, channel,
                100 + CASE WHEN channel = 'ads' THEN 3 * i ELSE i % 7 END AS visits,
                CASE WHEN channel = 'ads' THEN 2 ELSE 9 END + i % 3 AS orders,
                (i * 3.37)::DECIMAL(18, 2) AS revenue
            FROM range(110) t(i), (VALUES ('ads'), ('mail')) c(channel)""")
    (folder / "kurs.yaml").write_text(PLAN)
    with open_project(folder) as at:
        act(at.project, date(2026, 3, 2), "orders", "push", "open")
        yield at


@pytest.fixture(scope="module")
def now(opened: Opened) -> Review:
    return review(opened)


@pytest.fixture(scope="module")
def said(now: Review) -> Content:
    return content(now, EN, LIGHT)


@pytest.fixture(scope="module")
def page(now: Review) -> str:
    return report_page(now, EN)


def test_the_numbers_are_those_of_status_to_the_digit(opened: Opened, said: Content, page: str) -> None:
    readings = {reading.kpi.key: reading for reading in status(opened)}
    cards = {card.key: card for step in said.steps for aim in step.aims for card in (*aim.cards, *aim.rows)}
    assert cards.keys() == readings.keys()
    for key, reading in readings.items():
        assert cards[key].raw == reading.value
        assert cards[key].status == (str(reading.status) if reading.status is not None else None)
    found = dict(re.findall(r'data-kpi="(\w+)".*?<data class="figure" value="([^"]*)"', page, re.DOTALL))
    assert {key: float(value) if value else None for key, value in found.items()} == {
        key: reading.value for key, reading in readings.items()
    }


def test_an_action_that_is_done_is_told_by_what_was_measured(now: Review) -> None:
    (state,) = now.decided.actions(now.project.kpis["orders"])
    done = replace(state, stage=Stage.DONE, effect="I believe it helped")
    reason = Problem("effect_too_early", {"day": date(2026, 3, 27)}, Severity.INFO)
    effects = ((done, Effect(Verdict.CANNOT_TELL, reason=reason)),)
    (work,) = content(replace(now, effects=effects), EN, LIGHT).work
    assert work.effect.startswith("Cannot tell yet · ")
    assert "27 Mar 2026" in work.effect
    assert content(now, EN, LIGHT).work[0].effect == ""  # of one that is open nothing was measured


def test_both_ends_of_an_interval_keep_their_order_in_a_language_from_right_to_left() -> None:
    tested = Significance(0.2, -5.0, 92.0, "exact")
    said = interval_said(tested, "number", None, FA)
    assert said.index("۵") < said.index("تا") < said.index("۹۲")
    assert said.count("\u2068") == 3  # each end stands alone, and so does the whole
    assert interval_said(tested, "number", None, EN) == "−5 … +92"


def test_paper_says_what_the_page_says(now: Review, said: Content) -> None:
    document = sheet(said, EN)
    on_paper = [
        (card["label"], card["figure"], card["target"])
        for step in document["steps"]
        for aim in step["aims"]
        for card in aim["cards"]
    ]
    on_page = [
        (card.label, card.figure, card.target)
        for step in said.steps
        for aim in step.aims
        for card in aim.cards
    ]
    assert on_paper == on_page
    assert document["headline"] == said.headline
    assert report_paper(now, EN).startswith(b"%PDF-")


def test_it_says_how_good_the_kpis_are(opened: Opened, now: Review, said: Content, page: str) -> None:
    found = audit(opened)
    assert [one.kpi.key for one in now.audit.kpis] == [one.kpi.key for one in found.kpis]
    assert [one.score for one in said.judged] == [EN.percent(one.score, 0) for one in found.kpis]
    assert all(len(one.marks) == 5 for one in said.judged)
    document = sheet(said, EN)
    assert [row[-1] for row in document["judged"]["rows"]] == [one.score for one in said.judged]
    assert [one["says"] for one in document["found"]] == [one.says for one in said.found]
    assert page.count("Nobody answers for it.") == 1  # of many KPIs, said once
    in_march = review(opened, "2026-03-05..2026-03-06")
    assert {one.kpi.key for one in in_march.audit.kpis} == {one.kpi.key for one in in_march.readings}


def test_the_page_needs_nothing_beside_itself(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert not re.search(r"@import|url\((?!#)", page)
    assert set(re.findall(r"https?://[^\s\"']+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "default-src 'none'" in page


def test_pictures_within_the_page_have_names_of_their_own(page: str) -> None:
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))
    for used in re.findall(r"url\(#([^)]+)\)", page):
        assert used in names


def test_no_text_of_the_plan_is_markup(now: Review, said: Content, page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #panic(&#34;x&#34;) *b*" in page
    assert "Shop <b>" not in page
    document = json.dumps(sheet(said, EN), ensure_ascii=False)
    assert json.dumps(EVIL, ensure_ascii=False)[1:-1] in document
    assert report_paper(now, EN).startswith(b"%PDF-")  # a panic would have stopped it


def test_what_is_not_well_comes_first_with_its_reason(now: Review, said: Content) -> None:
    labels = [story.card.key for story in said.stories]
    assert labels[0] == "orders"
    assert said.stories[0].says.startswith(EVIL)
    assert len(said.stories[0].charts) == 2
    assert [way.reading.kpi.key for way in now.ways] == labels


def test_actions_stand_with_their_owner_and_day(said: Content) -> None:
    (work,) = said.work
    assert (work.says, work.owner, work.state, work.due) == (EVIL, "Head of web", "Overdue", "7 Mar 2026")


def test_a_period_is_read_as_at_its_end(opened: Opened) -> None:
    february = review(opened, "2026-02")
    assert february.as_of == date(2026, 2, 28)
    assert {reading.kpi.key for reading in february.readings} == {"visits", "orders", "rate", "band", "free"}
    then = replace(opened, as_of=date(2026, 2, 28))
    values = {reading.kpi.key: reading.value for reading in status(then)}
    assert all(values[reading.kpi.key] == reading.value for reading in february.readings)


@pytest.mark.parametrize(
    ("period", "title", "as_of"),
    [
        (None, "The present periods", date(2026, 3, 20)),
        ("2026-02", "Feb 2026", date(2026, 2, 28)),
        ("2026-Q1", "Q1 2026", date(2026, 3, 20)),
        ("2025", "2025", date(2025, 12, 31)),
        ("sale", "Sale, 5–24 Mar 2026", date(2026, 3, 20)),
        ("quarter", "Q1 2026", date(2026, 3, 20)),
        ("2026-02-03..2026-02-09", "3–9 Feb 2026", date(2026, 2, 9)),
    ],
)
def test_periods_have_names(opened: Opened, period: str | None, title: str, as_of: date) -> None:
    found = review(opened, period)
    assert (content(replace(found, ways=()), EN, LIGHT).period, found.as_of) == (title, as_of)


@pytest.mark.parametrize("period", ["2026-13", "sail", "", "2026-02-09..2026-02-03", "0000", "hour"])
def test_what_is_no_period_is_refused(opened: Opened, period: str) -> None:
    with pytest.raises(UsageError) as error:
        review(opened, period)
    assert error.value.problems[0].code == "bad_report_period"


def test_a_period_without_kpis_is_an_honest_report(opened: Opened) -> None:
    empty = replace(review(opened, "2026-02"), readings=(), ways=())
    assert "No KPI can be judged yet." in report_page(empty, EN)
    assert report_paper(empty, EN).startswith(b"%PDF-")


@pytest.mark.parametrize("tag", ["en", "pl", "sv", "fa"])
def test_every_language_has_its_report(now: Review, tag: str) -> None:
    spoken = language(tag)
    few = replace(now, ways=now.ways[:1])
    assert f'<html lang="{tag}" dir="{spoken.direction}">' in report_page(few, spoken)
    assert report_paper(few, spoken).startswith(b"%PDF-")


def test_persian_is_set_from_the_right_in_its_own_digits(now: Review) -> None:
    document = sheet(content(replace(now, ways=()), FA, LIGHT), FA)
    assert (document["direction"], document["numbering"]) == ("rtl", "۱")
    texts = json.dumps(document["steps"], ensure_ascii=False)
    assert re.search(r'"figure": "[^"]*[۰-۹]', texts)
    assert not re.search(r'"figure": "[^"]*[0-9]', texts)


def test_the_font_has_every_letter_of_the_four_languages() -> None:
    import typst
    from fontpkg_noto_sans_arabic import ROOT

    letters = "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ åäöÅÄÖ پچژگکیءآئؤ ۰۱۲۳۴۵۶۷۸۹ ٪٬٫ −–…·“”„’€£ kr zł ﷼"
    source = f'#set text(font: "{FONT}", fallback: false)\n{letters}'
    _, warnings = typst.compile_with_warnings(
        source.encode(), format="pdf", font_paths=[str(ROOT / "files")], ignore_system_fonts=True
    )
    assert [warning.message for warning in warnings] == []
