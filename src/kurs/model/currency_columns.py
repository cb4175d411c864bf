"""Which column says in what currency an amount is: by their names, as exports pair them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CURRENCY = re.compile(r"(.*_)?(?:currency|waluta|valuta|valutakod|devise|waehrung|wahrung)(?:_.*)?")
_PLACE = re.compile(r"(?:^|_)(?:lat|lon|lng|latitude|longitude)(?:_|$)")


def is_currency_column(name: str) -> bool:
    """Say whether a column names currencies: ``currency``, ``order_currency``, ``waluta``."""
    return _CURRENCY.fullmatch(name) is not None


def by_currency_column(amounts: Iterable[str], currency_columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give each amount to one currency column: the one that begins like it, else the plainest.

    ``total_set_shop_amount`` goes with ``total_set_shop_currency_code`` where there is one, else with
    ``currency``. Degrees of a place are no amounts.
    """
    owned: dict[str, list[str]] = {name: [] for name in currency_columns}
    prefixes = {name: found[1] or "" for name in currency_columns if (found := _CURRENCY.fullmatch(name))}
    for amount in amounts:
        if _PLACE.search(amount) or not prefixes:
            continue
        alike = [name for name, prefix in prefixes.items() if amount.startswith(prefix)]
        owner = max(alike, key=lambda n: len(prefixes[n])) if alike else min(prefixes, key=len)
        owned[owner].append(amount)
    return {name: tuple(found) for name, found in owned.items()}
