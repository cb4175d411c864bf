"""Names that are counted in several ways: found in four languages, settled by a word of the description."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.plans import GOOD, audited, faults

if TYPE_CHECKING:
    from pathlib import Path

LABEL = "label: Conversion, description: Per visit"
CASES = (
    ("Conversion rate", "Orders by what came", ["of_whom"]),
    ("Conversion rate", "Orders per session", []),
    ("Współczynnik konwersji", "Bez anulowanych", ["of_whom"]),
    ("Współczynnik konwersji", "Na sesję", []),
    ("Konverteringsgrad", "Per besök", []),
    ("نرخ تبدیل", "بدون لغوشده", ["of_whom"]),
    ("نرخ تبدیل", "برای هر نشست", []),
    ("Click conversion rate", "Of clicks", []),
    ("Revenue", "Less refunds", ["tax", "shipping"]),
    ("Net revenue", "Less returns and freight", []),
    ("Intäkt", "Utan moms och frakt, efter returer", []),
    ("Revenue per visit", "All of it", []),
    ("CAC", "All costs", ["salaries"]),
    ("CAC", "With salaries and tools", []),
    ("LTV:CAC", "Ratio", []),
    ("Bounce rate", "Those who left", ["bounce"]),
    ("Bounce rate", "Not engaged visits", []),
    ("E-mail bounce rate", "Came back", []),
    ("نرخ بازپرداخت", "Money given back", []),
    ("نرخ باز کردن", "بدون اپل", ["of_which_mails"]),
    ("Open rate", "Unique, without Apple", ["of_which_mails"]),
    ("Open rate", "Of delivered mails, without machine opens", []),
)


@pytest.mark.parametrize(("label", "description", "left_open"), CASES)
def test_what_is_left_open(tmp_path: Path, label: str, description: str, left_open: list[str]) -> None:
    said = f'label: "{label}", description: "{description}"'
    plan = (
        GOOD.replace(LABEL, said).replace("conversion", "metric_of_it").replace("read: {label: B,", "read: {")
    )
    found = {code.code: code.evidence for key, code in faults(audited(tmp_path, plan)) if key == "read"}
    assert found == ({"dialect_not_said": {"dialects": left_open}} if left_open else {})
