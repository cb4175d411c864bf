"""The plan of which the audit finds nothing, loaded once for all cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from messages import weak

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def strong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A strong project with its data, signed; not to be written to."""
    return weak.strong_project(tmp_path_factory.mktemp("strong"))
