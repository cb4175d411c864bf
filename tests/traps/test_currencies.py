"""Amounts in two currencies: what a plain sum, a rate of 1, a dropped row or a mean rate makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kurs.model.fx import Fx
from kurs.problems import KursError, ProjectError
from metrics.plans import Rows, ask, days, plan, question, run, table

JANUARY = (days("2026-01-01..2026-01-31"),)
FX = Fx("fx", base="SEK")
RATE = {"day": "date", "from": "text", "to": "text", "rate": "decimal(18,6)"}
ORDER = {"t": "date", "currency": "text", "amount": "decimal(18,2)", "channel": "text"}
ORDERS = table("orders", {"channel": "channel"}, time="t", amounts="amount", currency="currency")
RATES = table("fx", time="day")


def january(day: int) -> date:
    return date(2026, 1, day)


def quoted(*rates: tuple[int, str, str, str]) -> Rows:
    return Rows(RATE, [(january(day), *pair, Decimal(rate)) for day, *pair, rate in rates], JANUARY)


def sold(*orders: tuple[int, str | None, str | None]) -> Rows:
    rows = [(january(day), code, Decimal(amount) if amount else None, "web") for day, code, amount in orders]
    return Rows(ORDER, rows, JANUARY)


def of(metric: str, orders: Rows, rates: Rows, fx: Fx = FX, home: str = "SEK", **more: object) -> object:
    project = plan([ORDERS, RATES], {"asked": metric}, currency=home, fx=fx)
    found = ask(project, {"orders": orders, "fx": rates}, question("asked", **more))  # type: ignore[arg-type]
    return [tuple(row.values()) for row in found] if len(found) != 1 else found[0]["asked"]


EUR = quoted((5, "EUR", "SEK", "11.25"), (6, "EUR", "SEK", "11.50"))


def refused(call: object) -> tuple[str, object]:
    with pytest.raises(ProjectError) as error:
        call()  # type: ignore[operator]
    return error.value.problems[0].code, error.value.problems[0].values["examples"]


def test_two_currencies_are_not_added_up() -> None:
    """The plain sum says 300."""
    orders = sold((5, "EUR", "100"), (5, "SEK", "200"))
    assert run("SELECT sum(amount) FROM orders", {"orders": orders}) == ((Decimal(300),),)
    assert of("sum(orders.amount)", orders, EUR) == Decimal(1325)


def test_each_row_has_the_rate_of_its_own_day() -> None:
    """At the mean rate, 11.375, it would be 3412.50; at the last one 3450."""
    orders = sold((5, "EUR", "100"), (6, "EUR", "200"))
    assert of("sum(orders.amount)", orders, EUR) == Decimal(3425)


def test_a_stated_rate_is_exact_to_the_digit() -> None:
    """As doubles 0.1 x 1.1 is 0.11000000000000001."""
    orders, rates = sold((5, "EUR", "0.10")), quoted((5, "EUR", "SEK", "1.1"))
    assert 0.1 * 1.1 != 0.11
    found = of("sum(orders.amount)", orders, rates)
    assert isinstance(found, Decimal)
    assert found == Decimal("0.11")


def test_two_converted_amounts_have_a_product() -> None:
    """As decimals, of 18 places each, 1,000 EUR by itself is beyond the longest decimal."""
    orders = sold((5, "EUR", "1000"), (5, "SEK", "2"))
    assert of("sum(orders.amount * orders.amount)", orders, EUR) == pytest.approx(11_250**2 + 4)
    assert of("weighted_avg(orders.amount, orders.amount)", orders, EUR) == pytest.approx(
        126_562_504 / 11_252
    )
    assert of("count(orders) filter (where orders.amount * orders.amount > 5)", orders, EUR) == 1


def test_on_a_weekend_the_last_rate_holds() -> None:
    """Joined on the day alone, the order of Saturday has no rate, and its 100 are lost."""
    orders = sold((6, "EUR", "100"), (10, "EUR", "100"))
    naive = 'SELECT sum(amount * rate) FROM orders LEFT JOIN fx ON t = day AND currency = "from"'
    assert run(naive, {"orders": orders, "fx": EUR}) == ((Decimal(1150),),)
    assert of("sum(orders.amount)", orders, EUR) == Decimal(2300)


def test_a_rate_that_is_too_old_is_refused_with_the_day_and_currency() -> None:
    """The last rate is of the 6th: seven days later it holds, on the eighth nobody knows."""
    assert of("sum(orders.amount)", sold((13, "EUR", "100")), EUR) == Decimal(1150)
    orders = sold((13, "EUR", "100"), (14, "EUR", "100"), (14, "EUR", "5"), (20, "SEK", "1"))
    assert refused(lambda: of("sum(orders.amount)", orders, EUR)) == ("rate_missing", ["EUR 2026-01-14 (2×)"])
    longer = replace(FX, max_age_days=8)
    assert of("sum(orders.amount)", orders, EUR, longer) == Decimal(1150) + Decimal(105) * Decimal("11.5") + 1


def test_a_rate_of_tomorrow_is_not_one_of_today() -> None:
    assert refused(lambda: of("sum(orders.amount)", sold((4, "EUR", "100")), EUR))[0] == "rate_missing"


def test_a_missing_rate_in_the_middle_does_not_hide_in_a_window() -> None:
    """Nulls are skipped by a sum: the window would be too small by one day, and nobody sees it."""
    orders = sold((5, "EUR", "100"), (20, "EUR", "100"))
    rates = quoted((5, "EUR", "SEK", "11.25"))
    for grain in ("month", "day"):
        with pytest.raises(ProjectError, match="rate_missing"):
            of("sum(orders.amount)", orders, rates, grain=grain, within="2026-01-01..2026-01-31")
    # Days that the question does not ask for need no rate.
    assert of("sum(orders.amount)", orders, rates, within="2026-01-01..2026-01-10") == Decimal(1125)


def test_the_inverse_is_taken_where_only_it_is_quoted() -> None:
    """Multiplied instead of divided, 100 EUR are 8 SEK."""
    rates = quoted((5, "SEK", "EUR", "0.08"))
    assert of("sum(orders.amount)", sold((5, "EUR", "100")), rates) == Decimal(1250)


def test_of_two_directions_the_stated_one_is_taken() -> None:
    rates = quoted((5, "SEK", "EUR", "0.088"), (5, "EUR", "SEK", "11.25"))
    assert of("sum(orders.amount)", sold((5, "EUR", "100"), (6, "EUR", "100")), rates) == Decimal(2250)


def test_a_cross_rate_goes_through_the_base() -> None:
    """1 EUR = 1.25 USD = 11 SEK: 100 USD are 880 SEK, neither 1375 nor 1100."""
    rates = quoted((5, "EUR", "USD", "1.25"), (5, "EUR", "SEK", "11"))
    found = of("sum(orders.amount)", sold((5, "USD", "100")), rates, Fx("fx", base="EUR"))
    assert found == pytest.approx(Decimal(880), rel=Decimal("1e-14"))
    assert of("sum(orders.amount)", sold((5, "EUR", "100")), rates, Fx("fx", base="EUR")) == Decimal(1100)


def test_the_inverse_of_a_cross() -> None:
    """The other way round, with the same quotes: 880 SEK are 100 USD."""
    rates = quoted((5, "EUR", "USD", "1.25"), (5, "EUR", "SEK", "11"))
    found = of("sum(orders.amount)", sold((5, "SEK", "880")), rates, Fx("fx", base="EUR"), home="USD")
    assert found == pytest.approx(Decimal(100), rel=Decimal("1e-14"))


def test_a_cross_rate_is_as_old_as_its_older_half() -> None:
    """The dollar is of the 5th, the krona of the 12th: on the 13th the dollar is too old."""
    rates = quoted((5, "EUR", "USD", "1.25"), (12, "EUR", "SEK", "11"))
    with pytest.raises(ProjectError, match="rate_missing"):
        of("sum(orders.amount)", sold((13, "USD", "100")), rates, Fx("fx", base="EUR"))


def test_both_sides_of_a_ratio_are_converted_alike() -> None:
    """Revenue of 1125 SEK over costs of 100 EUR is 1, not 11.25."""
    ads = Rows(
        {"day": "date", "cost": "decimal(18,2)", "cost_in": "text"},
        [(january(5), Decimal(100), "EUR")],
        JANUARY,
    )
    project = plan(
        [ORDERS, RATES, table("ads", time="day", amounts="cost", currency="cost_in")],
        {"roas": "sum(orders.amount) / sum(ads.cost)"},
        currency="SEK",
        fx=FX,
    )
    rows = {"orders": sold((5, "SEK", "1125")), "ads": ads, "fx": EUR}
    assert ask(project, rows, question("roas")) == [{"roas": 1.0}]


def test_the_day_of_the_rate_is_that_of_the_projects_zone() -> None:
    """23:30 UTC on the 5th is the 6th in Stockholm: 11.50, not 11.25."""
    orders = Rows(
        {**ORDER, "t": "timestamptz"},
        [(datetime(2026, 1, 5, 23, 30, tzinfo=UTC), "EUR", Decimal(100), "web")],
        JANUARY,
    )
    project = plan(
        [ORDERS, RATES], {"asked": "sum(orders.amount)"}, currency="SEK", fx=FX, timezone="Europe/Stockholm"
    )
    asked = question("asked", grain="day", within="2026-01-05..2026-01-06")
    found = ask(project, {"orders": orders, "fx": EUR}, asked)
    assert [row["asked"] for row in found] == [0, Decimal(1150)]


def test_an_amount_that_is_null_needs_no_rate_and_a_currency_that_is_null_has_none() -> None:
    """A currency that nobody wrote down is not the project's own."""
    assert of("sum(orders.amount)", sold((5, "SEK", "7"), (5, None, None), (5, "XXX", None)), EUR) == Decimal(
        7
    )
    code, examples = refused(lambda: of("sum(orders.amount)", sold((5, None, "100"), (5, "SEK", "7")), EUR))
    assert (code, examples) == ("rate_missing", ["– 2026-01-05 (1×)"])


