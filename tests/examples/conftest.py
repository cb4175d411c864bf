"""The whole simulated shop, made once."""

from __future__ import annotations

import time

import pytest

from examples.shops import Full, opened, simulate


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Full:
    """Return the whole shop: opened, its folder, and the seconds that it took."""
    out = tmp_path_factory.mktemp("full")
    started = time.monotonic()
    simulate(out, 1.0)
    return opened(out), out, time.monotonic() - started
