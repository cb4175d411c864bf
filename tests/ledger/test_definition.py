"""What lapses an approval and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurs.ledger.definition import changes, definition, digest, of_the_number
from kurs.project import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kurs.ledger.definition import Plain

PLAN = """\
project: {name: Signed, timezone: Europe/Stockholm, currency: SEK}
tables:
  visits:
    from: web_visits
    time: day
    dimensions: [channel, device]
    joins: {customers: customer_id}
  orders: {time: day, dimensions: [channel]}
  customers: {key: id, dimensions: [country]}
  stock: {time: day}
metrics:
  visits: count(visits)
  orders: count(orders) filter (where orders.status = 'paid')
  rate: {expr: orders / visits, unit: percent, good: up, label: Rate}
  units: sum(stock.units)
people: {ann: Ann, bob: Bob}
goals: {buy: {says: More visitors buy, stage: activate}}
calendar:
  events:
    season: [{from: 2026-11-20, to: 2026-12-27}]
    other: [{from: 2026-01-01, to: 2026-01-02}]
actions: {review: {says: Review it}}
kpis:
  conversion:
    label: Conversion
    metric: rate
    goal: buy
    where: channel = 'email  x'
    period: {event: season}
    baseline: {value: 3%}
    target: {change: +20%}
    owner: ann
    approver: bob
    review: weekly
"""


@pytest.fixture
def defined(tmp_path: Path) -> Callable[..., dict[str, Plain]]:
    def of(*change: str) -> dict[str, Plain]:
        text = PLAN
        for before, after in zip(change[::2], change[1::2], strict=True):
            assert before in text
            text = text.replace(before, after, 1)
        (tmp_path / "kurs.yaml").write_text(text, "utf-8")
        project = read(tmp_path).required()
        return definition(project, project.kpis["conversion"])

    return of


def test_it_holds_what_is_behind_the_number(defined: Callable[..., dict[str, Plain]]) -> None:
    of = defined()
    assert of["metrics.orders.expr"] == "count(orders) filter (where orders.status = 'paid')"
    assert of["tables.visits.relation"] == "web_visits"
    assert of["kpis.conversion.target.value"] == 0.2
    assert of["calendar.events.season.occurrences.1.first"] == "2026-11-20"
    assert not any(what.startswith(("metrics.units", "tables.stock", "tables.customers")) for what in of)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("'paid'", "'sent'", "metrics.orders.expr"),
        ("orders / visits", "visits / orders", "metrics.rate.expr"),
        ("good: up", "good: down", "metrics.rate.good"),
        ("from: web_visits", "from: app_visits", "tables.visits.relation"),
        ("[channel, device]", "['channel: upper(channel)', device]", None),
        ("change: +20%", "change: +25%", "kpis.conversion.target.value"),
        ("value: 3%", "value: 4%", "kpis.conversion.baseline.value"),
        ("owner: ann", "owner: bob", "kpis.conversion.owner"),
        ("approver: bob", "approver: ann", "kpis.conversion.approver"),
        ("to: 2026-12-27", "to: 2026-12-26", "calendar.events.season.occurrences.1.last"),
        ("'email  x'", "'email x'", "kpis.conversion.where"),
        ("Europe/Stockholm", "Europe/Warsaw", "project.timezone"),
    ],
)
def test_this_lapses_it(
    defined: Callable[..., dict[str, Plain]], before: str, after: str, what: str | None
) -> None:
    if what is None:
        before, after, what = (
            "[channel, device]",
            "[{channel: upper(channel)}, device]",
            ("tables.visits.dimensions.channel.expr"),
        )
    old, new = defined(), defined(before, after)
    assert digest(old) != digest(new)
    assert [change.what for change in changes(old, new)] == [what]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("label: Conversion", "label: {en: Conversion, sv: Konvertering}"),
        ("label: Rate", "description: Of all visits"),
        ("review: weekly", "review: monthly"),
        ("orders / visits", "orders  /  visits"),
        ("sum(stock.units)", "max(stock.units)"),
        ("[channel, device]", "[device, channel, browser]"),
        ("[channel, device]", "[channel: {label: {en: Channel, sv: Kanal}}, device]"),
        ("dimensions: [country]", "dimensions: [region]"),
        ("from: 2026-01-01", "from: 2025-12-31"),
        ("review: weekly", "actions: [review]"),
        ("{ann: Ann,", "{ann: Anna,"),
        ("name: Signed", "name: Other"),
    ],
)
def test_this_does_not(defined: Callable[..., dict[str, Plain]], before: str, after: str) -> None:
    assert changes(defined(), defined(before, after)) == ()


def test_a_join_counts_where_a_dimension_is_asked_for(defined: Callable[..., dict[str, Plain]]) -> None:
    where = ("where: channel = 'email  x'", "where: visits.device = 'app' and country = 'SE'")
    of = defined(*where)
    assert of["tables.customers.dimensions.country.expr"] == "country"
    assert of["tables.visits.joins.customers.column"] == "customer_id"
    assert changes(of, defined(*where, "[country]", "[{country: upper(code)}]"))


def test_the_number_does_not_depend_on_who_answers_for_it(defined: Callable[..., dict[str, Plain]]) -> None:
    def number(*change: str) -> dict[str, Plain]:
        return of_the_number(defined(*change), "conversion")

    assert number() == number("owner: ann", "owner: bob", "change: +20%", "change: +25%")
    assert number() != number("'paid'", "'sent'")
