"""The dashboard answers with the numbers of the commands, once for each version, in the reader's language."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest

from commands import printed
from kurs.cli.main import run
from kurs.project import read
from kurs.project.read_catalogue import catalogue
from kurs.web.showing import Showing
from kurs.words import language
from kurs.workflows.opening import day_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient


def test_the_api_says_what_the_command_says(
    dashboard: TestClient, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = dashboard.get("/api/v1/status")
    assert said.headers["content-type"] == "application/json"
    assert said.json() == printed(capsys, "--project", str(shop), "status")
    assert dashboard.get("/api/v1/plan").json() == printed(capsys, "--project", str(shop), "plan")


def test_the_plan_shows_all_of_the_map(dashboard: TestClient) -> None:
    page, said = dashboard.get("/plan").text, dashboard.get("/api/v1/plan").json()
    kpis = [kpi for one in said["strategies"] for goal in one["goals"] for kpi in goal["kpis"]]
    assert re.findall(r'data-kpi="(\w+)"', page) == [kpi["kpi"] for kpi in kpis]
    assert re.findall(r'data-action-of="(\w+)"', page) == [kpi["kpi"] for kpi in kpis for _ in kpi["actions"]]
    for stage, counts in said["stages"].items():
        shown = page.partition(f'<div data-stage="{stage}">')[2].partition("</div>")[0]
        found = re.findall(r'data-status="(\w+)".*?<b>(\d+)</b>', shown, re.DOTALL)
        assert {status: int(count) for status, count in found} == counts
    missing = page.partition('<ul class="remarks">')[2].partition("</ul>")[0]
    assert missing.count("<li>") == len(said["gaps"])


def test_the_overview_shows_every_kpi_with_its_value(dashboard: TestClient) -> None:
    page = dashboard.get("/").text
    shown = dict(re.findall(r'data-kpi="(\w+)".*?<data class="figure" value="([^"]*)"', page, re.DOTALL))
    wanted = {one["kpi"]: one["value"] for one in dashboard.get("/api/v1/status").json()}
    assert {key: float(value) if value else None for key, value in shown.items()} == wanted


def test_a_filter_keeps_what_it_names(dashboard: TestClient) -> None:
    status = dashboard.get("/api/v1/status").json()
    stage = status[0]["stage"]
    page = dashboard.get("/", params={"stage": stage}).text
    assert set(re.findall(r'data-kpi="(\w+)"', page)) == {
        one["kpi"] for one in status if one["stage"] == stage
    }
    assert "data-kpi" not in dashboard.get("/", params={"owner": "nobody"}).text


def test_an_answer_is_named_by_its_version(dashboard: TestClient) -> None:
    first = dashboard.get("/")
    again = dashboard.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")
    other = dashboard.get("/", params={"stage": "reach"})
    assert other.headers["etag"] != first.headers["etag"]


def test_a_broken_plan_leaves_the_last_good_page_with_a_banner(
    own_shop: Path, client_of: Callable[[Showing], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kurs.web.showing._GLANCE_SECONDS", 0)
    client = client_of(Showing(own_shop))
    before = client.get("/")
    plan = own_shop / "kurs.yaml"
    text = plan.read_text("utf-8")
    plan.write_text(text + "\nkpis:\n  extra: {metric: no_such_metric, period: {every: month}}\n", "utf-8")
    broken = client.get("/")
    assert broken.status_code == 200
    assert "last good version" in broken.text
    assert "kurs.yaml:" in broken.text
    assert broken.headers["etag"] != before.headers["etag"]
    assert client.get("/api/v1/status").json() == json.loads(client.get("/api/v1/status").text)
    plan.write_text(text, "utf-8")
    assert "last good version" not in client.get("/").text


def test_a_decision_shows_at_once(
    own_shop: Path, client_of: Callable[[Showing], TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kurs.web.showing._GLANCE_SECONDS", 0)
    client = client_of(Showing(own_shop))
    key = client.get("/api/v1/status").json()[0]["kpi"]
    before = client.get("/api/v1/journal")
    assert run(["--project", str(own_shop), "note", key, "seen", "--quiet"]) == 0
    after = client.get("/api/v1/journal")
    assert after.headers["etag"] != before.headers["etag"]
    assert after.json()[-1]["content"] == {"text": "seen"}


def test_the_reader_chooses_the_language(dashboard: TestClient) -> None:
    assert 'lang="en" dir="ltr"' in dashboard.get("/").text
    unknown = dashboard.get("/", params={"lang": "xx"})
    assert 'lang="en"' in unknown.text
    assert "set-cookie" not in unknown.headers
    chosen = dashboard.get("/", params={"lang": "en"})
    assert chosen.headers["set-cookie"].startswith("kurs_lang=en;")
    dashboard.cookies.clear()


def test_what_is_not_there_is_said_in_words(dashboard: TestClient) -> None:
    page = dashboard.get("/no/such/page")
    assert page.status_code == 404
    assert "There is no page /no/such/page" in page.text
    assert dashboard.get("/api/v1/nothing").json()["problems"][0]["code"] == "no_such_page"


def test_a_parameter_that_is_not_heard_is_refused(dashboard: TestClient) -> None:
    for path in ("status?as_of=2020-01-01", "query?metric=sessions&grian=day", "plan?segment=none"):
        answer = dashboard.get(f"/api/v1/{path}")
        assert answer.status_code == 422, path
        assert {problem["code"] for problem in answer.json()["problems"]} == {"bad_parameter"}
    assert dashboard.get("/api/v1/status?lang=sv").status_code == 200


@pytest.mark.parametrize("path", ["/static/../../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"])
def test_no_address_reaches_the_disk(dashboard: TestClient, path: str) -> None:
    assert dashboard.get(path).status_code == 404


EVIL = """
kpis:
  evil:
    label: '<script>alert(1)</script>'
    description: '"><img src=x onerror=alert(2)>'
    metric: visits
    period: {every: month}
    target: {reach: 10}
    goal: evil_goal
    owner: evil_person
    actions: [evil_action]