def test_a_filter_on_the_currency_keeps_the_rows_and_converts_them() -> None:
    """Rows of a currency that is filtered out need no rate."""
    orders = sold((5, "EUR", "100"), (5, "SEK", "200"), (5, "GBP", "300"))
    assert of("sum(orders.amount)", orders, EUR, where=["orders.currency = 'EUR'"]) == Decimal(1125)
    assert of("sum(orders.amount) filter (where orders.currency <> 'GBP')", orders, EUR) == Decimal(1325)
    assert refused(lambda: of("sum(orders.amount)", orders, EUR)) == ("rate_missing", ["GBP 2026-01-05 (1×)"])


def test_a_filter_on_an_amount_speaks_of_the_projects_currency() -> None:
    """Compared as it stands, 100 EUR are less than 200 SEK."""
    orders = sold((5, "EUR", "100"), (5, "SEK", "200"))
    assert of("count(orders)", orders, EUR, where=["orders.amount > 500"]) == 1
    assert of("max(orders.amount)", orders, EUR) == Decimal(1125)
    # Of an amount without a rate nobody knows whether it passes.
    assert refused(lambda: of("count(orders)", sold((5, "GBP", "1")), EUR, where=["orders.amount > 500"]))


def test_a_day_with_two_rates_is_refused() -> None:
    """Joined, each order of the day counts twice."""
    rates = quoted((5, "EUR", "SEK", "11.25"), (5, "EUR", "SEK", "11.26"))
    orders = sold((5, "EUR", "100"))
    assert refused(lambda: of("sum(orders.amount)", orders, rates)) == (
        "rates_repeated",
        ["EUR SEK 2026-01-05"],
    )
    # A pair that the base does not take part in is not read.
    rates = quoted((5, "EUR", "SEK", "11.25"), (5, "EUR", "USD", "1.25"), (5, "EUR", "USD", "1.26"))
    assert of("sum(orders.amount)", orders, rates) == Decimal(1125)


