"""The published contracts in docs/schema/ are those of the code."""

from __future__ import annotations

import pytest

from tools.schemas import CONTRACTS, FOLDER, schema


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_published_schema_is_the_code(name: str) -> None:
    published = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert published == schema(name), "run: python -m tools.schemas"