goals:
  evil_goal: {says: "</h3><script>alert(3)</script>", stage: reach}
people:
  evil_person: {name: "<svg onload=alert(4)>"}
actions:
  evil_action: {says: "<b onclick=alert(5)>", owner: evil_person}
segments:
  evil_segment: {of: orders, where: orders.net_amount > 0, label: "'\\"></option><script>alert(6)</script>"}
"""


def test_texts_of_a_plan_are_texts_on_every_page(
    own_shop: Path, client_of: Callable[[Showing], TestClient]
) -> None:
    (own_shop / "evil.yaml").write_text(EVIL, "utf-8")
    assert run(["--project", str(own_shop), "note", "evil", "<script>alert(7)</script>", "--quiet"]) == 0
    client = client_of(Showing(own_shop))
    for path in ("/", "/kpi/evil", "/explain/evil", "/plan", "/actions", "/audit", "/metrics", "/data"):
        page = client.get(path)
        assert page.status_code == 200, page.text
        inside = re.sub(r'<script type="module" src="[^"]*"></script>', "", page.text)
        inside = re.sub(r'<script type="application/json" class="spec"[^>]*>[^<>]*</script>', "", inside)
        assert not re.search(r"<script|<img|<svg onload|<b onclick", inside), path
    assert "&lt;script&gt;alert(7)" in client.get("/kpi/evil").text


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><script>', "javascript:alert(1)", "%00", "é" * 150]
)
def test_parameters_are_texts_on_a_page(dashboard: TestClient, evil: str) -> None:
    for path, name in (("/metrics", "where"), ("/metrics", "metric"), ("/", "goal"), ("/catalogue", "words")):
        page = dashboard.get(path, params={name: evil})
        assert page.status_code == 200, (path, name)
        assert "<script>" not in page.text
    assert dashboard.get("/kpi/" + evil).status_code == 404


def test_the_effect_of_what_is_done_is_that_of_the_command(
    own_shop: Path, client_of: Callable[[Showing], TestClient], capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--project", str(own_shop))
    plan = read(own_shop).required()
    key, action = next((kpi.key, kpi.actions[0]) for kpi in plan.kpis.values() if kpi.actions)
    day = day_of(plan)
    for step, ago in (("open", 35), ("done", 21)):
        asked = ("--as-of", str(day - timedelta(days=ago)), "--quiet")
        assert run([*at, "action", key, action, step, *asked]) == 0
    client = client_of(Showing(own_shop))
    said = client.get("/api/v1/actions", params={"effect": "true"}).json()
    assert said == printed(capsys, *at, "actions", "--effect")
    assert client.get("/api/v1/actions").json() == printed(capsys, *at, "actions")
    (done,) = said
    assert done["measured"]["change"] is not None
    page = client.get("/actions").text
    table = page.partition('<caption class="quiet">Effect</caption>')[2].partition("</table>")[0]
    numbers = [float(raw) for raw in re.findall(r'data-raw="([^"]*)"', table)]
    names = ("before_value", "without_action", "value", "effect", "expected")
    measured = [done["measured"][name] for name in names]
    assert numbers == [number for number in measured if number is not None]


def test_the_overview_says_what_changed_since_the_last_snapshot(
    own_shop: Path, client_of: Callable[[Showing], TestClient]
) -> None:
    at = ("--project", str(own_shop))
    plan = read(own_shop).required()
    day = day_of(plan)
    then = str(day - timedelta(days=10))
    assert run([*at, "snapshot", "--as-of", then, "--quiet"]) == 0
    assert run([*at, "snapshot", "--quiet"]) == 0  # of the day itself: nothing can have changed since
    client = client_of(Showing(own_shop))
    kept, _ = (one["content"] for one in client.get("/api/v1/journal").json() if one["kind"] == "snapshot")
    before = {row["kpi"]: row for row in kept["readings"]}
    wanted = [
        row["kpi"]
        for row in client.get("/api/v1/status").json()
        if row["period"] == before[row["kpi"]]["period"] and row["status"] != before[row["kpi"]]["status"]
    ]
    page = client.get("/").text
    assert "Since the report of" in page
    assert wanted
    assert re.findall(r'data-changed="(\w+)"', page) == wanted


def test_the_history_is_that_of_the_command(
    own_shop: Path, client_of: Callable[[Showing], TestClient], capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--project", str(own_shop))
    key = next(iter(read(own_shop).required().kpis))
    assert run([*at, "note", key, "Seen <b>by all</b>", "--quiet"]) == 0
    client = client_of(Showing(own_shop))
    said = client.get(f"/api/v1/history/{key}")
    assert said.json() == printed(capsys, *at, "history", key)
    page = client.get(f"/history/{key}").text
    assert page.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>") == len(said.json())
    assert "Seen &lt;b&gt;by all" in page
    shown = client.get(f"/kpi/{key}").text
    assert f'href="/history/{key}"' in shown
    assert "Seen &lt;b&gt;by all" in shown.partition("<figcaption>")[2].partition("</figcaption>")[0]
    assert client.get("/history/nothing").status_code == 404


def test_a_commit_is_another_version_of_the_history(
    dashboard: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = dashboard.get("/api/v1/status").json()[0]["kpi"]
    tags: set[str] = set()
    for commit in ("a", "b"):
        monkeypatch.setattr("kurs.web.pages.newest_commit", lambda _, commit=commit: commit)
        tags.add(dashboard.get(f"/history/{key}").headers["etag"])
    assert len(tags) == 2


def test_a_kpi_shows_its_five_letters_as_the_audit_has_them(dashboard: TestClient) -> None:
    checked = dashboard.get("/api/v1/check").json()
    for one in checked["audit"]:
        page = dashboard.get(f"/kpi/{one['kpi']}").text
        panel = page[page.index('id="smart"') :].partition("</section>")[0]
        letters = re.findall(r'data-letter="(\w+)".*?data-status="(\w+)"', panel, re.DOTALL)
        looks = {"pass": "met", "warn": "at_risk", "unknown": "no_data", "fail": "missed"}
        assert letters == [(letter, looks[one[letter]]) for letter, _ in letters]
        assert [letter for letter, _ in letters] == [
            "specific", "measurable", "achievable", "relevant", "time_bound",
        ]  # fmt: skip
        assert sorted(re.findall(r'data-code="(\w+)"', panel)) == sorted(f["code"] for f in one["findings"])
        assert 'href="/audit"' in panel
    heads = {"en": "Is it a good KPI?", "pl": "Czy to dobry KPI?", "sv": "Är det ett bra nyckeltal?",
             "fa": "آیا شاخص خوبی است؟"}  # fmt: skip
    key = checked["audit"][0]["kpi"]
    for tag, head in heads.items():
        assert head in dashboard.get(f"/kpi/{key}", params={"lang": tag}).text


def test_what_an_action_is_expected_to_do_is_written_as_the_reader_does(
    own_shop: Path, client_of: Callable[[Showing], TestClient]
) -> None:
    (own_shop / "more.yaml").write_text(
        "actions:\n"
        "  points: {says: Points, expect: -0.1pp}\n"
        "  percent: {says: Percent, expect: +5%}\n"
        "  amount: {says: Amount, expect: '+1200'}\n"
        "kpis:\n"
        "  more: {metric: visits, period: {every: month}, actions: [points, percent, amount]}\n",
        "utf-8",
    )
    client = client_of(Showing(own_shop))
    for tag, wanted in (("en", ("−0.1 pp", "+5%", "+1,200")), ("fa", ("۰٫۱", "۵", "۱٬۲۰۰"))):
        page = client.get("/actions", params={"lang": tag}).text.replace("\N{NO-BREAK SPACE}", " ")
        assert [text for text in wanted if text not in page] == [], tag
        assert "0.1pp" not in page


def test_every_grain_of_the_project_is_offered(dashboard: TestClient) -> None:
    page = dashboard.get("/metrics", params={"metric": "visits", "grain": "jalali_month", "lang": "fa"}).text
    assert 'value="jalali_month" selected' in page
    assert "اسفند ۱۴۰۴" in page
    dashboard.cookies.clear()


@pytest.mark.parametrize("tag", ["en", "pl", "sv", "fa"])
def test_the_catalogue_is_told_in_the_readers_language(dashboard: TestClient, tag: str) -> None:
    page = unescape(dashboard.get("/catalogue", params={"lang": tag}).text)
    told = dashboard.get("/api/v1/catalog", params={"lang": tag}).json()
    say = language(tag).say
    assert [kpi["label"] for kpi in told] == [say(kpi.label) for kpi in catalogue()]
    for kpi in catalogue():
        panel = page[page.index(f'id="{kpi.name}"') :].partition("</section>")[0]
        assert all(say(text) in panel for text in (kpi.label, kpi.definition, *kpi.dialects, *kpi.caveats))
        assert 'lang="' not in panel  # the language is that of the page


def test_a_page_of_a_segment_says_of_whom_it_speaks(
    own_shop: Path, client_of: Callable[[Showing], TestClient]
) -> None:
    (own_shop / "more.yaml").write_text(
        "segments:\n  large: {of: orders, where: orders.net_amount > 50, label: {en: Large orders}}\n",
        "utf-8",
    )
    client = client_of(Showing(own_shop))
    heading = "<h1>(.*?)</h1>"
    (plain,) = re.findall(heading, client.get("/kpi/revenue_first_half").text)
    (of_segment,) = re.findall(heading, client.get("/kpi/revenue_first_half?segment=large").text)
    assert "Large orders" not in plain
    assert "Large orders" in of_segment
    overview = client.get("/", params={"segment": "large"}).text
    assert 'href="/kpi/revenue_first_half?segment=large"' in overview
    # the page of an explanation is that of the whole: it is not offered beside the number of a part
    assert "/explain/" in client.get("/kpi/revenue_first_half").text
    assert "/explain/" not in overview + client.get("/kpi/revenue_first_half?segment=large").text


def test_filters_go_along_from_page_to_page(dashboard: TestClient) -> None:
    status = dashboard.get("/api/v1/status").json()
    one = next(found for found in status if found["owner"] and found["stage"])
    chosen = {"stage": one["stage"], "owner": one["owner"], "period": "{from}..{to}".format(**one["period"])}
    page = dashboard.get("/", params=chosen).text
    assert re.findall(r'data-kpi="(\w+)"', page) == [one["kpi"]] or one["kpi"] in page
    carried = "&amp;".join(f"{name}={value}" for name, value in chosen.items())
    for path in ("/", "/plan", "/actions", "/data", f"/kpi/{one['kpi']}"):
        assert f'href="{path}?{carried}"' in page, path
        # from there the way back is the same, in another language, too
        there = dashboard.get(path, params={**chosen, "lang": "fa"}).text
        assert f'href="/?{carried}"' in there, path
        for name, value in chosen.items():  # the switch of languages keeps them
            assert f'<input type="hidden" name="{name}" value="{value}">' in there
    dashboard.cookies.clear()
    # the days of an explanation are its own
    explained = dashboard.get(f"/explain/{one['kpi']}", params={"owner": one["owner"], "period": "2026-02"})
    assert f'href="/?owner={one["owner"]}"' in explained.text
    assert 'href="/"' in dashboard.get("/plan").text