def test_a_rate_of_zero_is_refused() -> None:
    rates = quoted((5, "EUR", "SEK", "0"))
    assert refused(lambda: of("sum(orders.amount)", sold((5, "EUR", "1")), rates))[0] == "rates_not_positive"


def test_without_fx_only_the_own_currency_needs_none() -> None:
    own = replace(ORDERS, currency="SEK")
    project = plan([own], {"asked": "sum(orders.amount)"}, currency="SEK")
    assert ask(project, {"orders": sold((5, "SEK", "7"))}, question("asked")) == [{"asked": Decimal(7)}]
    for currency in ("currency", "EUR"):
        project = plan([replace(ORDERS, currency=currency)], {"asked": "sum(orders.amount)"}, currency="SEK")
        with pytest.raises(KursError, match="amounts_without_fx"):
            ask(project, {"orders": sold((5, "EUR", "7"))}, question("asked"))


def test_an_amount_of_a_joined_table_has_its_own_day() -> None:
    """The item was sent on the 6th, but the order was paid on the 5th."""
    items = Rows({"day": "date", "order_id": "int", "units": "int"}, [(january(6), 1, 2)], JANUARY)
    orders = Rows({**ORDER, "id": "int"}, [(january(5), "EUR", Decimal(100), "web", 1)], JANUARY)
    project = plan(
        [
            replace(ORDERS, unique_key="id"),
            RATES,
            table("items", joins={"orders": "order_id"}, time="day"),
        ],
        {"asked": "sum(items.units * orders.amount)"},
        currency="SEK",
        fx=FX,
    )
    found = ask(project, {"orders": orders, "items": items, "fx": EUR}, question("asked"))
    assert found == [{"asked": Decimal(2250)}]
