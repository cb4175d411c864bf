"""Every formula of the catalogue, computed over small canonical tables: the values are worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

from kurs.metrics.question import Asked, Question
from kurs.project.read_catalogue import catalogue
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

# Columns with their types, then rows; the sums that the values below are made of stand beside them.
TABLES = {
    # impressions 4000, clicks 60, spend 200, conversions 5 worth 500, eligible 8000, in view 2000 of 2500
    "ad_performance_daily": (
        ("impressions int, clicks int, spend int, conversions int, conversions_value int, "
        "eligible_impressions int, viewable_impressions int, measurable_impressions int, "
        "video_starts int, video_completions int, video_views int"),
        ("(1000, 20, 50, 2, 200, 2000, 600, 800, 100, 30, 40), "
        "(3000, 40, 150, 3, 300, 6000, 1400, 1700, 300, 70, 60)"),
    ),
    "ad_reach_by_period": ("impressions int, reach int", "(4000, 1000), (1000, 250)"),
    "market": (
        "own_ad_spend int, category_ad_spend int, own_sales int, category_sales int",
        "(30, 100, 20, 100), (10, 100, 20, 300)",
    ),
    "survey_responses": (
        "survey text, score int, named_unprompted bool, knows_prompted bool, considers bool",
        ("('nps', 10, null, null, null), ('nps', 9, null, null, null), ('nps', 8, null, null, null), "
        "('nps', 7, null, null, null), ('nps', 3, null, null, null), "
        "('brand', null, true, true, true), ('brand', null, false, true, true), "
        "('brand', null, false, true, false), ('brand', null, false, false, false), "
        "('csat', 5, null, null, null), ('csat', 4, null, null, null), ('csat', 4, null, null, null), "
        "('csat', 2, null, null, null), ('ces', 7, null, null, null), ('ces', 5, null, null, null)"),
    ),
    "survey_invitations": ("invited int, answered int", "(80, 10), (20, 15)"),
    # 8 sessions of 4 users, 160 seconds, 20 pages; 4 engaged, 4 carts, 3 checkouts, 2 with an order
    "sessions": (
        ("user_id text, is_first bool, engaged bool, engaged_seconds int, page_views int, "
        "has_key_event bool, has_order bool, has_first_order bool, added_to_cart bool, "
        "began_checkout bool, viewed_product bool"),
        ("('a', true, true, 60, 5, true, true, true, true, true, true), "
        "('a', false, false, 4, 1, false, false, false, false, false, false), "
        "('b', true, true, 36, 3, true, false, false, true, true, true), "
        "('c', false, false, 0, 1, false, false, false, false, false, false), "
        "('d', false, true, 20, 2, true, true, false, true, true, true), "
        "('d', false, true, 30, 4, false, false, false, true, false, true), "
        "('d', false, false, 2, 1, false, false, false, false, false, true), "
        "('a', false, false, 8, 3, false, false, false, false, false, false)"),
    ),
    "events": (
        "name text, user_id text, is_key bool",
        ("('scroll', 'a', false), ('scroll', 'a', false), ('scroll', 'b', false), "
        "('file_download', 'c', false), ('file_download', 'a', false), ('view_search_results', 'b', false), "
        "('form_start', 'a', false), ('form_start', 'b', false), ('form_start', 'c', false), "
        "('form_start', 'd', false), ('form_submit', 'a', true), ('purchase', 'd', true)"),
    ),
    "users_daily": ("active_1d int, active_30d int", "(10, 100), (20, 200)"),
    # sent 1000, delivered 950, recipients 950, opens 380, clicks 38, 19 of each sort of reader below
    "email_sends_daily": (
        ("sent int, delivered int, bounced int, recipients int, unique_opens int, unique_clicks int, "
        "unsubscribes int, complaints int, buyers int, revenue int"),
        "(600, 570, 30, 560, 200, 30, 12, 10, 11, 500), (400, 380, 20, 390, 180, 8, 7, 9, 8, 450)",
    ),
    "email_events": (
        "recipient_id text, action text, is_machine_open bool, reads_by_machine bool",
        ("('r1', 'delivered', false, false), ('r2', 'delivered', false, false), "
        "('r3', 'delivered', false, true), ('r4', 'delivered', false, false), "
        "('r1', 'open', false, false), ('r1', 'open', false, false), ('r3', 'open', true, true)"),
    ),
    "list_daily": ("joined int, left_list int, size_at_start int", "(30, 10, 1000), (20, 20, 1020)"),
    "search_performance_daily": (
        "impressions int, clicks int, position double, is_branded bool",
        "(100, 10, 2, true), (300, 10, 6, false)",
    ),
    # 4 orders of 3 customers, net 400, gross 450
    "orders": (
        "customer_id text, is_first bool, net int, gross int, discount int, status text, days_to_next int",
        ("('a', true, 100, 120, 20, 'paid', 10), ('a', false, 60, 60, 0, 'paid', 30), "
        "('b', true, 200, 220, 20, 'paid', 400), ('c', true, 40, 50, 10, 'cancelled', null)"),
    ),
    "order_items": ("quantity int, net int, cost int", "(2, 150, 60), (3, 150, 60), (5, 100, 80)"),
    "refunds": ("amount int", "(30), (10)"),
    "leads": (
        "mql_at date, sql_at date, customer_at date",
        ("('2026-01-01', '2026-01-02', '2026-01-03'), ('2026-01-01', '2026-01-02', null), "
        "('2026-01-01', null, null), ('2026-01-01', null, null), (null, null, null)"),
    ),
    "acquisition_costs": ("amount int", "(200), (100)"),
    "marketing_costs": ("amount int", "(150), (50)"),
    "attributed": ("margin int", "(200), (50)"),
    "customers": (
        "margin_to_date int, orders int, days_to_payback int",
        "(300, 3, 20), (100, 1, 40), (200, 2, 90)",
    ),
    "customers_monthly": (
        "at_start int, at_end int, joined int, lost int",
        "(100, 110, 20, 10), (100, 100, 10, 10)",
    ),
    "cohorts": ("cohort_users int, active_users int", "(100, 30), (100, 10)"),
    "deals": (
        "status text, amount int, days_to_close int",
        ("('won', 100, 10), ('won', 300, 30), ('lost', 50, 5), ('lost', 10, 5), "
        "('open', 200, null), ('open', 100, null)"),
    ),
    "subscriptions": (
        "had_trial bool, paid_from date",
        "(true, '2026-01-15'), (true, null), (true, '2026-01-20'), (true, null), (false, '2026-01-01')",
    ),
    "mrr_monthly": (
        "at_start int, expansion int, contraction int, churned int, at_end int, subscribers int",
        "(1000, 150, 50, 100, 1100, 44)",
    ),
    "payments": ("paid bool", "(true), (true), (true), (false)"),
}  # fmt: skip

VALUES = {
    # Reach
    "impressions": 4000, "viewable_impressions": 2000, "ad_reach": 1250, "frequency": 4, "cpm": 50,
    "ctr": 0.015, "cpc": 10 / 3, "search_impression_share": 0.5, "share_of_voice": 0.2,
    "excess_share_of_voice": 0.1, "unaided_awareness": 0.25, "active_users": 4, "new_users": 2, "sessions": 8,
    "organic_clicks": 20, "organic_ctr": 0.05, "delivery_rate": 0.95, "email_bounce_rate": 0.05,
    "list_growth": 0.02, "ad_spend": 200, "viewability_rate": 0.8, "video_completion_rate": 0.25,
    "cost_per_video_view": 2, "search_impressions": 400, "search_position": 5, "branded_clicks": 10,
    "aided_awareness": 0.75, "brand_consideration": 0.5, "new_user_share": 0.5, "new_subscribers": 50,
    # Engage
    "engaged_sessions": 4, "engagement_rate": 0.5, "bounce_rate": 0.5, "engagement_time": 40,
    "views_per_session": 2.5, "sessions_per_user": 2, "scroll_users": 2, "stickiness": 0.1, "open_rate": 0.4,
    "open_rate_by_people": 1 / 3, "email_click_rate": 0.04, "click_to_open": 0.1, "page_views": 20,
    "content_downloads": 2, "site_searches": 1, "form_completion_rate": 0.25, "product_view_rate": 0.625,
    # Activate
    "placed_order_rate": 0.02, "revenue_per_recipient": 1, "key_events": 2, "session_key_event_rate": 0.375,
    "user_key_event_rate": 0.75, "purchaser_rate": 0.5, "first_purchaser_rate": 0.25, "add_to_cart_rate": 0.5,
    "checkout_start_rate": 0.375, "cart_abandonment": 0.5, "checkout_abandonment": 1 / 3,
    "conversion_rate": 0.25, "orders": 4, "net_revenue": 360, "aov": 100, "items_per_order": 2.5,
    "refund_rate": 0.1, "revenue_per_session": 50, "cost_per_conversion": 40, "cpl": 40,
    "visitor_to_lead": 1.25, "lead_to_mql": 0.8, "mql_to_sql": 0.5, "sql_to_customer": 0.5, "cac": 100,
    "paid_cac": 200 / 3, "roas": 2.5, "new_customer_roas": 1.7, "mer": 2, "marketing_roi": 0.25, "leads": 5,
    "mqls": 4, "cost_per_mql": 50, "deal_win_rate": 0.5, "average_deal_size": 200, "sales_cycle": 20,
    "pipeline_value": 300, "gross_revenue": 450, "discount_rate": 1 / 9, "gross_margin_rate": 0.5,
    "units_sold": 10, "cancellation_rate": 0.25, "new_customers": 3, "trial_to_paid": 0.5,
    # Loyalty
    "market_share": 0.1, "unsubscribe_rate": 0.02, "spam_complaint_rate": 0.02, "ltv": 200, "ltv_to_cac": 2,
    "payback": 40, "repeat_purchase_rate": 2 / 3, "purchase_frequency": 4 / 3, "days_between_orders": 20,
    "retention_rate": 0.9, "churn_rate": 0.1, "cohort_retention": 0.2, "nps": 20, "mrr": 1100,
    "net_revenue_retention": 1, "gross_revenue_retention": 0.85, "arpu": 25, "failed_payment_rate": 0.25,
    "csat": 0.75, "ces": 6, "survey_response_rate": 0.25, "returning_revenue_share": 0.15,
}  # fmt: skip


def test_every_formula_gives_its_value(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        for name, (columns, rows) in TABLES.items():
            connection.execute(f"create table {name} ({columns})")
            connection.execute(f"insert into {name} values {rows}")
    plan: dict[str, Any] = {
        "project": {"name": "All", "timezone": "UTC", "currency": "EUR", "engine": "duckdb:///shop.duckdb"},
        "tables": {name: {"from": name} for name in TABLES},
        "metrics": {
            kpi.name: {"expr": kpi.formula, "unit": str(kpi.unit), "good": str(kpi.good)}
            for kpi in catalogue()
        },
    }
    (tmp_path / "kurs.yaml").write_text(yaml.safe_dump(plan), "utf-8")
    found: dict[str, float] = {}
    with open_project(tmp_path) as opened:
        for kpi in catalogue():
            found[kpi.name] = float(query(opened, Question((Asked(kpi.name),))).rows[0][0])  # type: ignore[arg-type]
    assert found == pytest.approx(VALUES)


def test_there_are_a_hundred_of_them() -> None:
    assert len(catalogue()) == len(VALUES) >= 100
